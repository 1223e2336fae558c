--- the four operations
return {tostring(7+3), tostring(7-3), tostring(7*3), tostring(7/3), tostring(-7/3), tostring(7/-3)}
--- modulo takes the sign of the divisor
return {tostring(7%3), tostring(-7%3), tostring(7%-3), tostring(-7%-3), tostring(5.5%2), tostring(-5.5%2), tostring(5.5%-2)}
--- modulo by zero and infinity
return {tostring(5%0), tostring(5%math.huge), tostring(-5%math.huge), tostring(5%-math.huge), tostring(math.huge%5), tostring(0%5), tostring(-0%5)}
--- modulo of large numbers
return {tostring(2^53%3), tostring(2^60%7), tostring(1e300%7), tostring(-1e17%7), tostring(0.3%0.1), tostring(1%0.1)}
--- division by zero
return {tostring(1/0), tostring(-1/0), tostring(0/0), tostring(1/-0), tostring(0/5), tostring(-0/5)}
--- powers
return {tostring(2^10), tostring(2^0.5), tostring(2^-1), tostring((-8)^(1/3)), tostring(0^0), tostring((-2)^2), tostring(-2^2), tostring(2^3^2)}
--- powers with infinities
return {tostring(math.huge^0), tostring(math.huge^-1), tostring((-1)^math.huge), tostring(1^math.huge), tostring(0.5^math.huge), tostring(2^-math.huge), tostring(0^-1), tostring(1^(0/0)), tostring((0/0)^0)}
--- powers that overflow and underflow
return {tostring(10^308), tostring(10^309), tostring(10^-323), tostring(10^-324), tostring(2^1023), tostring(2^1024), tostring(2^-1074), tostring(2^-1075)}
--- unary minus
return {tostring(-(3)), tostring(- -3), tostring(-'3'), tostring(-' 0x10 '), tostring(-(-0)), tostring(-2^-2)}
--- strings in arithmetic
return {tostring('10'+1), tostring('10'*'2'), tostring('3'-'1'), tostring('7'/'2'), tostring('7'%'4'), tostring('2'^'3'), tostring(' 5 '+0), tostring('0x10'+0), tostring('1e2'+0)}
--- numbers where strings are expected
return {string.rep(5, 3), (12.5 .. ''):len(), string.len(12345), string.sub(12345, 2, 3), string.upper(1e100), string.rep(1, 3)}
--- precedence of operators
return {tostring(2+3*4^2/2), tostring((2+3)*4), tostring(2^-3), tostring(not 1 == 2), tostring(1 .. 2 == '12'), tostring(-3^2), tostring(5-3-1), tostring(2^2^3), tostring(1+2 ..3+4)}
--- precedence of and, or and comparison
return {tostring(1 < 2 and 2 < 3), tostring(1 == 1 ~= false), tostring(nil or false and 1), tostring(false or nil), tostring(1 and nil or 3), tostring(not nil and 5)}
--- and and or give their operands
return {tostring(nil and 1), tostring(false and error()), 1 and 2, nil or 3, false or 4, tostring(false or nil), tostring(nil or false), 'a' and 'b' or 'c'}
--- and and or evaluate only what they need
local calls = {} local function f(n, v) calls[#calls+1] = n return v end
local r = f(1, false) and f(2, true) or f(3, nil) or f(4, 'x') and f(5, 'y')
return {table.concat(calls, ','), r}
--- the order in which operands are evaluated
local order = {} local function f(n) order[#order+1] = n return n end
local r = f(1) + f(2) * f(3) - f(4) / (f(5) + f(6)) .. f(7) .. f(8)
return {table.concat(order, ','), r}
--- the order in which a call is evaluated
local order = {} local function f(n) order[#order+1] = n return function() order[#order+1] = 'called' return n end end
f(1)(f(2), f(3))
return table.concat(order, ',')
--- the order in which a table is evaluated
local order = {} local function f(n) order[#order+1] = n return n end
local t = {[f(1)] = f(2), f(3), x = f(4), [f(5)] = f(6), f(7)}
return table.concat(order, ',')
--- the order in which a multiple assignment happens
local log = {} local mt = {__newindex = function(t, k, v) log[#log+1] = k .. '=' .. v end}
local a, b = setmetatable({}, mt), setmetatable({}, mt)
a.x, b.y, a.z = 1, 2, 3
return table.concat(log, ' ')
--- a multiple assignment evaluates all before it assigns
local i, a = 1, {} i, a[i] = i + 1, 20 return {i, a[1], tostring(a[2])}
--- swapping
local a, b, c = 1, 2, 3 a, b, c = c, a, b return {a, b, c}
--- too few and too many values in an assignment
local a, b, c = 1, 2 local d, e = 3, 4, 5 return {tostring(a), tostring(b), tostring(c), d, e}
--- an assignment to a table that the assignment replaces
local t = {} local u = t t[1], t = 2, nil return {u[1], tostring(t)}
--- the last call in an assignment gives all its values
local function f() return 1, 2, 3 end local a, b, c, d = 0, f() local e, g = f(), 10 local h, i = (f()) return {a, b, c, d, e, g, h, tostring(i)}
--- integers kept through many steps
local s = 0 for i = 1, 100000 do s = s + i * i % 7 end return tostring(s)
--- a factorial grows into exponents
local function f(n) if n <= 1 then return 1 end return n * f(n - 1) end
return {tostring(f(10)), tostring(f(17)), tostring(f(18)), tostring(f(25)), tostring(f(170)), tostring(f(171))}
--- fibonacci numbers
local a, b, t = 0, 1, {} for i = 1, 90 do a, b = b, a + b t[i] = tostring(a) end return table.concat(t, ' ')
--- a linear congruential generator keeps to 2^32
local x = 12345 local t = {} for i = 1, 10 do x = (x * 1103515245 + 12345) % 2147483648 t[i] = x end return t
--- halves
local x, t = 1, {} for i = 1, 40 do x = x / 2 t[#t+1] = tostring(x) end return table.concat(t, ' ')
--- constants folded and not
local a, b = 0, 1 return {tostring(1/0 == b/a), tostring(-(0)), tostring(-a), tostring(0/0 ~= 0/0), tostring(2^53 == 2^53+1), tostring(3 % -2 == b + 2 - 4)}
--- length of strings and precedence of #
return {#'abc', #'', #'a\0b', #'é', tostring(#'abc' + 1), tostring(-#'abc'), tostring(#'abc' == 3), #'a' .. 'b', tostring(2^#'abc')}
