--- recursion of fifteen thousand calls
local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end return f(15000)
--- endless recursion
local function f() return 1 + f() end return (select(2, pcall(f)):gsub('%d+', 'N'))
--- endless recursion, uncaught
local function f() return 1 + f() end
return f()
--- endless recursion of two
local f, g function f() g() end function g() f() end return (select(2, pcall(f)):match('stack overflow'))
--- how deep recursion goes
local n = 0 local function f() n = n + 1 f() end pcall(f) return tostring(n > 15000 and n < 200001)
--- exactly how deep recursion goes
local n = 0 local function f() n = n + 1 f() end pcall(f) return n
--- endless recursion by metamethods
local t = setmetatable({}, {__index = function(t, k) return t[k .. 'x'] end}) return tostring((select(2, pcall(function() return t.a end))):match('overflow'))
--- endless recursion by tostring
local t = setmetatable({}, {}) getmetatable(t).__tostring = function() return tostring(t) end return tostring((select(2, pcall(tostring, t))):match('overflow'))
--- endless recursion by pcall
local function f() return pcall(f) end local ok, e = f() return {tostring(ok), type(e)}
--- nested pcalls to a depth of 150
local function f(n) if n == 0 then return 'bottom' end return select(2, pcall(f, n - 1)) end return f(150)
--- nested pcalls beyond the limit
local function f(n) if n == 0 then return 'bottom' end local ok, e = pcall(f, n - 1) return ok and e or tostring(e) end return f(300)
--- the exact depth of nested pcalls
local deepest = 0 local function f(n) deepest = n local ok, e = pcall(f, n + 1) if not ok then error(e, 0) end end local ok, e = pcall(f, 1) return {deepest, tostring(e)}
--- nested metamethods to a depth of 150
local t = setmetatable({}, {__add = function(a, n) if n == 0 then return 'bottom' end return a + (n - 1) end}) return t + 150
--- nested sorts
local function f(n) if n > 0 then table.sort({2, 1}, function(a, b) f(n - 1) return a < b end) end end return tostring(pcall(f, 50))
--- nested gsubs
local function f(n) if n == 0 then return '!' end return (('x'):gsub('x', function() return f(n - 1) .. n end)) end return f(50)
--- nested coroutines
local function f(n) if n == 0 then return 'bottom' end return coroutine.wrap(f)(n - 1) end return f(100)
--- nested coroutines beyond the limit
local function f(n) if n == 0 then return 'bottom' end local ok, v = coroutine.resume(coroutine.create(f), n - 1) return ok and v or tostring(v) end return f(250)
--- a stack overflow is an error like others
local function f() return 1 + f() end local ok = pcall(f) local r = 0 for i = 1, 10 do r = r + i end return {tostring(ok), r}
--- a stack overflow in a coroutine
local function f() return 1 + f() end local ok, e = coroutine.resume(coroutine.create(f)) return {tostring(ok), tostring((e:match('stack overflow')))}
--- a handler after a stack overflow
local function f() return 1 + f() end return tostring(select(2, xpcall(f, function(e) return 'handled' end)))
--- ackermann
local function a(m, n) if m == 0 then return n + 1 elseif n == 0 then return a(m - 1, 1) else return a(m - 1, a(m, n - 1)) end end return {a(2, 3), a(3, 4)}
--- towers of hanoi
local moves = 0 local function hanoi(n, a, b, c) if n > 0 then hanoi(n - 1, a, c, b) moves = moves + 1 hanoi(n - 1, c, b, a) end end hanoi(12, 'a', 'b', 'c') return moves
--- queens
local function queens(n) local count, cols, d1, d2 = 0, {}, {}, {} local function place(r) if r > n then count = count + 1 return end for c = 1, n do if not cols[c] and not d1[r + c] and not d2[r - c + n] then cols[c], d1[r + c], d2[r - c + n] = true, true, true place(r + 1) cols[c], d1[r + c], d2[r - c + n] = nil, nil, nil end end end place(1) return count end return {queens(4), queens(6), queens(7)}
--- a deep table as the reply
local t = {} local inner = t for i = 1, 100 do inner[1] = {} inner = inner[1] end inner[1] = 'deep' return t
--- a deep table that is walked without recursion
local t = {} local inner = t for i = 1, 50000 do inner[1] = {} inner = inner[1] end local n = 0 inner = t while inner[1] do inner = inner[1] n = n + 1 end return n
--- many results of a function
local function f(n) local t = {} for i = 1, n do t[i] = i end return unpack(t) end return {select('#', f(5000)), (select(4999, f(5000)))}
--- a long concatenation of a function's results
local t = {} for i = 1, 5000 do t[i] = 'x' end return #table.concat({unpack(t)})
