--- integers and fractions as text
return {tostring(1), tostring(-1), tostring(1.5), tostring(100), tostring(0.1), tostring(1/3), tostring(-1/3)}
--- large numbers as text: fourteen digits
return {tostring(2^53), tostring(2^53+1), tostring(1e14), tostring(1e15), tostring(99999999999999), tostring(999999999999999)}
--- powers of ten as text
local t = {} for e = -20, 20 do t[#t+1] = tostring(10^e) end return t
--- powers of two as text
local t = {} for e = -70, 70, 3 do t[#t+1] = tostring(2^e) end return t
--- infinities, not a number and minus zero as text
return {tostring(1/0), tostring(-1/0), tostring(0/0), tostring(-0), tostring(0*-1), tostring(1/(0*-1)), tostring(math.huge)}
--- numbers written in every way
return {tostring(3), tostring(3.0), tostring(.5), tostring(5.), tostring(3e2), tostring(3E+2), tostring(3.1416e-2), tostring(0xff), tostring(0XA), tostring(0xABCDEF)}
--- big hexadecimal numerals
return {tostring(0x7fffffff), tostring(0xffffffff), tostring(0x1fffffffffffff), tostring(0xffffffffffffffff), tostring(0x10000000000000000)}
--- numerals that are too big or too small for a double
return {tostring(1e308), tostring(1e309), tostring(-1e309), tostring(1e-308), tostring(5e-324), tostring(1e-400), tostring(4.9e-324)}
--- big exponents
return {tostring(1e+100), tostring(123456789e100), tostring(1e-100), tostring(1.7976931348623157e308), tostring(2.2250738585072014e-308)}
--- rounding to fourteen digits
return {tostring(0.1+0.2), tostring(1.00000000000001), tostring(1.000000000000005), tostring(123456789.123456789), tostring(0.30000000000000004), tostring(2.5e-15+1)}
--- ties in the fourteenth digit
return {tostring(0.5), tostring(1234567890123.45), tostring(12345678901234.5), tostring(12345678901235.5), tostring(99999999999999.5), tostring(0.00001), tostring(0.0001), tostring(0.000012345)}
--- seventeen digits by format
return {('%.17g'):format(0.1), ('%.17g'):format(1/3), ('%.17g'):format(1e23), ('%.17g'):format(2^53+1), ('%.17g'):format(5e-324)}
--- numbers concatenated
return 1 .. '' .. 2.5 .. '' .. -3 .. '' .. 1e100 .. '' .. 0x10
--- the reply cuts numbers to integers
return {1.9, -1.9, 3.999999, -0.5, 0.5, 1e15, -1e15}
--- the reply of numbers that no integer holds
return {2^53, 2^62, -2^63}
--- an integer beyond 2^53 in the reply
return 9007199254740993
--- one number as the reply
return 3.99
--- minus zero as the reply
return -0
--- tonumber of numerals
return {tostring(tonumber('10')), tostring(tonumber('  10  ')), tostring(tonumber('1e1')), tostring(tonumber('0x10')), tostring(tonumber('.5')), tostring(tonumber('5.')), tostring(tonumber('-7')), tostring(tonumber('+7'))}
--- tonumber of what is no numeral
return {tostring(tonumber('')), tostring(tonumber(' ')), tostring(tonumber('abc')), tostring(tonumber('1x')), tostring(tonumber('1 2')), tostring(tonumber('0x')), tostring(tonumber('e5')), tostring(tonumber('.')), tostring(tonumber('1e')), tostring(tonumber('--1')), tostring(tonumber('- 1'))}
--- tonumber of words that strtod knows
return {tostring(tonumber('inf')), tostring(tonumber('-inf')), tostring(tonumber('INF')), tostring(tonumber('infinity')), tostring(tonumber('Infinity')), tostring(tonumber('infin')), tostring(tonumber('nano'))}
--- tonumber of hexadecimal floats
return {tostring(tonumber('0x1p4')), tostring(tonumber('0x.8')), tostring(tonumber('0x1.8p1')), tostring(tonumber('0xA.8')), tostring(tonumber('-0x10')), tostring(tonumber('0x1P-2')), tostring(tonumber('0x1p'))}
--- tonumber with zero bytes and odd spaces
return {tostring(tonumber('1\0')), tostring(tonumber('\t1\n')), tostring(tonumber('\v1\f\r')), tostring(tonumber('1\0002')), tostring(tonumber('\0001')), tostring(tonumber('1_000'))}
--- tonumber of other types
return {tostring(tonumber(nil)), tostring(tonumber(true)), tostring(tonumber({})), tostring(tonumber(type)), tostring(tonumber(5))}
--- tonumber of nothing
return tonumber()
--- tonumber in other bases
return {tonumber('10', 2), tonumber('ff', 16), tonumber('FF', 16), tonumber('zz', 36), tonumber('777', 8), tonumber('10', 10), tonumber('0xff', 16), tonumber('  11  ', 2)}
--- tonumber of digits that the base does not have
return {tostring(tonumber('2', 2)), tostring(tonumber('8', 8)), tostring(tonumber('g', 16)), tostring(tonumber('', 16)), tostring(tonumber('1.5', 16)), tostring(tonumber('1 1', 2))}
--- tonumber of negative numerals in bases wraps around
return {tostring(tonumber('-1', 16)), tostring(tonumber('-ff', 16)), tostring(tonumber('-10', 10)), tostring(tonumber('-zz', 36))}
--- tonumber of too many digits for a base
return {tostring(tonumber('ffffffffffffffff', 16)), tostring(tonumber('10000000000000000', 16)), tostring(tonumber('zzzzzzzzzzzzzzzzzzzz', 36)), tostring(tonumber(('1'):rep(64), 2)), tostring(tonumber(('1'):rep(65), 2))}
--- tonumber with a base that is too small
return tonumber('1', 1)
--- tonumber with a base that is too big
return tonumber('1', 37)
--- tonumber with a base of something that is no string
return tonumber({}, 16)
--- tonumber of a number with a base
return {tonumber(10, 16), tonumber(11, 2), tostring(tonumber(1.5, 16))}
--- tonumber with a base that is a string or a fraction
return {tonumber('11', '2'), tonumber('11', 2.9)}
--- equality across forms
return {tostring(1 == 1.0), tostring(0 == -0), tostring(0/0 == 0/0), tostring(1/0 == math.huge), tostring('1' == 1), tostring(0x10 == 16)}
--- numbers as keys
local t = {} t[1] = 'a' t[1.0] = 'b' t[2^53] = 'c' t[-0] = 'd' return {t[1], t[9007199254740992], t[0], tostring(t['1'])}
--- integers up to 2^53 stay exact in sums
local s = 2^52 for i = 1, 100 do s = s + i end return ('%.0f'):format(s)
--- milliseconds since 1970 type whole
return {tostring(1700000000000), 1700000000000 .. '', tostring(1700000000000 + 0.5), 1700000000000 * 1000 .. ''}
--- a sum past two to the thirty-first
local n = 2147483647 return {tostring(n + 1), tostring(-n - 2), n + 1, tostring(n * 2), tostring(4294967295 + 1)}
--- numbers of ARGV are strings until used as numbers
--: args 10 0x10 1e3 " 5 " abc
return {type(ARGV[1]), tostring(ARGV[1] + 1), tostring(ARGV[2] + 1), tostring(ARGV[3] * 1), tostring(ARGV[4] + 0), tostring(tonumber(ARGV[5]))}
--- a numeral that a name follows
return 3..4 == nil
--- numerals beside the concatenation operator
return 1 ..2
