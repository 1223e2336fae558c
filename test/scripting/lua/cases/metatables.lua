--- index by a function
local t = setmetatable({}, {__index = function(t, k) return k .. '!' end}) return t.x, t[1], rawget(t, 'x')
--> ok: x!	1!	nil
--- index by a table
local t = setmetatable({a = 1}, {__index = {a = 2, b = 3}}) return t.a, t.b, t.c
--> ok: 1	3	nil
--- index by a chain
local a = {x = 1} local b = setmetatable({y = 2}, {__index = a}) local c = setmetatable({}, {__index = b}) return c.x, c.y, c.z
--> ok: 1	2	nil
--- index with a value that is false
local t = setmetatable({x = false}, {__index = function() return 'meta' end}) return t.x, t.y
--> ok: false	meta
--- newindex by a function
local log = {} local t = setmetatable({a = 1}, {__newindex = function(t, k, v) rawset(t, k, v * 2) end}) t.a = 5 t.b = 5 return t.a, t.b
--> ok: 5	10
--- newindex by a table
local o = {} local t = setmetatable({}, {__newindex = o}) t.x = 1 return rawget(t, 'x'), o.x
--> ok: nil	1
--- newindex of a nil value
local n = 0 local t = setmetatable({}, {__newindex = function() n = n + 1 end}) t.x = 1 t.x = 2 t[1] = 1 return n, next(t)
--> ok: 3	nil
--- a metamethod that comes later
local mt = {} local t = setmetatable({}, mt) local a = t.x t.y = 1 mt.__index = function() return 'now' end mt.__newindex = function(t, k, v) rawset(t, k, 'meta') end t.z = 1 return a, t.x, t.y, t.z
--> ok: nil	now	1	meta
--- a metamethod that goes
local mt = {__index = function() return 'meta' end} local t = setmetatable({}, mt) local a = t.x mt.__index = nil return a, t.x
--> ok: meta	nil
--- a metamethod set by rawset
local mt = {} local t = setmetatable({}, mt) local a = t.x rawset(mt, '__index', {x = 'raw'}) return a, t.x
--> ok: nil	raw
--- arithmetic
local mt = {} for _, n in ipairs{'add', 'sub', 'mul', 'div', 'mod', 'pow'} do mt['__' .. n] = function(a, b) return n .. (type(a) == 'table' and 'L' or 'R') end end mt.__unm = function(a) return 'unm' end local t = setmetatable({}, mt) return t + 1, 1 + t, t - t, 2 * t, t / 2, t % 2, 2 ^ t, -t
--> ok: addL	addR	subL	mulR	divL	modL	powR	unm
--- arithmetic with constants
local t = setmetatable({}, {__add = function(a, b) return type(b) end, __sub = function(a, b) return b end}) return t + 5, t - 3, t + 'x', 'x' + t
--> ok: number	3	string	table
--- arithmetic: the left one wins
local a = setmetatable({}, {__add = function() return 'a' end}) local b = setmetatable({}, {__add = function() return 'b' end}) return a + b, b + a, a + 1, 1 + b
--> ok: a	b	a	b
--- arithmetic keeps one result
local t = setmetatable({}, {__add = function() return 1, 2, 3 end, __sub = function() end}) return t + t, t - t
--> ok: 1	nil
--- unary minus gets its operand twice
local t t = setmetatable({}, {__unm = function(a, b) return rawequal(a, b) end}) return -t
--> ok: true
--- concatenation
local t = setmetatable({}, {__concat = function(a, b) return (type(a) == 'table' and 'T' or a) .. '|' .. (type(b) == 'table' and 'T' or b) end}) return t .. 'x', 'x' .. t, t .. t, 1 .. t, 'a' .. 'b' .. t, t .. 'a' .. 'b', 'a' .. t .. 'b'
--> ok: T|x	x|T	T|T	1|T	ab|T	T|ab	aT|b
--- concatenation that gives a table
local t t = setmetatable({}, {__concat = function(a, b) return t end}) return rawequal('a' .. t, t), rawequal('a' .. 'b' .. t .. 'c', t)
--> ok: true	true
--- equality
local mt = {__eq = function(a, b) return a.v == b.v end} local a, b, c = setmetatable({v = 1}, mt), setmetatable({v = 1}, mt), setmetatable({v = 2}, mt) return a == b, a == c, a ~= b, a ~= c, rawequal(a, b), a == 1, a == {}
--> ok: true	false	false	true	false	false	false
--- equality with different metamethods
local a = setmetatable({}, {__eq = function() return true end}) local b = setmetatable({}, {__eq = function() return true end}) return a == b, a == a
--> ok: false	true
--- equality with the same metamethod in two metatables
local f = function() return true end local a, b = setmetatable({}, {__eq = f}), setmetatable({}, {__eq = f}) return a == b, a ~= b
--> ok: true	false
--- equality gives a boolean
local mt = {__eq = function() return 'yes' end} local a, b = setmetatable({}, mt), setmetatable({}, mt) return a == b, a ~= b
--> ok: true	false
--- less than
local mt = {__lt = function(a, b) return a.v < b.v end} local a, b = setmetatable({v = 1}, mt), setmetatable({v = 2}, mt) return a < b, a > b, a <= b, a >= b, not (a < b)
--> ok: true	false	true	false	false
--- less or equal
local mt = {__le = function(a, b) return 'x' end} local a, b = setmetatable({}, mt), setmetatable({}, mt) return a <= b, a >= b
--> ok: true	true
--- less than with one metamethod only
local a, b = setmetatable({}, {__lt = function() return true end}), {} return pcall(function() return a < b end)
--> ok: false	case:1: attempt to compare two table values
--- less than of a table and a number
local a = setmetatable({}, {__lt = function() return true end}) return pcall(function() return a < 1 end)
--> ok: false	case:1: attempt to compare table with number
--- length is not for tables
return #setmetatable({1, 2}, {__len = function() return 10 end})
--> ok: 2
--- call
local t = setmetatable({}, {__call = function(self, ...) return select('#', ...), ... end}) return t(), t(1, 2), t(nil)
--> ok: 0	2	1	nil
--- call as a method and in a tail
local t = setmetatable({}, {__call = function(self, a) return a end}) local o = {t = t} local function f() return t('tail') end return o.t('field'), f(), (function() return o:t() == o end)()
--> ok: field	tail	true
--- call of what has a __call itself
local a = setmetatable({}, {__call = function(self, x) return 'a', x end}) local b = setmetatable({}, {__call = a}) return pcall(b, 1)
--> ok: false	attempt to call a table value
--- call in pcall
return pcall(setmetatable({}, {__call = function(self, x) return x end}), 5)
--> ok: true	5
--- tostring
return tostring(setmetatable({}, {__tostring = function() return 'mine' end}))
--> ok: mine
--- metatable is protected
local t = setmetatable({}, {__metatable = 'locked'}) return getmetatable(t), pcall(setmetatable, t, {})
--> ok: locked	false	cannot change a protected metatable
--- metatable of strings
local mt = getmetatable('') return type(mt), mt.__index == string, ('x'):rep(3), ('%d'):format(5), #('abc'):upper()
--> ok: table	true	xxx	5	3
--- index of a string
local s = 'abc' return s.len, s.x, s:len()
--> ok: function: 0x	nil	3
--- inheritance
local A = {} A.__index = A function A:name() return 'A' end function A:hi() return 'hi ' .. self:name() end local B = setmetatable({}, {__index = A}) B.__index = B function B:name() return 'B' end local b = setmetatable({}, B) return b:hi(), A.hi(A), b:name()
--> ok: hi B	hi A	B
--- rawset and rawget pass metamethods
local t = setmetatable({}, {__index = function() return 1 end, __newindex = function() end}) rawset(t, 'a', 2) return rawget(t, 'a'), rawget(t, 'b'), t.b
--> ok: 2	nil	1
--- globals by a metatable
setfenv(1, setmetatable({}, {__index = function(_, k) return 'g:' .. k end})) return foo, bar
--> ok: g:foo	g:bar
--- yield in a metamethod
local getfenv = getfenv local t = setmetatable({}, {__index = function() return coroutine.yield(1) end}) return coroutine.resume(coroutine.create(function() return t.x end))
--> ok: false	attempt to yield across metamethod/C-call boundary
--- an error in a metamethod passes
local t = setmetatable({}, {__index = function() error('inside', 0) end}) return pcall(function() return t.x end)
--> ok: false	inside
--- a deep chain
local t = {} for i = 1, 90 do t = setmetatable({}, {__index = t}) end return t.x
--> ok: nil
--- a chain too deep
local t = {} for i = 1, 110 do t = setmetatable({}, {__index = t}) end return pcall(function() return t.x end)
--> ok: false	case:1: loop in gettable
--- recursion of a metamethod
local t = setmetatable({}, {__index = function(t, k) if k == 0 then return 'end' end return t[k - 1] end}) return t[50]
--> ok: end
