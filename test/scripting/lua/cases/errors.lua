--- index a nil local
local a; return a.b
--> error: case:1: attempt to index local 'a' (a nil value)
--- index a nil global
return nothing.b
--> error: case:1: attempt to index global 'nothing' (a nil value)
--- index a nil field
local t = {} return t.x.y
--> error: case:1: attempt to index field 'x' (a nil value)
--- index a nil upvalue
local u; return (function() return u.x end)()
--> error: case:1: attempt to index upvalue 'u' (a nil value)
--- index a field of an upvalue
local u = {} return (function() return u.x.y end)()
--> error: case:1: attempt to index field 'x' (a nil value)
--- index with a computed key
local t, k = {}, 'k' return t[k].x
--> error: case:1: attempt to index field '?' (a nil value)
--- index with a number as key
local t = {} return t[1].x
--> error: case:1: attempt to index field '?' (a nil value)
--- index the result of a call
return (function() end)().x
--> error: case:1: attempt to index a nil value
--- index a number
local n = 5 return n.x.y
--> error: case:1: attempt to index local 'n' (a number value)
--- index a boolean
local b = true return b.x
--> error: case:1: attempt to index local 'b' (a boolean value)
--- index a function
local f = function() end return f.x
--> error: case:1: attempt to index local 'f' (a function value)
--- index what and gives
local a = true return (a and nil).x
--> error: case:1: attempt to index a nil value
--- index what or gives
local a, b return (a or b).x
--> error: case:1: attempt to index a nil value
--- index what or of globals gives
return (aa or bb).x
--> error: case:1: attempt to index a nil value
--- index a constant and a global
return (true and bb).x
--> error: case:1: attempt to index global 'bb' (a nil value)
--- index nil or a global
return (nil or bb).x
--> error: case:1: attempt to index global 'bb' (a nil value)
--- index false and nil
return (false and bb).x
--> error: case:1: attempt to index a boolean value
--- index a parameter
return (function(p) return p.x end)()
--> error: case:1: attempt to index local 'p' (a nil value)
--- index a loop variable
for i = 1, 2 do local x = i.y.z end
--> error: case:1: attempt to index local 'i' (a number value)
--- index a variable of a generic loop
for k, v in next, {1} do local x = v.y.z end
--> error: case:1: attempt to index local 'v' (a number value)
--- index a captured local
local c; local function f() return c end return c.x
--> error: case:1: attempt to index local 'c' (a nil value)
--- set a field of nil
local a; a.b = 1
--> error: case:1: attempt to index local 'a' (a nil value)
--- set a field of a nil global
nothing.b = 1
--> error: case:1: attempt to index global 'nothing' (a nil value)
--- set a field of a nil field
local t = {} t.a.b = 1
--> error: case:1: attempt to index field 'a' (a nil value)
--- set with a computed key
local t, k = {}, 'a' t[k].b = 1
--> error: case:1: attempt to index field '?' (a nil value)
--- set an index of an upvalue
local u; (function() u[1] = 1 end)()
--> error: case:1: attempt to index upvalue 'u' (a nil value)
--- set a nil key
local t = {} t[nil] = 1
--> error: case:1: table index is nil
--- set a NaN key
local t = {} t[0/0] = 1
--> error: case:1: table index is NaN
--- get a nil key
local t = {} return t[nil]
--> ok: nil
--- rawset a nil key
rawset({}, nil, 1)
--> error: table index is nil
--- call a nil local
local f; f()
--> error: case:1: attempt to call local 'f' (a nil value)
--- call a nil global
nothing()
--> error: case:1: attempt to call global 'nothing' (a nil value)
--- call a nil field
local t = {} t.x()
--> error: case:1: attempt to call field 'x' (a nil value)
--- call a nil field of a field
local t = {a = {}} t.a.x()
--> error: case:1: attempt to call field 'x' (a nil value)
--- call a nil method
local t = {} t:x()
--> error: case:1: attempt to call method 'x' (a nil value)
--- call a method of nil
local t; t:x()
--> error: case:1: attempt to index local 't' (a nil value)
--- call a method of a number
local t = 5 t:x()
--> error: case:1: attempt to index local 't' (a number value)
--- call a nil upvalue
local u; (function() u() end)()
--> error: case:1: attempt to call upvalue 'u' (a nil value)
--- call the result of a call
(function() end)()()
--> error: case:1: attempt to call a nil value
--- call a computed index
local t, k = {}, 1 t[k]()
--> error: case:1: attempt to call field '?' (a nil value)
--- call a string
('x')()
--> error: case:1: attempt to call a string value
--- call a number
local n = 1 n()
--> error: case:1: attempt to call local 'n' (a number value)
--- call a table in the arguments
local t = {} print(t())
--> error: case:1: attempt to call local 't' (a table value)
--- call a global in a tail call
return nothing()
--> error: case:1: attempt to call global 'nothing' (a nil value)
--- call a local in a tail call
local f return f()
--> error: case:1: attempt to call local 'f' (a nil value)
--- call a method in a tail call
local t = {} return t:m()
--> error: case:1: attempt to call method 'm' (a nil value)
--- call what or gives
local a return (a or a)()
--> error: case:1: attempt to call a nil value
--- a captured local that is called
local f; local function g() return f end f()
--> error: case:1: attempt to call local 'f' (a nil value)
--- a string without that method
return ('x'):nope()
--> error: case:1: attempt to call method 'nope' (a nil value)
--- iterate over nil
for k in nil do end
--> error: case:1: attempt to call a nil value
--- iterate over a table
for k in {} do end
--> error: case:1: attempt to call a table value
--- iterate with next over a number
for k in next, 5 do end
--> error: case:1: bad argument #1 to '(for generator)' (table expected, got number)
--- iterate over pairs of nil
for k in pairs(nil) do end
--> error: case:1: bad argument #1 to 'pairs' (table expected, got nil)
--- iterate over pairs of a nil local
local t for k in pairs(t) do end
--> error: case:1: bad argument #1 to 'pairs' (table expected, got nil)
--- add to a nil local
local a return a + 1
--> error: case:1: attempt to perform arithmetic on local 'a' (a nil value)
--- add a nil local
local a return 1 + a
--> error: case:1: attempt to perform arithmetic on local 'a' (a nil value)
--- add two nils
local a, b return a + b
--> error: case:1: attempt to perform arithmetic on local 'a' (a nil value)
--- add number and nil second
local a, b = 1 return a + b
--> error: case:1: attempt to perform arithmetic on local 'b' (a nil value)
--- add a nil global
return 1 + nothing
--> error: case:1: attempt to perform arithmetic on global 'nothing' (a nil value)
--- add a nil field
local t = {} return t.x + 1
--> error: case:1: attempt to perform arithmetic on field 'x' (a nil value)
--- add a nil upvalue
local u return (function() return u + 1 end)()
--> error: case:1: attempt to perform arithmetic on upvalue 'u' (a nil value)
--- add a computed index
local t, k = {}, 1 return t[k] + 1
--> error: case:1: attempt to perform arithmetic on field '?' (a nil value)
--- add a string constant
return 'abc' + 1
--> error: case:1: attempt to perform arithmetic on a string value
--- add to a string constant
return 1 + 'abc'
--> error: case:1: attempt to perform arithmetic on a string value
--- add a local string
local s = 'abc' return s + 1
--> error: case:1: attempt to perform arithmetic on local 's' (a string value)
--- add a table constructor
return {} + 1
--> error: case:1: attempt to perform arithmetic on a table value
--- add a call
return (function() end)() + 1
--> error: case:1: attempt to perform arithmetic on a nil value
--- add to nested arithmetic
local a return 1 + (2 + a)
--> error: case:1: attempt to perform arithmetic on local 'a' (a nil value)
--- subtract boolean
local a = true return a - 1
--> error: case:1: attempt to perform arithmetic on local 'a' (a boolean value)
--- multiply function
local f = function() end return f * 2
--> error: case:1: attempt to perform arithmetic on local 'f' (a function value)
--- divide table
local t = {} return t / 2
--> error: case:1: attempt to perform arithmetic on local 't' (a table value)
--- modulo nil
local a return a % 2
--> error: case:1: attempt to perform arithmetic on local 'a' (a nil value)
--- power nil
local a return 2 ^ a
--> error: case:1: attempt to perform arithmetic on local 'a' (a nil value)
--- negate nil
local a return -a
--> error: case:1: attempt to perform arithmetic on local 'a' (a nil value)
--- negate a global
return -nothing
--> error: case:1: attempt to perform arithmetic on global 'nothing' (a nil value)
--- negate a string
return -'abc'
--> error: case:1: attempt to perform arithmetic on a string value
--- negate a table field
local t = {} return -t.x
--> error: case:1: attempt to perform arithmetic on field 'x' (a nil value)
--- length of nil
local a return #a
--> error: case:1: attempt to get length of local 'a' (a nil value)
--- length of a number
local n = 5 return #n
--> error: case:1: attempt to get length of local 'n' (a number value)
--- length of a global
return #nothing
--> error: case:1: attempt to get length of global 'nothing' (a nil value)
--- length of a field
local t = {} return #t.x
--> error: case:1: attempt to get length of field 'x' (a nil value)
--- length of a constant
return #5
--> error: case:1: attempt to get length of a number value
--- length of a function
return #(function() end)
--> error: case:1: attempt to get length of a function value
--- concatenate nil
local a return 'x' .. a
--> error: case:1: attempt to concatenate local 'a' (a nil value)
--- concatenate to nil
local a return a .. 'x'
--> error: case:1: attempt to concatenate local 'a' (a nil value)
--- concatenate a global
return 'x' .. nothing
--> error: case:1: attempt to concatenate global 'nothing' (a nil value)
--- concatenate a field
local t = {} return 'x' .. t.y
--> error: case:1: attempt to concatenate field 'y' (a nil value)
--- concatenate an upvalue
local u return (function() return 'x' .. u end)()
--> error: case:1: attempt to concatenate upvalue 'u' (a nil value)
--- concatenate three, the first nil
local a return a .. 'b' .. 'c'
--> error: case:1: attempt to concatenate local 'a' (a nil value)
--- concatenate three, the middle nil
local a return 'a' .. a .. 'c'
--> error: case:1: attempt to concatenate local 'a' (a nil value)
--- concatenate three, the last nil
local a return 'a' .. 'b' .. a
--> error: case:1: attempt to concatenate local 'a' (a nil value)
--- concatenate a table
return 'x' .. {}
--> error: case:1: attempt to concatenate a table value
--- concatenate a boolean
local b = true return 'x' .. b
--> error: case:1: attempt to concatenate local 'b' (a boolean value)
--- concatenate the result of a call
return 'x' .. (function() end)()
--> error: case:1: attempt to concatenate a nil value
--- concatenate two bad ones
local a, b = {}, {} return a .. b
--> error: case:1: attempt to concatenate local 'a' (a table value)
--- concatenate a number and nil
local a return 1 .. a
--> error: case:1: attempt to concatenate local 'a' (a nil value)
--- concatenate a captured local
local a local function f() return a end return 'x' .. a
--> error: case:1: attempt to concatenate local 'a' (a nil value)
--- compare number with nil
return 1 < nil
--> error: case:1: attempt to compare number with nil
--- compare nil with number
local a return a < 1
--> error: case:1: attempt to compare nil with number
--- compare with a constant, greater
local a return a > 1
--> error: case:1: attempt to compare number with nil
--- compare with a constant, greater or equal
local a = 'x' return a >= 1
--> error: case:1: attempt to compare number with string
--- compare with a constant at the left
local a return 1 >= a
--> error: case:1: attempt to compare nil with number
--- compare two nils
local a, b return a < b
--> error: case:1: attempt to compare two nil values
--- compare two tables
return {} < {}
--> error: case:1: attempt to compare two table values
--- compare two tables, less or equal
return {} <= {}
--> error: case:1: attempt to compare two table values
--- compare two booleans
return true < false
--> error: case:1: attempt to compare two boolean values
--- compare number with string
return 1 < '2'
--> error: case:1: attempt to compare number with string
--- compare string with number
return '2' < 1
--> error: case:1: attempt to compare string with number
--- compare string with number, swapped
local s = 'a' return s > 1
--> error: case:1: attempt to compare number with string
--- compare function with table
return tostring <= {}
--> error: case:1: attempt to compare function with table
--- compare in a condition
local a if a < 5 then return 1 end
--> error: case:1: attempt to compare nil with number
--- compare in a while
local a while 5 > a do end
--> error: case:1: attempt to compare nil with number
--- compare in a repeat
repeat local x = {} until x > 3
--> error: case:1: attempt to compare number with table
--- for initial value
for i = 'a', 2 do end
--> error: case:1: 'for' initial value must be a number
--- for limit
for i = 1, 'x' do end
--> error: case:1: 'for' limit must be a number
--- for limit nil
for i = 1, nil do end
--> error: case:1: 'for' limit must be a number
--- for step
for i = 1, 2, {} do end
--> error: case:1: 'for' step must be a number
--- for with strings that are numbers
local s = 0 for i = '1', '3' do s = s + i end return s
--> ok: 6
--- metamethod index is no table
return setmetatable({}, {__index = 5}).x
--> error: case:1: attempt to index a number value
--- metamethod newindex is no table
setmetatable({}, {__newindex = 5}).x = 1
--> error: case:1: attempt to index a number value
--- metamethod call is no function
setmetatable({}, {__call = 5})()
--> error: case:1: attempt to call a table value
--- loop in gettable
local a = {} setmetatable(a, {__index = a}) return a.x
--> error: case:1: loop in gettable
--- loop in settable
local a = {} setmetatable(a, {__newindex = a}) a.x = 1
--> error: case:1: loop in settable
--- an error of a metamethod
return setmetatable({}, {__add = function() local x; return x.y end}) + 1
--> error: case:1: attempt to index local 'x' (a nil value)
--- an error with a table
error({})
--> error: table: 0x
--- an error with nil
error()
--> error: nil
--- an error with a level
local function f() error('msg', 2) end
f()
--> error: case:2: msg
--- an error with level 0
error('msg', 0)
--> error: msg
--- an error with level 1
error('msg', 1)
--> error: case:1: msg
--- an error with a number
error(5)
--> error: case:1: 5
--- an error with level 3
local function g() error('msg', 3) end
local function f() g() return 1 end

