--- getfenv of the chunk
return getfenv(1) == _G, getfenv() == _G, getfenv(0) == _G
--> ok: true	true	true
--- getfenv of functions
local function f() end return getfenv(f) == _G, getfenv(select) == _G
--> ok: true	true
--- setfenv of a function
local function f() return x end setfenv(f, {x = 5}) return f(), x
--> ok: 5	nil
--- setfenv gives the function
local function f() end return setfenv(f, {}) == f
--> ok: true
--- setfenv of the chunk
local g = getfenv local e = {} setfenv(1, e) x = 5 return e.x, g(1) == e
--> ok: 5	true
--- setfenv of the caller
local function f() setfenv(2, {y = 'yes'}) end local function g() f() return y end return g(), y
--> ok: yes	nil
--- closures take the environment of their maker
local function mk() return function() return v end end setfenv(mk, {v = 'inner'}) return mk()(), v
--> ok: inner	nil
--- closures made before keep theirs
local f local function mk() f = f or function() return v end return f end v = 'outer' mk() setfenv(mk, {v = 'inner'}) return mk()()
--> ok: outer
--- globals set in an environment
local e = setmetatable({}, {__index = _G}) local function f() a = 1 return type(a) end setfenv(f, e) return f(), e.a, rawget(_G, 'a')
--> ok: number	1	nil
--- loaded chunks have the globals
local function f() return loadstring('return x')() end x = 'global' setfenv(f, setmetatable({x = 'mine'}, {__index = _G})) return f()
--> ok: global
--- setfenv of a native
return pcall(setfenv, select, {})
--> ok: false	'setfenv' cannot change environment of given object
--- setfenv with no table
return pcall(setfenv, 1, 5)
--> ok: false	bad argument #2 to '?' (table expected, got number)
--- getfenv with a bad level
return pcall(getfenv, -1), pcall(getfenv, 50)
--> ok: false	false	bad argument #1 to '?' (invalid level)
--- setfenv with a bad level
return pcall(setfenv, 50, {})
--> ok: false	bad argument #1 to '?' (invalid level)
--- getfenv of something else
return pcall(getfenv, {})
--> ok: false	bad argument #1 to '?' (number expected, got table)
--- getfenv of a string
return pcall(getfenv, 'x')
--> ok: false	bad argument #1 to '?' (number expected, got string)
--- getfenv through a tail call
local function f() return getfenv(2) end local function g() return f() end return pcall(g)
--> ok: false	case:1: no function environment for tail call at level 2
--- getfenv of levels
local function f() return getfenv(1) == getfenv(2) end return f()
--> error: case:1: no function environment for tail call at level 2
--- a sandbox
local e = {print = 1} local f = loadstring('x = 1 return print, tostring') setfenv(f, e) local a, b = f() return a, b, e.x
--> ok: 1	nil	1
--- __environment of the thread
return pcall(setfenv, 0, setmetatable({}, {__index = _G}))
--> ok: true
