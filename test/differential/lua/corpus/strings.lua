--- lengths are in bytes
return {#'é', #'漢字', #'😀', ('é'):len(), string.len(''), #'\0\0'}
--- sub with every kind of index
local s = 'abcdef' return {s:sub(2), s:sub(2, 3), s:sub(-2), s:sub(-3, -2), s:sub(0), s:sub(10), s:sub(3, 2), s:sub(-100, 2), s:sub(2, 100), s:sub(0, 0), s:sub(-1, 1)}
--- sub with fractions and strings
return {('abcdef'):sub(2.9), ('abcdef'):sub('2', '4'), ('abcdef'):sub(-1.5), ('abcdef'):sub(1, -0.5)}
--- sub with huge indexes
return {('abc'):sub(-2^31, 2^31), ('abc'):sub(2^53), ('abc'):sub(1, 1e100), ('abc'):sub(-1e100, 2), ('abc'):sub(math.huge), ('abc'):sub(1, 0/0), ('abc'):sub(-2^63, 2^62)}
--- sub cuts bytes
local s = ('é'):sub(1, 1) return {s, #s, s:byte()}
--- upper and lower are of ascii only
return {('aZé!1'):upper(), ('AzÉ!1'):lower(), ('\200\228'):upper(), ('\192\220'):lower()}
--- rep
return {('ab'):rep(3), ('ab'):rep(0), ('ab'):rep(-1), (''):rep(1000), ('x'):rep(2.9), ('x'):rep('3'), ('a\0'):rep(2)}
--- rep of something very long is empty or counted
return {#('ab'):rep(100000), #(''):rep(1e6)}
--- reverse
return {('abc'):reverse(), (''):reverse(), ('a\0b'):reverse(), ('é'):reverse(), string.reverse(123)}
--- byte
return {('abc'):byte(), ('abc'):byte(2), ('abc'):byte(-1), ('é'):byte(1, -1)}
--- byte outside the string gives nothing
return {select('#', ('abc'):byte(10)), select('#', ('abc'):byte(0)), select('#', (''):byte()), select('#', ('abc'):byte(3, 2)), select('#', ('abc'):byte(-10, -1)), select('#', ('abc'):byte(1, 3))}
--- char
return {string.char(72, 105), string.char(), #string.char(0, 255), string.char('65'), string.char(65.9)}
--- char out of range
return string.char(256)
--- char of a negative number
return string.char(65, -1)
--- char of something else
return string.char(65, {})
--- all bytes through char and byte
local t = {} for i = 0, 255 do t[i+1] = string.char(i) end local s = table.concat(t)
local n = 0 for i = 1, #s do n = n + s:byte(i) * i end return {#s, n, s}
--- find plain
return {('hello'):find('l', 1, true), ('hello'):find('l', 4, true), tostring(('hello'):find('z', 1, true)), ('a.b'):find('.', 1, true), ('a+b'):find('+', 1, true)}
--- find of the empty string
return {('abc'):find('', 1, true), ('abc'):find(''), ('abc'):find('', 4), tostring(('abc'):find('', 5)), (''):find(''), ('abc'):find('', 10, true)}
--- find from a place
return {('hello'):find('l', -2), ('hello'):find('h', -5), tostring(('hello'):find('h', 2)), ('hello'):find('h', -100), tostring(('hello'):find('o', 6)), ('hello'):find('o', 5)}
--- find with plain zero bytes
return {('a\0b'):find('\0', 1, true), ('a\0b'):find('b', 1, true), ('a\0b\0c'):find('\0c', 1, true)}
--- concatenation of many kinds
return 'a' .. 1 .. 'b' .. 2.5 .. 'c' .. -0 .. 'd' .. 1e15 .. 'e' .. 1e14
--- concatenation is right associative
local log = {} local mt = {} mt.__concat = function(a, b) log[#log+1] = 'c' return 'x' end
local t = setmetatable({}, mt) local r = 'a' .. 'b' .. t .. 'c' .. 'd' return {r, #log}
--- long concatenations
local s = '' for i = 1, 2000 do s = s .. i .. ',' end return {#s, s:sub(-20)}
--- escapes in literals
return {'\a\b\f\n\r\t\v', '\\\"\'', '\65\066\0', '\
', 'a\z', "\x41"}
--- decimal escapes take three digits at most
return {'\1234', '\0656', '\9a', '\10', '\255', '\0001'}
--- long strings
return {[[a]], [==[a]]b]==], [[
first newline is skipped]], [[

second is not]], [=[]]]=], [[\n]]}
--- carriage returns in long strings
--: args "x"
return loadstring('return [[a\r\nb\n\rc\rd\ne]]')()
--- string methods on literals and numbers
return {('x'):rep(2), ("abc").upper('z'), ('%d'):format(3), #('x'):rep(10)}
--- an index of a string is a field of the library
local s = 'abc' return {tostring(s.len == string.len), tostring(s.foo), tostring(s[1]), tostring(('x').y)}
--- a method that strings have not
return ('x'):foo()
--- assigning to a field of a string
local s = 'x' s.y = 1
--- a string buffer
local b = {} for i = 1, 100 do b[#b+1] = ('%03d'):format(i) end return table.concat(b, '|')
--- strings with equal content are one key
local t = {} t['a' .. 'b'] = 1 t[('ab'):sub(1)] = (t.ab or 0) + 1 return t.ab
--- dump of what is not Lua's
return {type(string.dump), select(2, pcall(string.dump, type)), select(2, pcall(string.dump, 5))}
--- gfind is there as an old name
return tostring(string.gfind)
--- utf-8 passes through unharmed
--: args héllo 漢字 😀 "\xff\xfe\x00\x80"
return {ARGV[1], ARGV[1] .. ARGV[2], ARGV[3]:reverse():reverse(), ARGV[4], #ARGV[4], ARGV[4]:byte(1, -1)}
--- bytes of utf-8 cut and joined again
--: args "漢字かな"
local t = {} for i = 1, #ARGV[1] do t[i] = ARGV[1]:sub(i, i) end return {table.concat(t), t[1], t[2] .. t[3], #t}
--- tostring of every type without addresses
return {tostring(nil), tostring(true), tostring(false), tostring('x'), tostring(1), tostring({}):match('^table: 0x') , tostring(type):match('^function: '), tostring(cjson.null), tostring(coroutine.create(function() end)):match('^thread: 0x')}
--- tostring with a metamethod
return {tostring(setmetatable({}, {__tostring = function(t) return 'me' end})), tostring(setmetatable({}, {__tostring = function() return 5 end}))}
--- tostring of nothing
return tostring()
--- lower of nothing
return string.lower()
--- rep without a count
return ('x'):rep()
--- sub without a start
return ('x'):sub()
--- sub of nil
return string.sub(nil, 1)
--- len of a table
return string.len({})
--- upper of a boolean
return string.upper(true)
--- byte of a function
return string.byte(type)
--- find without a pattern
return ('x'):find()
--- string.format without arguments
return string.format()
--- coercion in concat and find
return {table.concat({1, 2.5, 'x'}, 0), string.find(12345, 34)}
--- numbers are given as methods' self
local n = 255 return n:rep(2)
--- comparison of long strings that differ at the end
local a, b = ('x'):rep(10000) .. 'a', ('x'):rep(10000) .. 'b' return {tostring(a < b), tostring(a == b), tostring(a .. 'b' == a .. 'b')}
