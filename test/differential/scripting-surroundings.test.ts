import { lua } from '../../src/scripting/index.ts';
import { normalise as normaliseAcl } from './support/acl-normalise.ts';
import { behaviours } from './support/behaviours.ts';
import { print } from './support/comparison.ts';
import { interleavings, type Step } from './support/interleavings.ts';

// Scripts, and everything around them: pauses, replies that are not wanted, statistics, databases, permissions, commands
// about commands.

const storeOptions = { scripting: lua() };

/** `client: EVAL source numkeys …`. */
function run(client: string, source: string, ...rest: string[]): Step {
  return { client, tokens: ['EVAL', source, ...(rest.length === 0 ? ['0'] : rest)] };
}

function evaluate(source: string, ...rest: string[]): string[] {
  return ['EVAL', source, ...(rest.length === 0 ? ['0'] : rest)];
}

const LIBRARY = `#!lua name=lib
redis.register_function('w', function(keys) return redis.call('SET', keys[1], 'w') end)
redis.register_function{function_name = 'r', callback = function(keys) return redis.call('GET', keys[1]) end, flags = {'no-writes'}}`;

interleavings(
  'scripts and the state of clients',
  {
    'a pause of writes': [
      { client: 'a', tokens: ['FUNCTION', 'LOAD', 'REPLACE', LIBRARY] },
      'b: SET k v',
      'a: CLIENT PAUSE 100000 WRITE',
      { client: 'b', tokens: ['EVAL_RO', "return redis.call('GET', 'k')", '0'] },
      run('b', "#!lua flags=no-writes\nreturn redis.call('GET', 'k')"),
      { client: 'b', tokens: ['FCALL_RO', 'r', '1', 'k'] },
      { client: 'b', tokens: ['FCALL', 'r', '1', 'k'] },
      run('b', "return redis.call('GET', 'k')"),
      'a: CLIENT UNPAUSE',
      'b: PING',
    ],
    'a pause of writes, and functions that write': [
      { client: 'a', tokens: ['FUNCTION', 'LOAD', 'REPLACE', LIBRARY] },
      'a: CLIENT PAUSE 100000 WRITE',
      { client: 'b', tokens: ['FCALL', 'w', '1', 'k'] },
      { client: 'c', tokens: ['FCALL', 'missing', '1', 'k'] },
      'd: EVALSHA abc 0',
      'e: SCRIPT LOAD "return 1"',
      'a: GET k',
      'a: CLIENT UNPAUSE',
      'a: GET k',
      'b: PING',
      'c: PING',
      'd: PING',
    ],
    'a pause, and transactions of scripts': [
      'b: MULTI',
      run('b', "return redis.call('SET', 'k', 'v')"),
      'a: CLIENT PAUSE 100000 WRITE',
      'b: EXEC',
      'a: GET k',
      'a: CLIENT UNPAUSE',
      'a: GET k',
      'b: PING',
    ],
    'replies that are not wanted': [
      {
        client: 'a',
        pipeline: [
          'CLIENT REPLY OFF',
          "EVAL \"return redis.call('SET', 'k', 'v')\" 0",
          'EVAL "return {1, {2}, redis.error_reply(\'x\')}" 0',
          'EVAL "error(1)" 0',
          'CLIENT REPLY ON',
          'GET k',
          'CLIENT REPLY SKIP',
          'EVAL "return {1, 2}" 0',
          'EVAL "return {1, 2}" 0',
        ],
      },
    ],
    databases: [
      'a: SELECT 3',
      run('a', "redis.call('SET', 'k', 'three') redis.call('SWAPDB', 3, 4) return redis.call('GET', 'k')"),
      'a: GET k',
      run('a', "redis.call('SELECT', 4) return redis.call('GET', 'k')"),
      'a: GET k',
      run('a', "redis.call('MOVE', 'k', 1) return redis.call('DBSIZE')"),
      run('a', "redis.call('SELECT', 4) redis.call('COPY', 'k', 'k2', 'DB', 3) return redis.call('FLUSHDB')"),
      'a: GET k2',
      run('a', "redis.call('FLUSHALL') redis.call('SET', 'after', '1') return redis.call('DBSIZE')"),
      'a: DBSIZE',
      'b: WATCH after',
      run('a', "redis.call('SELECT', 3) return redis.call('SET', 'after', '2')"),
      'b: MULTI',
      'b: PING',
      'b: EXEC',
      'b: SELECT 3',
      'b: WATCH after',
      run('a', "redis.call('SWAPDB', 3, 5)"),
      'b: MULTI',
      'b: PING',
      'b: EXEC',
    ],
    'EXEC of scripts': [
      'a: WATCH k',
      run('a', "return redis.call('SET', 'k', 'mine')"),
      'a: MULTI',
      run('a', "return redis.call('GET', 'k')"),
      'a: EXEC',
      'a: MULTI',
      run('a', "return redis.call('SET', 'k', '1')"),
      run('a', "redis.call('SET', 'k', '2') error('x')"),
      run('a', 'return ('),
      run('a', "return redis.call('INCR', 'k')"),
      run('a', 'redis.setresp(3) return {double = 1.5}'),
      'a: FCALL missing 0',
      'a: SCRIPT LOAD "return 1"',
      'a: SCRIPT EXISTS e0e1f9fabfc9d4800c877a703b823ac0578ff8db',
      'a: EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0',
      'a: SCRIPT KILL',
      'a: SELECT 2',
      run('a', "return redis.call('SET', 'in2', 'x')"),
      'a: EXEC',
      'a: EXISTS in2',
      'a: MULTI',
      'a: EVAL "return 1"',
      'a: EXEC',
      'a: MULTI',
      run('a', "return redis.call('BLPOP', 'q')"),
      'a: FUNCTION FLUSH',
      'a: EXEC',
    ],
    'those who wait for a script of EXEC': [
      'b: BLPOP q 0',
      'c: BLMOVE q p LEFT RIGHT 0',
      'd: XREAD BLOCK 0 STREAMS s $',
      'a: MULTI',
      run('a', "redis.call('RPUSH', 'q', '1', '2', '3') return redis.call('LPOP', 'q')"),
      run('a', "redis.call('XADD', 's', '1-1', 'f', 'v') return redis.call('LLEN', 'q')"),
      'a: EXEC',
      'a: LRANGE p 0 -1',
      'b: BZPOPMIN z 0',
      run('a', "redis.call('ZADD', 'z', 1, 'a') redis.call('DEL', 'z') redis.call('ZADD', 'z', 2, 'b')"),
      'b: XREADGROUP GROUP g c BLOCK 0 STREAMS t >',
      'a: XGROUP CREATE t g $ MKSTREAM',
      'b: XREADGROUP GROUP g c BLOCK 0 STREAMS t >',
      run('a', "redis.call('XADD', 't', '1-1', 'f', 'v') redis.call('XADD', 't', '2-1', 'f', 'v')"),
    ],
    'messages to oneself, and sharded ones': [
      'a: HELLO 3',
      'a: SUBSCRIBE c',
      'a: SSUBSCRIBE s',
      'a: PSUBSCRIBE c*',
      run(
        'b',
        "redis.call('SPUBLISH', 's', '1') redis.call('PUBLISH', 'c', '2') return redis.call('SPUBLISH', 's', '3')",
      ),
      run('b', "return redis.call('PUBSUB', 'NUMSUB', 'c')"),
    ],
    'events in order': [
      'b: CONFIG SET notify-keyspace-events KEA',
      'a: PSUBSCRIBE *',
      run(
        'b',
        `redis.call('RPUSH', 'l', 'a') redis.call('PUBLISH', 'c', 'between') redis.call('RENAME', 'l', 'm')
redis.call('LPOP', 'm') redis.call('SELECT', 1) redis.call('HSET', 'h', 'f', '1') redis.call('EXPIRE', 'h', -1)`,
      ),
      'c: BLPOP q 0',
      run('b', "redis.call('RPUSH', 'q', 'x') redis.call('SET', 'after', '1')"),
      'b: CONFIG SET notify-keyspace-events ""',
    ],
    tracking: [
      'a: HELLO 3',
      'a: CLIENT TRACKING ON BCAST PREFIX k',
      run(
        'b',
        "redis.call('SET', 'k1', '1') redis.call('SET', 'other', '1') redis.call('SET', 'k2', '1') redis.call('DEL', 'k1')",
      ),
      run('a', "return redis.call('SET', 'k1', '1')"),
      'a: CLIENT TRACKING OFF',
      'a: CLIENT TRACKING ON OPTIN',
      'a: CLIENT CACHING YES',
      run('a', "return redis.call('GET', KEYS[1])", '1', 'k1'),
      'b: SET k1 x',
      run('a', "return redis.call('GET', KEYS[1])", '1', 'k1'),
      'b: SET k1 y',
      'a: CLIENT TRACKING OFF',
      'a: CLIENT TRACKING ON NOLOOP',
      'a: GET k1',
      'a: GET k2',
      run('a', "redis.call('SET', 'k1', 'mine') return 1", '1', 'k1'),
      run('b', "redis.call('FLUSHALL') return 1"),
    ],
    'one who monitors': ['b: CLIENT NO-EVICT ON', run('b', "return redis.call('PING')"), 'b: CLIENT GETNAME'],
  },
  {
    storeOptions,
    normalise: normaliseAcl,
    before: ['CLIENT UNPAUSE', 'FUNCTION FLUSH', 'SCRIPT FLUSH', 'CONFIG SET notify-keyspace-events ""'],
  },
);

