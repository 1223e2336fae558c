--- encode scalars
return {cjson.encode(1), cjson.encode(1.5), cjson.encode('x'), cjson.encode(true), cjson.encode(false), cjson.encode(cjson.null), cjson.encode(nil)}
--- encode numbers
return {cjson.encode({1e15, 1e14, 0.1, 1/3, -0, 1e100, 2^53, 123456789012345, 3.0, -1.5e-7, 100000000000000})}
--- encode what is no number
return {select(2, pcall(cjson.encode, 0/0)), select(2, pcall(cjson.encode, 1/0)), select(2, pcall(cjson.encode, {-1/0}))}
--- encode arrays
return {cjson.encode({}), cjson.encode({1, 2, 3}), cjson.encode({{}, {1}, {{2}}}), cjson.encode({'a', true, cjson.null})}
--- encode objects
return {cjson.encode({a = 1}), cjson.encode({a = {b = {c = {}}}}), cjson.encode({[''] = 1}), cjson.encode({['a"b'] = 'c\\d'})}
--- encode objects with several keys
return cjson.encode({id = 7, name = 'ada', tags = {'x', 'y'}, nested = {k = 'v', n = 1}, flag = true, price = 9.99})
--- encode numeric keys
return {cjson.encode({[1.5] = 'x'}), cjson.encode({[-1] = 'x'}), cjson.encode({[0] = 'x'}), cjson.encode({1, x = 2}), cjson.encode({[2^40] = 1, a = 1})}
--- encode sparse arrays
return {cjson.encode({1, nil, 3}), cjson.encode({[3] = 'x'}), cjson.encode({nil, nil, nil, 4}), cjson.encode({[10] = 1})}
--- encode arrays that are too sparse
return {select(2, pcall(cjson.encode, {[11] = 1})), select(2, pcall(cjson.encode, {[1] = 1, [100] = 1})), select(2, pcall(cjson.encode, {[1000] = 1}))}
--- encode keys of other types
return {select(2, pcall(cjson.encode, {[true] = 1})), select(2, pcall(cjson.encode, {[{}] = 1}))}
--- encode values of other types
return {select(2, pcall(cjson.encode, {function() end})), select(2, pcall(cjson.encode, type)), select(2, pcall(cjson.encode, coroutine.create(function() end))), select(2, pcall(cjson.encode, {x = type}))}
--- encode strings with escapes
return {cjson.encode('a"b\\c/d'), cjson.encode('\b\f\n\r\t'), cjson.encode('\0\1\31\127'), cjson.encode('é漢😀'), cjson.encode('\255\254'), cjson.encode('<script>')}
--- encode every byte
local t = {} for i = 0, 255 do t[#t+1] = string.char(i) end return cjson.encode(table.concat(t))
--- encode deep tables
local t = {} for i = 1, 900 do t = {t} end return #cjson.encode(t)
--- encode tables that are too deep
local t = {} for i = 1, 1001 do t = {t} end return select(2, pcall(cjson.encode, t))
--- encode a table in itself
local t = {} t[1] = t return select(2, pcall(cjson.encode, t))
--- encode of nothing
return {select(2, pcall(cjson.encode)), select(2, pcall(cjson.encode, 1, 2))}
--- encode calls no metamethods
return {cjson.encode(setmetatable({}, {__index = {1, 2}})), cjson.encode(setmetatable({1}, {__tostring = function() return 'x' end}))}
--- decode scalars
return {cjson.decode('1'), cjson.decode('"x"'), tostring(cjson.decode('true')), tostring(cjson.decode('false')), tostring(cjson.decode('null') == cjson.null), tostring(cjson.decode('null')), tostring(cjson.decode('-1.5e3'))}
--- decode arrays
local t = cjson.decode('[1, "two", [3, [4]], {"five": 5}, null, true]') return {#t, t[1], t[2], t[3][2][1], t[4].five, tostring(t[5] == cjson.null), tostring(t[6])}
--- decode objects
local t = cjson.decode('{"a":1,"b":{"c":[1,2,{"d":"e"}]},"":"empty","1":"one"}') return {t.a, t.b.c[3].d, t[''], t['1'], tostring(t[1])}
--- decode duplicated keys
return cjson.decode('{"a":1,"a":2}').a
--- decode white space
return {cjson.decode(' \t\n\r[ 1 , 2 ] ')[2], cjson.decode(' 5 ')}
--- decode escapes
return {cjson.decode('"\\u0041\\u00e9\\u6f22"'), cjson.decode('"\\ud83d\\ude00"'), cjson.decode('"\\"\\\\\\/\\b\\f\\n\\r\\t"'), cjson.decode('"\\u0000x"')}
--- decode lone surrogates
return {select(2, pcall(cjson.decode, '"\\ud83d"')), select(2, pcall(cjson.decode, '"\\ude00"')), select(2, pcall(cjson.decode, '"\\ud83dx"')), select(2, pcall(cjson.decode, '"\\ud83d\\u0041"'))}
--- decode bytes that are not utf-8
return {cjson.decode('"\255\254"'), cjson.decode('"é"')}
--- decode numbers
local r = {} for _, s in ipairs({'0', '-0', '1e5', '1E+5', '1e-5', '0.5', '123456789012345678', '9007199254740993', '1e400', '0x10', '01', '1.', '.5', '+1', '-', '1e', 'nan', 'inf', '-inf', 'NaN', 'Infinity', 'infinity', '1x'}) do local ok, v = pcall(cjson.decode, s) r[#r+1] = s .. ': ' .. tostring(v):gsub('-nan', 'nan') end return r
--- decode faults
local r = {} for _, s in ipairs({'', ' ', '{', '}', '[', ']', '[1', '[1,', '[1,]', '[,1]', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{a:1}', '{1:2}', '"abc', '"a\nb"', '"\\x"', '"\\u12"', '"\\u12zz"', 'tru', 'truex', 'nul', 'x', '[1 2]', '{"a" 1}', '1 2', '[] []', '\'x\'', '{"a":1 "b":2}', '[1]x', '"\\', '@', '\0', '[\0]', '"\0"', '//', '[1,2,3'}) do r[#r+1] = s .. ' => ' .. tostring(select(2, pcall(cjson.decode, s))) end return r
--- decode faults as errors of the script
return cjson.decode('{"a":}')
--- decode utf-16 and utf-32
return {select(2, pcall(cjson.decode, '\0"\0x')), select(2, pcall(cjson.decode, '"\0x\0"\0')), select(2, pcall(cjson.decode, '\239\187\191{}'))}
--- decode nested arrays
local s = ('['):rep(900) .. (']'):rep(900) return type(cjson.decode(s))
--- decode nests that are too deep
return {select(2, pcall(cjson.decode, ('['):rep(1001) .. (']'):rep(1001))), select(2, pcall(cjson.decode, ('{"a":'):rep(1001) .. '1' .. ('}'):rep(1001)))}
--- decode of nothing and of others
return {select(2, pcall(cjson.decode)), select(2, pcall(cjson.decode, {})), select(2, pcall(cjson.decode, nil)), cjson.decode(5), select(2, pcall(cjson.decode, '1', 2))}
--- round trips
local r = {} for _, s in ipairs({'{"a":[1,2,{"b":null}],"c":"d"}', '[]', '{}', '[[],{}]', '[1.5,-2,1e20]', '"\\u00e9\\n"', '[true,false,null]'}) do r[#r+1] = cjson.encode(cjson.decode(s)) end return r
--- the order of decoded keys
return cjson.encode(cjson.decode('{"zeta":1,"alpha":2,"mid":3,"id":4,"name":5,"timestamp":6,"delay":7,"priority":8,"attempts":9,"backoff":10,"removeOnComplete":11}'))
--- the order of decoded keys after removals and additions
local t = cjson.decode('{"a":1,"b":2,"c":3,"d":4}') t.b = nil t.e = 5 t.f = 6 t.b = 7 return cjson.encode(t)
--- options of a job as queues store them
--: args "{\"attempts\":3,\"backoff\":{\"type\":\"exponential\",\"delay\":1000},\"delay\":0,\"timestamp\":1700000000000,\"jobId\":\"custom-1\"}"
local o = cjson.decode(ARGV[1]) o.attempts = o.attempts - 1 o.failed = true return {cjson.encode(o), o.timestamp, o.backoff.type, tostring(o.timestamp)}
--- json patch
--: args "{\"a\":{\"b\":1,\"c\":[1,2]},\"d\":\"x\"}" "[{\"op\":\"replace\",\"path\":\"/a/b\",\"value\":2},{\"op\":\"remove\",\"path\":\"/d\"},{\"op\":\"add\",\"path\":\"/a/c/-\",\"value\":3}]"
local doc, patch = cjson.decode(ARGV[1]), cjson.decode(ARGV[2])
for _, p in ipairs(patch) do
  local parts = {} for s in p.path:gmatch('[^/]+') do parts[#parts+1] = s end
  local t = doc for i = 1, #parts - 1 do t = t[parts[i]] end
  local last = parts[#parts]
  if p.op == 'remove' then t[last] = nil elseif last == '-' then t[#t+1] = p.value else t[last] = p.value end
end
return {cjson.encode(doc.a.c), doc.a.b, tostring(doc.d)}
--- null is a userdata
return {type(cjson.null), tostring(cjson.null), tostring(cjson.null == cjson.decode('[null]')[1]), tostring(not cjson.null), cjson.null and 'true' or 'false'}
--- null as a reply
return {cjson.null, 'x'}
--- settings
return {cjson.encode_max_depth(), cjson.decode_max_depth(), cjson.encode_number_precision(), tostring(cjson.encode_invalid_numbers()), tostring(cjson.decode_invalid_numbers()), tostring(cjson.encode_keep_buffer()), tostring((cjson.encode_sparse_array())), select(2, cjson.encode_sparse_array()), select(3, cjson.encode_sparse_array())}
--- the precision of numbers
cjson.encode_number_precision(3) local a = cjson.encode(math.pi) cjson.encode_number_precision(14) return {a, cjson.encode(math.pi), select(2, pcall(cjson.encode_number_precision, 0)), select(2, pcall(cjson.encode_number_precision, 100)), cjson.encode(math.pi)}
--- sparse arrays allowed
cjson.encode_sparse_array(true) local a = cjson.encode({[1] = 1, [100] = 2}) cjson.encode_sparse_array(false, 2, 10) return {a, select(2, pcall(cjson.encode, {[1] = 1, [100] = 2}))}
--- invalid numbers allowed
cjson.encode_invalid_numbers(true) local a = cjson.encode({1/0, -1/0}) cjson.encode_invalid_numbers('null') local b = cjson.encode({1/0, 0/0}) cjson.encode_invalid_numbers(false) return {a, b, (pcall(cjson.encode, 1/0))}
--- depths
cjson.encode_max_depth(2) local a = select(2, pcall(cjson.encode, {{{}}})) cjson.encode_max_depth(1000) cjson.decode_max_depth(2) local b = select(2, pcall(cjson.decode, '[[[]]]')) cjson.decode_max_depth(1000) return {a, b}
--- invalid numbers refused in decode
cjson.decode_invalid_numbers(false) local r = {} for _, s in ipairs({'0x10', 'nan', 'inf', '1', '-1', '01'}) do r[#r+1] = tostring(select(2, pcall(cjson.decode, s))) end cjson.decode_invalid_numbers(true) return r
--- the library's fields
local r = {} for k, v in pairs(cjson) do if k ~= 'decode_array_with_array_mt' then r[#r+1] = tostring(k) .. ':' .. type(v) end end table.sort(r) return r
--- the library's name and version
return {tostring(cjson._NAME), tostring(cjson._VERSION)}
--- long strings and arrays
local t = {} for i = 1, 500 do t[i] = {id = i, s = ('x'):rep(i % 50)} end local s = cjson.encode(t) local back = cjson.decode(s) return {#s, #back, back[500].id, #back[49].s}
--- decoding what redis holds
--: before SET k "{\"n\": 1}"
--: keys k
local t = cjson.decode(redis.call('GET', KEYS[1])) t.n = t.n + 1 redis.call('SET', KEYS[1], cjson.encode(t)) return redis.call('GET', KEYS[1])
--- decoding nothing
--: keys nothing
return cjson.decode(redis.call('GET', KEYS[1]))
