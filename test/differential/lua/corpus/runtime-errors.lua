--- index a nil local
local a = nil return a.x
--- index a nil local with a variable key
local a, k = nil, 'x' return a[k]
--- index a nil global
return redis.nothing.x
--- index a nil upvalue
local a local function f() return a.x end return f()
--- index a nil field
local t = {} return t.a.b
--- index a nil field of a field
local t = {a = {}} return t.a.b.c
--- index a nil element
local t = {} return t[1].x
--- index a nil element by a string variable
local t, k = {}, 'key' return t[k].x
--- index the nil result of a call
local function f() end return f().x
--- index the nil result of a method
local o = {m = function() end} return o:m().x
--- index a number
local n = 5 return n.x
--- index a boolean
local b = true return b.x.y
--- index a function
local f = function() end return f.x
--- index nil itself
return (nil).x
--- index a parenthesised value
return (1 + 1).x
--- set a field of nil
local a a.x = 1
--- set a field of a nil field
local t = {} t.a.b = 1
--- set a field of a number
local n = 1 n.x = 2
--- set an element of a nil upvalue
local a local function f() a[1] = 1 end f()
--- set a field of a string
local s = 'x' s.field = 1
--- call a nil local
local f = nil f()
--- call a nil upvalue
local f local function g() f() end g()
--- call a nil field
local t = {} t.f()
--- call a nil field of a field
local t = {a = {}} t.a.f()
--- call a nil method
local t = {} t:m()
--- call a nil element
local t = {} t[1]()
--- call an element by a variable
local t, k = {}, 'x' t[k]()
--- call a number
local n = 5 n()
--- call a string
('x')()
--- call a boolean field
local t = {b = true} t.b()
--- call the result of a call
local function f() return nil end f()()
--- call a method on nil
local o = nil o:m()
--- call a method on a number
local n = 5 n:m()
--- call a library function that is not there
string.nothing('x')
--- call a redis function that is not there
redis.nothing('x')
--- call a missing method of a string
return ('x'):nothing()
--- call a table
local t = {} t()
--- a tail call of nil
local f return f()
--- a tail call of a nil field
local t = {} return t.f(1)
--- add nil
local a return a + 1
--- add nil on the right
local a return 1 + a
--- add a nil upvalue
local a local function f() return a + 1 end return f()
--- add a nil field
local t = {} return t.n + 1
--- add a nil field on the right
local t = {} return 1 + t.n
--- add two fields, the second nil
local t = {a = 1} return t.a + t.b
--- add a table
local t = {} return t + 1
--- add a string that is no number
local s = 'abc' return s + 1
--- add a literal string that is no number
return 'abc' + 1
--- add a boolean
return true + 1
--- add a function result
local function f() end return f() + 1
--- subtract, multiply, divide, modulo, power
local r, n = {} for i, f in ipairs({function() return n - 1 end, function() return n * 1 end, function() return n / 1 end, function() return n % 1 end, function() return n ^ 1 end}) do r[i] = select(2, pcall(f)) end return r
--- negate nil
local a return -a
--- negate a string
return -'abc'
--- negate a table's field
local t = {x = {}} return -t.x
--- length of nil
local a return #a
--- length of a number
local n = 5 return #n
--- length of a nil field
local t = {} return #t.x
--- length of a boolean
return #true
--- length of a function
return #type
--- concatenate nil
local a return 'x' .. a
--- concatenate nil on the left
local a return a .. 'x'
--- concatenate a nil field
local t = {} return 'x' .. t.name
--- concatenate a nil field on the left
local t = {} return t.name .. 'x'
--- concatenate a nil upvalue
local a local function f() return 'x' .. a end return f()
--- concatenate a table
return 'x' .. {}
--- concatenate a boolean local
local b = true return b .. 'x'
--- concatenate in a chain
local a return 'x' .. 'y' .. a .. 'z'
--- concatenate a nil element
local t = {} return t[1] .. 'x'
--- concatenate a function's result
local function f() end return 'x' .. f()
--- concatenate a parameter
local function f(p) return p .. 'x' end return f()
--- compare
local t, n = {}, nil return {select(2, pcall(function() return t < 1 end)), select(2, pcall(function() return n < 1 end)), select(2, pcall(function() return t < {} end)), select(2, pcall(function() return 'a' < 1 end))}
--- loop with a bad initial value
for i = 'x', 10 do end
--- loop with a bad limit
for i = 1, {} do end
--- loop with a bad step
for i = 1, 10, 'x' do end
--- loop with a nil limit
local n for i = 1, n do end
--- errors name the line
local a = 1

local b = a.x.y
--- errors name the line of the operator
local t = {}
local x = 1 +
  t.a +
  2
--- errors name the line of the call
local f
local x = 1
f(
  1,
  2
)
--- errors name the line inside of a function
local function f(t)
  local x = 1
  return t.a.b
end
local ok = 1
return f({})
--- errors in a table's constructor
local n
return {
  a = 1,
  b = n.x,
  c = 3,
}
--- errors in arguments
local n
return tostring(
  'x',
  n.y
)
--- errors in a condition
local n
if 1 == 1 and
   n.x then
  return 1