interleavings(
  'scripts and the permissions of users',
  {
    'keys, commands, channels, selectors': [
      'b: ACL SETUSER u on nopass ~r:* &c* +@scripting +get +ping +publish "(+set ~w:* )" "(+mget +copy %R~in:* %W~out:*)"',
      'a: AUTH u x',
      run('a', "return redis.call('GET', 'r:1')"),
      run('a', "return redis.call('GET', 'w:1')"),
      run('a', "return redis.call('SET', 'w:1', 'x')"),
      run('a', "return redis.call('SET', 'r:1', 'x')"),
      run('a', "return redis.call('MGET', 'in:1', 'in:2')"),
      run('a', "return redis.call('MGET', 'in:1', 'r:2')"),
      run('a', "return redis.call('COPY', 'in:1', 'out:2')"),
      run('a', "return redis.call('COPY', 'out:1', 'in:2')"),
      run('a', "return redis.call('PUBLISH', 'x', 'm')"),
      run('a', "return redis.call('PUBLISH', 'c1', 'm')"),
      run('a', "return redis.pcall('DEL', 'r:1')"),
      run(
        'a',
        "return {redis.acl_check_cmd('GET', 'r:1'), redis.acl_check_cmd('SET', 'w:1', 'x'), redis.acl_check_cmd('SET', 'r:1', 'x'), redis.acl_check_cmd('COPY', 'in:1', 'out:1'), 'end'}",
      ),
      run(
        'a',
        "redis.setresp(3) return {redis.acl_check_cmd('GET', 'r:1'), redis.acl_check_cmd('GET', 'x')}",
      ),
      run('a', 'return 1', '1', 'r:1'),
      run('a', 'return 1', '1', 'w:1'),
      { client: 'a', tokens: ['EVAL_RO', 'return 1', '1', 'in:1'] },
      'b: ACL DRYRUN u EVAL "return 1" 0',
      'b: ACL DRYRUN u EVAL "return 1" 1 r:1',
      'b: ACL DRYRUN u EVAL "return 1" 1 x:1',
      'b: ACL DRYRUN u EVAL_RO "return 1" 1 in:1',
      'b: ACL DRYRUN u FCALL f 1 x:1',
      'b: ACL DRYRUN u SCRIPT LOAD x',
    ],
    'who may not run scripts': [
      'b: ACL SETUSER u on nopass ~* +@all -@scripting',
      'a: AUTH u x',
      run('a', 'return 1'),
      'a: SCRIPT LOAD x',
      'a: FCALL f 0',
      'a: FUNCTION LIST',
      'b: ACL SETUSER u +script|load +eval -get',
      'a: SCRIPT LOAD "return 1"',
      'a: SCRIPT EXISTS x',
      run('a', "return redis.call('GET', 'k')"),
      run('a', "redis.call('SET', 'k', '1') return redis.pcall('GET', 'k').err"),
      'a: GET k',
      'b: ACL LOG RESET',
      run('a', "return redis.call('GET', 'secret')"),
      'b: ACL DELUSER u',
    ],
  },
  {
    storeOptions,
    normalise: normaliseAcl,
    protocols: [2],
    before: ['ACL DELUSER u'],
    // Since 7.2 a command of a script is refused as any is, in the words that the others are refused with.
    isExempt: (_step, _client, ours, theirs) => {
      const [mine, others] = [ours.map(print).join(), theirs.map(print).join()];
      return others.replace(OLDER, NEWER) === mine.replace(SINCE_7_2, NEWER);
    },
  },
);

