--- integers
return {('%d'):format(5), ('%d'):format(-5), ('%5d|'):format(42), ('%-5d|'):format(42), ('%05d'):format(42), ('%+d'):format(42), ('% d'):format(42), ('%.3d'):format(7), ('%8.3d|'):format(-7), ('%i'):format(3)}
--- integers from fractions and strings
return {('%d'):format(3.99), ('%d'):format(-3.99), ('%d'):format('12'), ('%d'):format('0x10'), ('%d'):format(' 7 '), ('%d'):format(-0)}
--- integers beyond 32 and 53 bits
return {('%d'):format(2^31), ('%d'):format(2^32 + 1), ('%d'):format(2^53), ('%d'):format(2^62), ('%d'):format(-2^63), ('%d'):format(1e15)}
--- integers that no 64 bits hold
return {('%d'):format(2^63), ('%d'):format(1e19), ('%d'):format(-1e19), ('%d'):format(1/0), ('%d'):format(-1/0), ('%d'):format(0/0), ('%d'):format(1e300)}
--- unsigned
return {('%u'):format(5), ('%u'):format(2^32), ('%u'):format(2^63), ('%u'):format(1e15)}
--- unsigned of negative numbers
return {('%u'):format(-1), ('%x'):format(-1), ('%o'):format(-1), ('%X'):format(-255), ('%u'):format(-2^31)}
--- hexadecimal and octal
return {('%x'):format(255), ('%X'):format(255), ('%#x'):format(255), ('%#X'):format(255), ('%o'):format(8), ('%#o'):format(8), ('%08x'):format(48879), ('%-8x|'):format(1), ('%#x'):format(0), ('%.4x'):format(10), ('%x'):format(2^40)}
--- characters
return {('%c'):format(65), ('%c%c'):format(72, 105), #('%c'):format(0), ('%5c|'):format(65), ('%-5c|'):format(65), ('%c'):format(255), #('a%cb'):format(0), ('%c'):format(321)}
--- fixed point
return {('%f'):format(1), ('%.2f'):format(1.005), ('%.0f'):format(0.5), ('%.0f'):format(1.5), ('%.0f'):format(2.5), ('%10.2f|'):format(3.14159), ('%-10.2f|'):format(3.14159), ('%010.2f'):format(-3.14159), ('%+.1f'):format(2), ('%#.0f'):format(3)}
--- fixed point of large and small numbers
return {('%f'):format(1e15), ('%.0f'):format(1e22), ('%.0f'):format(2^70), ('%f'):format(1e-10), ('%.20f'):format(0.1), ('%.3f'):format(2^-30), ('%f'):format(123456789.987654321)}
--- fixed point of the largest number
return {('%.0f'):format(1.7976931348623157e308), ('%f'):format(-1e308)}
--- exponents
return {('%e'):format(12345.678), ('%E'):format(0.00012), ('%.0e'):format(15), ('%.3e'):format(0), ('%12.2e|'):format(1e100), ('%e'):format(5e-324), ('%#.0e'):format(1), ('%.15e'):format(0.1)}
--- general
return {('%g'):format(1), ('%g'):format(0.0001), ('%g'):format(0.00001), ('%g'):format(123456), ('%g'):format(1234567), ('%G'):format(1e-10), ('%.3g'):format(1234), ('%#g'):format(1), ('%10g|'):format(0.5), ('%.0g'):format(123), ('%.17g'):format(0.1), ('%.14g'):format(1e14)}
--- hexadecimal floats
return pcall(string.format, '%a', 1)
--- infinities and not a number
return {('%f'):format(1/0), ('%5.1f|'):format(-1/0), ('%g'):format(1/0), ('%e'):format(0/0), ('%05f'):format(1/0), ('%F'):find('F'), ('%G'):format(1/0), ('%E'):format(-1/0), ('%+f'):format(1/0)}
--- minus zero
return {('%f'):format(0 * -1), ('%g'):format(0 * -1), ('%.0e'):format(0 * -1), ('%+d'):format(0), ('%d'):format(-0.5), ('%.0f'):format(-0.4)}
--- strings
return {('%s'):format('x'), ('%5s|'):format('x'), ('%-5s|'):format('x'), ('%.2s'):format('hello'), ('%5.1s|'):format('hello'), ('%s'):format(12), ('%s'):format(1.5), ('%.0s'):format('x'), ('%s %s'):format('a', 'b')}
--- strings that are not strings
return pcall(string.format, '%s', {})
--- nil as a string
return pcall(string.format, '%s', nil)
--- a boolean as a string
return pcall(string.format, '%s', true)
--- strings with zero bytes
return {('%s'):format('a\0b'), ('%5s|'):format('a\0b'), ('%.5s|'):format('a\0b'), ('%s'):format(('x\0'):rep(60)), ('%-10s|'):format('a\0b'), #('%20s'):format('\0')}
--- strings of a hundred bytes and more
return {#('%s'):format(('x'):rep(99)), #('%s'):format(('x'):rep(100)), #('%5s'):format(('x'):rep(150)), #('%.10s'):format(('x'):rep(150)), #('%.99s'):format(('x'):rep(150)), #('%s'):format(('x'):rep(10000))}
--- quoted
return {('%q'):format('a"b\\c\nd\0e\rf'), ('%q'):format(''), ('%q'):format(12), ('%q'):format('é\255\t\1')}
--- quoted of something else
return pcall(string.format, '%q', {})
--- percent signs
return {('%%'):format(), ('100%%'):format(), ('%%%d%%'):format(5)}
--- zero bytes in the format
return {('a\0b%d'):format(1), #('\0'):format()}
--- arguments too many are ignored
return ('%d'):format(1, 2, 3)
--- arguments missing
return ('%d %d'):format(1)
--- a missing string
return ('%s'):format()
--- a number that is none
return ('%d'):format('x')
--- a number that is nil
return ('%d'):format(nil)
--- a float that is none
return ('%f'):format({})
--- unknown conversions
return {tostring(pcall(string.format, '%y', 1)), select(2, pcall(string.format, '%y', 1)), select(2, pcall(string.format, '%', 1)), select(2, pcall(string.format, '%10', 1)), select(2, pcall(string.format, '%l', 1)), select(2, pcall(string.format, '%p', {}))}
--- too long a width
return {select(2, pcall(string.format, '%100d', 1)), #string.format('%99d', 1), select(2, pcall(string.format, '%.100f', 1)), #string.format('%.99f', 1)}
--- repeated flags
return {select(2, pcall(string.format, '%-----d', 1)), select(2, pcall(string.format, '%------d', 1)), string.format('%-+ #0d', 1)}
--- star is no width
return select(2, pcall(string.format, '%*d', 5, 1))
--- a width and a precision with leading zeros and dots
return {('%.d'):format(0), ('%.f'):format(1.5), ('%5.d|'):format(3), ('%.0d'):format(0), ('%05s|'):format('x'), ('%+s'):format('x')}
--- error from a method call counts without self
return pcall(function() return ('%d'):format('x') end)
--- json by hand
return ('{"id":%d,"name":"%s","score":%.2f}'):format(17, 'ada', 99.5)
--- padding a table
local rows = {{'ada', 1}, {'grace', 22}} local out = {} for _, r in ipairs(rows) do out[#out+1] = ('%-8s|%4d'):format(r[1], r[2]) end return out
--- a hundred random looking fractions
local x, t = 1, {} for i = 1, 100 do x = (x * 16807) % 2147483647 t[i] = ('%.14g'):format(x / 2147483647) end return table.concat(t, ' ')
--- rounding of ties by their exact value
return {('%.1f'):format(0.25), ('%.1f'):format(0.35), ('%.2f'):format(0.125), ('%.2f'):format(2.675), ('%.3g'):format(0.0625), ('%.2g'):format(0.125), ('%.1e'):format(12.5), ('%.1e'):format(13.5), ('%.15f'):format(1e-15/2)}
--- a flag given twice
return {('%00.3d'):format(5), ('%0010.3d|'):format(5), ('%--5d|'):format(5), ('%++d'):format(5), ('%00f'):format(1/0), ('%008f'):format(1/0)}
