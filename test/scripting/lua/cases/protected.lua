--- pcall gives results
return pcall(function(...) return ... end, 1, nil, 3)
--> ok: true	1	nil	3
--- pcall without results
return select('#', pcall(function() end))
--> ok: 1
--- pcall of no function
return pcall(5)
--> ok: false	attempt to call a number value
--- pcall of nil
return pcall(nil)
--> ok: false	attempt to call a nil value
--- pcall without arguments
pcall()
--> error: case:1: bad argument #1 to 'pcall' (value expected)
--- pcall of pcall
return pcall(pcall, error, 'x')
--> ok: true	false	x
--- pcall nested
return pcall(function() local ok, e = pcall(error, 'in') error(e .. 'out', 0) end)
--> ok: false	inout
--- pcall of a native that fails
return pcall(setmetatable, 1, 2)
--> ok: false	bad argument #1 to '?' (table expected, got number)
--- pcall keeps locals
local x = 1 pcall(function() x = 2 error('x') end) return x
--> ok: 2
--- pcall in a loop
local n = 0 for i = 1, 10 do if not pcall(error) then n = n + i end end return n
--> ok: 55
--- pcall after a deep error
local function f(n) if n == 0 then error('deep') end return 1 + f(n - 1) end local ok, e = pcall(f, 1000) return ok, e, pcall(f, 0)
--> ok: false	case:1: deep	false	case:1: deep
--- errors of any type
return pcall(error, nil), select(2, pcall(error, 5)), select(2, pcall(error, true)), type(select(2, pcall(error, {}))), type(select(2, pcall(error, print or error)))
--> ok: false	5	true	table	function
--- error levels
local function f(level) error('msg', level) end
local function g(level)
  f(level)
end
local r = {}
for level = 0, 4 do r[level] = select(2, pcall(g, level)) end
return r[0], r[1], r[2], r[3], r[4]
--> ok: msg	case:1: msg	case:3: msg	msg	case:6: msg
--- error levels through natives
local function f() error('msg', 2) end
return pcall(f)
--> ok: false	msg
--- error levels through sort
local r = select(2, pcall(table.sort, {1, 2}, function() error('msg', 2) end)) return r
--> ok: msg
--- error levels through a tail call
local function f() error('msg', 2) end
local function g() return f() end
return pcall(function()
  g()
end)
--> ok: false	msg
--- error levels through tail calls, further
local function f() error('msg', 3) end
local function g() return f() end
return pcall(function()
  g()
end)
--> ok: false	case:4: msg
--- error levels through a metamethod
local t = setmetatable({}, {__index = function() error('msg', 2) end})
return pcall(function()
  return t.x
end)
--> ok: false	case:3: msg
--- error in an iterator
return pcall(function()
  for x in function() error('msg', 2) end do
  end
end)
--> ok: false	case:2: msg
--- error of error's level
return pcall(error, 'x', 'y')
--> ok: false	bad argument #2 to '?' (number expected, got string)
--- xpcall gives results
return xpcall(function() return 1, 2 end, error)
--> ok: true	1	2
--- xpcall handles
return xpcall(function() error('x') end, function(m) return m .. '!', 'second' end)
--> ok: false	case:1: x!
--- xpcall handles a table
return xpcall(function() error({5}) end, function(m) return m[1] end)
--> ok: false	5
--- xpcall with a handler that fails
return xpcall(function() error('x') end, function() error('y') end)
--> ok: false	error in error handling
--- xpcall with a handler that fails once
local n = 0 return xpcall(function() error('x') end, function(m) n = n + 1 if n == 1 then error('again') end return n .. m end)
--> ok: false	2case:1: again
--- xpcall with a handler that is no function
return xpcall(function() error('x') end, 5)
--> ok: false	error in error handling
--- xpcall with a native handler
return xpcall(function() error('x', 0) end, string.upper)
--> ok: false	X
--- xpcall with one argument
return pcall(xpcall, error)
--> ok: false	bad argument #2 to '?' (value expected)
--- xpcall passes no arguments
return xpcall(function(...) return select('#', ...) end, error, 1, 2)
--> ok: true	0
--- xpcall: the handler runs above what failed
local function f() error('x') end
return xpcall(f, function(m)
  local ok, e = pcall(error, 'level', 3)
  return e
end)
--> ok: false	level
--- xpcall of a run-time error
return xpcall(function() local a; return a.b end, function(m) return 'H ' .. m end)
--> ok: false	H case:1: attempt to index local 'a' (a nil value)
--- xpcall of no function
return xpcall(5, function(m) return 'H ' .. m end)
--> ok: false	H attempt to call a number value
--- a handler for a stack overflow
local function f() return 1 + f() end
return xpcall(f, function(m) return #m > 0, m end)
--> ok: false	true
--- nested C calls
local n = 0 local function f() n = n + 1 return pcall(f) end local r = {f()} return #r > 100, r[#r]
--> ok: true	C stack overflow
--- nested metamethods
local t t = setmetatable({}, {__index = function(_, k) return t[k + 1] end}) return pcall(function() return t[1] end)
--> ok: false	case:1: C stack overflow
--- nested sort
local function f() table.sort({1, 2}, f) end return pcall(f)
--> ok: false	C stack overflow
--- nested gsub
local function f() return (string.gsub('x', 'x', f)) end return pcall(f)
--> ok: false	C stack overflow
--- nested tostring
local t = setmetatable({}, {__tostring = function(t) return tostring(t) end}) return pcall(tostring, t)
--> ok: false	C stack overflow
--- assert
return pcall(assert, false), pcall(assert, nil, 'msg'), pcall(assert, 1, 2), pcall(assert)
--> ok: false	false	true	false	bad argument #1 to '?' (value expected)
--- assert with a table
return pcall(assert, false, {})
--> ok: false	bad argument #2 to '?' (string expected, got table)
--- error positions in loaded chunks
local f = loadstring('local a\nreturn a.b', '@other') return pcall(f)
--> ok: false	other:2: attempt to index local 'a' (a nil value)
--- error positions in chunks without a name
local f = loadstring('local a\nreturn a.b') return pcall(f)
--> ok: false	[string "local a..."]:2: attempt to index local 'a' (a nil value)
--- error positions in chunks with a name
local f = loadstring('local a return a.b', '=name') return pcall(f)
--> ok: false	name:1: attempt to index local 'a' (a nil value)
--- syntax errors of loaded chunks
return loadstring('x =', '@other')
--> ok: nil	other:1: unexpected symbol near '<eof>'
