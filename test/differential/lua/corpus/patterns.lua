--- classes
local t = {} for c in ('acdlpsuwxzACDLPSUWXZ'):gmatch('.') do local n = 0 for i = 0, 255 do if string.char(i):find('%' .. c) then n = n * 31 % 1000003 + i end end t[#t+1] = c .. n end return t
--- sets
return {('hello world'):match('[a-f]+'), ('hello'):match('[^h]+'), ('a-b'):match('[a%-]+'), ('a]b'):match('[]]'), ('a]b'):match('[^]]+'), ('x^y'):match('[%^]'), ('a-'):match('[a-]+'), ('%d'):match('[%%d]+'), ('12ab'):match('[%d%l]+')}
--- ranges at the edges of sets
return {('a-z'):match('[a-]*'), ('-+*'):match('[+--]+'), ('x-'):match('[-x]+'), ('[['):match('[[]+'), ('b'):match('[a-c-e]'), tostring(('d'):match('[a-c-e]')), ('%'):match('[%%]'), ('\128\200'):match('[\127-\255]+')}
--- anchors
return {('hello'):match('^h'), tostring(('hello'):match('^e')), ('hello'):match('o$'), tostring(('hello'):match('l$')), ('a^b'):match('a^b'), ('a$b'):match('a$b'), ('hello'):match('^hello$'), ('$'):match('$'), ('x$'):match('%$$')}
--- repetitions
return {('aaa'):match('a*'), ('aaa'):match('a+'), ('aaa'):match('a-'), ('aaa'):match('a?'), ('aaab'):match('a-b'), ('b'):match('a*b'), ('b'):match('a?b'), tostring(('b'):match('a+b')), ('xaay'):match('a*$')}
--- backtracking
return {('aaab'):match('a*ab'), ('abcabc'):match('.*b'), ('abcabc'):match('.-b'), ('aXbXc'):match('(.*)X(.*)'), ('aXbXc'):match('(.-)X(.*)')}
--- captures
return {('key=value'):match('(%w+)=(%w+)'), ('abc'):match('(a)(b)(c)'), ('abc'):match('((a)(b))'), ('  x '):match('^%s*(.-)%s*$')}
--- position captures
return {('hello'):match('()ll()'), ('abc'):match('()'), ('abc'):match('.-()$'), (''):match('()()')}
--- back references
return {('abab'):match('(ab)%1'), ('"x" \'y\''):match('(["\'])(.-)%1'), tostring(('ab'):match('(.)%1')), ('aabb'):gsub('(.)%1', '<%1>')}
--- balance
return {('f(a(b)c)d'):match('%b()'), ('[[x]]'):match('%b[]'), tostring(('((('):match('%b()')), ('xaybz'):match('%bxz'), ('aba'):match('%baa'), ('f()'):match('%b()')}
--- frontiers
return {('THE (quick) fox'):gsub('%f[%a]%a+', 'W'), ('hello'):find('%f[%z]'), ('a b'):gsub('%f[%w]', '|'), ('x'):find('%f[x]'), ('foo.bar'):match('%f[^%.]%a+$')}
--- find gives captures after the places
return {('key=value'):find('(%w+)=(%w+)')}
--- find with specials and plain
return {('a.b'):find('.'), ('a.b'):find('%.'), ('a.b'):find('.', 2, true), tostring(('a.b'):find('%.', 1, true))}
--- match from a place
return {('hello'):match('l', 4), ('hello'):match('^l', 3), tostring(('hello'):match('^h', 2)), ('hello'):match('.', -1), tostring(('hello'):match('.', 10)), ('hello'):match('', 10)}
--- gmatch
local t = {} for w in ('one two  three'):gmatch('%a+') do t[#t+1] = w end return t
--- gmatch with captures
local t = {} for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do t[#t+1] = k .. v end return t
--- gmatch with empty matches
local t = {} for w in ('abc'):gmatch('x*') do t[#t+1] = '[' .. w .. ']' end return t
--- gmatch with an anchor looks for a caret
local t = {} for w in ('^a^a'):gmatch('^a') do t[#t+1] = w end return {#t, unpack(t)}
--- gmatch with positions
local t = {} for a, b in ('abc'):gmatch('()b()') do t[#t+1] = a .. ':' .. b end return t
--- gsub with strings
return {('hello'):gsub('l', 'L'), ('hello'):gsub('l', '%0%0'), ('hello'):gsub('(l)(l)', '%2%1'), ('hello'):gsub('', '-'), ('abc'):gsub('.', '%%'), ('abc'):gsub('b', '')}
--- gsub with a limit
return {('aaaa'):gsub('a', 'b', 2), ('aaaa'):gsub('a', 'b', 0), ('aaaa'):gsub('a', 'b', -1), ('aaaa'):gsub('a', 'b', 100), ('aaaa'):gsub('a', 'b', '1'), ('aaaa'):gsub('a', 'b', 1.9)}
--- gsub with a table
return {('$a $b $c'):gsub('%$(%w+)', {a = 'x', b = 1, c = false}), ('abc'):gsub('%w', {a = 'A'}), ('k'):gsub('k', setmetatable({}, {__index = function(t, k) return k .. '!' end}))}
--- gsub with a function
return {('abc'):gsub('%w', function(c) return c:upper() end), ('abc'):gsub('%w', function(c) if c == 'b' then return nil end return '' end), ('abc'):gsub('(a)(b)', function(a, b) return b .. a end), ('abc'):gsub('%w', function() return 1 end), ('abc'):gsub('b', function() return false end), ('abc'):gsub('()b', function(p) return p end)}
--- gsub with an anchor
return {('aaa'):gsub('^a', 'b'), ('aaa'):gsub('a$', 'b'), ('abc'):gsub('^b', 'x'), ('abc'):gsub('^', '>'), ('abc'):gsub('$', '<')}
--- gsub with empty matches between
return {('abc'):gsub('x*', '-'), ('hello world'):gsub('o*', 'x'), (''):gsub('', 'x'), ('abc'):gsub('b*', '.')}
--- gsub with back references in the replacement
return {('hello world'):gsub('(%w+) (%w+)', '%2 %1'), ('abc'):gsub('%w', '%0%0'), ('abc'):gsub('%w', '%1')}
--- zero bytes in subjects
return {('a\0b'):match('%z'), ('a\0b'):gsub('%z', '0'), ('a\0b'):match('a.b'), ('a\0b'):find('b'), ('a\0b'):match('[%z]b'), ('a\0b'):match('[^%z]+$')}
--- zero bytes end patterns
return {tostring(('a\0b'):find('a\0b')), tostring(('ab'):match('a\0x')), ('x'):gsub('x', 'a\0b')}
--- bytes beyond ascii
return {('é'):match('.'), #('é'):match('.'), ('aéb'):gsub('[\128-\255]+', '?'), ('é'):gsub('é', 'e'), ('ÀÉ'):match('%a'), tostring(('é'):match('%w'))}
--- the most captures
return {('abcdefghijklmnopqrstuvwxyz012345'):match(('(.)'):rep(32))}
--- one capture too many
return ('x'):rep(40):match(('(.)'):rep(33))
--- malformed: ends with a percent sign
return ('x'):match('%')
--- malformed: missing bracket
return ('x'):match('[a')
--- malformed: missing bracket after a caret
return ('x'):match('[^')
--- malformed: missing bracket after a percent sign
return ('x'):match('[%')
--- malformed: missing bracket after a closing one
return ('x'):match('[]')
--- malformed: unfinished capture
return ('x'):match('(x')
--- malformed: capture closed and not opened
return ('x'):match('x)')
--- malformed: back reference to no capture
return ('x'):match('%1')
--- malformed: back reference inside its capture
return ('xx'):match('(x%1)')
--- malformed: back reference to zero
return ('x'):match('%0')
--- malformed: balance without arguments
return ('x'):match('%b')
--- malformed: balance with one argument
return ('x'):match('%bx')
--- malformed: frontier without a set
return ('x'):match('%fx')
--- malformed: an unfinished capture in gsub
return ('x'):gsub('(', '')
--- malformed: an unfinished capture in find
return ('x'):find('()(')
--- malformed parts that are never reached
return {tostring(('x'):match('y[')), tostring(('x'):match('y%')), tostring(('x'):match('y('))}
--- gsub: capture that the pattern does not have
return ('x'):gsub('x', '%2')
--- gsub: a percent sign at the end of the replacement
return {('x'):gsub('x', '%')}
--- gsub: a percent sign before a letter
return {('x'):gsub('x', '%a%%%-')}
--- gsub: replacement of the wrong type
return ('x'):gsub('x', true)
--- gsub: no replacement
return ('x'):gsub('x')
--- gsub: a function that returns a table
return ('x'):gsub('x', function() return {} end)
--- gsub: a table with a boolean
return ('x'):gsub('x', {x = true})
--- gsub: errors in the function
return ('x'):gsub('x', function() error('inside') end)
--- gsub with a number as replacement
return {('axb'):gsub('x', 12), ('axb'):gsub('x', 1.5)}
--- gmatch of nothing
return string.gmatch('x')
--- match of nil
return string.match(nil, 'x')
--- trimming
local function trim(s) return (s:gsub('^%s+', ''):gsub('%s+$', '')) end return {trim('  a b  '), trim(''), trim('   '), trim('\t\nx\r\n')}
--- splitting at commas
local t = {} for field in ('a,b,,c,'):gmatch('([^,]*),?') do t[#t+1] = '<' .. field .. '>' end return t
--- decoding and encoding urls
local function enc(s) return (s:gsub('[^%w%-%._~]', function(c) return ('%%%02X'):format(c:byte()) end)) end
local function dec(s) return (s:gsub('+', ' '):gsub('%%(%x%x)', function(h) return string.char(tonumber(h, 16)) end)) end
return {enc('a b&c=é'), dec(enc('a b&c=é')), dec('a+b%21')}
--- greedy and lazy over newlines
return {('a\nb\nc'):match('.*'), ('a\nb\nc'):match('(.-)\n'), ('a\nb\nc'):match('\n(.*)$')}
--- numbers, dates and addresses
return {('2024-05-06T07:08:09'):match('(%d+)-(%d+)-(%d+)T(%d+):(%d+):(%d+)'), ('10.0.0.255'):match('^(%d+)%.(%d+)%.(%d+)%.(%d+)$'), ('ada@example.org'):match('^([%w.]+)@([%w.]+)$')}
--- a pattern that would be slow elsewhere
local s = ('a'):rep(16) return tostring(s:match(('a?'):rep(16) .. ('a'):rep(16)) == s)
--- long repetitions
return {#(('x'):rep(100000)):match('x*'), #(('x'):rep(100000)):match('.-$'), #(('x'):rep(50000) .. 'y'):match('^x*y')}
--- a hyphen after a class and quantified sets
return {('aaa---'):match('%a--'), ('a--b'):match('a%-*b'), ('123abc'):match('^[%d]-(%a)'), ('xx'):match('[x]?[x]?[x]?')}