f()
--> error: case:4: msg
--- an error in a line
local a = 1
local b = 2

local c = a.b.c
--> error: case:4: attempt to index local 'a' (a number value)
--- an error in a call of several lines
local t = {}
t.f(
  1,
  2
)
--> error: case:2: attempt to call field 'f' (a nil value)
--- an error in arithmetic of several lines
local a
return 1 +
  a
--> error: case:3: attempt to perform arithmetic on local 'a' (a nil value)
--- an error in concatenation of several lines
local a
local s = 'a' ..
  'b' ..
  a
--> error: case:4: attempt to concatenate local 'a' (a nil value)
--- an error in an assignment of several lines
local t
t.x =
  5
--> error: case:3: attempt to index local 't' (a nil value)
--- an error in a table constructor
local a
local t = {
  x = 1,
  y = a.b,
}
--> error: case:4: attempt to index local 'a' (a nil value)
--- an error in a method chain
local t = {m = function(self) return self end}
t:m()
 :m()
 :nope()
--> error: case:4: attempt to call method 'nope' (a nil value)
--- an error in an argument
print(
  1,
  nothing.x
)
--> error: case:4: attempt to index global 'nothing' (a nil value)
--- an error in a loop
for i = 1, 3 do
  if i == 2 then
    local x = nothing + i
  end
