--- a name alone
x
--- two names
x y
--- an assignment without a value
x =
--- an assignment to a call
f() = 1
--- an assignment to a constant
1 = x
--- an assignment to a string
'x' = 1
--- an assignment to parentheses
(a) = 1
--- an assignment to a list with a call
a, f() = 1, 2
--- an expression as a statement
1 + 1
--- a lone string
'x'
--- an operator without operands
return +
--- an operator without its right operand
return 1 +
--- an operator without its left operand
return * 1
--- plus as a sign
return +1
--- two operators
return 1 ** 2
--- not equal of another language
return 1 != 2
--- assignment in a condition
if x = 1 then end
--- an if without then
if x do end
--- an if without end
if x then
--- an if without end, further down
if x then
  y()
--- an else twice
if x then else else end
--- elseif after else
if x then else elseif y then end
--- an end too many
return 1 end
--- end alone
end
--- while without do
while x y() end
--- while without end
while true do
--- repeat without until
repeat x()
--- until alone
until x
--- for without a variable
for = 1, 2 do end
--- for without a limit
for i = 1 do end
--- for with four values
for i = 1, 2, 3, 4 do end
--- for without in
for a, b = 1, 2 do end
--- for without do
for i = 1, 2 end
--- for with a field as its variable
for a.b = 1, 2 do end
--- in without for
in x
--- a function without a name
function () end
--- a function without parentheses
function f end
--- a function without end
local function f()
--- a function without end after other lines
local x = 1
local function f()
  if x then
    return 1
