--- arithmetic
return 1 + 2 * 3 - 4 / 2, 7 % 3, -7 % 3, 7 % -3, -7 % -3, 2 ^ 10, -2 ^ 2, 2 ^ 3 ^ 2
--> ok: 5	1	2	-2	-1	1024	-4	512
--- arithmetic of floats
return 0.1 + 0.2, 1 / 3, 5.5 % 2, -5.5 % 2, 1e15 + 0.5, 2 ^ 0.5, 1e300 * 1e10, -1e300 * 1e10
--> ok: 0.3	0.33333333333333	1.5	0.5	1e+15	1.4142135623731	inf	-inf
--- modulo of infinities
return 5 % (1/0), -5 % (1/0), (1/0) % 5, 5 % 0
--> ok: -nan	-nan	-nan	-nan
--- powers
return 1 ^ (0/0), (-1) ^ (1/0), (-8) ^ (1/3), 0 ^ 0, 0 ^ -1, (-2) ^ 3
--> ok: 1	1	-nan	1	inf	-8
--- negative zero
local z = 0 return -z, 0 * -1, 1 / -z, 1 / (0 * -1)
--> ok: -0	0	-inf	inf
--- negative zero constant
return -0
--> ok: -0
--- zero and negative zero share a constant
return 0, -0
--> ok: 0	0
--- negative zero first
return -0, 0
--> ok: -0	-0
--- negative zero as key
local t = {} t[-0] = 'x' return t[0], next(t)
--> ok: x	-0	x
--- constants are folded
return 2 + 3 * 4, 1 - 2 - 3, 2 ^ -1, -(-3), 10 / 4, 1 / 0, 0 / 0 ~= 0 / 0
--> ok: 14	-4	0.5	3	2.5	inf	true
--- strings in arithmetic
return '10' + 1, '0x10' * 2, ' 5 ' - '2', 10 / '4', '7' % '4', '2' ^ '3', -'3'
--> ok: 11	32	3	2.5	3	8	-3
--- comparisons
return 1 < 2, 2 <= 2, 3 > 4, 4 >= 4, 1 == 1, 1 ~= 1, 'a' < 'b', 'a' < 'A', 'a' <= 'a', '' < 'a', 'Z' < 'a'
--> ok: true	true	false	true	true	false	true	false	true	true	true
--- comparisons of NaN
local n = 0/0 return n < n, n > n, n <= n, n >= n, n == n, n ~= n, not (n < n), not (n >= 1)
--> ok: false	false	false	false	false	true	true	true
--- comparisons of NaN in conditions
local n = 0/0 local r = {} if n < 1 then r[1] = 'lt' else r[1] = 'not lt' end if not (n < 1) then r[2] = 'not' end if n >= 1 then r[3] = 'ge' else r[3] = 'not ge' end return r[1], r[2], r[3]
--> ok: not lt	not	not ge
--- comparisons with constants
local x = 5 return x < 6, x <= 5, x > 4, x >= 6, x == 5, x ~= 5, 6 > x, 4 > x, 5 >= x, 5 <= x, 6 < x
--> ok: true	true	true	false	true	false	true	false	true	true	false
--- comparisons of strings with bytes
return '\200' > 'a', '\0' < '\1', 'a\0b' > 'a', 'a\0b' < 'a\0c'
--> ok: true	true	true	true
--- equality of different types
return 1 == '1', nil == false, {} == {}, 'a' == 'a', 0 == -0
--> ok: false	false	false	true	true
--- equality with constants
local x = 'a' return x == 'a', x ~= 'b', x == nil, x == 1, x == true, nil == x
--> ok: true	true	false	false	false	false
--- logical values
local t, f, n = true, false, nil return t and 1, f and 1, n and 1, t or 1, f or 1, n or 1, f or n, n or f, not t, not n, not 0
--> ok: 1	false	nil	true	1	1	nil	false	false	true	false
--- logical chains
local a, b, c = 1, nil, 3 return a and b and c, a and b or c, a or b and c, (a or b) and c, not a or c, a and not b and c
--> ok: nil	3	1	3	3	3
--- logical assignment to an operand
local a, b = 1, 2 a = a and b b = b and nil or a return a, b
--> ok: 2	2
--- logical assignment keeps the old value
local a = nil local function f() return false end a = f() or a or 'd' return a
--> ok: d
--- logical with comparisons
local a, b = 1, 2 return a < b and 'less' or 'more', a > b and 'more' or 'less', a == 1 and b == 2, a == 2 or b == 2, (a == 2 or b == 1) and 1
--> ok: less	less	true	true	false
--- logical with not
local a return not a and 'none' or 'some', not not a, not (a and a) or 5
--> ok: none	false	true
--- logical in conditions
local r = '' for i = 1, 6 do if (i < 3 or i > 4) and not (i == 6) then r = r .. i end end return r
--> ok: 125
--- logical constants
return nil or 1, false and 1, 1 and 2, 'x' or 2, true and nil, not nil, not 1, nil and nil
--> ok: 1	false	2	x	nil	true	false	nil
--- logical of a call with many results
local function f() return 1, 2 end return f() or 5, (f()), f() and f()
--> ok: 1	1	1
--- concatenation
return 'a' .. 'b' .. 'c', 1 .. 2, 'x' .. 1.5, 1e100 .. '', -0.5 .. '', 10 / 2 .. ''
--> ok: abc	12	x1.5	1e+100	-0.5	5
--- lengths
local t = {1, 2, 3, nil, 5} return #'abc', #'', #t, #{}, #{nil}, #{nil, 2}, #{1, nil, 3}
--> ok: 3	0	5	0	0	2	3
--- multiple assignment
local a, b, c = 1, 2 a, b = b, a c, a = a return a, b, c
--> ok: nil	1	2
--- multiple assignment evaluates before it assigns
local i, a = 1, {} i, a[i] = i + 1, 20 return i, a[1], a[2]
--> ok: 2	20	nil
--- multiple assignment goes from right to left
local t = setmetatable({}, {__newindex = function(t, k, v) rawset(t, #t + 1, k) end}) t.a, t.b, t.c = 1, 2, 3 return t[1], t[2], t[3]
--> ok: c	b	a
--- multiple assignment with a local that is a table
local t = {} local u = t t.x, t = 1, nil return u.x, t
--> ok: 1	nil
--- multiple assignment with a local that is a key
local t, k = {}, 'a' t[k], k = 1, 'b' return t.a, t.b, k
--> ok: 1	nil	b
--- multiple assignment swaps
local t = {1, 2} t[1], t[2] = t[2], t[1] return t[1], t[2]
--> ok: 2	1
--- multiple assignment with calls
local function f() return 1, 2, 3 end local a, b, c, d = f() local e, g = f(), 10 return a, b, c, d, e, g
--> ok: 1	2	3	nil	1	10
--- multiple assignment with too many values
local function f() n = (n or 0) + 1 return n end local a, b = f(), f(), f() return a, b, n
--> ok: 1	2	3
--- multiple assignment drops results
local function f() return 1, 2, 3 end local a = f() local b, c = (f()) return a, b, c
--> ok: 1	1	nil
--- a local shadows itself
local x = 1 local x = x + 1 do local x = x + 1 end return x
--> ok: 2
--- a local is read as late as the reference reads it
local a = 1 local function f() a = 2 return 10 end return a + f()
--> ok: 12
--- an upvalue is read at once
local a = 1 local function g() local function f() a = 2 return 10 end return a + f() end return g()
--> ok: 11
--- a global is read at once
ga = 1 local function f() ga = 2 return 10 end return ga + f()
--> ok: 11
--- a captured table is read after the key
local t = {x = 'old'} local function f() t = {x = 'new'} return 'x' end return t[f()]
--> ok: new
--- a captured table is read after the value
local t = {} local old = t local function f() t = {} return 1 end t.x = f() return old.x, t.x
--> ok: nil	1
--- a captured local in a comparison
local a = 1 local function f() a = 5 return 3 end return a < f(), a
--> ok: false	5
--- a captured local as an argument
local a = 1 local function f() a = 2 return a end return select('#', a, f()), a, f(), a
--> ok: 2	2	2	2
--- a captured local in a concatenation
local a = 'x' local function f() a = 'y' return 'z' end return a .. f() .. a
--> ok: xzy
--- varargs
local function f(...) local a, b = ... return select('#', ...), a, b, ... end return f(1, nil, 3)
--> ok: 3	1	nil	1	nil	3
--- varargs with parameters
local function f(a, b, ...) return a, b, select('#', ...), ... end return f(1), f(1, 2), f(1, 2, 3, 4)
--> ok: 1	1	1	2	2	3	4
--- varargs in the middle
local function f(...) return ..., 'end' end return f(1, 2, 3)
--> ok: 1	end
--- varargs in parentheses
local function f(...) return (...) end return f(1, 2), (f())
--> ok: 1	nil
--- varargs in a table
local function f(...) return {..., ...}, {...}, {..., 'x'} end local a, b, c = f(1, 2, 3) return #a, #b, #c
--> ok: 4	3	2
--- varargs in arithmetic
local function f(...) return ... + 1, -... end return f(4, 5)
--> ok: 5	-4
--- varargs passed on
local function g(...) return select('#', ...) end local function f(...) return g(...), g(1, ...), g(..., 1) end return f(nil, nil)
--> ok: 2	3	2
--- varargs of the chunk
return select('#', ...)
--> ok: 0
--- arg of 5.0
local function f(...) return arg.n, arg[1], arg[2] end return f('a', nil, 'c')
--> ok: 3	a	nil
--- no arg with dots
local function f(...) local x = ... return type(arg) end return f(1)
--> ok: nil
--- numeric loops
local r = '' for i = 1, 3 do r = r .. i end for i = 3, 1, -1 do r = r .. i end for i = 1, 2, 0.5 do r = r .. ',' .. i end for i = 1, 0 do r = r .. 'never' end return r
--> ok: 123321,1,1.5,2
--- numeric loops with strings
local r = '' for i = '1', '2', '1' do r = r .. type(i) .. i end return r
--> ok: number1number2
--- numeric loops do not see changes of the variable
local r = '' for i = 1, 3 do r = r .. i i = 10 end return r
--> ok: 123
--- numeric loops with floats
local n = 0 for i = 0, 1, 0.1 do n = n + 1 end return n
--> ok: 11
--- numeric loops with a step of zero
local n = 0 for i = 1, 0, 0 do n = n + 1 if n > 5 then break end end return n
--> ok: 6
--- numeric loops with NaN and infinity
local n = 0 for i = 1, 0/0 do n = n + 1 end for i = 1, -1/0 do n = n + 1 end for i = 1, 1/0 do n = n + 1 if n == 3 then break end end return n
--> ok: 3
--- generic loops
local r = '' for k, v in pairs({10, 20, 30}) do r = r .. k .. v .. ' ' end for i, v in ipairs({1, 2, nil, 4}) do r = r .. v end return r
--> ok: 110 220 330 12
--- generic loops with an iterator in Lua
local function range(n) local i = 0 return function() i = i + 1 if i <= n then return i, i * i end end end local r = '' for i, s in range(4) do r = r .. i .. ':' .. s .. ' ' end return r
--> ok: 1:1 2:4 3:9 4:16 
--- generic loops with state
local function step(s, c) if c < s then return c + 1 end end local r = '' for i in step, 3, 0 do r = r .. i end return r
--> ok: 123
--- generic loops with __call
local t = setmetatable({}, {__call = function(self, s, c) c = (c or 0) + 1 if c < 4 then return c end end}) local r = '' for i in t do r = r .. i end return r
--> ok: 123
--- generic loops with many variables
local r = '' for a, b, c, d in function(s, c) if not c then return 1, 2, 3 end end do r = r .. tostring(a) .. tostring(b) .. tostring(c) .. tostring(d) end return r
--> ok: 123nil
--- generic loops end with false values
local n = 0 for x in function() n = n + 1 if n < 3 then return false end end do end return n
--> ok: 3
--- generic loops with one variable of two
local r = 0 for k in pairs({5, 6}) do r = r + k end return r
--> ok: 3
--- nested loops and break
local r = '' for i = 1, 3 do for j = 1, 3 do if j == 2 then break end r = r .. i .. j .. ' ' end end return r
--> ok: 11 21 31 
--- while and repeat
local i, r = 0, '' while i < 3 do i = i + 1 r = r .. i end repeat i = i - 1 r = r .. i until i == 0 return r
--> ok: 123210
--- while with break
local i = 0 while true do i = i + 1 if i > 4 then break end end return i
--> ok: 5
--- repeat sees the locals of its block
local i = 0 repeat local done = i > 2 i = i + 1 until done return i
--> ok: 4
--- repeat with a closure in its block
local fs, i = {}, 0 repeat local x = i fs[#fs + 1] = function() return x end i = i + 1 until x >= 2 return fs[1](), fs[2](), fs[3]()
--> ok: 0	1	2
--- if and elseif
local function f(x) if x == 1 then return 'one' elseif x == 2 then return 'two' else return 'many' end end return f(1), f(2), f(3)
--> ok: one	two	many
--- closures share variables
local function f() local n = 0 return function() n = n + 1 return n end, function() return n end end local inc, get = f() inc() inc() return get()
--> ok: 2
--- closures of a loop have variables of their own
local fs = {} for i = 1, 3 do fs[i] = function() i = i + 1 return i end end return fs[1](), fs[1](), fs[2](), fs[3]()
--> ok: 2	3	3	4
--- closures of a generic loop
local fs = {} for k, v in pairs({'a', 'b'}) do fs[k] = function() return k, v end end return fs[1](), fs[2]()
--> ok: 1	2	b
--- closures of a while loop
local fs, i = {}, 1 while i < 3 do local j = i fs[i] = function() j = j + 10 return j end i = i + 1 end return fs[1](), fs[1](), fs[2]()
--> ok: 11	21	12
--- closures over parameters
local function add(a) return function(b) a = a + b return a end end local f, g = add(1), add(100) return f(1), f(1), g(1)
--> ok: 2	3	101
--- closures over closures
local function f() local x = 0 return function() return function() x = x + 1 return x end end end local g = f() return g()(), g()(), f()()()
--> ok: 1	2	1
--- recursion of a local function
local function fact(n) if n <= 1 then return 1 end return n * fact(n - 1) end return fact(20)
--> ok: 2.4329020081766e+18
--- mutual recursion
local even, odd function even(n) if n == 0 then return true end return odd(n - 1) end function odd(n) if n == 0 then return false end return even(n - 1) end return even(10), odd(7)
--> ok: true	true
--- a local function expression does not see itself
local f = function() return f end return f()
--> ok: nil
--- methods
local C = {} C.__index = C function C.new(x) return setmetatable({x = x}, C) end function C:get() return self.x end function C:add(n) self.x = self.x + n return self end return C.new(5):add(2):add(3):get()
--> ok: 10
--- functions in tables
local t = {a = {b = {}}} function t.a.b.f(x) return x * 2 end function t.a.b:g() return self == t.a.b end return t.a.b.f(4), t.a.b:g()
--> ok: 8	true
--- calls without parentheses
local function f(x) return type(x), #x end local a, b = f'abc' local c, d = f{1, 2} return a, b, c, d
--> ok: string	3	table	2
--- missing and extra arguments
local function f(a, b, c) return a, b, c end return f(1), f(1, 2, 3, 4)
--> ok: 1	1	2	3
--- returns in the middle
do return 1 end return 2
--> ok: 1
--- table constructors
local t = {1, 2, x = 3, [10] = 4, 'y', ['z'] = 5; 6} return t[1], t[2], t[3], t[4], t.x, t[10], t.z, #t
--> ok: 1	2	y	6	3	4	5	4
--- table constructors with calls
local function f() return 1, 2, 3 end local a, b, c = {f()}, {f(), f()}, {(f())} return #a, #b, #c, #{f(), nil}, #{f(), x = 1}
--> ok: 3	4	1	1	1
--- table constructors of more than fifty items
local t = {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55} local s = 0 for i, v in ipairs(t) do s = s + i * v end return #t, s
--> ok: 55	56980
--- table constructors of more than fifty items, and a call
local function f() return 'a', 'b' end local t = {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,f()} return #t, t[50], t[51], t[52]
--> ok: 52	50	a	b
--- table constructors: a field later than an item
local t = {[1] = 'field', 'item'} local u = {'item', [1] = 'field'} return t[1], u[1]
--> ok: item	item
--- table constructors keep their order
local r = '' for k, v in pairs({x = 1, y = 2, 10, z = 3, 20}) do r = r .. k .. '=' .. v .. ' ' end return r
--> ok: 1=10 2=20 y=2 x=1 z=3 
--- table constructors with nil
local t = {nil, nil, 3} return #t, t[3], next(t)
--> ok: 3	3	3	3
--- table constructors with nested tables
local t = {{1, {2}}, {x = {y = 3}}} return t[1][2][1], t[2].x.y
--> ok: 2	3
--- assigning a table to a variable it uses
local a = {1} a = {a, a[1]} return a[1][1], a[2]
--> ok: 1	1
--- assigning the result of a call to its argument
local x = 5 local function f(y) return y * 2 end x = f(x) x = x + f(x) return x
--> ok: 30
--- deep expressions
local a = 1 return ((((((((((a + 1) + 1) + 1) + 1) + 1) + 1) + 1) + 1) + 1) + 1), 1 + (a + (a + (a + (a + (a + a)))))
--> ok: 11	7
--- strings with zeros and bytes
local s = 'a\0b\255' return #s, s == 'a\0b\255', s .. 'c' == 'a\0b\255c'
--> ok: 4	true	true
--- global functions
function gf(x) if x == 0 then return 'zero' end return gf(x - 1) end return gf(5)
--> ok: zero
--- a thousand terms
local a = 1 local src = 'local a = 1 return a' .. (' + a'):rep(1000) return loadstring(src)()
--> ok: 1001
--- a hundred and fifty concatenations
local src = 'local a = 1 return a' .. (' .. a'):rep(150) return #loadstring(src)()
--> ok: 151
--- deep recursion
local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end return f(16000)
--> ok: 16000
--- stack overflow
local function f() return 1 + f() end return pcall(f)
--> ok: false	case:1: stack overflow
--- stack overflow twice
local function f() return 1 + f() end local _, a = pcall(f) local _, b = pcall(f) return a == b
--> ok: true
--- stack overflow with a handler
local function f() return 1 + f() end return xpcall(f, function(m) return 'handled ' .. m end)
--> ok: false	handled case:1: stack overflow
--- tail calls
local function f(n) if n == 0 then return 'done' end return f(n - 1) end return f(300000)
--> ok: done
--- tail calls of two
local f, g function f(n, ...) if n == 0 then return ... end return g(n - 1, ...) end function g(n, ...) return f(n, ...) end return f(100000, 1, 2)
--> ok: 1	2
--- tail calls of natives
local function f(...) return select('#', ...) end return f(1, 2, 3), (f())
--> ok: 3	0
--- tail calls of methods
local t = {} function t:f(n) if n == 0 then return 'end' end return self:f(n - 1) end return t:f(50000)
--> ok: end
--- tail calls with more arguments
local function f(n, ...) if n == 0 then return select('#', ...) end return f(n - 1, n, ...) end return f(100)
--> ok: 100
