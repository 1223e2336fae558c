--- a token bucket
--: keys bucket
--: args 10 2 1700000000 3
local capacity, rate, now, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local function take(at, n)
  local state = redis.call('HMGET', KEYS[1], 'tokens', 'at')
  local tokens, last = tonumber(state[1]) or capacity, tonumber(state[2]) or at
  tokens = math.min(capacity, tokens + (at - last) * rate)
  local allowed = tokens >= n
  if allowed then tokens = tokens - n end
  redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', at)
  redis.call('EXPIRE', KEYS[1], math.ceil(capacity / rate) * 2)
  return allowed and 1 or 0, tokens
end
local r = {} for i = 0, 8 do local ok, left = take(now + i * 0.25, wanted) r[#r+1] = ok r[#r+1] = tostring(left) end return r
--- a sliding window
--: keys window
--: args 1000 3
local window, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local r = {}
for i, now in ipairs({0, 100, 200, 300, 1050, 1100, 1150, 2500}) do
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
  local count = redis.call('ZCARD', KEYS[1])
  if count < limit then redis.call('ZADD', KEYS[1], now, now .. ':' .. i) r[#r+1] = limit - count - 1 else
    local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES') r[#r+1] = 'wait ' .. (oldest[2] + window - now)
  end
end
return r
--- a fixed window
--: keys counter
--: args 5
local r = {} for i = 1, 7 do local n = redis.call('INCR', KEYS[1]) if n == 1 then redis.call('PEXPIRE', KEYS[1], 60000) end r[i] = n <= tonumber(ARGV[1]) and 1 or 0 end return r
--- the release of a lock
--: keys lock
--: args mine
local function release(token) if redis.call('GET', KEYS[1]) == token then return redis.call('DEL', KEYS[1]) else return 0 end end
redis.call('SET', KEYS[1], 'theirs', 'NX', 'PX', 30000) local a = release(ARGV[1]) redis.call('SET', KEYS[1], ARGV[1]) return {a, release(ARGV[1]), release(ARGV[1]), redis.call('EXISTS', KEYS[1])}
--- the extension of locks on several keys
--: keys l1 l2 l3
--: args token 5000
for _, k in ipairs(KEYS) do redis.call('SET', k, ARGV[1]) end
redis.call('SET', KEYS[2], 'other')
local count = 0
for i, key in ipairs(KEYS) do if redis.call('get', key) == ARGV[1] then redis.call('pexpire', key, ARGV[2]) count = count + 1 end end
return {count, redis.call('PTTL', KEYS[2]), redis.call('PTTL', KEYS[1]) > 0 and 1 or 0}
--- a leaderboard
--: keys board
local scores = {ada = 50, grace = 80, alan = 80, edsger = 20}
for _, name in ipairs({'ada', 'grace', 'alan', 'edsger'}) do redis.call('ZADD', KEYS[1], scores[name], name) end
redis.call('ZINCRBY', KEYS[1], 35.5, 'ada')
local top, r = redis.call('ZREVRANGE', KEYS[1], 0, -1, 'WITHSCORES'), {}
for i = 1, #top, 2 do r[#r+1] = ('%d. %-8s %6.1f'):format((i + 1) / 2, top[i], top[i + 1]) end
r[#r+1] = redis.call('ZREVRANK', KEYS[1], 'alan') return r
--- the move of delayed jobs that are due
--: keys delayed wait events
--: args 1500 10
for i = 1, 5 do redis.call('ZADD', KEYS[1], i * 500, 'job' .. i) end
local due = redis.call('ZRANGEBYSCORE', KEYS[1], 0, ARGV[1], 'LIMIT', 0, ARGV[2])
if #due > 0 then
  redis.call('ZREM', KEYS[1], unpack(due))
  for _, id in ipairs(due) do redis.call('LPUSH', KEYS[2], id) redis.call('XADD', KEYS[3], '0-' .. tostring(id:match('%d+')), 'event', 'waiting', 'jobId', id) end
end
local nextAt = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
return {#due, redis.call('LRANGE', KEYS[2], 0, -1), nextAt, redis.call('XLEN', KEYS[3])}
--- priorities packed into scores
--: keys prioritized
local counter = 0 local function add(id, priority) counter = counter + 1 redis.call('ZADD', KEYS[1], priority * 0x100000000 + counter % 0x100000000, id) end
add('low', 10) add('high', 1) add('high2', 1) add('top', 0) add('max', 2097151) return redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
--- a job's data as a hash, read back in pieces
--: keys job:1
--: args "{\"to\":\"ada\",\"n\":1}"
redis.call('HMSET', KEYS[1], 'name', 'mail', 'data', ARGV[1], 'opts', cjson.encode({attempts = 3}), 'timestamp', 1700000000000, 'delay', 0, 'priority', 0)
local function getOpts(key) local opts = cjson.decode(redis.call('HGET', key, 'opts')) return opts end
local attempts = tonumber(redis.call('HINCRBY', KEYS[1], 'attemptsMade', 1)) return {getOpts(KEYS[1]).attempts - attempts, redis.call('HGET', KEYS[1], 'timestamp'), cjson.decode(redis.call('HGET', KEYS[1], 'data')).to}
--- deduplication
--: keys seen
--: args a b a c b a
local fresh = {} for _, id in ipairs(ARGV) do if redis.call('SADD', KEYS[1], id) == 1 then fresh[#fresh+1] = id end end return fresh
--- an atomic transfer
--: before SET from 100
--: before SET to 5
--: keys from to
--: args 30
local function transfer(n) local balance = tonumber(redis.call('GET', KEYS[1]) or '0') if balance < n then return redis.error_reply('INSUFFICIENT balance ' .. balance) end redis.call('DECRBY', KEYS[1], n) redis.call('INCRBY', KEYS[2], n) return {ok = 'MOVED'} end
return {transfer(tonumber(ARGV[1])), redis.call('MGET', unpack(KEYS)), transfer(1000)}
--- a batched deletion by pattern
--: before MSET session:1 a session:2 b other c
local cursor, n = '0', 0 repeat local page = redis.call('SCAN', cursor, 'MATCH', 'session:*', 'COUNT', 100) cursor = page[1] for _, k in ipairs(page[2]) do n = n + redis.call('DEL', k) end until cursor == '0' return {n, redis.call('KEYS', '*')}
--- a counting semaphore
--: keys sem
--: args 2
local limit = tonumber(ARGV[1]) local function acquire(who, now) redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, now - 100) redis.call('ZADD', KEYS[1], now, who) if redis.call('ZRANK', KEYS[1], who) < limit then return 1 end redis.call('ZREM', KEYS[1], who) return 0 end
return {acquire('a', 10), acquire('b', 20), acquire('c', 30), acquire('c', 115), redis.call('ZRANGE', KEYS[1], 0, -1)}
--- an index kept with its hash
--: keys user:1 idx
local function save(fields) local old = redis.call('HGET', KEYS[1], 'city') local args = {} for _, k in ipairs({'name', 'city'}) do if fields[k] then args[#args+1] = k args[#args+1] = fields[k] end end redis.call('HSET', KEYS[1], unpack(args)) if fields.city and old ~= fields.city then if old then redis.call('SREM', KEYS[2] .. ':' .. old, KEYS[1]) end redis.call('SADD', KEYS[2] .. ':' .. fields.city, KEYS[1]) end return old end
return {tostring(save({name = 'ada', city = 'London'})), save({city = 'Paris'}), redis.call('SCARD', 'idx:London'), redis.call('SMEMBERS', 'idx:Paris')}
--- base64
local chars = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
local function encode(s)
  return ((s:gsub('.', function(c) local r, b = '', c:byte() for i = 8, 1, -1 do r = r .. (b % 2^i - b % 2^(i-1) > 0 and '1' or '0') end return r end) .. '0000'):gsub('%d%d%d?%d?%d?%d?', function(x)
    if #x < 6 then return '' end local c = 0 for i = 1, 6 do c = c + (x:sub(i, i) == '1' and 2^(6-i) or 0) end return chars:sub(c + 1, c + 1) end) .. ({'', '==', '='})[#s % 3 + 1])
end
local function decode(s)
  s = s:gsub('[^' .. chars .. '=]', '')
  return (s:gsub('.', function(c) if c == '=' then return '' end local r, f = '', chars:find(c, 1, true) - 1 for i = 6, 1, -1 do r = r .. (f % 2^i - f % 2^(i-1) > 0 and '1' or '0') end return r end):gsub('%d%d%d?%d?%d?%d?%d?%d?', function(x)
    if #x ~= 8 then return '' end local c = 0 for i = 1, 8 do c = c + (x:sub(i, i) == '1' and 2^(8-i) or 0) end return string.char(c) end))
end
local r = {} for _, s in ipairs({'', 'f', 'fo', 'foo', 'foob', 'hello world', '\0\255\128'}) do r[#r+1] = encode(s) r[#r+1] = tostring(decode(encode(s)) == s) end return r
--- hex
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end local function unhex(h) return (h:gsub('%x%x', function(x) return string.char(tonumber(x, 16)) end)) end return {hex('héllo\0'), unhex('68c3a96c6c6f'), unhex(hex('\1\2\254'))}
--- splitting lines of csv
local function split(line)
  local fields, at = {}, 1
  while true do
    if line:sub(at, at) == '"' then
      local text, i, j, c = '' repeat i, j, text, c = line:find('^"(.-)"(.?)', at) fields[#fields+1] = text at = j + 1 until c ~= '"'
      if c == '' then break end
    else
      local s, e = line:find(',', at, true) if not s then fields[#fields+1] = line:sub(at) break end fields[#fields+1] = line:sub(at, s - 1) at = e + 1
    end
  end
  return table.concat(fields, '|')
end
return {split('a,b,c'), split('a,"b,c",d'), split(''), split(',,'), split('1,"x"')}
--- memoising
local function memoize(f) local cache = {} return function(n) local v = cache[n] if v == nil then v = f(n) cache[n] = v end return v end end
local calls, fib = 0 fib = memoize(function(n) calls = calls + 1 if n < 2 then return n end return fib(n - 1) + fib(n - 2) end) return {tostring(fib(80)), calls}
--- a tiny printer of json
local function json(v)
  local kind = type(v)
  if kind == 'table' then
    local parts = {}
    if #v > 0 or next(v) == nil then for _, x in ipairs(v) do parts[#parts+1] = json(x) end return '[' .. table.concat(parts, ',') .. ']' end
    local keys = {} for k in pairs(v) do keys[#keys+1] = k end table.sort(keys)
    for _, k in ipairs(keys) do parts[#parts+1] = ('%q:%s'):format(k, json(v[k])) end return '{' .. table.concat(parts, ',') .. '}'
  elseif kind == 'string' then return '"' .. v:gsub('[%c"\\]', function(c) return ('\\u%04x'):format(c:byte()) end) .. '"' end
  return tostring(v)
end
return json({a = {1, 2, {b = 'x"y\n'}}, c = true, d = 1.5, e = {}})
--- a tiny reader of json
local function parse(s)
  local at = 1 local value
  local function skip() at = s:find('%S', at) or #s + 1 end
  function value()
    skip() local c = s:sub(at, at)
    if c == '{' then local t = {} at = at + 1 skip() if s:sub(at, at) == '}' then at = at + 1 return t end repeat local k = value() skip() at = at + 1 t[k] = value() skip() local sep = s:sub(at, at) at = at + 1 until sep ~= ',' return t
    elseif c == '[' then local t = {} at = at + 1 skip() if s:sub(at, at) == ']' then at = at + 1 return t end repeat t[#t+1] = value() skip() local sep = s:sub(at, at) at = at + 1 until sep ~= ',' return t
    elseif c == '"' then local _, e, text = s:find('^"(.-)"', at) at = e + 1 return text
    elseif s:find('^true', at) then at = at + 4 return true elseif s:find('^null', at) then at = at + 4 return nil end
    local _, e, n = s:find('^(-?[%d.eE+-]+)', at) if not e then error('unexpected character at ' .. at, 0) end at = e + 1 return tonumber(n)
  end
  return value()
end
local t = parse('{"a": [1, 2.5, {"b": "c"}], "d": true, "e": {}, "f": []}') return {#t.a, tostring(t.a[2]), t.a[3].b, tostring(t.d), select(2, pcall(parse, '[1, x]'))}
--- a priority queue
local heap = {} local function push(v) heap[#heap+1] = v local i = #heap while i > 1 and heap[math.floor(i / 2)] > heap[i] do local p = math.floor(i / 2) heap[i], heap[p] = heap[p], heap[i] i = p end end
local function pop() local top = heap[1] heap[1] = heap[#heap] heap[#heap] = nil local i = 1 while true do local s = i for _, c in ipairs({2 * i, 2 * i + 1}) do if heap[c] and heap[c] < heap[s] then s = c end end if s == i then return top end heap[i], heap[s] = heap[s], heap[i] i = s end end
for _, v in ipairs({5, 3, 8, 1, 9, 2, 7}) do push(v) end local r = {} while #heap > 0 do r[#r+1] = pop() end return r
--- quicksort, mergesort and insertion sort agree
math.randomseed(99) local t = {} for i = 1, 60 do t[i] = math.random(100) end local function copy() return {unpack(t)} end
local function quick(a, lo, hi) lo, hi = lo or 1, hi or #a if lo < hi then local p, i = a[hi], lo for j = lo, hi - 1 do if a[j] <= p then a[i], a[j] = a[j], a[i] i = i + 1 end end a[i], a[hi] = a[hi], a[i] quick(a, lo, i - 1) quick(a, i + 1, hi) end return a end
local function merge(a) if #a < 2 then return a end local m = math.floor(#a / 2) local l, r = merge({unpack(a, 1, m)}), merge({unpack(a, m + 1)}) local o, i, j = {}, 1, 1 while l[i] or r[j] do if not r[j] or (l[i] and l[i] <= r[j]) then o[#o+1] = l[i] i = i + 1 else o[#o+1] = r[j] j = j + 1 end end return o end
local s = copy() table.sort(s) local a, b, c = table.concat(quick(copy()), ' '), table.concat(merge(copy()), ' '), table.concat(s, ' ') return {tostring(a == b and b == c), c}
--- a linked list and a stack
local List = {} List.__index = List function List.new() return setmetatable({size = 0}, List) end function List:push(v) self.head = {v = v, next = self.head} self.size = self.size + 1 return self end function List:pop() local n = self.head if not n then error('empty list', 2) end self.head = n.next self.size = self.size - 1 return n.v end function List:iter() local n = self.head return function() if n then local v = n.v n = n.next return v end end end
local l = List.new():push(1):push('two'):push(3) local r = {} for v in l:iter() do r[#r+1] = v end l:pop() l:pop() l:pop() r[#r+1] = select(2, pcall(l.pop, l)) return r
--- an event emitter
local Emitter = {} Emitter.__index = Emitter function Emitter:on(n, f) self[n] = self[n] or {} table.insert(self[n], f) return self end function Emitter:emit(n, ...) for _, f in ipairs(self[n] or {}) do f(...) end end
local log, e = {}, setmetatable({}, Emitter) e:on('x', function(a) log[#log+1] = 'first ' .. a end):on('x', function(a, b) log[#log+1] = 'second ' .. tostring(b) end) e:emit('x', 1) e:emit('x', 2, true) e:emit('none') return log
--- a template
local function render(s, vars) return (s:gsub('{{%s*([%w_.]+)%s*}}', function(path) local v = vars for k in path:gmatch('[^.]+') do v = type(v) == 'table' and v[k] or nil end return tostring(v == nil and '' or v) end)) end return render('Hello {{name}}, you are {{ user.age }} {{missing}}!', {name = 'Ada', user = {age = 36}})
--- roman numerals
local function roman(n) local r = '' for _, p in ipairs({{1000, 'M'}, {900, 'CM'}, {500, 'D'}, {400, 'CD'}, {100, 'C'}, {90, 'XC'}, {50, 'L'}, {40, 'XL'}, {10, 'X'}, {9, 'IX'}, {5, 'V'}, {4, 'IV'}, {1, 'I'}}) do while n >= p[1] do r = r .. p[2] n = n - p[1] end end return r end return {roman(1994), roman(2024), roman(3999)}
--- the distance of two words
local function distance(a, b) local d = {} for i = 0, #a do d[i] = {[0] = i} end for j = 0, #b do d[0][j] = j end for i = 1, #a do for j = 1, #b do d[i][j] = math.min(d[i-1][j] + 1, d[i][j-1] + 1, d[i-1][j-1] + (a:byte(i) == b:byte(j) and 0 or 1)) end end return d[#a][#b] end return {distance('kitten', 'sitting'), distance('', 'abc'), distance('same', 'same')}
--- a game of life
local function step(g) local n = {} for y = 1, #g do n[y] = {} for x = 1, #g do local c = 0 for dy = -1, 1 do for dx = -1, 1 do if (dx ~= 0 or dy ~= 0) and g[(y + dy - 1) % #g + 1][(x + dx - 1) % #g + 1] == 1 then c = c + 1 end end end n[y][x] = (c == 3 or (c == 2 and g[y][x] == 1)) and 1 or 0 end end return n end
local g = {} for y = 1, 6 do g[y] = {0, 0, 0, 0, 0, 0} end g[1][2], g[2][3], g[3][1], g[3][2], g[3][3] = 1, 1, 1, 1, 1 for i = 1, 4 do g = step(g) end local r = {} for y = 1, 6 do r[y] = table.concat(g[y]) end return r
--- the value of an expression
local function eval(s) local at = 1 local expr local function skip() at = s:find('%S', at) or #s + 1 end local function atom() skip() local n = s:match('^%d+%.?%d*', at) if n then at = at + #n return tonumber(n) end at = at + 1 local v = expr() skip() at = at + 1 return v end local function term() local v = atom() while true do skip() local o = s:sub(at, at) if o ~= '*' and o ~= '/' then return v end at = at + 1 local w = atom() if o == '*' then v = v * w else v = v / w end end end function expr() local v = term() while true do skip() local o = s:sub(at, at) if o ~= '+' and o ~= '-' then return v end at = at + 1 local w = term() if o == '+' then v = v + w else v = v - w end end end return tostring(expr()) end return {eval('1 + 2 * 3'), eval('(1+2)*3'), eval('10 / 4 - 1'), eval('2*(3+(4-1))/3')}
--- days and dates
local function days(y, m, d) if m <= 2 then y = y - 1 m = m + 12 end return 365 * y + math.floor(y / 4) - math.floor(y / 100) + math.floor(y / 400) + math.floor((153 * (m - 3) + 2) / 5) + d - 719469 end return {days(1970, 1, 1), days(2000, 2, 29), days(2024, 12, 31), ('%02d:%02d:%02d'):format(math.floor(86399 / 3600) % 24, math.floor(86399 / 60) % 60, 86399 % 60)}
--- big numbers as strings
local function add(a, b) local r, c, i = '', 0, 0 while i < #a or i < #b or c > 0 do local s = (tonumber(a:sub(#a - i, #a - i)) or 0) * (i < #a and 1 or 0) + (tonumber(b:sub(#b - i, #b - i)) or 0) * (i < #b and 1 or 0) + c r = s % 10 .. r c = math.floor(s / 10) i = i + 1 end return r end local a, b = '0', '1' for i = 1, 100 do a, b = b, add(a, b) end return a
--- a bloom filter in a bitmap
--: keys bloom
local function positions(s) local h, r = 5381, {} for i = 1, #s do h = (h * 33 + s:byte(i)) % 4294967296 end for i = 1, 3 do r[i] = (h + i * 2654435761) % 1024 end return r end local function add(s) for _, p in ipairs(positions(s)) do redis.call('SETBIT', KEYS[1], p, 1) end end local function has(s) for _, p in ipairs(positions(s)) do if redis.call('GETBIT', KEYS[1], p) == 0 then return 0 end end return 1 end
add('ada') add('grace') return {has('ada'), has('grace'), has('alan'), redis.call('BITCOUNT', KEYS[1])}
--- a queue with acknowledgements
--: keys todo doing
local function take() local id = redis.call('LMOVE', KEYS[1], KEYS[2], 'RIGHT', 'LEFT') return id or nil end redis.call('LPUSH', KEYS[1], 'a', 'b', 'c') local x, y = take(), take() redis.call('LREM', KEYS[2], 1, x) return {x, y, redis.call('LRANGE', KEYS[1], 0, -1), redis.call('LRANGE', KEYS[2], 0, -1), take(), tostring(take())}
--- an lru cache
--: keys cache order
local clock = 0 local function put(k, v) clock = clock + 1 redis.call('HSET', KEYS[1], k, v) redis.call('ZADD', KEYS[2], clock, k) if redis.call('ZCARD', KEYS[2]) > 3 then local old = redis.call('ZPOPMIN', KEYS[2])[1] redis.call('HDEL', KEYS[1], old) end end local function get(k) clock = clock + 1 local v = redis.call('HGET', KEYS[1], k) if v then redis.call('ZADD', KEYS[2], 'XX', clock, k) end return v end
put('a', 1) put('b', 2) put('c', 3) get('a') put('d', 4) return {tostring(get('a')), tostring(get('b')), redis.call('ZRANGE', KEYS[2], 0, -1)}
--- many calls
--: keys n
local s = 0 for i = 1, 2000 do s = s + redis.call('INCRBY', KEYS[1], i) end return {redis.call('GET', KEYS[1]), s}
