--- struct: integers of every size
return {struct.pack('b', 1), struct.pack('B', 255), struct.pack('>h', 258), struct.pack('<h', 258), struct.pack('>i', 16909060), struct.pack('<i', 16909060), struct.pack('>l', 1), struct.pack('>I3', 66051), struct.pack('>i8', 2^40), struct.pack('>H', 65535), struct.pack('>L', 2^53)}
--- struct: negative integers and overflow
return {struct.pack('b', -1), struct.pack('B', 256), struct.pack('>h', -2), struct.pack('>i', 2^32 + 5), struct.pack('>I4', -1), struct.pack('>i8', -1), struct.pack('>i4', 3.9), struct.pack('>i4', -3.9)}
--- struct: floats and doubles
return {struct.pack('>f', 1.5), struct.pack('<f', 0.1), struct.pack('>d', 1.5), struct.pack('<d', -0.1), struct.pack('>d', 1/0), struct.pack('>f', 1e300)}
--- struct: strings
return {struct.pack('s', 'abc'), struct.pack('c3', 'abcdef'), struct.pack('c0', 'abc'), struct.pack('>Bc0', 3, 'abc'), struct.pack('x'), struct.pack('bxxb', 1, 2), struct.pack('s', 'a\0b')}
--- struct: a string that is too short
return struct.pack('c5', 'abc')
--- struct: alignment
return {struct.pack('!4>bi', 1, 2), struct.pack('!bi', 1, 2), struct.pack('bi', 1, 2), struct.pack('!2>bi', 1, 2), struct.pack('!8>bd', 1, 2), struct.size('!4bi'), struct.size('!8bd'), struct.size('bi')}
--- struct: sizes
return {struct.size('b'), struct.size('h'), struct.size('i'), struct.size('l'), struct.size('f'), struct.size('d'), struct.size('T'), struct.size('c10'), struct.size('i3'), struct.size('x'), struct.size('')}
--- struct: sizes that are not known
return {select(2, pcall(struct.size, 's')), select(2, pcall(struct.size, 'c0'))}
--- struct: unpack integers
return {struct.unpack('>bBhH', '\255\255\255\254\255\254'), struct.unpack('<i', '\1\2\3\4'), struct.unpack('>I3', '\1\2\3'), struct.unpack('>i3', '\255\255\255'), tostring(struct.unpack('>L', '\255\255\255\255\255\255\255\255')), tostring(struct.unpack('>l', '\255\255\255\255\255\255\255\255'))}
--- struct: unpack floats
return {tostring(struct.unpack('>f', '\63\192\0\0')), tostring(struct.unpack('<d', '\154\153\153\153\153\153\185\191')), tostring((struct.unpack('>d', '\127\240\0\0\0\0\0\0')))}
--- struct: unpack strings
return {struct.unpack('s', 'abc\0def'), struct.unpack('c3', 'abcdef'), struct.unpack('>Bc0', '\3abcdef'), struct.unpack('xc2', 'abc')}
--- struct: unpack with a place
return {struct.unpack('>h', '\0\1\0\2\0\3', 3), struct.unpack('b', 'abc', 3)}
--- struct: unpack gives the next place
return {struct.unpack('bb', 'abc')}
--- struct: unpack with too little data
return {select(2, pcall(struct.unpack, '>i', 'abc')), select(2, pcall(struct.unpack, 'c5', 'abc')), select(2, pcall(struct.unpack, 's', 'abc')), select(2, pcall(struct.unpack, 'b', '')), select(2, pcall(struct.unpack, 'b', 'a', 5)), select(2, pcall(struct.unpack, 'b', 'a', 0))}
--- struct: c0 without a size before
return select(2, pcall(struct.unpack, 'c0', 'abc'))
--- struct: formats of other versions
return {select(2, pcall(struct.pack, '>n', 1)), select(2, pcall(struct.pack, '>h=h', 1, 1))}
--- struct: bad formats
return {select(2, pcall(struct.pack, 'q', 1)), select(2, pcall(struct.pack, 'i33', 1)), select(2, pcall(struct.pack, 'i0', 1)), select(2, pcall(struct.pack, '!3i', 1)), select(2, pcall(struct.pack, 'i99999999999', 1)), select(2, pcall(struct.size, 'c2147483647c2147483647'))}
--- struct: bad arguments
return {select(2, pcall(struct.pack, 'i')), select(2, pcall(struct.pack, 'i', 'x')), select(2, pcall(struct.pack, 's', {})), select(2, pcall(struct.pack)), select(2, pcall(struct.unpack, 'i'))}
--- struct: arguments too many
return struct.pack('b', 65, 66, 67)
--- struct: spaces and mixed byte orders
return {struct.pack('> h < h', 1, 1), struct.pack(' b b ', 65, 66)}
--- struct: a record there and back
local s = struct.pack('>I4Hdc0', 7, 513, 2.5, 'tail') local a, b, c, pos = struct.unpack('>I4Hd', s) return {a, b, tostring(c), pos, s:sub(pos)}
--- struct: the library's fields
local r = {} for k, v in pairs(struct) do r[#r+1] = k .. type(v) end table.sort(r) return r
--- bit: and, or, xor, not
return {bit.band(0xff, 0x0f), bit.bor(1, 2, 4), bit.bxor(0xff, 0x0f), bit.bnot(0), bit.bnot(-1), bit.band(0xffffffff), bit.band(-1, 255), bit.bxor(1, 1, 1), bit.bor(0x80000000)}
--- bit: shifts
return {bit.lshift(1, 4), bit.lshift(1, 31), bit.lshift(1, 32), bit.lshift(1, 33), bit.rshift(-1, 28), bit.rshift(256, 4), bit.arshift(-256, 4), bit.arshift(0x80000000, 31), bit.rshift(1, -1), bit.lshift(1, -1)}
--- bit: rotations and swaps
return {bit.rol(0x12345678, 8), bit.ror(0x12345678, 8), bit.rol(1, 31), bit.bswap(0x12345678), bit.bswap(-1), bit.ror(1, 1)}
--- bit: normalising
return {bit.tobit(0xffffffff), bit.tobit(2^32), bit.tobit(2^31), bit.tobit(-2^31), bit.tobit(1.5), bit.tobit(2.5), bit.tobit(-1.5), bit.tobit(2^40 + 3), bit.tobit(-1), bit.tobit('12')}
--- bit: very large numbers
return {bit.tobit(2^51), bit.tobit(2^52 + 1), bit.tobit(2^53), bit.tobit(1e15)}
--- bit: hexadecimal
return {bit.tohex(1), bit.tohex(-1), bit.tohex(255, 4), bit.tohex(255, -4), bit.tohex(0xdeadbeef), bit.tohex(0, 0), bit.tohex(0x12345678, 2), bit.tohex(1, 20), bit.tohex(1, -100)}
--- bit: bad arguments
return {select(2, pcall(bit.band)), select(2, pcall(bit.band, 'x')), select(2, pcall(bit.bnot, nil)), select(2, pcall(bit.lshift, 1)), select(2, pcall(bit.tohex, {})), select(2, pcall(bit.bor, 1, {}))}
--- bit: the library's fields
local r = {} for k in pairs(bit) do r[#r+1] = k end table.sort(r) return r
--- bit: a hash
local function fnv(s) local h = 2166136261 for i = 1, #s do h = bit.bxor(h, s:byte(i)) h = bit.tobit(h * 16777619 % 4294967296) end return bit.tohex(h) end return {fnv(''), fnv('a'), fnv('hello world')}
--- bit: crc32
local function crc32(s) local crc = -1 for i = 1, #s do crc = bit.bxor(crc, s:byte(i)) for _ = 1, 8 do if bit.band(crc, 1) == 1 then crc = bit.bxor(bit.rshift(crc, 1), 0xEDB88320) else crc = bit.rshift(crc, 1) end end end return bit.tohex(bit.bnot(crc)) end return {crc32(''), crc32('123456789')}
--- bit: gray code and counting
local r = {} for i = 0, 15 do r[#r+1] = bit.bxor(i, bit.rshift(i, 1)) end local function popcount(x) local n = 0 while x ~= 0 do x = bit.band(x, x - 1) n = n + 1 end return n end r[#r+1] = popcount(0xff0f) r[#r+1] = popcount(-1) return r
--- sha1hex
return {redis.sha1hex(''), redis.sha1hex('abc'), redis.sha1hex('\0\255é'), redis.sha1hex(5), redis.sha1hex(('x'):rep(1000))}
--- sha1hex of nothing
return redis.sha1hex()
--- sha1hex of something else
return redis.sha1hex({})