end
--> error: case:3: attempt to perform arithmetic on global 'nothing' (a nil value)
--- an error in a for of several lines
for i = 1,
  'x'
do
end
--> error: case:3: 'for' limit must be a number
--- an error in a while condition
local a
while
  a.b
do end
--> error: case:3: attempt to index local 'a' (a nil value)
--- an error in an elseif
local a
if false then
elseif a.b then
end
--> error: case:3: attempt to index local 'a' (a nil value)
--- an error in a return
local a
return 1,
  a.b,
  3
--> error: case:3: attempt to index local 'a' (a nil value)
--- an error in a nested function
local function f()
  local function g()
    return nothing.x
  end
  return g() + 1
end
return f()
--> error: case:3: attempt to index global 'nothing' (a nil value)
--- arguments of natives: bad first
setmetatable(1, {})
--> error: case:1: bad argument #1 to 'setmetatable' (table expected, got number)
--- arguments of natives: bad self
local t = {s = setmetatable} t.s(1)
--> error: case:1: bad argument #1 to 's' (table expected, got number)
--- arguments of natives: by a local
local s = setmetatable s(1)
--> error: case:1: bad argument #1 to 's' (table expected, got number)
--- arguments of natives: by a method
local t = {s = setmetatable} t:s(1)
--> error: case:1: bad argument #1 to 's' (nil or table expected)
--- arguments of natives: by pcall
return pcall(setmetatable, 1)
--> ok: false	bad argument #1 to '?' (table expected, got number)
--- arguments of natives: by a metamethod
return setmetatable({}, {__index = setmetatable}).x
--> error: case:1: bad argument #2 to '?' (nil or table expected)
--- arguments of natives: by a tail call
return setmetatable(1)
--> error: case:1: bad argument #1 to 'setmetatable' (table expected, got number)
--- arguments of natives: by an upvalue
local s = setmetatable; (function() s(1) end)()
--> error: case:1: bad argument #1 to 's' (table expected, got number)
--- arguments of natives: computed
local t = {setmetatable} t[1](1)
--> error: case:1: bad argument #1 to '?' (table expected, got number)
--- arguments of natives: called with __call
local t = setmetatable({}, {__call = setmetatable}) t(5)
--> error: case:1: bad argument #2 to 't' (nil or table expected)
--- error of a table constructor's call
return {nothing()}
--> error: case:1: attempt to call global 'nothing' (a nil value)
--- error of a nested field call
local t = {a = {b = {}}} t.a.b.c.d()
--> error: case:1: attempt to index field 'c' (a nil value)
--- error in a vararg function
return (function(...) local a = ... return a.x end)()
--> error: case:1: attempt to index local 'a' (a nil value)
--- upvalue of an upvalue
local u return (function() return (function() return u.x end)() end)()
--> error: case:1: attempt to index upvalue 'u' (a nil value)
--- set a global in an environment that is no table
setfenv(1, setmetatable({}, {__newindex = 5})) x = 1
--> error: case:1: attempt to index a number value
--- get a global of such an environment
setfenv(1, setmetatable({}, {__index = 5})) return x
--> error: case:1: attempt to index a number value
--- a self of a method
local t = {} function t:m() return self.x.y end t:m()
--> error: case:1: attempt to index field 'x' (a nil value)
--- an assignment to several, one bad
local a, t = nil, {} t.x, a.y = 1, 2
--> error: case:1: attempt to index local 'a' (a nil value)
