import { lua } from '../../src/scripting/index.ts';
import { behaviours } from './support/behaviours.ts';

// What Redis's own tests of scripts and functions are about, after their names (unit/scripting, unit/functions): each asked
// of both servers. What those test in other files of ours is not repeated, nor what needs replicas or a second thread.

const storeOptions = () => ({ scripting: lua() });

function run(source: string, ...rest: string[]): string[] {
  return ['EVAL', source, ...(rest.length === 0 ? ['0'] : rest)];
}

function runReadonly(source: string, ...rest: string[]): string[] {
  return ['EVAL_RO', source, ...(rest.length === 0 ? ['0'] : rest)];
}

/** FUNCTION LOAD of a library. */
function load(name: string, code: string): string[] {
  return ['FUNCTION', 'LOAD', 'REPLACE', `#!lua name=${name}\n${code}`];
}

/** A library with one function of the same name. */
function loadOne(name: string, body: string, ...flags: string[]): string[] {
  const given = flags.map((flag) => `'${flag}'`).join(', ');
  return load(
    name,
    `redis.register_function{function_name = '${name}', callback = function(KEYS, ARGV)\n${body}\nend, flags = {${given}}}`,
  );
}

behaviours(
  'published tests of scripts',
  {
    'conversions of types': [
      ['SET', 'mykey', 'myval'],
      ['RPUSH', 'mylist', 'a', 'b', 'c'],
      ['SET', 'x', '0'],
      run("local foo = redis.pcall('incr', KEYS[1]) return {type(foo), foo}", '1', 'x'),
      run("local foo = redis.pcall('get', KEYS[1]) return {type(foo), foo}", '1', 'mykey'),
      run(
        "local foo = redis.pcall('lrange', KEYS[1], 0, -1) return {type(foo), foo[1], foo[2], foo[3], #foo}",
        '1',
        'mylist',
      ),
      run("local foo = redis.pcall('set', KEYS[1], 'myval') return {type(foo), foo['ok']}", '1', 'mykey'),
      run("local foo = redis.pcall('incr', KEYS[1]) return {type(foo), foo['err']}", '1', 'mykey'),
      run("local foo = redis.pcall('get', KEYS[1]) return {type(foo), foo == false}", '1', 'nokey'),
    ],
    'the database': [
      ['SELECT', '9'],
      ['SET', 'mykey', 'this is DB 9'],
      ['SELECT', '10'],
      ['SET', 'mykey', 'this is DB 10'],
      run("return redis.pcall('get', KEYS[1])", '1', 'mykey'),
      run("return redis.pcall('select', '9')"),
      ['GET', 'mykey'],
      run("redis.call('select', '9') return redis.call('get', 'mykey')"),
      run("redis.call('select', '9') error('x')"),
      ['GET', 'mykey'],
      run("return redis.pcall('select', 99)"),
      run("return redis.call('select', 99)"),
      ['SELECT', '0'],
    ],
    'numbers, JSON, MessagePack and bits': [
      run("return table.concat(cjson.decode('[0.0, -5e3, -1, 0.3e-3, 1023.2, 0e10]'), ' ')"),
      run('local d = cjson.decode(\'{"keya": "a", "keyb": "b"}\') return {d.keya, d.keyb}'),
      ...['0.1', '-1099511627776'].map((value) =>
        run(
          `local e, h = cmsgpack.pack(${value}), '' for i = 1, #e do h = h .. string.format('%02x', string.byte(e, i)) end return h`,
        ),
      ),
      run(
        `local a = {x = nil, y = 5} local b = {x = a} a['x'] = b local e, h = cmsgpack.pack(a), ''
for i = 1, #e do h = h .. string.format('%02x', string.byte(e, i)) end
local re = cmsgpack.unpack(e)
return {h, re.x.x.x.x.x.x.x.x.y == re.y, re.y == 5, tostring(re.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x)}`,
      ),
      run('return {tostring(0x7fffffff), tostring(0xffffffff), tostring(-1)}'),
      run('return {bit.tobit(1), bit.band(1), bit.bxor(1, 2), bit.bor(1, 2, 4, 8, 16, 32, 64, 128)}'),
      run("return 'hello' --trailing comment"),
      run("local value = 9007199254740991 redis.call('set', 'foo', value) return redis.call('get', 'foo')"),
      run("redis.call('set', 'key', '12039611435714932082') return redis.call('get', 'key')"),
      run('math.randomseed(ARGV[1]) return tostring(math.random())', '0', '10'),
      run('math.randomseed(ARGV[1]) return {math.random(100), math.random(5, 9)}', '0', '20'),
    ],
    'many arguments': [
      run(
        "local x = {} for i = 1, 100 do table.insert(x, i) end redis.call('rpush', 'mylist', unpack(x)) return redis.call('lrange', 'mylist', 0, -1)",
        '1',
        'mylist',
      ),
      run(
        "local a = {} for i = 1, 7999 do a[i] = 1 end return redis.call('lpush', 'l', unpack(a))",
        '1',
        'l',
      ),
      run('local a = {} for i = 1, 8001 do a[i] = 1 end return select("#", unpack(a))'),
      run(
        `for i = 0, 10 do
  redis.call('SET', 'a', '1') redis.call('MGET', 'a', 'b', 'c') redis.call('EXPIRE', 'a', 0)
  redis.call('GET', 'a') redis.call('MGET', 'a', 'b', 'c')
end`,
        '3',
        'a',
        'b',
        'c',
      ),
      run(
        "redis.call('hmget', KEYS[1], 1, 2, 3) redis.call('incrbyfloat', KEYS[1], 1) return redis.call('get', KEYS[1])",
        '1',
        'key',
      ),
      run("return 'hello'", '-12'),
      run("local x = {} return redis.call('ping', x)"),
      run("return redis.call('ping', 'asdf')"),
      run("redis.call('set', 'invalid')"),
      run("redis.call('incr')"),
    ],
    'sorting for scripts': [
      ['SADD', 'myset', '1', '2', '3', '4', '10'],
      run("return redis.call('sort', KEYS[1], 'desc')", '1', 'myset'),
      ['DEL', 'myset'],
      ['SADD', 'myset', ...'abcdefghilmnopqrstuvz', 'aa', 'aaa', 'azz'],
      run("return redis.call('sort', KEYS[1], 'by', '_')", '1', 'myset'),
      ['DEL', 'myset'],
      ['SADD', 'myset', 'a', 'b', 'c'],
      run("return redis.call('sort', KEYS[1], 'by', '_', 'get', '#', 'get', '_:*')", '1', 'myset'),
    ],
    'keys that expire': [
      ['SET', 'key', 'value', 'EX', '10'],
      run(
        "if redis.call('EXISTS', 'key') then return redis.call('GET', 'key') else return 0 end",
        '1',
        'key',
      ),
      run("redis.call('DEL', 'key') return redis.call('EXISTS', 'key')", '1', 'key'),
      run(
        `redis.call('SET', 'key1', 'value') local encoded = redis.call('DUMP', 'key1')
redis.call('RESTORE', 'key2', 1, encoded, 'REPLACE') redis.call('RESTORE', 'key3', 1, encoded, 'REPLACE')
return {redis.call('PEXPIRETIME', 'key2') == redis.call('PEXPIRETIME', 'key3'), redis.call('EXISTS', 'key2', 'key3')}`,
      ),
      run(
        `redis.call('SET', 'a', 'v', 'EX', 100) redis.call('SET', 'b', 'v', 'PX', 100000) redis.call('SETEX', 'c', 100, 'v')
redis.call('PSETEX', 'd', 100000, 'v') redis.call('SET', 'e', 'v') redis.call('GETEX', 'e', 'EX', 100)
local t = redis.call('PEXPIRETIME', 'a') local same = {}
for i, k in ipairs({'b', 'c', 'd', 'e'}) do same[i] = redis.call('PEXPIRETIME', k) == t end return same`,
      ),
      ['FLUSHALL'],
    ],
    'tricks against globals': [
      run('return loadstring(string.dump(function() return 1 end))()'),
      run('setmetatable(_G, {})'),
      run('local g = getmetatable(_G) g.__index = {}'),
      run('redis = function() return 1 end'),
      run('_G = {}'),
      run('redis.call = function() return 1 end'),
      run('cjson.encode = function() return 1 end'),
      run('cmsgpack.pack = function() return 1 end'),
      run('bit.lshift = function() return 1 end'),
      run("loadfile('some file')"),
      run("dofile('some file')"),
      run("print('some data')"),
      run('redis.sha1hex()'),
      run('redis.set_repl(12345)'),
      run("redis.call('set', 'foo', 'bar') return redis.replicate_commands()"),
      run("return {redis.sha1hex(''), redis.sha1hex('Pizza & Mandolino')}"),
    ],
    'forms of errors': [
      run("return redis.error_reply('MY_ERR_CODE custom msg')"),
      run("return redis.error_reply('')"),
      run("return redis.status_reply('MY_OK_CODE custom msg')"),
      run(
        "local status, res = pcall(function() return 1 end) return 'status: ' .. tostring(status) .. ' result: ' .. res",
      ),
      run(
        "local status, res = pcall(function() return foo end) return 'status: ' .. tostring(status) .. ' result: ' .. res",
      ),
      run("local t = redis.pcall('select', 99) return t['err'] == 'ERR DB index is out of range'"),
      runReadonly("return redis.call('set', 'x', 'y')", '1', 'x'),
      runReadonly("return redis.pcall('set', 'x', 'y')['err']", '1', 'x'),
    ],
    DECR_IF_GT: [
      ['SET', 'foo', '5'],
      ...Array.from({ length: 5 }, () =>
        run(
          `local current
current = redis.call('get', KEYS[1])
if not current then return nil end
if current > ARGV[1] then return redis.call('decr', KEYS[1]) else return redis.call('get', KEYS[1]) end`,
          '1',
          'foo',
          '2',
        ),
      ),
    ],
    'the first line': [
      run('#!not-lua\n return 1'),
      run('#!lua\n return 1'),
      run('#!lua badger=data\n return 1'),
      run('#!lua flags=allow-oom,what?\n return 1'),
      run("#!lua flags=no-writes\n redis.call('set', 'x', 1) return 1", '1', 'x'),
      run("#!lua flags=allow-stale,no-writes\n return redis.call('echo', 'foobar')"),
      ['SCRIPT', 'LOAD', '#!lua flags=allow-stale,no-writes\n return 5'],
      ['EVALSHA', '8a4b7ae0ff6a5b7ed2a6c8ae4b7ae0ff6a5b7ed2', '0'],
    ],
    'SCRIPT EXISTS and FLUSH': [
      run('return 1+1'),
      [
        'SCRIPT',
        'EXISTS',
        'a27e7e8a43702b7046d4f6a7ccf5b60cef6b9bd9',
        'a27e7e8a43702b7046d4f6a7ccf5b60cef6b9bda',
      ],
      ['SCRIPT', 'LOAD', "return 'loaded'"],
      ['EVALSHA', 'b534286061d4b9e4026607613b95c06c06015ae8', '0'],
      ['SCRIPT', 'FLUSH', 'ASYNC'],
      ['EVALSHA', 'b534286061d4b9e4026607613b95c06c06015ae8', '0'],
    ],
  },
  { storeOptions, before: [['SCRIPT', 'FLUSH']] },
);