--- a function with a bad parameter
function f(1) end
--- a function with a parameter after varargs
function f(..., a) end
--- a function with a comma at the end
function f(a,) end
--- a method of a method
function a:b:c() end
--- a field after a method
function a:b.c() end
--- a local without a name
local = 1
--- a local field
local a.b = 1
--- a local function with a dot
local function a.b() end
--- a reserved word as a name
local end = 1
--- a reserved word as a field
return t.end
--- a reserved word as a method
return t:end()
--- varargs outside of a vararg function
function f() return ... end
--- break outside of a loop
break
--- break in a function in a loop
while true do local function f() break end end
--- statements after break
while true do break x() end
--- statements after return
return 1 x()
--- return of two without a comma
return 1 2
--- parentheses not closed
return (1
--- parentheses not closed on another line
return (
1
--- parentheses closed too often
return 1)
--- brackets not closed
return t[1
--- braces not closed
return {1, 2
--- braces not closed on another line
return {
  1,
  2
--- two separators in a constructor
return {1,,2}
--- a separator first in a constructor
return {,1}
--- a key without a value
return {x = }
--- a bracketed key without a value
return {[1]}
--- arguments not closed
f(1, 2
--- arguments with a comma at the end
f(1,)
--- arguments on the next line are ambiguous
local f, g = 1, 2
local x = f
(g)()
--- a string not closed
return 'abc
--- a string not closed at a line's end
return "abc
def"
--- a string with an escape too large
return '\300'
--- a string with an escape at its end
return '\
--- a long string not closed
return [[abc
--- a long string not closed with equals signs
return [==[abc]=]
--- a long comment not closed
--[[ abc
--- a long bracket that is none
return [=x
--- nested long brackets
return [[a [[b]] c]]
--- a malformed number
return 3x
--- a malformed number with two points
return 1.2.3
--- a malformed exponent
return 1e
--- a malformed exponent with a sign
return 1e+
--- a malformed hexadecimal number
return 0xg
--- a malformed hexadecimal number without digits
return 0x
--- a number before a name
return 12abc
--- concatenation of numbers without spaces
return 1..2
--- an unknown character
return @
--- an unknown character in an expression
return a $ b
--- a backslash
return \x
--- a question mark
return a ? b : c
--- a tilde
return ~1
--- an ampersand
return 1 & 2
--- bit shifts
return 1 << 2
--- integer division
return 1 // 2
--- an unknown control character
--: args "\x01"
return select(2, loadstring('return ' .. ARGV[1]))
--- characters beyond ascii
return é
--- a name with characters beyond ascii
local naïve = 1
--- a zero byte
--: args "a\x00b"
return {select(2, loadstring('return ' .. ARGV[1])), select(2, loadstring('return "' .. ARGV[1] .. '"')), tostring(select(2, loadstring('\0')))}
--- goto
goto done
--- a label
::done::
--- an integer attribute of later versions
local x <const> = 1
--- dots
return a.b.
--- a colon without arguments
return a:b
--- a dot before a number
return a.1
--- too few dots
return a..
--- a comment that is a shebang further down
return 1
#!/bin/lua
--- a sharp first line
# comment
--- near a long token
return aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1
--- near a long string
return 1 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
--- near a string with escapes
return 1 "a\65\n\"b"
--- near a long bracket string
return 1 [[ab
c]]
--- near a number
return 1 0x1F
--- near a keyword
return 1 and and 2
--- near each operator
local r = {} for _, op in ipairs({'==', '~=', '<=', '>=', '<', '>', '=', '..', '...', ',', ';', ':', '.', '#', '%', '^', '{', '[', ']', '}', ')'}) do r[#r+1] = select(2, loadstring('return 1 ' .. op .. ' )', '=x')) end return r
--- near each keyword
local r = {} for w in ('and break do else elseif end false for function if in local nil not or repeat return then true until while'):gmatch('%a+') do r[#r+1] = select(2, loadstring('x = ' .. w .. ' =', '=x')) end return r
--- too many nested parentheses
return select(2, loadstring('return ' .. ('('):rep(250) .. '1' .. (')'):rep(250), '=x'))
--- as many nested parentheses as may be
return loadstring('return ' .. ('('):rep(190) .. '1' .. (')'):rep(190), '=x')()
--- too many nested blocks
return select(2, loadstring(('do '):rep(250) .. ('end '):rep(250), '=x'))
--- too many nested tables
return select(2, loadstring('return ' .. ('{'):rep(250) .. ('}'):rep(250), '=x'))
--- too many nested functions
return select(2, loadstring(('return function() '):rep(250) .. ('end '):rep(250), '=x'))
--- too many unary operators
return select(2, loadstring('return ' .. ('not '):rep(250) .. '1', '=x'))
--- too many right associative operators
return select(2, loadstring('return ' .. ('1 .. '):rep(250) .. '1', '=x'))
--- too many locals
local s = {} for i = 1, 201 do s[i] = 'local v' .. i end return select(2, loadstring(table.concat(s, '\n'), '=x'))
--- too many locals in a function
local s = {'function f()'} for i = 1, 201 do s[#s+1] = 'local v' .. i end return select(2, loadstring('\n' .. table.concat(s, '\n') .. ' end', '=x'))
--- too many upvalues
local s, u = {}, {} for i = 1, 61 do s[i] = 'local v' .. i u[i] = 'v' .. i end return select(2, loadstring(table.concat(s, ' ') .. '\nlocal function f() return ' .. table.concat(u, ',') .. ' end', '=x'))
--- too many variables in an assignment
local s = {} for i = 1, 220 do s[i] = 'a' .. i end return (select(2, loadstring(table.concat(s, ',') .. ' = 1', '=x')):gsub('%d+', 'N'))
--- too complex an expression
return (select(2, loadstring('local f = ... return f(' .. ('1,'):rep(300) .. '1)', '=x')):match('^[%w: ]+complex'))
--- too many parameters
local s = {} for i = 1, 201 do s[i] = 'p' .. i end return select(2, loadstring('return function(' .. table.concat(s, ',') .. ') end', '=x'))
--- the line of an error far down
return select(2, loadstring(('\n'):rep(5000) .. 'x =', '=x'))
--- line ends of all kinds count as one
return select(2, loadstring('a=1\r\nb=2\rc=3\n\rd=4\n\nx =', '=x'))
--- the error of a syntax error in a script is told with its prefix
local x = 1
local y = = 2
--- an error inside of a constructor's function
return {
  f = function()
    return 1 +
  end,
}
