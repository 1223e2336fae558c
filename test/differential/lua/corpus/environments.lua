--- reading a global that is not there
return foo
--- reading a global that is not there, in a function
local function f()
  return foo
end
return f()
--- writing a global
foo = 1
--- writing a global function
function foo() end
--- writing a global in a function
local function f() foo = 1 end
f()
--- writing a global by pcall
return {pcall(function() foo = 1 end)}
--- reading a global by pcall
return select(2, pcall(function() return foo end))
--- rawget of globals
return tostring(rawget(_G, 'foo'))
--- rawset of globals
rawset(_G, 'foo', 1) return foo
--- setting through _G
_G.foo = 1
--- the environments of functions are out of reach
return {tostring(rawget(_G, 'getfenv')), tostring(rawget(_G, 'setfenv'))}
--- _G is itself
return {tostring(_G == _G._G), type(_G)}
--- getfenv, called
return getfenv(1)
--- loadstring
return {loadstring('return 1 + 1')(), loadstring('local a, b = ... return b')(1, 2), type(loadstring(''))}
--- loadstring with errors
return {tostring((loadstring('x ='))), select(2, loadstring('x =')), select(2, loadstring('x =', '@file.lua')), select(2, loadstring('x =', '=name')), select(2, loadstring('x =', 'a chunk'))}
--- loadstring names of chunks
local r = {} for _, name in ipairs({'short', 'two\nlines', ('x'):rep(100), '@' .. ('y'):rep(100), '=' .. ('z'):rep(100), '', '@', '=', '\n'}) do r[#r+1] = select(2, loadstring('x', name)) end return r
--- loadstring without a name uses the source
local r = {} for _, s in ipairs({'x', 'x\ny', ('x'):rep(80), ' x ', '-- c\nx =', 'x = "' .. ('a'):rep(60)}) do r[#r+1] = select(2, loadstring(s)) end return r
--- loadstring of something else
return select(2, pcall(loadstring, nil))
--- loadstring of a number
return select(2, loadstring(5))
--- load with a function
local parts = {'return ', '1 + ', '41'} local i = 0 return load(function() i = i + 1 return parts[i] end)()
--- load with an empty piece
local parts = {'return 1', '', ' + 1'} local i = 0 return load(function() i = i + 1 return parts[i] end)()
--- load with a name
return select(2, load(function() return nil end, '=n') and load(loadstring('return nil'), '=n')) == nil and 'empty' or 'not'
--- load of a string
return select(2, pcall(load, 'return 1'))
--- binary chunks are refused
return {select(2, loadstring('\27Lua')), select(2, loadstring('\27'))}
--- run time errors in loaded chunks
local f = loadstring('local t = nil\nreturn t.x', '=loaded') return select(2, pcall(f))
--- run time errors in loaded chunks with long names
local f = loadstring('local t = nil return t.x -- ' .. ('pad '):rep(30)) return select(2, pcall(f))
--- errors in loaded chunks by error
return {select(2, pcall(loadstring('error("e")', '@f'))), select(2, pcall(loadstring('error("e")'))), select(2, pcall(loadstring('\n\nerror("e", 1)', '=x')))}
--- KEYS and ARGV
--: keys a b
--: args 1 2 3
return {#KEYS, #ARGV, KEYS[1], KEYS[2], ARGV[3], tostring(KEYS[3]), tostring(ARGV[0])}
--- KEYS and ARGV are globals that may be changed
--: keys a
KEYS[1] = 'z' ARGV.x = 1 return {KEYS[1], ARGV.x}
--- KEYS may not be replaced
--: keys a
KEYS = {} return #KEYS
--- locals named like globals
local string = {upper = function() return 'mine' end} local redis = 5 return {string.upper('x'), redis, ('x'):upper()}
