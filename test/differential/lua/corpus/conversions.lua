--- nil, booleans and numbers
return {1, 'x', true, false, 2.9, {3, {4}}}
--- nil
return nil
--- true
return true
--- false
return false
--- arrays end at the first nil
return {1, nil, 3}
--- tables with string keys are empty arrays
return {a = 1, b = 2}
--- tables with both
return {1, 2, a = 3}
--- empty strings and tables
return {'', {}, {{}}}
--- functions and coroutines as replies
return {1, type, 2}
--- a function as the reply
return type
--- a table with a metatable as the reply
return setmetatable({1, 2}, {__index = function() return 'x' end})
--- several values, only the first counts
return 1, 2, 3
--- a double by a table
return {double = 3.25}
--- doubles by tables
return {{double = 1/0}, {double = -1/0}, {double = 0.1}, {double = 5}, {double = 1e100}}
--- a double that is not a number
return {double = 'x'}
--- a map by a table
return {map = {a = 1}}
--- a map that is empty
return {map = {}}
--- a set by a table
return {set = {a = true}}
--- a big number by a table
return {big_number = '123456789012345678901234567890'}
--- a verbatim string by a table
return {verbatim_string = {format = 'txt', string = 'hello'}}
--- a verbatim string that lacks its parts
return {verbatim_string = {string = 'hello'}}
--- a verbatim string of markdown
return {verbatim_string = {format = 'markdown', string = '*hello*'}}
--- null by setresp three
redis.setresp(3) return nil
--- booleans by setresp three
redis.setresp(3) return {true, false, nil}
--- true by setresp three
redis.setresp(3) return true
--- setresp of others
return {select(2, pcall(redis.setresp, 4)), select(2, pcall(redis.setresp, 'x')), select(2, pcall(redis.setresp)), select(2, pcall(redis.setresp, 1))}
--- setresp of four, uncaught
redis.setresp(4)
--- an integer reply becomes a number
return {type(redis.call('INCR', 'n')), redis.call('INCR', 'n')}
--- a large integer reply becomes a double
--: before SET n 9007199254740992
local v = redis.call('INCR', 'n') return {tostring(v), v, redis.call('GET', 'n')}
--- the largest integer reply
--: before SET n 9223372036854775806
local v = redis.call('INCR', 'n') return {tostring(v), v}
--- a bulk reply becomes a string
--: before SET k "v\x00\xff"
local v = redis.call('GET', 'k') return {type(v), #v, v}
--- a nil reply becomes false
local v = redis.call('GET', 'nothing') return {type(v), tostring(v)}
--- a nil reply becomes nil in RESP3
redis.setresp(3) local v = redis.call('GET', 'nothing') return {type(v), tostring(v)}
--- nil inside of an array becomes false
--: before SET a 1
local v = redis.call('MGET', 'a', 'b', 'a') return {#v, v[1], tostring(v[2]), v[3]}
--- nil inside of an array and back
--: before SET a 1
return redis.call('MGET', 'a', 'b', 'a')
--- nil inside of an array and back in RESP3
--: before SET a 1
redis.setresp(3) return redis.call('MGET', 'a', 'b', 'a')
--- a status reply becomes a table with ok
local v = redis.call('SET', 'k', 'v') return {type(v), v.ok, tostring(v[1])}
--- a status reply and back
return redis.call('SET', 'k', 'v')
--- an error reply becomes a table with err
local v = redis.pcall('INCR') return {type(v), v.err}
--- arrays in arrays
--: before GEOADD g 13.361389 38.115556 Palermo
return redis.call('GEOPOS', 'g', 'Palermo', 'nobody')
--- hgetall is flat in RESP2
--: before HSET h a 1 b 2
local v = redis.call('HGETALL', 'h') return {#v, v[1], v[2], v[3], v[4]}
--- hgetall is a map in RESP3
--: before HSET h a 1
redis.setresp(3) local v = redis.call('HGETALL', 'h') return {type(v.map), v.map.a, #v}
--- hgetall is given back as a map
--: before HSET h a 1
redis.setresp(3) return redis.call('HGETALL', 'h')
--- smembers is a set in RESP3
--: before SADD s a
redis.setresp(3) local v = redis.call('SMEMBERS', 's') return {type(v.set), tostring(v.set.a)}
--- smembers is given back as a set
--: before SADD s a
redis.setresp(3) return redis.call('SMEMBERS', 's')
--- zscore is a double in RESP3
--: before ZADD z 1.5 a
redis.setresp(3) local v = redis.call('ZSCORE', 'z', 'a') return {type(v), type(v.double), tostring(v.double)}
--- zscore is a string in RESP2
--: before ZADD z 1.5 a
local v = redis.call('ZSCORE', 'z', 'a') return {type(v), v}
--- zscore is given back as a double
--: before ZADD z 1.5 a
redis.setresp(3) return redis.call('ZSCORE', 'z', 'a')
--- zrange with scores
--: before ZADD z 1.5 a 2 b
local v = redis.call('ZRANGE', 'z', 0, -1, 'WITHSCORES') return v
--- zrange with scores in RESP3
--: before ZADD z 1.5 a 2 b
redis.setresp(3) local v = redis.call('ZRANGE', 'z', 0, -1, 'WITHSCORES') return {#v, v[1][1], tostring(v[1][2].double)}
--- numbers as arguments are written as Lua writes them
redis.call('RPUSH', 'l', 1, 1.5, 1e15, 2^53, 0.1, -3, 1e100, 1/3, 100000000000000) return redis.call('LRANGE', 'l', 0, -1)
--- large integers as arguments
redis.call('RPUSH', 'l', 1700000000000, 2^31, 123456789012345, 99999999999999999) return redis.call('LRANGE', 'l', 0, -1)
--- infinities as arguments
redis.call('ZADD', 'z', 1/0, 'a', -1/0, 'b') return redis.call('ZRANGE', 'z', 0, -1, 'WITHSCORES')
--- strings with every byte as arguments
local t = {} for i = 0, 255 do t[i+1] = string.char(i) end local s = table.concat(t) redis.call('SET', s, s) return {tostring(redis.call('GET', s) == s), redis.call('STRLEN', s), redis.call('GET', s)}
--- keys and arguments with every kind of bytes
--: keys é "\xff\x00"
--: args 漢 "\xfe" ""
redis.call('SET', KEYS[1], ARGV[1]) redis.call('SET', KEYS[2], ARGV[2]) return {redis.call('GET', KEYS[1]), redis.call('GET', KEYS[2]), #KEYS[1], #ARGV[1], ARGV[3], redis.call('MGET', KEYS[1], KEYS[2])}
--- streams
redis.call('XADD', 's', '1-1', 'f', 'v', 'g', 'w') redis.call('XADD', 's', '2-1', 'f', 'x') local v = redis.call('XRANGE', 's', '-', '+') return {#v, v[1][1], v[1][2], v[2][2][2]}
--- config and command infos are nested tables
local v = redis.call('COMMAND', 'INFO', 'GET') return {v[1][1], v[1][2], type(v[1][3])}
--- ping, echo and type
return {redis.call('PING'), redis.call('ECHO', 'hi'), redis.call('TYPE', 'nothing'), redis.call('EXISTS', 'a')}
--- scan inside of a script
--: before SET a 1
local v = redis.call('SCAN', '0', 'COUNT', 100) return {v[1], v[2][1]}
--- time inside of a script
local t = redis.call('TIME') return {#t, type(t[1]), tostring(tonumber(t[1]) > 1600000000), tostring(redis.call('TIME')[1] == t[1])}
--- wrong numbers of keys
--: args a
return {#KEYS, #ARGV}
--- redis.call with a table built by unpack
local args = {'a', 1, 'b', 2} redis.call('MSET', unpack(args)) return redis.call('MGET', 'a', 'b')
--- commands in any case
return {redis.call('sEt', 'k', 'v'), redis.call('get', 'k')}
--- commands with subcommands
--: before SET k v
return {redis.call('OBJECT', 'ENCODING', 'k'), redis.pcall('OBJECT', 'NOPE', 'k')}
--- commands that scripts may not call
local r = {} for _, c in ipairs({{'SUBSCRIBE', 'x'}, {'MULTI'}, {'EVAL', 'return 1', '0'}, {'WATCH', 'k'}, {'AUTH', 'x'}, {'DEBUG', 'SLEEP', '0'}, {'CLIENT', 'REPLY', 'OFF'}, {'SHUTDOWN'}, {'MONITOR'}, {'SCRIPT', 'FLUSH'}, {'QUIT'}, {'HELLO', '3'}, {'RESET'}, {'FUNCTION', 'LIST'}}) do local v = redis.pcall(unpack(c)) r[#r+1] = c[1] .. ': ' .. tostring(type(v) == 'table' and v.err or v) end return r
--- select inside of a script
redis.call('SELECT', 3) redis.call('SET', 'k', 'three') redis.call('SELECT', 0) return tostring(redis.call('GET', 'k'))
