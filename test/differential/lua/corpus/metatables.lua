--- arithmetic metamethods
local log = {} local mt = {} for _, e in ipairs({'add', 'sub', 'mul', 'div', 'mod', 'pow', 'unm', 'concat'}) do mt['__' .. e] = function(a, b) return e .. ':' .. type(a) .. ',' .. type(b) end end
local t = setmetatable({}, mt) return {t + 1, 1 + t, t - 1, t * t, t / 1, t % 1, t ^ 1, 2 ^ t, -t, t .. 'x', 'x' .. t, 1 .. t, t .. t}
--- the left operand's metamethod comes first
local a = setmetatable({}, {__add = function() return 'left' end}) local b = setmetatable({}, {__add = function() return 'right' end}) return {a + b, b + a, a + 1, 1 + b}
--- strings that are no numbers reach the other's metamethod
local t = setmetatable({}, {__add = function(a, b) return type(a) .. type(b) end}) return {'x' + t, t + 'x', '1' + t}
--- unary minus gets its operand twice
local t = setmetatable({}, {__unm = function(a, b) return tostring(a == b) .. tostring(b == nil) end}) return -t
--- equality of tables
local calls = 0 local mt = {__eq = function(a, b) calls = calls + 1 return a.v == b.v end} local a, b, c = setmetatable({v = 1}, mt), setmetatable({v = 1}, mt), setmetatable({v = 2}, mt)
return {tostring(a == b), tostring(a ~= b), tostring(a == c), tostring(a == a), tostring(a == 1), calls}
--- equality with two different metamethods
local a = setmetatable({}, {__eq = function() return true end}) local b = setmetatable({}, {__eq = function() return true end}) return {tostring(a == b), tostring(a == {})}
--- equality with the same metamethod in two metatables
local eq = function() return true end local a = setmetatable({}, {__eq = eq}) local b = setmetatable({}, {__eq = eq}) return tostring(a == b)
--- equality gives a boolean
local mt = {__eq = function() return 5 end} local a, b = setmetatable({}, mt), setmetatable({}, mt) return {tostring(a == b), tostring(a ~= b)}
--- less than
local mt = {__lt = function(a, b) return a.v < b.v end} local a, b = setmetatable({v = 1}, mt), setmetatable({v = 2}, mt) return {tostring(a < b), tostring(b < a), tostring(a > b), tostring(b > a)}
--- less than or equal from less than
local mt = {__lt = function(a, b) return a.v < b.v end} local a, b = setmetatable({v = 1}, mt), setmetatable({v = 1}, mt) return {tostring(a <= b), tostring(a >= b)}
--- less than or equal by itself
local mt = {__le = function(a, b) return a.v <= b.v end} local a, b = setmetatable({v = 1}, mt), setmetatable({v = 2}, mt) return {tostring(a <= b), tostring(a >= b), select(2, pcall(function() return a < b end))}
--- less than with different metamethods
local a = setmetatable({}, {__lt = function() return true end}) local b = setmetatable({}, {__lt = function() return true end}) return select(2, pcall(function() return a < b end))
--- less than with a number
local a = setmetatable({}, {__lt = function() return true end}) return select(2, pcall(function() return a < 1 end))
--- index with a function
local t = setmetatable({}, {__index = function(t, k) return k .. '!' end}) return {t.x, t[1], t['a b'], tostring(rawget(t, 'x'))}
--- index with a table
local base = {x = 1} local t = setmetatable({y = 2}, {__index = base}) base.z = 3 return {t.x, t.y, t.z, tostring(t.w)}
--- a chain of index
local a = {v = 'a'} local b = setmetatable({}, {__index = a}) local c = setmetatable({}, {__index = b}) local d = setmetatable({}, {__index = c}) return {d.v, tostring(d.w)}
--- a loop of index
local t = {} setmetatable(t, {__index = t}) return select(2, pcall(function() return t.x end))
--- a loop of two
local a, b = {}, {} setmetatable(a, {__index = b}) setmetatable(b, {__index = a}) return select(2, pcall(function() return a.x end))
--- a loop of newindex
local t = {} setmetatable(t, {__newindex = t}) return select(2, pcall(function() t.x = 1 end))
--- newindex with a function
local log = {} local t = setmetatable({old = 1}, {__newindex = function(t, k, v) log[#log+1] = k .. '=' .. tostring(v) rawset(t, k, v) end}) t.old = 2 t.new = 3 t.new = 4 t[1] = nil return {table.concat(log, ' '), t.old, t.new}
--- newindex with a table
local store = {} local t = setmetatable({}, {__newindex = store}) t.x = 1 return {tostring(rawget(t, 'x')), store.x}
--- newindex is called again after a removal
local n = 0 local t = setmetatable({}, {__newindex = function(t, k, v) n = n + 1 rawset(t, k, v) end}) t.x = 1 t.x = 2 t.x = nil t.x = 3 return n
--- index of a value that is false
local t = setmetatable({f = false}, {__index = function() return 'mm' end}) return tostring(t.f)
--- index that is neither a table nor a function
local t = setmetatable({}, {__index = 5}) return select(2, pcall(function() return t.x end))
--- index that is a string
local t = setmetatable({}, {__index = 'abc'}) return {tostring(t.len == string.len), tostring(t.nope)}
--- call
local t = setmetatable({}, {__call = function(self, a, b) return type(self), a, b end}) return {t(1, 2)}
--- call as a method and with unpack
local t = setmetatable({}, {__call = function(self, ...) return select('#', ...) end}) local o = {f = t} return {t(), t(nil), t(unpack({1, 2, 3})), o.f(1), o:f(1), (pcall(t))}
--- call of a call
local inner = setmetatable({}, {__call = function(self, outer, x) return x end}) local t = setmetatable({}, {__call = inner}) return select(2, pcall(function() return t(5) end))
--- call that is no function
local t = setmetatable({}, {__call = 5}) return select(2, pcall(function() return t() end))
--- a tail call of a callable table
local t = setmetatable({}, {__call = function(self, n) return n * 2 end}) local function f(n) return t(n) end return f(21)
--- an iterator that is a callable table
local t = setmetatable({}, {__call = function(self, _, i) if i < 3 then return i + 1 end end}) local r = {} for i in t, nil, 0 do r[#r+1] = i end return r
--- concat with numbers and tables
local mt = {__concat = function(a, b) return (type(a) == 'table' and a.n or a) .. '&' .. (type(b) == 'table' and b.n or b) end} local t = setmetatable({n = 'T'}, mt) return {t .. 'x', 'x' .. t, 1 .. t, t .. 1.5, 'a' .. 'b' .. t, t .. 'a' .. 'b', 'a' .. t .. 'b'}
--- the length metamethod is not for tables
local t = setmetatable({1, 2}, {__len = function() return 42 end}) return #t
--- tostring metamethod
local t = setmetatable({}, {__tostring = function() return 'shown' end}) return {tostring(t), select(2, pcall(function() return 'x' .. t end))}
--- tostring metamethod that is no function
return select(2, pcall(tostring, setmetatable({}, {__tostring = 'x'})))
--- a protected metatable
local t = setmetatable({}, {__metatable = 'locked'}) return {getmetatable(t), select(2, pcall(setmetatable, t, {}))}
--- getmetatable
local mt = {} return {tostring(getmetatable(setmetatable({}, mt)) == mt), tostring(getmetatable({})), tostring(getmetatable(1)), type(getmetatable('')), tostring(getmetatable('').__index == string)}
--- setmetatable gives its first argument
local t = {} return {tostring(setmetatable(t, {}) == t), tostring(getmetatable(setmetatable(t, nil)))}
--- setmetatable with something else
return select(2, pcall(setmetatable, {}, 5))
--- setmetatable of something else
return select(2, pcall(setmetatable, 'x', {}))
--- setmetatable without a second argument
return select(2, pcall(setmetatable, {}))
--- metamethods that give nothing and several values
local t = setmetatable({}, {__add = function() end, __sub = function() return 1, 2, 3 end, __index = function() return 1, 2 end}) local a, b = t - 1, 'b' local c, d = t.x return {tostring(t + 1), a, b, c, tostring(d)}
--- metamethods set after the metatable
local mt = {} local t = setmetatable({}, mt) local before = pcall(function() return t + 1 end) mt.__add = function() return 'now' end return {tostring(before), t + 1}
--- metamethods set after their absence was seen
local mt = {} local t = setmetatable({}, mt) local r = {tostring(t.x), tostring(t == setmetatable({}, mt))} mt.__index = function(_, k) return k end mt.__eq = function() return true end r[3] = t.x r[4] = tostring(t == setmetatable({}, mt)) mt.__index = nil r[5] = tostring(t.x) return r
--- metamethods set by rawset are seen
local mt = {} local t = setmetatable({}, mt) local a = tostring(t.x) rawset(mt, '__index', {x = 'raw'}) return {a, t.x}
--- metamethods found in a metatable's own index are not used
local mt = setmetatable({}, {__index = {__add = function() return 1 end}}) return (pcall(function() return setmetatable({}, mt) + 1 end))
--- unknown events are ignored
local t = setmetatable({}, {__foo = 1, __gc = 5, __mode = 'kv', __name = 'T', __pairs = function() end, __idiv = 1}) local n = 0 for _ in pairs(t) do n = n + 1 end return {n, (pcall(function() return t + 1 end))}
--- classes with inheritance
local Animal = {} Animal.__index = Animal
function Animal.new(name) return setmetatable({name = name}, Animal) end
function Animal:speak() return self.name .. ' makes a sound' end
local Dog = setmetatable({}, {__index = Animal}) Dog.__index = Dog
function Dog.new(name) local d = Animal.new(name) return setmetatable(d, Dog) end
function Dog:speak() return self.name .. ' barks; ' .. Animal.speak(self) end
return {Animal.new('cat'):speak(), Dog.new('rex'):speak()}
--- a vector type
local V = {} V.__index = V local function new(x, y) return setmetatable({x = x, y = y}, V) end
V.__add = function(a, b) return new(a.x + b.x, a.y + b.y) end V.__mul = function(a, b) if type(a) == 'number' then return new(a * b.x, a * b.y) end return a.x * b.x + a.y * b.y end
V.__eq = function(a, b) return a.x == b.x and a.y == b.y end V.__tostring = function(v) return '(' .. v.x .. ', ' .. v.y .. ')' end V.__unm = function(v) return new(-v.x, -v.y) end V.__lt = function(a, b) return a.x < b.x end
local a, b = new(1, 2), new(3, 4) return {tostring(a + b), a * b, tostring(2 * a), tostring(a == new(1, 2)), tostring(-a), tostring(a < b), tostring(a <= b)}
--- default values and read-only proxies
local function readonly(t) return setmetatable({}, {__index = t, __newindex = function(_, k) error('cannot set ' .. k, 2) end}) end local p = readonly({x = 1}) return {p.x, select(2, pcall(function() p.y = 2 end))}
--- a metamethod that fails names its line
local t = setmetatable({}, {__add = function(a, b)
  return a.missing.field
end})
return t + 1
--- memoising by index
local calls = 0 local squares = setmetatable({}, {__index = function(t, n) calls = calls + 1 local v = n * n rawset(t, n, v) return v end}) local s = 0 for i = 1, 3 do for j = 1, 5 do s = s + squares[j] end end return {s, calls}
--- strings share a metatable that no script may change
return {select(2, pcall(function() getmetatable('').__index = nil end)), ('x'):upper()}
--- upvalues in metamethods
local function counter() local n = 0 return setmetatable({}, {__call = function() n = n + 1 return n end}) end local a, b = counter(), counter() return {a(), a(), b(), a()}
--- sort by a metamethod
local mt = {__lt = function(a, b) return a.v < b.v end} local t = {} for i, v in ipairs({3, 1, 2}) do t[i] = setmetatable({v = v}, mt) end table.sort(t) return {t[1].v, t[2].v, t[3].v}
--- a metamethod with rawequal inside
local mt = {} mt.__eq = function(a, b) return rawequal(a, b) or a.id == b.id end local a, b = setmetatable({id = 1}, mt), setmetatable({id = 1}, mt) return tostring(a == b)
