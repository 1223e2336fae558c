--- pcall gives what the function gives
return {tostring(pcall(function() return 1, 2, 3 end)), select(2, pcall(function() return 'a', 'b' end)), select('#', pcall(function() end)), select('#', pcall(function() return nil, nil end))}
--- pcall passes arguments
return {pcall(function(...) return select('#', ...), ... end, 1, 'x')} and select(2, pcall(function(...) return select('#', ...) end, nil, nil))
--- pcall of natives
return {select(2, pcall(tostring, 5)), select(2, pcall(string.rep, 'x', 3)), tostring(pcall(error))}
--- pcall of something that cannot be called
return {select(2, pcall(nil)), select(2, pcall(5)), select(2, pcall({})), select(2, pcall('x'))}
--- pcall of nothing
return pcall()
--- pcall of pcall
return {tostring(select(2, pcall(pcall, error, 'x'))), select(3, pcall(pcall, error, 'x'))}
--- error with a string has its place
return select(2, pcall(function() error('boom') end))
--- error levels
local function f(level) error('boom', level) end local r = {} for level = 0, 4 do r[#r+1] = select(2, pcall(function() f(level) end)) end return r
--- error levels on lines
local function inner()
  error('deep', 2)
end
local function outer()
  inner()
end
return select(2, pcall(outer))
--- error with nil
local ok, e = pcall(error) local ok2, e2 = pcall(error, nil) return {tostring(ok), tostring(e), tostring(ok2), tostring(e2)}
--- error with other values
local t = {} return {tostring(select(2, pcall(error, 5))), tostring(select(2, pcall(error, true))), tostring(select(2, pcall(error, t)) == t), type(select(2, pcall(error, type)))}
--- error with a number has its place
return select(2, pcall(function() error(5) end))
--- error with a string that looks like a place
return select(2, pcall(error, 'user_script:1: x', 0))
--- an uncaught error
error('boom')
--- an uncaught error without its place
error('boom', 0)
--- an uncaught error on another line
local x = 1

error('boom ' .. x)
--- an uncaught error of level two
local function check(x) if not x then error('bad', 2) end end

check(false)
--- an uncaught nil
error()
--- an uncaught number
error(5)
--- an uncaught boolean
error(true)
--- an uncaught table with err
error({err = 'MYERR from a table'})
--- an uncaught table with err without a code
error({err = 'no code'})
--- an uncaught function
error(type)
--- an uncaught error with line ends
error('two\nlines\r\nthree')
--- an uncaught error with bytes
error('bytes \0 \255 é')
--- an uncaught error that is empty
error('')
--- an uncaught error that begins with a code
error('MYCODE something', 0)
--- an uncaught error that begins with a minus sign
error('-MYCODE something', 0)
--- assert
return {assert(1, 2, 3)}
--- assert fails
assert(false)
--- assert fails with nil
assert(nil, 'my message')
--- assert fails with a table
return tostring(select(2, pcall(assert, nil, {code = 7})).code)
--- assert fails with a number
return select(2, pcall(assert, false, 5))
--- assert of nothing
return select(2, pcall(assert))
--- assert of several results
local function f() return nil, 'reason' end return select(2, pcall(function() assert(f()) end))
--- xpcall
return {xpcall(function() return 1, 2 end, function(e) return e end)} and select(2, xpcall(function() error('x', 0) end, function(e) return 'handled ' .. e end))
--- xpcall's handler gets the place
return select(2, xpcall(function() local a = nil return a.b end, function(e) return '<' .. e .. '>' end))
--- xpcall's handler gives several values
return {select('#', xpcall(error, function() return 1, 2, 3 end)), select(2, xpcall(error, function() return 1, 2, 3 end))}
--- xpcall's handler fails
return {tostring(xpcall(error, function() error('again') end)), tostring(select(2, xpcall(error, function() error('again') end)))}
--- xpcall's handler is no function
return tostring(select(2, xpcall(error, nil)))
--- xpcall without a handler
return select(2, pcall(xpcall, error))
--- xpcall passes no arguments
return xpcall(function(...) return select('#', ...) end, error, 1, 2) and select(2, xpcall(function(...) return select('#', ...) end, error, 1, 2))
--- nested pcalls
local r = {} r[1] = tostring(pcall(function() local ok, e = pcall(error, 'inner', 0) r[2] = e error('outer', 0) end)) return {r[1], r[2]}
--- rethrowing
local function try(f) local ok, e = pcall(f) if not ok then error(e, 0) end end return select(2, pcall(try, function() error('original') end))
--- errors in error handlers' strings
local ok, e = pcall(function() local ok, e = pcall(error, {1}) return #e end) return {tostring(ok), e}
--- upvalues survive an error
local n = 0 pcall(function() n = n + 1 error() end) pcall(function() n = n + 10 error() end) return n
--- locals captured before an error
local f pcall(function() local x = 5 f = function() x = x + 1 return x end error('x') end) return {f(), f()}
--- effects stay after an error
--: keys k
pcall(function() redis.call('SET', KEYS[1], 'v') error('x') end) return redis.call('GET', KEYS[1])
--- effects stay after an uncaught error
--: keys k
redis.call('SET', KEYS[1], 'v') error('x')
--- an error by redis.error_reply that is thrown
error(redis.error_reply('MYERR thrown'))
--- an error by redis.error_reply that is returned
return redis.error_reply('MYERR returned')
--- an error by redis.error_reply without a code
return redis.error_reply('just words')
--- an error by redis.error_reply that begins with a minus sign
return redis.error_reply('-MYERR with minus')
--- an error by redis.error_reply of nothing
return redis.error_reply()
--- an error by redis.error_reply of something else
return redis.error_reply({})
--- a status
return redis.status_reply('FINE')
--- a status of two lines
return redis.status_reply('two\nlines')
--- an error of two lines
return redis.error_reply('ERR two\r\nlines')
--- a table with err
return {err = 'MYERR by hand'}
--- a table with err that is empty
return {err = ''}
--- a table with err that is a number
return {err = 5}
--- a table with err and other fields
return {err = 'E x', ok = 'fine', 1, 2}
--- a table with ok
return {ok = 'FINE'}
--- a table with ok that is a number
return {ok = 5}
--- errors of redis.pcall are passed on
return redis.pcall('INCRBY', 'k', 'x')
--- errors of redis.pcall are thrown on
error(redis.pcall('INCRBY', 'k', 'x'))
--- error objects through pcall
local ok, e = pcall(function() return redis.call('INCRBY', 'k', 'x') end) return {tostring(ok), type(e), e.err, tostring(e.source), tostring(e.line)}
--- a thrown error with fields of one's own
local ok, e = pcall(error, {err = 'X y', extra = 1}) return {e.err, e.extra}
--- assert with the error of redis.pcall
assert(false, redis.pcall('NOPE').err)
--- tostring of an error of redis.call
local ok, e = pcall(redis.call, 'NOPE') return e.err
--- pcall gives what it looked for behind a table without a message
return {select('#', pcall(error, {})), select('#', pcall(error, {err = 'E'})), select('#', pcall(error, {err = true})), tostring(select(3, pcall(error, {err = true}))), select('#', pcall(error, 'x'))}
--- pcall looks for a message by metamethods
local t = setmetatable({}, {__index = function(_, k) return k .. '!' end}) return {select('#', pcall(error, t)), select(2, pcall(error, t))}
