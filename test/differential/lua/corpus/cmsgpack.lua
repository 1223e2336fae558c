--- numbers packed
local r = {} for _, n in ipairs({0, 1, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296, 2^53, -1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649, -2^53, 1.5, 0.1, -0.5, 1e100, 1/0, -1/0, 2^63, 2^64, -2^63, 3.0}) do r[#r+1] = (cmsgpack.pack(n):gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end return r
--- strings packed
local r = {} for _, n in ipairs({0, 1, 31, 32, 255, 256, 65535, 65536}) do local p = cmsgpack.pack(('x'):rep(n)) r[#r+1] = #p .. ':' .. p:sub(1, 5):gsub('[^x]', function(c) return ('%02x'):format(c:byte()) end) end return r
--- scalars packed
return {cmsgpack.pack(true), cmsgpack.pack(false), cmsgpack.pack(nil), cmsgpack.pack('x'), cmsgpack.pack(1, 2, 'a')}
--- arrays and maps packed
return {cmsgpack.pack({}), cmsgpack.pack({1, 2, 3}), cmsgpack.pack({a = 1}), cmsgpack.pack({1, {2, {3}}}), cmsgpack.pack({[2] = 1}), cmsgpack.pack({1, nil, 3}), cmsgpack.pack({[1.5] = 2}), cmsgpack.pack({[0] = 1}), cmsgpack.pack({1, x = 2})}
--- sizes of arrays and maps
local r = {} for _, n in ipairs({15, 16, 65535, 65536}) do local t = {} for i = 1, n do t[i] = 1 end r[#r+1] = cmsgpack.pack(t):sub(1, 5) end local m = {} for i = 1, 20 do m['k' .. i] = i end r[#r+1] = cmsgpack.pack(m):sub(1, 3) return r
--- values that cannot be packed become nil
return {cmsgpack.pack(type), cmsgpack.pack({type, 1}), cmsgpack.pack(cjson.null), cmsgpack.pack(coroutine.create(function() end))}
--- tables too deep become nil
local t = {1} for i = 1, 20 do t = {t} end return cmsgpack.pack(t)
--- pack of nothing
return select(2, pcall(cmsgpack.pack))
--- round trips
local r = {} for _, v in ipairs({1, -1, 1.5, 'x', true, 2^40, -2^40, 1e300}) do r[#r+1] = tostring(cmsgpack.unpack(cmsgpack.pack(v))) end return r
--- tables there and back
local t = cmsgpack.unpack(cmsgpack.pack({1, 'a', {x = {y = 2}}, true})) return {t[1], t[2], t[3].x.y, tostring(t[4]), #t}
--- several values there and back
return {cmsgpack.unpack(cmsgpack.pack(1, 'two', true, {4}))}
--- nothing unpacked
return {select('#', cmsgpack.unpack('')), select(2, pcall(cmsgpack.unpack))}
--- one by one
local s = cmsgpack.pack(1, 2, 3) local r, off, v = {}, 0 while off ~= -1 do off, v = cmsgpack.unpack_one(s, off) r[#r+1] = v r[#r+1] = off end return r
--- limits
local s = cmsgpack.pack(1, 2, 3) return {cmsgpack.unpack_limit(s, 2, 0)}
--- limits with offsets
local s = cmsgpack.pack(1, 2, 3) return {cmsgpack.unpack_limit(s, 2, 1), cmsgpack.unpack_limit(s, 5, 0)}
--- faults of unpack
local r = {} for _, s in ipairs({'\193', '\161', '\204', '\205\1', '\145', '\129\1', '\129', '\217', '\217\5ab', '\222\0', '\202\0', '\203', '\199', '\212\1\2', '\196\1', '\196\1a'}) do r[#r+1] = tostring(select(2, pcall(cmsgpack.unpack, s))) end return r
--- faults of unpack_one and unpack_limit
return {select(2, pcall(cmsgpack.unpack_one, 'x', 5)), select(2, pcall(cmsgpack.unpack_one, 'x', -1)), select(2, pcall(cmsgpack.unpack_limit, 'x', -1)), select(2, pcall(cmsgpack.unpack_limit, 'x')), select(2, pcall(cmsgpack.unpack, {}))}
--- floats and doubles unpacked
return {tostring(cmsgpack.unpack('\202\63\192\0\0')), tostring(cmsgpack.unpack('\203\63\240\0\0\0\0\0\0')), tostring(cmsgpack.unpack('\202\127\128\0\0'))}
--- wide integers unpacked
return {tostring(cmsgpack.unpack('\207\255\255\255\255\255\255\255\255')), tostring(cmsgpack.unpack('\211\255\255\255\255\255\255\255\255')), tostring(cmsgpack.unpack('\211\128\0\0\0\0\0\0\0')), tostring(cmsgpack.unpack('\206\255\255\255\255')), tostring(cmsgpack.unpack('\210\255\255\255\255'))}
--- nil unpacked in arrays and maps
local t = cmsgpack.unpack('\147\1\192\3') local m = cmsgpack.unpack('\130\161a\192\161b\1') return {tostring(t[1]), tostring(t[2]), tostring(t[3]), tostring(m.a), m.b}
--- a nil key unpacked
return tostring(select(2, pcall(cmsgpack.unpack, '\129\192\1')))
--- the library's fields
local r = {} for k, v in pairs(cmsgpack) do r[#r+1] = tostring(k) .. ':' .. type(v) .. (type(v) == 'string' and '=' .. v or '') end table.sort(r) return r
--- options of a job as queues pack them
local o = cmsgpack.unpack(cmsgpack.pack({'id', 1700000000000, {delay = 0, lifo = false, attempts = 3}})) return {o[1], o[2], o[3].attempts, tostring(o[3].lifo), tostring(o[3].delay)}
--- the order of packed keys
local t = {} for _, k in ipairs({'delay', 'attempts', 'backoff', 'lifo', 'priority', 'timestamp'}) do t[k] = 1 end return cmsgpack.pack(t)
--- the order of unpacked keys
local t = cmsgpack.unpack(cmsgpack.pack({zeta = 1, alpha = 2, mid = 3, x = 4, y = 5})) local r = {} for k, v in pairs(t) do r[#r+1] = k .. v end return r
--- binary strings there and back
local s = '\0\1\255é' return {cmsgpack.unpack(cmsgpack.pack(s)), tostring(cmsgpack.unpack(cmsgpack.pack(s)) == s)}
