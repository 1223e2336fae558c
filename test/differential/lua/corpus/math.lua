--- floor, ceil, abs
return {math.floor(1.5), math.floor(-1.5), math.ceil(1.2), math.ceil(-1.2), math.abs(-3), tostring(math.abs(-0.5)), tostring(math.floor(2^60)), tostring(math.floor(-0.0)), tostring(math.ceil(-0.5))}
--- max and min
return {math.max(1, 5, 3), math.min(4, 2, 8), math.max(-1), tostring(math.max(1, 0/0)), tostring(math.min(0/0, 1)), tostring(math.max('10', 9))}
--- max of nothing
return math.max()
--- min of something else
return math.min(1, 'x')
--- fmod, mod and modf
return {tostring(math.fmod(7, 3)), tostring(math.fmod(-7, 3)), tostring(math.fmod(7, -3)), tostring(math.fmod(5.5, 2)), tostring(math.fmod(1, 0)):gsub('-', ''), tostring(math.mod(7, 3)), tostring((math.modf(3.7))), tostring(select(2, math.modf(3.75))), tostring((math.modf(-3.7))), tostring(math.modf(1/0)), tostring(select(2, math.modf(1/0)))}
--- sqrt, exp, log
return {tostring(math.sqrt(2)), tostring(math.sqrt(16)), tostring(math.exp(1)), tostring(math.exp(0)), tostring(math.log(2)), tostring(math.log(math.exp(1))), tostring(math.log10(1000)), tostring(math.log(0)), tostring(math.log10(2))}
--- trigonometry
return {tostring(math.sin(1)), tostring(math.cos(1)), tostring(math.tan(1)), tostring(math.asin(1)), tostring(math.acos(0)), tostring(math.atan(1)), tostring(math.atan2(1, -1)), tostring(math.sinh(1)), tostring(math.cosh(1)), tostring(math.tanh(1)), tostring(math.deg(math.pi)), tostring(math.rad(180))}
--- constants
return {tostring(math.pi), tostring(math.huge), ('%.17g'):format(math.pi)}
--- frexp and ldexp
local m, e = math.frexp(10) local m2, e2 = math.frexp(0) local m3, e3 = math.frexp(-0.3) return {tostring(m), e, tostring(m2), e2, tostring(m3), e3, tostring(math.ldexp(0.5, 4)), tostring(math.ldexp(1, -3)), tostring(math.ldexp(1, 2000)), tostring(math.ldexp(3, 2.9))}
--- pow
return {tostring(math.pow(2, 10)), tostring(math.pow(2, 0.5)), tostring(math.pow(0, 0)), tostring(math.pow(1, 0/0))}
--- random after the seed zero
math.randomseed(0) local r = {} for i = 1, 10 do r[i] = tostring(math.random()) end return r
--- random of a range
math.randomseed(0) local r = {} for i = 1, 20 do r[i] = math.random(6) end for i = 1, 20 do r[#r+1] = math.random(-5, 5) end return r
--- random after a seed
math.randomseed(42) local r = {} for i = 1, 5 do r[i] = math.random(1000000) end math.randomseed(42) r[6] = math.random(1000000) math.randomseed(0) r[7] = math.random(1000000) math.randomseed(-7.9) r[8] = math.random(1000000) math.randomseed(2^40 + 3) r[9] = math.random(1000000) return r
--- random with seventeen digits
math.randomseed(0) local r = {} for i = 1, 5 do r[i] = ('%.17g'):format(math.random()) end return r
--- random of large ranges
math.randomseed(0) return {tostring(math.random(2^31 - 1)), tostring(math.random(-2^30, 2^30)), tostring(pcall(math.random, 2^31)), tostring(pcall(math.random, 1, 2^53)), tostring(pcall(math.random, -2^31, 2^31 - 1))}
--- random of an empty range
return math.random(0)
--- random of a range backwards
return math.random(5, 1)
--- random of three arguments
return math.random(1, 2, 3)
--- random of something else
return math.random({})
--- random of fractions
math.randomseed(0) local r = {} for i = 1, 10 do r[i] = math.random(1.9, 5.9) end return r
--- shuffling
math.randomseed(7) local t = {} for i = 1, 20 do t[i] = i end for i = 20, 2, -1 do local j = math.random(i) t[i], t[j] = t[j], t[i] end return t
--- estimating pi
math.randomseed(0) local inside = 0 for i = 1, 2000 do local x, y = math.random(), math.random() if x * x + y * y < 1 then inside = inside + 1 end end return inside
--- arguments that are strings
return {math.floor('3.7'), math.max('2', 1), tostring(math.sqrt('4')), math.abs('-5')}
--- arguments that are missing
return {select(2, pcall(math.floor)), select(2, pcall(math.sqrt, {})), select(2, pcall(math.pow, 2)), select(2, pcall(math.atan2, 1)), select(2, pcall(math.ldexp, 1))}
--- greatest common divisors and primes
local function gcd(a, b) while b ~= 0 do a, b = b, a % b end return a end local primes = {} for i = 2, 50 do local p = true for j = 2, math.floor(math.sqrt(i)) do if i % j == 0 then p = false break end end if p then primes[#primes+1] = i end end return {gcd(48, 36), gcd(17, 5), table.concat(primes, ' ')}
--- a sieve
local n, s, c = 2000, {}, 0 for i = 2, n do s[i] = true end for i = 2, n do if s[i] then c = c + 1 for j = i * i, n, i do s[j] = false end end end return c
--- distances on a globe
local function hav(a, b, c, d) local r = math.rad local x = math.sin(r(c - a) / 2)^2 + math.cos(r(a)) * math.cos(r(c)) * math.sin(r(d - b) / 2)^2 return 2 * 6372.8 * math.asin(math.sqrt(x)) end return ('%.6f'):format(hav(36.12, -86.67, 33.94, -118.40))
--- rounding to digits
local function round(x, n) local m = 10^(n or 0) return math.floor(x * m + 0.5) / m end return {tostring(round(3.14159, 2)), tostring(round(-2.5)), tostring(round(1234.5678, -2)), tostring(round(0.1 + 0.2, 10))}
--- which of two bad arguments is told
return {select(2, pcall(math.pow, {}, 'x')), select(2, pcall(math.fmod, {}, 'x')), select(2, pcall(math.atan2, {}, 'x')), select(2, pcall(math.ldexp, {}, 'x')), select(2, pcall(math.max, {}, 'x')), select(2, pcall(math.random, {}, 'x'))}
