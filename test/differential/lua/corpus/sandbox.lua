--- what is there
local r = {} for _, n in ipairs({'assert', 'collectgarbage', 'coroutine', 'dofile', 'error', 'gcinfo', 'getfenv', 'getmetatable', 'io', 'ipairs', 'load', 'loadfile', 'loadstring', 'math', 'module', 'next', 'package', 'pairs', 'pcall', 'debug', 'rawequal', 'rawget', 'rawset', 'redis', 'require', 'select', 'server', 'setfenv', 'setmetatable', 'string', 'table', 'tonumber', 'tostring', 'type', 'unpack', 'xpcall', '_VERSION', '_G', 'cjson', 'cmsgpack', 'struct', 'bit', 'KEYS', 'ARGV', 'arg'}) do r[#r+1] = n .. ':' .. type(rawget(_G, n)) end return r
--- the version
return _VERSION
--- the functions of redis
local r = {} for k, v in pairs(redis) do r[#r+1] = k .. ':' .. type(v) end table.sort(r) return r
--- the functions of string, table, math and coroutine
local r = {} for _, lib in ipairs({string, table, math, coroutine}) do for k, v in pairs(lib) do r[#r+1] = k .. ':' .. type(v) end end table.sort(r) return r
--- the constants of redis
return {redis.LOG_DEBUG, redis.LOG_VERBOSE, redis.LOG_NOTICE, redis.LOG_WARNING, redis.REPL_ALL, redis.REPL_AOF, redis.REPL_SLAVE, redis.REPL_REPLICA, redis.REPL_NONE, type(redis.REDIS_VERSION), type(redis.REDIS_VERSION_NUM)}
--- print is not there
print('x')
--- io is not there
io.open('x')
--- require is not there
require('x')
--- dofile is not there
dofile('x')
--- debug is not there
debug.traceback()
--- libraries may not be changed
local r = {} for _, lib in ipairs({string, table, math, coroutine, redis, cjson, cmsgpack, struct, bit, _G}) do r[#r+1] = tostring(select(2, pcall(function() lib.x = 1 end))) end return r
--- libraries may not be changed by rawset
local r = {} for _, lib in ipairs({string, table, math, redis, cjson, _G}) do r[#r+1] = tostring(select(2, pcall(rawset, lib, 'x', 1))) end return r
--- libraries may not get other metatables
local r = {} for _, lib in ipairs({string, table, math, redis, cjson, _G}) do r[#r+1] = tostring(select(2, pcall(setmetatable, lib, {}))) end return r
--- libraries may not be emptied
return {select(2, pcall(function() string.len = nil end)), select(2, pcall(function() redis.call = nil end)), select(2, pcall(table.insert, string, 1)), select(2, pcall(table.remove, redis)), select(2, pcall(table.sort, math))}
--- a library replaced
string = {}
--- a function replaced
tostring = nil
--- the metatable of globals
return {type(getmetatable(_G)), tostring(getmetatable(_G) and getmetatable(_G).__index)}
--- the metatable of globals may not be changed
return select(2, pcall(function() getmetatable(_G).__index = nil end))
--- a global of the host
return tostring(rawget(_G, 'process')) .. tostring(rawget(_G, 'globalThis')) .. tostring(rawget(_G, 'constructor')) .. tostring(rawget(_G, '__proto__'))
--- fields that hosts' objects have
local t = {} return {tostring(t.constructor), tostring(t.__proto__), tostring(t.toString), tostring(t.length), tostring(('x').length), tostring(string.constructor), tostring(rawget(redis, '__proto__'))}
--- fields that hosts' objects have, set
local t, r = {}, {} t.constructor = 1 t.__proto__ = 2 t.hasOwnProperty = 3 t.toString = 4 for k, v in pairs(t) do r[#r+1] = k .. v end table.sort(r) return r
--- keys named like fields of hosts' objects in json
return cjson.encode(cjson.decode('{"__proto__":1}')) .. cjson.encode(cjson.decode('{"constructor":{"prototype":[]}}'))
--- undefined is a global that is not there
return undefined
--- collectgarbage
return {type(collectgarbage('count')), collectgarbage(), collectgarbage('collect'), type(collectgarbage('step')), collectgarbage('stop'), collectgarbage('restart'), type(collectgarbage('setpause', 200)), type(gcinfo())}
--- collectgarbage of something else
return collectgarbage('nothing')
--- newproxy
return type(rawget(_G, 'newproxy'))
--- redis.log
return {select('#', redis.log(redis.LOG_DEBUG, 'x')), select(2, pcall(redis.log)), select(2, pcall(redis.log, 'x', 'y')), select(2, pcall(redis.log, 99, 'y')), select(2, pcall(redis.log, 1))}
--- redis.log of several values
return tostring(pcall(redis.log, redis.LOG_DEBUG, 'a', 1, 'b'))
--- redis.replicate_commands
return tostring(redis.replicate_commands())
--- redis.set_repl
return {select('#', redis.set_repl(redis.REPL_ALL)), select(2, pcall(redis.set_repl)), select(2, pcall(redis.set_repl, 99)), select(2, pcall(redis.set_repl, 'x'))}
--- redis.breakpoint and redis.debug
return {select('#', redis.breakpoint()), select('#', redis.debug('x'))}
--- redis.acl_check_cmd
return {tostring(redis.acl_check_cmd('SET', 'k', 'v')), select(2, pcall(redis.acl_check_cmd)), select(2, pcall(redis.acl_check_cmd, 'NOSUCH')), select(2, pcall(redis.acl_check_cmd, {}))}
--- redis.register_function is for functions
return select(2, pcall(function() return redis.register_function('f', function() end) end))
--- redis.sha1hex of two
return select(2, pcall(redis.sha1hex, 'a', 'b'))
--- redis.error_reply and status_reply with several arguments
return {select(2, pcall(redis.error_reply, 'a', 'b')).err, select(2, pcall(redis.status_reply, 1)).err, redis.status_reply('x').ok, redis.error_reply('x').err, redis.error_reply('ERR x').err, redis.error_reply('').err}
--- a global function by a script is refused each time
local r = {} for i = 1, 2 do r[i] = select(2, pcall(function() leaked = i end)) end return r
--- a script leaves nothing to the next
return {tostring(rawget(_G, 'leaked')), type(KEYS), #ARGV}
--- scripts with flags
#!lua flags=no-writes
return redis.call('GET', 'k')
--- scripts with flags that forbid what they do
#!lua flags=no-writes
return redis.call('SET', 'k', 'v')
--- scripts with unknown flags
#!lua flags=nonsense
return 1
--- scripts with another engine
#!js
return 1
--- scripts with a header without flags
#!lua
return {1, 2}
--- scripts with a header and an error in line two
#!lua
local x = nil; return x.y
--- scripts with a header and a syntax error
#!lua flags=no-writes
return 1 +
--- scripts with a bad header
#!lua name=x
return 1
--- scripts with a header without an end
#!lua
