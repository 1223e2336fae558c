--- values go in and out
local co = coroutine.create(function(a, b) local c = coroutine.yield(a + b) local d, e = coroutine.yield(c * 2) return d, e end) local r = {} r[1] = {coroutine.resume(co, 1, 2)} r[2] = {coroutine.resume(co, 10)} r[3] = {coroutine.resume(co, 'x', 'y')} r[4] = {coroutine.resume(co)} return r[1][2], r[2][2], r[3][2], r[3][3], r[4][1], r[4][2]
--> ok: 3	20	x	y	false	cannot resume dead coroutine
--- status
local co local during co = coroutine.create(function() during = coroutine.status(co) coroutine.yield() end) local a = coroutine.status(co) coroutine.resume(co) local b = coroutine.status(co) coroutine.resume(co) return a, during, b, coroutine.status(co)
--> ok: suspended	running	suspended	dead
--- status normal
local a, s a = coroutine.create(function() coroutine.resume(coroutine.create(function() s = coroutine.status(a) end)) end) coroutine.resume(a) return s
--> ok: normal
--- running
local co, inside co = coroutine.create(function() inside = coroutine.running() end) coroutine.resume(co) return coroutine.running(), inside == co
--> ok: nil	true
--- wrap
local f = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end return 'end' end) return f(), f(), f(), f(), pcall(f)
--> ok: 1	2	3	end	false	cannot resume dead coroutine
--- wrap as an iterator
local r = '' for x in coroutine.wrap(function() for i = 1, 4 do coroutine.yield(i) end end) do r = r .. x end return r
--> ok: 1234
--- yield in loops and calls
local function g(n) for i = 1, n do coroutine.yield(i) end return 'g' end local f = coroutine.wrap(function() local x = g(2) coroutine.yield(x) return g(1) end) return f(), f(), f(), f(), f()
--> ok: 1	2	g	1	g
--- yield in arguments
local f = coroutine.wrap(function() return coroutine.yield(1) + coroutine.yield(2) end) f() f(10) return f(20)
--> ok: 30
--- yield as a tail call
local f = coroutine.wrap(function() return coroutine.yield('a') end) return f(), f(7, 8)
--> ok: a	7	8
--- yield with no values and many
local f = coroutine.wrap(function(...) local n = select('#', coroutine.yield()) return n end) return select('#', f()), f(nil, nil)
--> ok: 0	2
--- yield in a table constructor
local f = coroutine.wrap(function() return #{coroutine.yield(), coroutine.yield()} end) f() f(1) return f(2, 3)
--> ok: 3
--- a yield in a condition
local f = coroutine.wrap(function() while coroutine.yield('go') do end return 'stopped' end) return f(), f(true), f(false)
--> ok: go	go	stopped
--- an error
local co = coroutine.create(function() local x; return x.y end) local ok, e = coroutine.resume(co) return ok, e, coroutine.status(co), coroutine.resume(co)
--> ok: false	case:1: attempt to index local 'x' (a nil value)	dead	false	cannot resume dead coroutine
--- an error with a table
local co = coroutine.create(function() error({code = 5}) end) local ok, e = coroutine.resume(co) return ok, e.code
--> ok: false	5
--- an error in wrap gets a position
local f = coroutine.wrap(function() error('msg') end)
return pcall(function()
  f()
end)
--> ok: false	case:3: case:1: msg
--- an error in wrap with a table
local f = coroutine.wrap(function() error({5}) end) local ok, e = pcall(f) return ok, type(e), e[1]
--> ok: false	table	5
--- yield outside
return pcall(coroutine.yield, 1)
--> ok: false	attempt to yield across metamethod/C-call boundary
--- yield outside, called
coroutine.yield(1)
--> error: attempt to yield across metamethod/C-call boundary
--- yield across pcall
local co = coroutine.create(function() return pcall(coroutine.yield, 1) end) return coroutine.resume(co)
--> ok: true	false	attempt to yield across metamethod/C-call boundary
--- yield across a pcall of a function
local co = coroutine.create(function() return pcall(function() coroutine.yield(1) end) end) return coroutine.resume(co)
--> ok: true	false	attempt to yield across metamethod/C-call boundary
--- yield across sort
local co = coroutine.create(function() table.sort({3, 2, 1}, function(a, b) coroutine.yield() return a < b end) end) return coroutine.resume(co)
--> ok: false	attempt to yield across metamethod/C-call boundary
--- yield across an iterator
local co = coroutine.create(function() for x in function() coroutine.yield(1) end do end end) return coroutine.resume(co)
--> ok: false	attempt to yield across metamethod/C-call boundary
--- yield as an iterator
local co = coroutine.create(function() for x in coroutine.yield do end end) return coroutine.resume(co)
--> ok: false	attempt to yield across metamethod/C-call boundary
--- yield after an iterator that failed
local co = coroutine.create(function() pcall(function() for x in function() error('x') end do end end) coroutine.yield('fine') end) return coroutine.resume(co)
--> ok: true	fine
--- yield after a loop that was left
local co = coroutine.create(function() for x in function() return 1 end do break end return coroutine.yield('fine') end) return coroutine.resume(co)
--> ok: true	fine
--- yield across gsub
local co = coroutine.create(function() return (string.gsub('abc', '.', function(c) coroutine.yield(c) end)) end) return coroutine.resume(co)
--> ok: false	attempt to yield across metamethod/C-call boundary
--- resume itself
local co co = coroutine.create(function() return coroutine.resume(co) end) return coroutine.resume(co)
--> ok: true	false	cannot resume running coroutine
--- resume one that resumes
local a, b a = coroutine.create(function() return coroutine.resume(b) end) b = coroutine.create(function() return coroutine.resume(a) end) return coroutine.resume(a)
--> ok: true	true	false	cannot resume normal coroutine
--- resume a dead one
local co = coroutine.create(function() end) coroutine.resume(co) return coroutine.resume(co)
--> ok: false	cannot resume dead coroutine
--- resume what is none
return pcall(coroutine.resume, 5)
--> ok: false	bad argument #1 to '?' (coroutine expected)
--- create of a native
return pcall(coroutine.create, select)
--> ok: false	bad argument #1 to '?' (Lua function expected)
--- create of no function
return pcall(coroutine.create, 5)
--> ok: false	bad argument #1 to '?' (Lua function expected)
--- status of what is none
return pcall(coroutine.status, {})
--> ok: false	bad argument #1 to '?' (coroutine expected)
--- wrap of no function
coroutine.wrap(1)
--> error: case:1: bad argument #1 to 'wrap' (Lua function expected)
--- wrap resumes itself
local f f = coroutine.wrap(function() return f() end) return pcall(f)
--> ok: false	case:1: cannot resume running coroutine
--- producers and consumers
local function producer() return coroutine.create(function() for i = 1, 3 do coroutine.yield('item' .. i) end return nil end) end local r, p = '', producer() while true do local _, v = coroutine.resume(p) if not v then break end r = r .. v .. ' ' end return r
--> ok: item1 item2 item3 
--- permutations
local function gen(a, n) n = n or #a if n <= 1 then coroutine.yield(table.concat(a)) else for i = 1, n do a[n], a[i] = a[i], a[n] gen(a, n - 1) a[n], a[i] = a[i], a[n] end end end local r = {} for p in coroutine.wrap(function() gen{'a', 'b', 'c'} end) do r[#r + 1] = p end return table.concat(r, ' ')
--> ok: bca cba cab acb bac abc
--- a tree
local function walk(t) if t then walk(t[1]) coroutine.yield(t[2]) walk(t[3]) end end local r = '' for v in coroutine.wrap(function() walk({{nil, 1}, 2, {{nil, 3}, 4}}) end) do r = r .. v end return r
--> ok: 1234
--- nested
local inner = coroutine.wrap(function() for i = 1, 3 do coroutine.yield('i' .. i) end end) local outer = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(inner() .. 'o' .. i) end end) return outer(), outer(), outer()
--> ok: i1o1	i2o2	i3o3
--- closures shared between coroutines
local n = 0 local function mk() return coroutine.wrap(function() while true do n = n + 1 coroutine.yield(n) end end) end local a, b = mk(), mk() return a(), b(), a(), b(), n
--> ok: 1	2	3	4	4
--- a captured local that lives in a coroutine
local get local co = coroutine.wrap(function() local x = 1 get = function() return x end coroutine.yield() x = 2 coroutine.yield() end) co() local a = get() co() return a, get()
--> ok: 1	2
--- many at a time
local cs, s = {}, 0 for i = 1, 200 do cs[i] = coroutine.wrap(function() local x = i while true do coroutine.yield(x) x = x + 1 end end) end for r = 1, 3 do for i = 1, 200 do s = s + cs[i]() end end return s
--> ok: 60900
--- varargs in a coroutine
local co = coroutine.wrap(function(...) local n = select('#', ...) local a = coroutine.yield(...) return n, a, ... end) local a, b = co(1, nil) return a, b, co('x')
--> ok: 1	nil	2	x	1	nil
--- stack overflow in a coroutine
local co = coroutine.create(function() local function f() return 1 + f() end return f() end) return coroutine.resume(co)
--> ok: false	case:1: stack overflow
--- deep recursion in a coroutine
local co = coroutine.wrap(function() local function f(n) if n == 0 then coroutine.yield('deep') return 0 end return 1 + f(n - 1) end return f(5000) end) return co(), co()
--> ok: deep	5000
--- pcall in a coroutine
local co = coroutine.wrap(function() local ok, e = pcall(error, 'x') coroutine.yield(ok, e) local ok, e = pcall(function() local a; a() end) return ok, e end) local a, b = co() return a, b, co()
--> ok: false	x	false	case:1: attempt to call local 'a' (a nil value)
--- pcall around a resume
local co = coroutine.wrap(function() coroutine.yield(1) error('oops', 0) end) return co(), pcall(co)
--> ok: 1	false	oops
