--- counters share nothing
local function counter() local n = 0 return function() n = n + 1 return n end end local a, b = counter(), counter() return {a(), a(), b(), a(), b()}
--- two closures share a variable
local function pair() local n = 0 return function() n = n + 1 end, function() return n end end local inc, get = pair() inc() inc() return get()
--- each turn of a loop has variables of its own
local fs = {} for i = 1, 3 do local j = i * 10 fs[i] = function() j = j + 1 return i + j end end return {fs[1](), fs[1](), fs[2](), fs[3]()}
--- so has each turn of while and repeat
local fs, i = {}, 0 while i < 3 do i = i + 1 local k = i fs[i] = function() k = k + 1 return k end end local n = 0 repeat n = n + 1 local m = n fs[3 + n] = function() m = m * 2 return m end until m == 3 return {fs[1](), fs[1](), fs[2](), fs[4](), fs[4](), fs[6]()}
--- the condition of repeat sees the block's locals
local n = 0 repeat n = n + 1 local done = n >= 5 until done return n
--- a closure of a break-ended loop
local f for i = 1, 10 do local v = i * i f = function() v = v + 1 return v end if i == 4 then break end end return {f(), f()}
--- upvalues through three functions
local function a() local x = 1 return function() local y = 2 return function() x, y = x + 1, y + 1 return x + y end end end local f = a()() return {f(), f()}
--- shadowing
local x = 1 local r = {x} do local x = x + 1 r[2] = x do local x = x + 1 r[3] = x end r[4] = x end r[5] = x local x = x + 10 r[6] = x return r
--- a local is not in scope in its own initial value
local x = 5 local x = x * 2 local function f() return x end local f = f return f()
--- recursive local functions
local function fact(n) if n == 0 then return 1 end return n * fact(n - 1) end local fib fib = function(n) if n < 2 then return n end return fib(n-1) + fib(n-2) end return {fact(10), fib(15)}
--- mutual recursion
local even, odd function even(n) if n == 0 then return true end return odd(n - 1) end function odd(n) if n == 0 then return false end return even(n - 1) end return {tostring(even(100)), tostring(odd(7))}
--- numeric loops
local r = {} for i = 1, 3 do r[#r+1] = i end for i = 3, 1, -1 do r[#r+1] = i end for i = 1, 0 do r[#r+1] = 'never' end for i = 5, 10, 3 do r[#r+1] = i end return r
--- numeric loops with fractions
local r = {} for i = 0, 1, 0.25 do r[#r+1] = tostring(i) end for i = 1, 0, -0.3 do r[#r+1] = tostring(i) end return r
--- numeric loops that gather rounding
local n, last = 0 for i = 0, 1, 0.1 do n = n + 1 last = i end return {n, ('%.17g'):format(last)}
--- numeric loops with strings
local r = {} for i = '1', '3', '1' do r[#r+1] = type(i) .. i end return r
--- numeric loops with a step of zero never begin downwards
local n = 0 for i = 2, 1, 0 do n = n + 1 if n > 3 then break end end for i = 1, 2, 0 do n = n + 10 if n > 30 then break end end return n
--- numeric loops with infinities
local n = 0 for i = 1, math.huge do n = n + 1 if n == 5 then break end end for i = 1, -math.huge do n = n + 100 end for i = 1, 0/0 do n = n + 1000 end return n
--- numeric loops with large numbers
local r = {} for i = 2^53 - 2, 2^53 do r[#r+1] = ('%.0f'):format(i) if #r > 5 then break end end return r
--- the variable of a loop may be changed without effect
local r = {} for i = 1, 3 do r[#r+1] = i i = i * 10 r[#r+1] = i end return r
--- the bounds of a loop are evaluated once
local calls = 0 local function lim() calls = calls + 1 return 3 end local s = 0 for i = 1, lim() do s = s + i end return {s, calls}
--- break leaves the innermost loop
local r = {} for i = 1, 3 do for j = 1, 3 do if j == 2 then break end r[#r+1] = i * 10 + j end end while true do if #r > 5 then break end r[#r+1] = 0 end repeat break until false return r
--- generic loops with several variables
local function iter(s, i) if i < #s then i = i + 1 return i, s[i], s[i] * 2 end end local r = {} for i, a, b in iter, {5, 6, 7}, 0 do r[#r+1] = i .. ':' .. a .. ':' .. b end return r
--- generic loops with one value that is no function
for x in 5 do end
--- generic loops over a table
for k in {1, 2} do end
--- generic loops over nil
local t = nil for k, v in t do end
--- generic loops over pairs of nil
for k, v in pairs(nil) do end
--- generic loops whose iterator gives nil at once
local n = 0 for a, b in function() return nil, 5 end do n = n + 1 end return n
--- generic loops whose first value is false
local n = 0 for a in function(_, i) if n < 3 then n = n + 1 return false end end do end return n
--- varargs
local function f(...) return select('#', ...), ... end return {f(1, nil, 3)}
--- varargs are cut and padded
local function f(...) local a, b, c = ... return tostring(a), tostring(b), tostring(c) end return {f(1), f(1, 2, 3, 4)}
--- varargs in the middle give one value
local function f(...) return ..., 'end' end return {f(1, 2, 3)}
--- varargs in parentheses
local function f(...) return (...) end return {f(7, 8), select('#', f()), tostring(f())}
--- varargs in constructors and arguments
local function f(...) return {...}, #{...}, #{..., 'x'}, #{'x', ...} end local t, a, b, c = f(1, 2, 3) return {#t, a, b, c}
--- varargs with names before
local function f(a, b, ...) return a, b, select('#', ...), ... end return {f(1, 2, 3, 4), f(1)}
--- the old table of arguments
local function f(...) return type(arg), arg and arg.n, arg and arg[1] end return {f('a', nil, 'c')}
--- the old table of arguments where varargs are used
local function f(...) local x = ... return type(arg) end return pcall(f, 1) and f(1)
--- the main chunk has varargs
return {select('#', ...), type(rawget(_G, 'arg'))}
--- parameters missing and too many
local function f(a, b) return tostring(a) .. tostring(b) end return {f(), f(1), f(1, 2), f(1, 2, 3)}
--- parameters are copies
local function f(x) x = x + 1 return x end local y = 1 return {f(y), y}
--- tables are shared
local function f(t) t.x = 1 t = {} t.x = 2 end local t = {} f(t) return t.x
--- methods
local o = {n = 1} function o.add(self, k) self.n = self.n + k return self end function o:get() return self.n end return {o:add(2):add(3):get(), o.get(o), o['get'](o)}
--- nested function names
local m = {a = {b = {}}} function m.a.b.f(x) return x * 2 end function m.a.b:g() return self == m.a.b end return {m.a.b.f(4), tostring(m.a.b:g())}
--- calls without parentheses
local function id(x) return x end local o = {m = function(self, x) return x end} return {id 'a', id "b", id [[c]], #id {1, 2}, o:m 'd', type(o:m {})}
--- calls in chains
local function f() return function() return {g = function(_, x) return x end} end end return f()():g('deep')
--- results are adjusted
local function f() return 1, 2 end local function g() end return {f(), f(), (f()), select('#', g()), select('#', (g())), select('#', f(), g())}
--- tail calls do not grow the stack
local function loop(n) if n == 0 then return 'done' end return loop(n - 1) end return loop(100000)
--- tail calls of several functions
local a, b function a(n) if n <= 0 then return 'a' end return b(n - 1) end function b(n) if n <= 0 then return 'b' end return a(n - 1) end return {a(50000), a(50001)}
--- tail calls keep all values
local function id(...) return ... end local function f(...) return id(...) end return {f(1, 2, 3), select('#', f(nil, nil))}
--- tail calls of methods and natives
local o = {} function o:m(x) if x == 0 then return tostring(self == o) end return self:m(x - 1) end local function t(x) return tostring(x) end return {o:m(10000), t(5)}
--- many parameters and arguments
local function f(...) local s = 0 for i = 1, select('#', ...) do s = s + (select(i, ...)) end return s end local t = {} for i = 1, 200 do t[i] = i end return f(unpack(t))
--- do blocks and local functions
do local a = 1 do local a = 2 end local function f() return a end return f() end
--- goto is a name
local goto = 5 return goto
--- semicolons
local a = 1; local b = 2; return a + b;
--- comments
-- one
--[[ two
lines ]] local x = 1 --[==[ three ]] ]==] --- four
return x --[[five]] + 1 -- six
--- an empty script
--- a script of a comment
-- nothing
--- return without values
return
--- return of nothing in between
do return end return 1
--- functions in tables and immediate calls
return (function(a, ...) return a + select('#', ...) end)(1, 2, 3)
--- loops of closures that count
local adders = {} for i = 1, 5 do adders[i] = function(x) return x + i end end local r = 0 for _, f in ipairs(adders) do r = f(r) end return r
--- composition and currying
local function compose(f, g) return function(...) return f(g(...)) end end local function curry(f) return function(a) return function(b) return f(a, b) end end end return {compose(function(x) return x + 1 end, function(x) return x * 2 end)(5), curry(function(a, b) return a - b end)(10)(4)}
--- map, filter and reduce
local function map(t, f) local r = {} for i, v in ipairs(t) do r[i] = f(v) end return r end local function filter(t, p) local r = {} for _, v in ipairs(t) do if p(v) then r[#r+1] = v end end return r end local function reduce(t, f, a) for _, v in ipairs(t) do a = f(a, v) end return a end
return reduce(filter(map({1, 2, 3, 4, 5}, function(x) return x * x end), function(x) return x % 2 == 1 end), function(a, b) return a + b end, 0)
--- many locals
local a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14,a15,a16,a17,a18,a19,a20 = 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20 local function f() return a1+a20+a10 end a10 = 100 return f() + a2 + a19
--- two hundred locals
local s = {} for i = 1, 200 do s[i] = 'local v' .. i .. '=' .. i end return loadstring(table.concat(s, ' ') .. ' return v1 + v200')()
--- sixty upvalues
local s, u = {}, {} for i = 1, 60 do s[i] = 'local v' .. i .. '=' .. i u[i] = 'v' .. i end return loadstring(table.concat(s, ' ') .. ' return (function() return ' .. table.concat(u, '+') .. ' end)()')()
--- many constants
local s = {} for i = 1, 600 do s[i] = '"k' .. i .. '",' .. i .. '.5' end local t = loadstring('return {' .. table.concat(s, ',') .. '}')() return {#t, t[1199], tostring(t[1200])}
--- a function with very many statements
local s = {'local t = 0'} for i = 1, 3000 do s[#s+1] = 't = t + ' .. i end s[#s+1] = 'return t' return loadstring(table.concat(s, '\n'))()
--- a long chain of elseif
local s = {'local x = ... if x == 0 then return 0'} for i = 1, 150 do s[#s+1] = 'elseif x == ' .. i .. ' then return ' .. i * 2 end s[#s+1] = 'end return -1' local f = loadstring(table.concat(s, ' ')) return {f(0), f(75), f(150), f(151)}
--- a long chain of operators
local s = {} for i = 1, 150 do s[i] = tostring(i) end return {loadstring('return ' .. table.concat(s, '+'))(), #loadstring('return ' .. table.concat(s, ' .. '))()}
