--- a constructor's string keys
local r = {} for k, v in pairs({a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7}) do r[#r+1] = k .. v end return r
--- a constructor's mixed keys
local r = {} for k, v in pairs({10, 20, x = 'x', [5] = 5, y = 'y', 30, [-1] = 'm', [1.5] = 'f', [true] = 't'}) do r[#r+1] = tostring(k) end return r
--- keys added one by one
local t, r = {}, {} for i = 1, 20 do t['key' .. i] = i end for k, v in pairs(t) do r[#r+1] = k end return r
--- keys added and removed
local t, r = {}, {} for i = 1, 20 do t['key' .. i] = i end for i = 1, 20, 3 do t['key' .. i] = nil end for i = 21, 25 do t['key' .. i] = i end for k, v in pairs(t) do r[#r+1] = k end return r
--- keys removed and put back
local t, r = {a = 1, b = 2, c = 3, d = 4}, {} t.b = nil t.b = 5 t.a = nil t.z = 1 for k, v in pairs(t) do r[#r+1] = k .. v end return r
--- keys of ARGV
--: args zeta alpha mid id name timestamp delay priority attempts backoff jobId a b c d e
local t, r = {}, {} for i, k in ipairs(ARGV) do t[k] = i end for k, v in pairs(t) do r[#r+1] = k .. v end return r
--- keys of ARGV that are long and share beginnings and ends
--: args "user:0000000000000000000000000000000000000001:name" "user:0000000000000000000000000000000000000002:name" "user:0000000000000000000000000000000000000003:name" "user:0000000000000000000000000000000000000001:mail" "user:0000000000000000000000000000000000000002:mail" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"
local t, r = {}, {} for i, k in ipairs(ARGV) do t[k] = i end for k, v in pairs(t) do r[#r+1] = v end return r
--- keys of ARGV with bytes beyond ascii
--: args é ü 漢 😀 "\xff" "\x00" "\x00\x00" "a\x00b" ""
local t, r = {}, {} for i, k in ipairs(ARGV) do t[k] = i end for k, v in pairs(t) do r[#r+1] = v end return r
--- long keys, whose hash skips bytes
local t, r = {}, {} for i = 1, 40 do t[('k'):rep(i * 3) .. i] = i end for k, v in pairs(t) do r[#r+1] = v end return r
--- keys of every length up to seventy
local t, r = {}, {} for i = 0, 70 do t[('x'):rep(i)] = i end for k, v in pairs(t) do r[#r+1] = v end return r
--- integers that are sparse
local t, r = {}, {} for _, k in ipairs({1, 1000, 7, 50, 3, 99999, -4, 12, 2, 0}) do t[k] = k end for k, v in pairs(t) do r[#r+1] = k end return r
--- integers from the end
local t, r = {}, {} for i = 20, 1, -1 do t[i] = i end for k, v in pairs(t) do r[#r+1] = k end return r
--- powers of two as keys
local t, r = {}, {} for i = 0, 40 do t[2^i] = i end for k, v in pairs(t) do r[#r+1] = v end return r
--- fractions as keys
local t, r = {}, {} for i = 1, 20 do t[i / 4] = i end for k, v in pairs(t) do r[#r+1] = tostring(k) end return r
--- negative numbers as keys
local t, r = {}, {} for i = -10, 10 do t[i] = i end for k, v in pairs(t) do r[#r+1] = k end return r
--- booleans among strings
local r = {} for k in pairs({[true] = 1, [false] = 2, a = 3, b = 4, [0] = 5}) do r[#r+1] = tostring(k) end return r
--- large numbers as keys
local t, r = {}, {} for _, k in ipairs({1e15, 1e20, 1e300, 2^53, -2^53, 1/0, -1/0, 0.1, 1e-300, 1700000000000}) do t[k] = 1 end for k in pairs(t) do r[#r+1] = tostring(k) end return r
--- an array part with holes
local t, r = {1, 2, 3, 4, 5, 6, 7, 8}, {} t[3] = nil t[6] = nil t.x = 1 t[9] = 9 t[20] = 20 for k, v in pairs(t) do r[#r+1] = tostring(k) end return r
--- an array part that grows from the hash part
local t, r = {}, {} for _, k in ipairs({4, 3, 2, 1, 8, 7, 6, 5, 10, 9}) do t[k] = k for q in pairs(t) do r[#r+1] = q end r[#r+1] = '-' end return r
--- presized constructors
local r = {} for k in pairs({a = nil, b = 1, c = nil, d = 2}) do r[#r+1] = k end for k in pairs({nil, nil, 3, n = 1, nil}) do r[#r+1] = tostring(k) end return r
--- constructors with calls at the end
local r = {} for k, v in pairs({x = 1, unpack({1, 2, 3, 4, 5})}) do r[#r+1] = tostring(k) end return r
--- tables after many removals
local t, r = {}, {} for i = 1, 100 do t['k' .. i] = i end for i = 1, 95 do t['k' .. i] = nil end for i = 1, 3 do t['n' .. i] = i end for k in pairs(t) do r[#r+1] = k end return r
--- tables that shrink when they are refilled
local t, r = {}, {} for i = 1, 64 do t['k' .. i] = i end for k in pairs(t) do t[k] = nil end for i = 1, 10 do t['m' .. i] = i end for k in pairs(t) do r[#r+1] = k end return r
--- table.insert and table.remove
local t, r = {}, {} for i = 1, 10 do table.insert(t, 1, i) end table.remove(t, 3) table.remove(t) t.name = 'x' for k, v in pairs(t) do r[#r+1] = tostring(k) .. '=' .. tostring(v) end return r
--- keys by rawset and by metamethods
local t, r = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, v) rawset(t, k .. '_', v) end}), {} for _, k in ipairs({'a', 'b', 'c', 'd'}) do t[k] = 1 end for k in pairs(t) do r[#r+1] = k end return r
--- next step by step
local t, r, k = {a = 1, b = 2, c = 3, 'x', 'y'}, {} repeat k = next(t, k) r[#r+1] = tostring(k) until k == nil return r
--- a decoded object and what is added
--: args "{\"one\":1,\"two\":2,\"three\":3,\"four\":4,\"five\":5}"
local t, r = cjson.decode(ARGV[1]), {} t.six = 6 t.one = nil t.seven = 7 for k in pairs(t) do r[#r+1] = k end return r
--- a decoded array with additions
local t, r = cjson.decode('[1,2,3,4,5]'), {} t[7] = 7 t.x = 1 t[6] = 6 for k in pairs(t) do r[#r+1] = tostring(k) end return {#t, unpack(r)}
--- an unpacked map
local t, r = cmsgpack.unpack(cmsgpack.pack({a = 1, b = 2, c = 3, d = 4, [1] = 'x', [2] = 'y'})), {} for k in pairs(t) do r[#r+1] = tostring(k) end return r
--- the fields of hgetall by hand
--: before HSET h name ada age 36 city London mail a@b.c zip 12345 lang en
local flat, t, r = redis.call('HGETALL', 'h'), {}, {} for i = 1, #flat, 2 do t[flat[i]] = flat[i + 1] end for k, v in pairs(t) do r[#r+1] = k .. '=' .. v end return r
--- the order of maps that are given back in RESP3
redis.setresp(3) return {map = {a = 1, b = 2, c = 3, d = 4, e = 5, [1] = 'one', [2] = 'two'}}
--- the order of sets that are given back in RESP3
redis.setresp(3) return {set = {x = true, y = true, z = true, w = true, ['1'] = true}}
--- the order of the string library
local r = {} for k in pairs(string) do r[#r+1] = k end return r
--- the order of the table library
local r = {} for k in pairs(table) do r[#r+1] = k end return r
--- the order of the math library
local r = {} for k in pairs(math) do r[#r+1] = k end return r
--- the order of the coroutine library
local r = {} for k in pairs(coroutine) do r[#r+1] = k end return r
--- the order of cmsgpack, struct and bit
local r = {} for _, lib in ipairs({cmsgpack, struct, bit}) do for k in pairs(lib) do r[#r+1] = k end r[#r+1] = '-' end return r
--- counting words
--: args "the quick brown fox jumps over the lazy dog the fox and the dog"
local n, r = {}, {} for w in ARGV[1]:gmatch('%a+') do n[w] = (n[w] or 0) + 1 end for w, c in pairs(n) do r[#r+1] = w .. c end return r
--- a table of tables by name
local t = {} for _, n in ipairs({'wait', 'active', 'paused', 'completed', 'failed', 'delayed', 'prioritized'}) do t[n] = {n} end local r = {} for k, v in pairs(t) do r[#r+1] = v[1] end return r
--- collisions of one and a power of two
local t, r = {}, {} for i = 1, 12 do t['a' .. i * 16] = i t[i * 16] = i end for k in pairs(t) do r[#r+1] = tostring(k) end return r
--- maxn and # after it all
local t = {1, 2, 3} t[5] = 5 t[4] = 4 t[6] = 6 t[3] = nil local a = #t t[8] = 8 t[7] = 7 return {a, #t, table.maxn(t)}