end
--- errors in a concatenation over lines
local n
return 'a' ..
  'b' ..
  n ..
  'c'
--- errors in a chain of methods over lines
local o = {}
function o:a() return self end
return o:a()
  :a()
  :missing()
--- errors after a long string
local s = [[
one
two]]
return s.x.y
--- errors in a while condition
local t = {}
while t.a.b do
end
--- errors in a repeat condition
local t = {}
repeat
  local x = 1
until t.a.b
--- errors in a for iterator
local t = {}
for k, v in
  t.a()
do
end
--- a variable's name is that of its register then
local a, b = {}, nil local c = a.x local d = c.y
--- names after a reassignment
local a = {} a = a.x return a.y
--- names of parameters
local function f(first, second) return second.x end return f(1)
--- names of loop variables
for i, v in ipairs({1}) do return v.x.y end
--- names of a numeric loop's variable
for i = 1, 2 do i() end
--- names in nested functions
local outer = {} local function f() local function g() return outer.a.b end return g() end return f()
--- names of the self parameter
local o = {} function o:m() return self.x.y end return o:m()
--- names of varargs
local function f(...) return (...).x end return f()
--- names of globals that are not there
return foo.bar
--- names of library fields
return math.foo.bar
--- names where a constant is indexed
return ('x').y.z
--- names where and or or decides
local a, b return (a or b).x
--- names where and or or decides a call
local a, b (a and b)()
--- names with a conditional before
local t = {} local x = t.a and t.a.b or t.c.d
--- names of fields with odd keys
local t = {} return t['a b'].x
--- names of fields with long keys
local t = {} return t.a_very_long_key_name_that_goes_on_and_on_and_on_and_on_and_on_until_it_does_not_fit_in_a_line_anymore.x
--- names of fields with keys that have zero bytes
local t = {} return t['a\0b'].x
--- names of numeric keys
local t = {} return t[1].x, t[2]
--- names of keys that are constants of other kinds
local t = {} return t[true].x
--- bad argument of a library function
string.rep()
--- bad argument of a method
return ('x'):rep({})
--- bad self of a method
local s = string return s.rep({}, 1)
--- bad argument of a local function
local rep = string.rep return rep()
--- bad argument of an upvalue
local rep = string.rep local function f() return rep(nil) end return f()
--- bad argument of a global function
return tonumber({}, 99)
--- bad argument through pcall has no name
return select(2, pcall(string.rep))
--- bad argument through a tail call
local function f() return string.rep() end return f()
--- bad argument of a field of a field
local m = {s = {r = string.rep}} m.s.r()
--- bad argument of an element
local t = {string.rep} t[1]()
--- bad self by a colon
local t = {rep = string.rep} t:rep(1)
--- bad argument in a metamethod
local t = setmetatable({}, {__index = string.rep}) return t.x
--- bad argument inside sort's comparator
table.sort({2, 1}, string.rep)
--- a call inside of an assignment to several
local a, b = nil, 1 a.x, b = 1, 2
--- the modification of a constant table
string.foo = 1
--- an integer too large for a key is fine
local t = {} t[2^60] = 1 return t[2^60]
--- unpack in a call with too many results
local function f(...) return select('#', ...) end return f(unpack({}, 1, 9000))
--- string.rep that is too long
return #string.rep('x', 2^40)
--- an error in a loaded chunk without a name
loadstring('local x = nil; x()')()
--- arithmetic in an argument of redis.call
local n redis.call('SET', 'k', n + 1)
--- a nil argument of redis.call
local n redis.call('SET', 'k', n)
--- a table argument of redis.call
redis.call('SET', 'k', {})
--- a boolean argument of redis.pcall
return redis.pcall('SET', 'k', true)
--- redis.call without arguments
redis.call()
--- redis.call of a wrong number of arguments
redis.call('GET')
--- redis.call of an unknown command
redis.call('NOSUCHCOMMAND', 'x')
--- redis.call against a wrong type
--: before RPUSH l a
--: keys l
redis.call('GET', KEYS[1])
--- redis.pcall against a wrong type
--: before RPUSH l a
--: keys l
return redis.pcall('GET', KEYS[1])
--- redis.pcall and the fields of its error
--: before RPUSH l a
--: keys l
local e = redis.pcall('GET', KEYS[1]) local r = {} for k, v in pairs(e) do r[#r+1] = tostring(k) .. '=' .. tostring(v) end table.sort(r) return r
--- redis.call in pcall and the fields of its error
--: before RPUSH l a
--: keys l
local ok, e = pcall(redis.call, 'GET', KEYS[1]) local r = {type(e)} for k, v in pairs(e) do r[#r+1] = tostring(k) .. '=' .. tostring(v) end table.sort(r) return r
--- redis.call's error on a later line
--: before RPUSH l a
local x = 1

local function f()
  return redis.call('INCR', 'l')
end
return f()