behaviours(
  'published tests of functions',
  {
    'loading and calling': [
      loadOne('test', "return 'hello'"),
      ['FCALL', 'test', '0'],
      ['FCALL', 'TEST', '0'],
      ['FUNCTION', 'LOAD', 'foo', 'bar', '#!lua name=test\nreturn 1'],
      ['FUNCTION', 'LOAD', "#!lua name=test\nredis.register_function('test', function() end)"],
      ['FUNCTION', 'LOAD', "#!lua name=bad\0format\nredis.register_function('test', function() end)"],
      ['FUNCTION', 'LOAD', "#!bad_engine name=test\nredis.register_function('test', function() end)"],
      loadOne('test', 'bad script'),
      ['FCALL', 'test', '0'],
      ['FUNCTION', 'DELETE', 'test'],
      ['FCALL', 'test', '0'],
      ['FUNCTION', 'DELETE', 'test'],
      loadOne('test', "return 'hello'"),
      ['FCALL', 'test', 'bad_arg'],
      ['FCALL', 'test', '10', 'key1'],
      ['FCALL', 'test', '-1', 'key1'],
      ['FUNCTION', 'KILL'],
      ['FUNCTION', 'bad_subcommand'],
      ['FLUSHALL'],
      ['FLUSHDB'],
      ['FUNCTION', 'LIST'],
      loadOne('test', "return redis.call('set', KEYS[1], ARGV[1])"),
      ['FCALL', 'test', '1', 'x', 'foo'],
      ['GET', 'x'],
      ['COMMAND', 'GETKEYS', 'fcall', 'test', '1', 'x', 'foo'],
      ['COMMAND', 'GETKEYS', 'fcall_ro', 'test', '1', 'x', 'foo'],
      ['FCALL_RO', 'test', '1', 'x', 'foo'],
      loadOne('test', "return redis.call('set', KEYS[1], '1')", 'no-writes'),
      ['FCALL_RO', 'test', '1', 'x'],
      ['FCALL', 'test', '1', 'x'],
      loadOne('test', "return redis.call('get', KEYS[1])", 'no-writes'),
      ['FCALL_RO', 'test', '1', 'x'],
    ],
    'sharing code': [
      load(
        'lib1',
        `local function ping() return redis.call('ping') end
local function add1(a) return a + 1 end
redis.register_function('f0', function(keys, args) return ping() end)
redis.register_function('f1', function(keys, args) return add1(1) end)
redis.register_function('f2', function(keys, args) return add1(2) end)`,
      ),
      ['FCALL', 'f0', '0'],
      ['FCALL', 'f1', '0'],
      ['FCALL', 'f2', '0'],
      load(
        'lib1',
        `redis.register_function('f1', function() return 'changed' end)
redis.register_function('f2', 'not a function')`,
      ),
      ['FCALL', 'f1', '0'],
      load('lib2', "redis.register_function('f1', function() return 1 end)"),
      load(
        'lib2',
        "redis.register_function('x', function() return 1 end) redis.register_function('x', function() return 1 end)",
      ),
      ['FCALL', 'f2', '0'],
      ['FUNCTION', 'STATS'],
    ],
    'what there is while a library loads': [
      'math.random()',
      "redis.call('ping')",
      'redis.setresp(3)',
      'redis.set_repl(redis.REPL_NONE)',
      "redis.acl_check_cmd('set', 'xx', 1)",
      'getmetatable(_G)',
      'a = 1',
      'redis.math.random()',
      "redis.redis.call('ping')",
      "error('x')",
      'error({err = "CODE x"})',
      'error()',
      'error(5)',
      'local x = {} .. 1',
      'redis = 1',
      'redis.register_function = 1',
      'KEYS[1] = 2',
      'rawset(redis, 1, 2)',
      'setmetatable(redis, {})',
    ].map((code) => load('lib2', code)),
    'registering within functions': [
      load(
        'lib1',
        `local lib = redis
lib.register_function('f1', function()
  lib.redis = redis
  lib.math = math
  return {ok = 'OK'}
end)
lib.register_function('f2', function()
  lib.register_function('f1', function() return {ok = 'OK'} end)
end)
redis.register_function('f3', function() redis.register_function('f4', function() return 2 end) return 1 end)`,
      ),
      ['FCALL', 'f1', '0'],
      ['FCALL', 'f2', '0'],
      ['FCALL', 'f3', '0'],
      load(
        'lib3',
        `local first = true
redis.register_function('g1', function() first = false return 1 end)
redis.register_function('g2', function() return {first, type(redis.call), type(KEYS)} end)`,
      ),
      ['FCALL', 'g2', '0'],
      ['FCALL', 'g1', '0'],
      ['FCALL', 'g2', '0'],
    ],
    'tricks against globals': [
      load(
        'test1',
        `redis.register_function('f1', function()
  mt = getmetatable(_G)
  original_globals = mt.__index
  original_globals['redis'] = function() return 1 end
end)
redis.register_function('f2', function()
  local mt = getmetatable(_G)
  local original_globals = mt.__index
  original_globals['redis'] = function() return 1 end
end)
redis.register_function('f3', function() string.rep = 1 end)
redis.register_function('f4', function() _G.x = 1 end)
redis.register_function('f5', function() return x end)
redis.register_function('f6', function() return {_G.redis == redis, type(getmetatable(_G).__index), next(_G) == nil} end)
redis.register_function('f7', function() return {type(_G), type(loadstring), type(print)} end)
redis.register_function('f8', function() return {type(redis.replicate_commands), type(redis.debug)} end)`,
      ),
      ...['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7', 'f8'].map((name) => ['FCALL', name, '0']),
    ],
    register_function: [
      ...[
        '()',
        "('f1')",
        "('f1', function() return 1 end, {}, 'description', 'extra arg')",
        '(nil, function() return 1 end)',
        "('test\\0test', function() return 1 end)",
        "('', function() return 1 end)",
        "{function_name = function() return 1 end, callback = function() end, description = 'some desc'}",
        "{function_name = 'f1', callback = 'bad', description = 'some desc'}",
        "{function_name = 'f1', callback = function() end, description = function() return 1 end}",
        "{function_name = 'f1', callback = function() end, description = 'desc', some_unknown = 'unknown'}",
        "{callback = function() end, description = 'desc'}",
        "{function_name = 'f1', description = 'desc'}",
        "{function_name = 'f1', callback = function() end, flags = 'bad flags type'}",
        "{function_name = 'f1', callback = function() end, flags = {function() return 1 end}}",
        "{function_name = 'f1', callback = function() end, flags = {'unknown'}}",
        "{function_name = 'f1', callback = function() end, flags = {}}",
        "{function_name = 'f1', callback = function() end, flags = {[2] = 'no-writes'}}",
        "{function_name = 'f1', callback = function() end, flags = {x = 'no-writes'}}",
        "{function_name = 'f1', callback = function() end, flags = {'no-writes', 'allow-oom', 'allow-stale', 'no-cluster'}}",
        "{function_name = 'f1', callback = coroutine}",
        "('f1', redis.register_function)",
      ].flatMap((rest) => [load('lib', `redis.register_function${rest}`), ['FUNCTION', 'LIST']]),
    ],
    'colliding names when restoring': [
      load('lib1', "redis.register_function('f6', function() return 7 end)"),
      load(
        'lib2',
        "redis.register_function('f4', function() return 4 end) redis.register_function('f3', function() return 3 end)",
      ),
      ['FUNCTION', 'RESTORE', 'bad_payload'],
      ['FUNCTION', 'RESTORE', 'arg1', 'args2', 'arg3'],
      ['FUNCTION', 'STATS'],
    ],
    'the first line': [
      ['FUNCTION', 'LOAD', "#! name=test\nredis.register_function('foo', function() return 1 end)"],
      [
        'FUNCTION',
        'LOAD',
        "#!lua name=test foo=bar\nredis.register_function('foo', function() return 1 end)",
      ],
      ['FUNCTION', 'LOAD', "#!lua\nredis.register_function('foo', function() return 1 end)"],
      [
        'FUNCTION',
        'LOAD',
        "#!lua name=foo name=bar\nredis.register_function('foo', function() return 1 end)",
      ],
      ['FUNCTION', 'LOAD', '#!lua name="foo"\nredis.register_function(\'foo\', function() return 1 end)'],
      ['FUNCTION', 'LIST', 'WITHCODE'],
      ['FUNCTION', 'LIST', 'LIBRARYNAME', 'fo*'],
      ['FUNCTION', 'LIST', 'WITHCODE', 'LIBRARYNAME', 'foo', 'LIBRARYNAME', 'foo'],
    ],
  },
  { storeOptions, before: [['FUNCTION', 'FLUSH']] },
);
