--- numbers
return {tostring(1 < 2), tostring(2 < 1), tostring(1 <= 1), tostring(1 >= 2), tostring(1 > 0), tostring(-1 < 0), tostring(1.5 < 2)}
--- not a number is in no order
local n = 0/0 return {tostring(n < n), tostring(n <= n), tostring(n > n), tostring(n >= n), tostring(n == n), tostring(n ~= n), tostring(n < 1), tostring(not (n < 1)), tostring(1 > n)}
--- infinities
local i = math.huge return {tostring(i > 1e308), tostring(-i < -1e308), tostring(i == i), tostring(i > i), tostring(i >= i)}
--- strings in the order of bytes
return {tostring('a' < 'b'), tostring('a' < 'B'), tostring('' < 'a'), tostring('a' < 'aa'), tostring('Z' < 'a'), tostring('10' < '9'), tostring('a' <= 'a'), tostring('b' >= 'a')}
--- strings with bytes beyond ascii
return {tostring('é' > 'z'), tostring('\255' > '\254'), tostring('\128' > '\127'), tostring('a\255' < 'b'), tostring('é' < 'ê'), tostring('\239\191\191' < '\240\144\128\128')}
--- strings with zero bytes
return {tostring('a\0b' < 'a\0c'), tostring('a\0' > 'a'), tostring('a\0b' < 'ab'), tostring('\0' < '\1'), tostring('' < '\0'), tostring('a\0\0' > 'a\0'), tostring('a\0b' == 'a\0c')}
--- equality never converts
return {tostring(1 == '1'), tostring('1' == 1), tostring(nil == false), tostring(0 == false), tostring('' == nil), tostring({} == {}), tostring('abc' == 'ab' .. 'c')}
--- functions and tables are equal to themselves only
local function f() end local t = {} local g = f return {tostring(f == g), tostring(t == t), tostring(f == function() end), tostring(type == type)}
--- number with nil
return pcall(function() return 1 < nil end)
--- nil with number
return select(2, pcall(function() return nil < 1 end))
--- number with string
return select(2, pcall(function() return 1 < '2' end))
--- string with number
return select(2, pcall(function() return '1' < 2 end))
--- two tables
return select(2, pcall(function() return {} < {} end))
--- two booleans
return select(2, pcall(function() return true <= false end))
--- two nils
return select(2, pcall(function() return nil >= nil end))
--- two functions
return select(2, pcall(function() return type > pairs end))
--- table with number, the other way round
return select(2, pcall(function() return {} > 1 end))
--- function with string
return select(2, pcall(function() return type <= 'x' end))
--- coroutines
return select(2, pcall(function() return coroutine.create(function() end) < coroutine.create(function() end) end))
--- userdata
return select(2, pcall(function() return cjson.null < cjson.null end))
--- userdata with number
return select(2, pcall(function() return cjson.null < 1 end))
--- not
return {tostring(not nil), tostring(not false), tostring(not 0), tostring(not ''), tostring(not {}), tostring(not not nil)}
--- rawequal
local t = setmetatable({}, {__eq = function() return true end}) local u = setmetatable({}, getmetatable(t))
return {tostring(t == u), tostring(rawequal(t, u)), tostring(rawequal(t, t)), tostring(rawequal('a', 'a')), tostring(rawequal(1, 1.0)), tostring(rawequal(0/0, 0/0))}
--- rawequal without its second argument
return rawequal(1)
--- comparisons as values
local a, b = 1, 2 local t = {a < b, a > b, a == b, a ~= b} return {tostring(t[1]), tostring(t[2]), tostring(t[3]), tostring(t[4])}
--- comparisons with constants on either side
local n = 5 return {tostring(5 == n), tostring(n == 5), tostring(3 < n), tostring(n < 3), tostring('5' == n), tostring(n ~= nil), tostring(nil == n), tostring(n == true)}
--- chains of else
local function sign(x) if x < 0 then return 'neg' elseif x == 0 then return 'zero' elseif x > 0 then return 'pos' else return 'nan' end end
return {sign(-1), sign(0), sign(-0), sign(3), sign(0/0), sign(math.huge)}
--- sorting by the order of bytes
local t = {'b', 'a', 'B', 'é', '\0', '', 'aa', '10', '9', 'Z', '_', '~', '\255'} table.sort(t) return t
--- a thread with a string counts as two threads
local co = coroutine.create(function() end) return {select(2, pcall(function() return co < 'x' end)), select(2, pcall(function() return 'x' < co end)), select(2, pcall(table.sort, {co, 'x'}))}
