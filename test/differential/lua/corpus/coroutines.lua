--- values go in and out
local co = coroutine.create(function(a, b) local c = coroutine.yield(a + b) local d, e = coroutine.yield(c * 2) return d, e, 'end' end)
local r = {} for _, args in ipairs({{1, 2}, {10}, {'x', 'y'}, {}}) do local res = {coroutine.resume(co, unpack(args))} for i, v in ipairs(res) do res[i] = tostring(v) end r[#r+1] = table.concat(res, ',') end return r
--- status
local co co = coroutine.create(function() return coroutine.status(co) end) local a = coroutine.status(co) local _, b = coroutine.resume(co) return {a, b, coroutine.status(co)}
--- status of one that resumed another
local outer, inner outer = coroutine.create(function() inner = coroutine.create(function() return coroutine.status(outer) end) return select(2, coroutine.resume(inner)) end) return {select(2, coroutine.resume(outer))}
--- wrap
local gen = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) return {gen(), gen(), gen(), select('#', gen())}
--- a dead coroutine
local co = coroutine.create(function() end) coroutine.resume(co) local ok, err = coroutine.resume(co) return {tostring(ok), err}
--- a dead wrap
local f = coroutine.wrap(function() end) f() return select(2, pcall(f))
--- errors inside
local co = coroutine.create(function() error('boom') end) local ok, err = coroutine.resume(co) return {tostring(ok), err, coroutine.status(co)}
--- errors inside that are tables
local co = coroutine.create(function() error({code = 5}) end) local ok, err = coroutine.resume(co) return {tostring(ok), err.code}
--- errors inside of wrap
local f = coroutine.wrap(function() error('boom') end) return select(2, pcall(f))
--- errors inside of wrap with another's line
local f = coroutine.wrap(function()
  local x = nil
  return x.y
end)
return f()
--- resuming the running one
local co co = coroutine.create(function() return coroutine.resume(co) end) local _, ok, err = coroutine.resume(co) return {tostring(ok), err}
--- resuming one that waits for another
local co co = coroutine.create(function() return coroutine.wrap(function() return coroutine.resume(co) end)() end) local _, ok, err = coroutine.resume(co) return {tostring(ok), err}
--- yield outside
return coroutine.yield(1)
--- yield outside in pcall
return select(2, pcall(coroutine.yield, 1))
--- yield across pcall
local co = coroutine.create(function() return pcall(function() coroutine.yield(1) end) end) local a, b, c = coroutine.resume(co) return {tostring(a), tostring(b), tostring(c)}
--- yield across a metamethod
local t = setmetatable({}, {__index = function() coroutine.yield(1) end}) local co = coroutine.create(function() return t.x end) local a, b = coroutine.resume(co) return {tostring(a), tostring(b)}
--- yield across sort
local co = coroutine.create(function() table.sort({3, 2, 1}, function() coroutine.yield() end) end) local a, b = coroutine.resume(co) return {tostring(a), tostring(b)}
--- yield across gsub
local co = coroutine.create(function() return (('abc'):gsub('.', function(c) coroutine.yield(c) end)) end) local a, b = coroutine.resume(co) return {tostring(a), tostring(b)}
--- yield in an iterator
local co = coroutine.wrap(function() for k in (function() coroutine.yield('in') return nil end) do end return 'out' end) local ok, a = pcall(co) local ok2, b = pcall(co) return {tostring(a), tostring(b)}
--- running
return {tostring(coroutine.running()), type(coroutine.wrap(function() return coroutine.running() end)())}
--- create of something else
return {select(2, pcall(coroutine.create, 5)), select(2, pcall(coroutine.wrap)), select(2, pcall(coroutine.create, type)), select(2, pcall(coroutine.resume, 5)), select(2, pcall(coroutine.status))}
--- a coroutine of a native function
local ok, err = pcall(function() return coroutine.resume(coroutine.create(type), 5) end) return {tostring(ok), tostring(err)}
--- producers and consumers
local function producer() return coroutine.create(function() for _, x in ipairs({'a', 'b', 'c'}) do coroutine.yield(x) end end) end
local function filter(p) return coroutine.create(function() local n = 0 while true do local _, x = coroutine.resume(p) if not x then return nil end n = n + 1 coroutine.yield(n .. x) end end) end
local f, r = filter(producer()), {} while true do local _, x = coroutine.resume(f) if not x then break end r[#r+1] = x end return r
--- permutations
local function permgen(a, n) if n <= 1 then coroutine.yield(table.concat(a)) else for i = 1, n do a[n], a[i] = a[i], a[n] permgen(a, n - 1) a[n], a[i] = a[i], a[n] end end end
local r = {} for p in coroutine.wrap(function() permgen({'a', 'b', 'c'}, 3) end) do r[#r+1] = p end return r
--- a state machine
local machine = coroutine.wrap(function(event)
  while true do
    while event ~= 'start' do event = coroutine.yield('idle:' .. tostring(event)) end
    event = coroutine.yield('running')
    while event ~= 'stop' do event = coroutine.yield('running:' .. tostring(event)) end
    event = coroutine.yield('stopped')
  end
end)
local r = {} for _, e in ipairs({'x', 'start', 'tick', 'tick', 'stop', 'y', 'start', 'stop'}) do r[#r+1] = machine(e) end return r
--- nested generators
local function gen(n) return coroutine.wrap(function() if n > 0 then for v in gen(n - 1) do coroutine.yield(v .. n) end end coroutine.yield('e' .. n) end) end local r = {} for v in gen(4) do r[#r+1] = v end return r
--- walking a tree
local function walk(t) if t then walk(t.l) coroutine.yield(t.v) walk(t.r) end end local tree = {v = 4, l = {v = 2, l = {v = 1}, r = {v = 3}}, r = {v = 6, l = {v = 5}}} local r = {} for v in coroutine.wrap(function() walk(tree) end) do r[#r+1] = v end return r
--- yields from deep calls
local function deep(n) if n == 0 then return coroutine.yield('bottom') end return (deep(n - 1)) end local co = coroutine.create(function() return deep(500) end) local _, a = coroutine.resume(co) local _, b = coroutine.resume(co, 'back') return {a, b}
--- upvalues shared with a coroutine
local n = 0 local co = coroutine.wrap(function() while true do n = n + 1 coroutine.yield() end end) co() co() n = n + 10 co() return n
--- locals of a coroutine that others see
local get, set local co = coroutine.wrap(function() local x = 1 get = function() return x end set = function(v) x = v end coroutine.yield() return x end) co() set(7) return {get(), co(), get()}
--- many values
local co = coroutine.wrap(function(...) local n = select('#', ...) while true do n = select('#', coroutine.yield(n)) end end) return {co(), co(1, nil, nil), co(nil), co(unpack({}, 1, 100))}
--- redis.call inside a coroutine
--: keys k
local co = coroutine.wrap(function() redis.call('SET', KEYS[1], 'v') coroutine.yield(redis.call('GET', KEYS[1])) end) return co()
--- an error of redis.call inside a coroutine
local co = coroutine.create(function() return redis.call('NOPE') end) local ok, err = coroutine.resume(co) return {tostring(ok), type(err) == 'table' and err.err or err}
--- many coroutines
local cos, s = {}, 0 for i = 1, 200 do cos[i] = coroutine.wrap(function() local v = i while true do v = v + coroutine.yield(v) end end) cos[i]() end for i = 1, 200 do s = s + cos[i](i) end return s
--- collatz by yields
local function collatz(n) return coroutine.wrap(function() while n ~= 1 do coroutine.yield(n) n = n % 2 == 0 and n / 2 or 3 * n + 1 end coroutine.yield(1) end) end local r = {} for v in collatz(27) do r[#r+1] = v end return {#r, r[10], r[78]}
--- wrap called with a table's method
local o = {n = 0} function o:gen() return coroutine.wrap(function() while self.n < 3 do self.n = self.n + 1 coroutine.yield(self.n) end end) end local r = {} for v in o:gen() do r[#r+1] = v end return r
--- a yield as an argument and in an expression
local co = coroutine.wrap(function() local t = {coroutine.yield(1), coroutine.yield(2) + coroutine.yield(3), x = coroutine.yield(4)} return t[1] .. t[2] .. t.x end) return {co(), co('a'), co(10), co(20), co('z')}
--- the rest of a coroutine's life after an error
local co = coroutine.create(function() error('x', 0) end) coroutine.resume(co) return {coroutine.status(co), select(2, coroutine.resume(co))}
--- coroutine.isyieldable is of later versions
return tostring(coroutine.isyieldable)
