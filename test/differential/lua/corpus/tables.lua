--- length of sequences
return {#{}, #{1}, #{1, 2, 3}, #{n = 1}, #{1, 2, nil}, #{nil}}
--- length with holes in constructors
return {#{nil, 2}, #{1, nil, 3}, #{nil, nil, 3}, #{1, 2, nil, 4}, #{nil, 2, nil, 4}, #{1, nil, nil, nil, 5}, #{nil, nil, nil, nil, nil, nil, nil, 8}}
--- length after removals
local t = {} for i = 1, 16 do t[i] = i end local r = {#t} for _, i in ipairs({16, 8, 15, 4, 12, 2, 1}) do t[i] = nil r[#r+1] = #t end return r
--- length of what is filled from the end
local t, r = {}, {} for i = 10, 1, -1 do t[i] = i r[#r+1] = #t end return r
--- length of what is filled with gaps
local t, r = {}, {} for _, i in ipairs({1, 3, 2, 5, 8, 4, 7, 6, 16, 32}) do t[i] = i r[#r+1] = #t end return r
--- length with a hash part only
local t = {x = 1} t[1] = 1 t[2] = 2 t[4] = 4 local a = #t t[3] = 3 return {a, #t}
--- appending with #
local t = {} for i = 1, 1000 do t[#t + 1] = i end return {#t, t[1000]}
--- insert at the end, in between and at the front
local t = {1, 2, 3} table.insert(t, 4) table.insert(t, 1, 0) table.insert(t, 3, 'x') return t
--- insert beyond the end
local t = {1, 2} table.insert(t, 5, 'x') return {#t, tostring(t[3]), tostring(t[5])}
--- insert at zero and below
local t = {1, 2} table.insert(t, 0, 'z') return {tostring(t[0]), t[1], t[2], tostring(t[3])}
--- insert without a value
table.insert({})
--- insert with too many arguments
table.insert({}, 1, 2, 3)
--- insert of nil
local t = {1} table.insert(t, nil) return {#t, tostring(t[2])}
--- insert into something else
table.insert(nil, 1)
--- insert at a place that is no number
table.insert({}, 'x', 1)
--- remove
local t = {1, 2, 3, 4} local a = table.remove(t) local b = table.remove(t, 1) local c = table.remove(t, 1) return {a, b, c, #t, t[1]}
--- remove from an empty table
return {select('#', table.remove({})), tostring((table.remove({}))), select('#', table.remove({}, 1)), select('#', table.remove({1}, 5))}
--- remove outside
local t = {1, 2, 3} return {select('#', table.remove(t, 4)), select('#', table.remove(t, 0)), select('#', table.remove(t, -1)), #t}
--- concat
return {table.concat({1, 2, 3}), table.concat({1, 2, 3}, ', '), table.concat({}, 'x'), table.concat({'a'}, 'x'), table.concat({1, 2, 3}, '-', 2), table.concat({1, 2, 3}, '-', 2, 3), table.concat({1, 2, 3}, '-', 3, 2), table.concat({1.5, 'x'}, 0)}
--- concat of what cannot be
return table.concat({1, {}, 3})
--- concat of nil
return table.concat({1, nil, 3}, ',', 1, 3)
--- concat of booleans
return table.concat({true})
--- concat beyond the table
return table.concat({1, 2}, ',', 1, 5)
--- concat with a bad separator
return table.concat({}, {})
--- sort numbers
local t = {5, 2, 8, 1, 9, 3, 7, 4, 6, 0, -1, 1.5} table.sort(t) local r = {} for i, v in ipairs(t) do r[i] = tostring(v) end return r
--- sort strings
local t = {'pear', 'apple', 'fig', 'Apple', '', 'figs'} table.sort(t) return t
--- sort with a comparator
local t = {5, 2, 8, 1} table.sort(t, function(a, b) return a > b end) return t
--- sort by a field
local t = {{n = 'b', v = 2}, {n = 'a', v = 3}, {n = 'c', v = 1}} table.sort(t, function(x, y) return x.v < y.v end) return {t[1].n, t[2].n, t[3].n}
--- sort is not stable, but always the same
local t = {} for i = 1, 30 do t[i] = {i % 3, i} end table.sort(t, function(a, b) return a[1] < b[1] end)
local r = {} for i, v in ipairs(t) do r[i] = v[2] end return r
--- the comparisons that sort makes
local t, log = {3, 1, 4, 1, 5, 9, 2, 6}, {} table.sort(t, function(a, b) log[#log+1] = a .. '<' .. b return a < b end) return log
--- sort with an invalid comparator
local t = {} for i = 1, 20 do t[i] = i end return select(2, pcall(table.sort, t, function() return true end))
--- sort with a comparator that always says no
local t = {3, 1, 2, 5, 4} table.sort(t, function() return false end) return t
--- sort of mixed types
return select(2, pcall(table.sort, {1, 'x', 2}))
--- sort of tables
return select(2, pcall(table.sort, {{}, {}}))
--- sort with nil inside
return select(2, pcall(table.sort, {3, nil, 1}))
--- sort with a comparator that fails
return select(2, pcall(table.sort, {3, 2, 1}, function() error('no') end))
--- sort with a comparator that is none
return select(2, pcall(table.sort, {3, 2, 1}, 5))
--- sort of a long sequence
local t, x = {}, 7 for i = 1, 500 do x = (x * 16807) % 2147483647 t[i] = x % 100 end table.sort(t) return table.concat(t, ' ')
--- maxn
return {table.maxn({}), table.maxn({1, 2}), table.maxn({[10] = 1}), tostring(table.maxn({[1.5] = 1})), table.maxn({[-1] = 1}), table.maxn({n = 5, 1})}
--- getn and setn
return {table.getn({1, 2, 3}), select(2, pcall(table.setn, {}, 1))}
--- foreach and foreachi
local r = {} table.foreach({a = 1}, function(k, v) r[#r+1] = k .. v end) table.foreachi({5, 6}, function(i, v) r[#r+1] = i .. ':' .. v end)
r[#r+1] = table.foreachi({5, 6}, function(i, v) if i == 2 then return 'stop' end end) return r
--- unpack
local a, b, c = unpack({1, 2, 3}) return {a, b, c, (unpack({4, 5})), select('#', unpack({})), select('#', unpack({1, nil, 3})), select('#', unpack({}, 1, 3)), select('#', unpack({1, 2}, 2))}
--- unpack with a range
return {unpack({1, 2, 3, 4, 5}, 2, 4)}
--- unpack of a range backwards
return {select('#', unpack({1, 2, 3}, 3, 1)), select('#', unpack({}, 0, -1))}
--- unpack of too much
return unpack({}, 1, 1e6)
--- unpack of far too much
return unpack({}, 1, 2^31)
--- unpack of the most that fits
return {select('#', unpack({}, 1, 7000)), pcall(unpack, {}, 1, 8000)}
--- unpack of nothing
return unpack()
--- pairs over sequences
local r = {} for k, v in pairs({10, 20, 30}) do r[#r+1] = k .. '=' .. v end return r
--- ipairs stops at the first nil
local r = {} for i, v in ipairs({1, 2, nil, 4}) do r[#r+1] = v end return r
--- ipairs sees what is added while it goes
local t, r = {1}, {} for i, v in ipairs(t) do r[#r+1] = v if i < 5 then t[i+1] = i + 1 end end return r
--- pairs of nothing
return pairs()
--- ipairs of nil
return ipairs(nil)
--- next
local t = {10} local k, v = next(t) return {k, v, tostring(next(t, 1)), tostring(next({})), type(next)}
--- next with a key that is not there
return next({1}, 'x')
--- removing while going over
local t = {} for i = 1, 50 do t['k' .. i] = i end for k in pairs(t) do t[k] = nil end return {tostring(next(t)), #t}
--- changing while going over
local t, n = {a = 1, b = 2, c = 3}, 0 for k, v in pairs(t) do t[k] = v * 2 end for k, v in pairs(t) do n = n + v end return n
--- nil as a key
local t = {} return {tostring(t[nil]), select(2, pcall(function() t[nil] = 1 end))}
--- not a number as a key
local t = {} return {tostring(t[0/0]), select(2, pcall(function() t[0/0] = 1 end))}
--- nil as a key in a constructor
return {[nil] = 1}
--- rawset with nil as a key
return rawset({}, nil, 1)
--- keys of every type
local f, t = function() end, {} local k = {} t[k] = 1 t[f] = 2 t[true] = 3 t[false] = 4 t[1.5] = 5 t['x'] = 6 return {t[k], t[f], t[true], t[false], t[1.5], t.x}
--- nested tables
local t = {a = {b = {c = {1, 2, {d = 'deep'}}}}} return {t.a.b.c[3].d, t['a']['b'].c[1], #t.a.b.c}
--- constructors with trailing separators and calls
local function f() return 1, 2, 3 end return {#{f()}, #{f(), f()}, #{f(), nil}, #{(f())}, #{f(), 4; 5,}, #{x = f()}, #{[1] = f(), 9}}
--- constructors of more than fifty items
local t = {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,unpack({61,62,63})} return {#t, t[50], t[51], t[63]}
--- later items win over keys in a constructor
return {({[1] = 'key', 'item'})[1], ({'item', [1] = 'key'})[1], ({x = 1, x = 2}).x}
--- rawget and rawset
local t = setmetatable({}, {__index = function() return 'mm' end, __newindex = function() end}) t.x = 1 rawset(t, 'y', 2) return {tostring(rawget(t, 'x')), t.x, t.y, rawget(t, 'y'), tostring(rawset(t, 1, 1) == t)}
--- rawget of something else
return rawget('x', 1)
--- rawset without a value
return rawset({}, 1)
--- select
return {select('#'), select('#', nil), select('#', nil, nil), select(2, 'a', 'b', 'c'), (select(-1, 'a', 'b', 'c')), (select(-2, 'a', 'b'))}
--- select out of range
return {select('#', select(5, 'a')), select(2, pcall(select, 0)), select(2, pcall(select, -2, 'a')), select(2, pcall(select, 'x'))}
--- a matrix
local m = {} for i = 1, 3 do m[i] = {} for j = 1, 3 do m[i][j] = i * j end end local r = {} for i = 1, 3 do r[i] = table.concat(m[i], ' ') end return r
--- a deep copy
local function copy(t) if type(t) ~= 'table' then return t end local c = {} for k, v in pairs(t) do c[copy(k)] = copy(v) end return c end
local a = {1, {2, {3}}, x = {y = 'z'}} local b = copy(a) b[2][2][1] = 9 b.x.y = 'w' return {a[2][2][1], a.x.y, b[2][2][1], b.x.y}
--- fractional and huge keys in the array's neighbourhood
local t = {1, 2, 3} t[2.5] = 'x' t[2^53] = 'y' t[-1] = 'm' t[0] = 'z' return {#t, t[2.5], t[2^53], t[-1], t[0], tostring(t[4])}