const OLDER =
  /(ERR )?The user executing the script can't (run this command or subcommand|access at least one of the keys mentioned in the command arguments|publish to the channel mentioned in the command)/g;
const SINCE_7_2 =
  /(NOPERM )?ACL failure in script: (the user has no permissions to run the '[^']+' command|No permissions to access a (key|channel))/g;
const NEWER = 'refused';

behaviours(
  'scripts and commands about commands',
  {
    keys: [
      ['COMMAND', 'GETKEYS', 'EVAL', 'x', '2', 'a\0', '\udcff', 'c'],
      ['COMMAND', 'GETKEYS', 'EVALSHA', 'x', '9223372036854775807', 'a'],
      ['COMMAND', 'GETKEYS', 'EVALSHA', 'x', '-1', 'a'],
      ['COMMAND', 'GETKEYSANDFLAGS', 'EVAL_RO', 'x', '1', 'a'],
      ['COMMAND', 'GETKEYSANDFLAGS', 'EVALSHA', 'x', '2', 'a', 'b'],
      ['COMMAND', 'GETKEYSANDFLAGS', 'EVALSHA_RO', 'x', '2', 'a', 'a'],
      ['COMMAND', 'GETKEYS', 'FCALL_RO', 'f', '0'],
      ['COMMAND', 'GETKEYS', 'SCRIPT', 'LOAD', 'x'],
      ['COMMAND', 'GETKEYS', 'FUNCTION', 'LOAD', 'x'],
    ],
    'bytes everywhere': [
      evaluate('return {KEYS[1], ARGV[1], #KEYS[1], #ARGV[1]}', '1', 'k\0\udcff', '\0\udc80é'),
      evaluate(
        "redis.call('SET', KEYS[1], ARGV[1]) return redis.call('GET', KEYS[1])",
        '1',
        'k\0\udcff',
        '\0\udc80é',
      ),
      evaluate("return redis.call('HSET', KEYS[1], ARGV[1], ARGV[1])", '1', 'h', '\udcff\0'),
      evaluate("return redis.call('HGETALL', KEYS[1])", '1', 'h'),
      evaluate("redis.setresp(3) return redis.call('HGETALL', KEYS[1])", '1', 'h'),
      evaluate("return '\\0\\200\\255'"),
      evaluate("return {ok = 'a\\0b\\255'}"),
      evaluate("return {err = 'a b\\255'}"),
      evaluate("error('x\\255y')"),
      evaluate("return redis.call('\\255')"),
      evaluate("return redis.call('GET\\0')"),
      evaluate("return redis.call('SET', 'k', 'v', '\\255')"),
      evaluate("-- \u00e9\udcff\nreturn '\u00e9\udcff'"),
      evaluate("return redis.sha1hex('\u00e9\udcff')"),
      ['SCRIPT', 'LOAD', "return '\u00e9\udcff'"],
    ],
    'large answers': [
      evaluate('local t = {} for i = 1, 100000 do t[i] = i end return #t'),
      evaluate('local t = {} for i = 1, 20000 do t[i] = {i} end return t'),
      evaluate("return string.rep('x', 1000000)"),
      evaluate(
        "local t = {} for i = 1, 7000 do t[i] = 'm' .. i end redis.call('RPUSH', 'l', unpack(t)) return redis.call('LRANGE', 'l', 0, -1)",
      ),
    ],
    'numbers in answers': [
      ...[
        '2^53',
        '-2^53',
        '2^62',
        '2^63',
        '-2^63',
        '2^64',
        '1e308',
        '-1e308',
        '0/0',
        '1/0',
        '-1/0',
        '-0.0',
        '0.9',
        '-0.9',
      ].map((number) => evaluate(`return {${number}}`)),
      evaluate("return redis.call('INCRBY', 'n', '9223372036854775807')"),
      evaluate("return redis.call('INCRBY', 'n', 0) == 2^63"),
      evaluate("return redis.call('GET', 'n')"),
      evaluate("return tostring(redis.call('BITFIELD', 'b', 'SET', 'i64', 0, '-9223372036854775808')[1])"),
      evaluate("return redis.call('BITFIELD', 'b', 'GET', 'i64', 0)"),
    ],
    'the sets and maps of RESP3': [
      ['RPUSH', 'l', 'a', 'b'],
      ['HSET', 'h', 'f', 'v', 'g', 'w'],
      ['ZADD', 'z', '1.5', 'a', 'inf', 'b', '-inf', 'c', '3', 'd'],
      ['XADD', 's', '1-1', 'f', 'v'],
      ['GEOADD', 'geo', '13.5', '38.25', 'p'],
      ...[
        ...[
          "'HGETALL', 'h'",
          "'HMGET', 'h', 'f', 'x'",
          "'ZRANGE', 'z', 0, -1, 'WITHSCORES'",
          "'ZSCORE', 'z', 'b'",
        ],
        ...[
          "'ZMSCORE', 'z', 'a', 'x', 'c'",
          "'ZPOPMIN', 'z'",
          "'ZINCRBY', 'z', 1, 'a'",
          "'ZADD', 'z', 'INCR', 1, 'a'",
        ],
        ...["'ZADD', 'z', 'NX', 'INCR', 1, 'a'", "'XREAD', 'STREAMS', 's', '0'", "'XRANGE', 's', '-', '+'"],
        ...["'XINFO', 'STREAM', 'missing'", "'GEOPOS', 'geo', 'p', 'x'", "'GEODIST', 'geo', 'p', 'x'"],
        ...["'LPOP', 'l', 0", "'LPOP', 'missing', 1", "'LPOP', 'missing'", "'LMPOP', 1, 'missing', 'LEFT'"],
        ...[
          "'SMISMEMBER', 'missing', 'a'",
          "'LCS', 'x', 'y', 'IDX'",
          "'ZRANDMEMBER', 'missing'",
          "'ZRANDMEMBER', 'missing', 2",
        ],
        ...[
          "'SPOP', 'missing'",
          "'SPOP', 'missing', 1",
          "'CONFIG', 'GET', 'x'",
          "'COMMAND', 'DOCS', 'nosuch'",
        ],
        ...[
          "'ZUNION', 2, 'z', 'missing', 'WITHSCORES'",
          "'ZDIFF', 1, 'z', 'WITHSCORES'",
          "'SINTER', 'missing', 'x'",
        ],
        ...["'INCRBYFLOAT', 'float', '1.5'", "'HINCRBYFLOAT', 'h', 'x', '1.5'", "'DEBUG', 'PROTOCOL', 'map'"],
      ].flatMap((call) => [
        evaluate(`redis.setresp(3) return redis.pcall(${call})`),
        evaluate(`redis.setresp(3) local r = redis.pcall(${call}) redis.setresp(2) return r`),
        evaluate(`local r = redis.pcall(${call}) redis.setresp(3) return r`),
        evaluate(
          `redis.setresp(3) local r = redis.pcall(${call}) return {type(r), type(r) == 'table' and {tostring(r.map), tostring(r.set), tostring(r.double)} and 1, cjson.encode(r) ~= nil}`,
        ),
      ]),
    ],
  },
  {
    storeOptions: () => storeOptions,
    before: [['SCRIPT', 'FLUSH']],
  },
);
