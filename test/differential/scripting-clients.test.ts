import { lua } from '../../src/scripting/index.ts';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { normalise } from './support/acl-normalise.ts';
import { print } from './support/comparison.ts';
import { interleavings, type Step } from './support/interleavings.ts';

// What scripts do to other clients, and what those see of them.

const storeOptions = { scripting: lua() };

/** `client: EVAL source numkeys …`. */
function run(client: string, source: string, ...rest: string[]): Step {
  return { client, tokens: ['EVAL', source, ...(rest.length === 0 ? ['0'] : rest)] };
}

/** Lines of MONITOR without their time and addresses. */
function masked(node: ReplyNode): ReplyNode {
  if (node.type !== '+') return normalise(node);
  const value = node.value
    .replace(/^[\d.]+ \[(\d+) lua\]/, '[$1 lua]')
    .replace(/^[\d.]+ \[(\d+) [^\]]+\]/, '[$1 <address>]');
  return { ...node, value };
}

/** The server's monitor also sees how the comparison itself asks whether it is done. */
function isOfControl(node: ReplyNode): boolean {
  return node.type === '+' && /^\[0 <address>\] ("INFO" "stats" "clients"|"CLIENT" "ID")$/.test(node.value);
}

interleavings(
  'scripts and other clients',
  {
    'WATCH notices what a script writes': [
      'a: WATCH k',
      run('b', "return redis.call('SET', 'k', 'v')"),
      'a: MULTI',
      'a: PING',
      'a: EXEC',
      'a: WATCH k',
      run('b', "return redis.call('GET', 'k')"),
      'a: MULTI',
      'a: PING',
      'a: EXEC',
      'a: WATCH k',
      run('a', "redis.call('SET', 'k', 'w') error('x')"),
      'a: MULTI',
      'a: PING',
      'a: EXEC',
    ],
    'those who wait are served when the script is over': [
      'a: BLPOP q 0',
      run('b', "redis.call('RPUSH', 'q', '1') redis.call('RPUSH', 'q', '2') return redis.call('LLEN', 'q')"),
      'b: LRANGE q 0 -1',
      'a: BLPOP p 0',
      run('b', "redis.call('RPUSH', 'p', '1') redis.call('DEL', 'p') return 1"),
      'b: RPUSH p x',
      'a: BZPOPMIN z 0',
      run('b', "redis.call('ZADD', 'z', 1, 'm') error('x')"),
      'a: BLPOP q2 0',
      'c: BLPOP q2 0',
      run('b', "redis.call('RPUSH', 'q2', '1', '2') return 'done'"),
    ],
    'messages come in order': [
      'a: SUBSCRIBE c d',
      run(
        'b',
        "return {redis.call('PUBLISH', 'c', '1'), redis.call('PUBLISH', 'd', '2'), redis.call('PUBLISH', 'x', '3')}",
      ),
      run('b', "redis.call('PUBLISH', 'c', 'before') error('x')"),
      'b: MULTI',
      run('b', "return redis.call('PUBLISH', 'c', 'm')"),
      'b: PUBLISH c n',
      'b: EXEC',
    ],
    'events of keys': [
      'b: CONFIG SET notify-keyspace-events KEA',
      'a: PSUBSCRIBE __key*__:*',
      run(
        'b',
        "redis.call('SET', KEYS[1], 'v') redis.call('EXPIRE', KEYS[1], 100) return redis.call('DEL', KEYS[1])",
        '1',
        'k',
      ),
      run('b', "redis.call('SELECT', 2) redis.call('SADD', 's', 'a') return redis.call('DEL', 's')"),
      'b: CONFIG SET notify-keyspace-events ""',
    ],
    // Until 7.2 the keys of the script were remembered, not those of its commands: so they are the same here.
    'what a script reads is tracked': [
      'a: HELLO 3',
      'a: CLIENT TRACKING ON',
      'b: SET k v',
      'b: SET j v',
      run('a', "return redis.call('GET', KEYS[1])", '1', 'k'),
      'b: SET k w',
      { client: 'a', tokens: ['EVAL_RO', 'return 1', '1', 'j'] },
      'b: SET j w',
      run('a', "return redis.call('SET', KEYS[1], 'x')", '1', 'k'),
      'b: SET k y',
      run('a', "redis.call('GET', KEYS[1]) return redis.call('SET', KEYS[1], '1')", '1', 'k'),
      'b: SET k z',
    ],
    'RESET forgets nothing of scripts': [
      'a: SCRIPT LOAD "return 1"',
      'a: RESET',
      'a: EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0',
      'b: EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0',
      'b: SCRIPT FLUSH',
      'a: EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0',
    ],
    'a pipeline': [
      {
        client: 'a',
        pipeline: [
          "EVAL \"return redis.call('INCR', 'n')\" 0",
          'INCR n',
          "EVAL \"return redis.call('INCR', 'n')\" 0",
        ],
      },
    ],
    'CLIENT INFO of scripts': [run('a', 'return 1'), 'a: CLIENT REPLY SKIP', run('a', 'return 2'), 'a: PING'],
  },
  { storeOptions, normalise },
);

interleavings(
  'scripts and MONITOR',
  {
    'commands of scripts': [
      'm: MONITOR',
      run('a', "redis.call('SET', 'k', 'v') return redis.call('GET', 'k')", '0'),
      run('a', "redis.pcall('FOO') return redis.pcall('GET')", '0'),
      run('a', "redis.call('SELECT', 3) return redis.call('GET', 'k')", '1', 'key', 'arg'),
      'a: EVAL "return 1" x',
      'a: EVAL',
      'a: EVALSHA abc 0',
      'a: SCRIPT LOAD "return 1"',
      'a: EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 1 k a',
      'a: FCALL missing 0',
      'a: MULTI',
      run('a', "return redis.call('GET', 'k')"),
      'a: EXEC',
    ],
  },
  {
    storeOptions,
    normalise: masked,
    protocols: [2],
    isExempt: (_step, client, ours, theirs) =>
      client === 'm' &&
      ours.map(print).join() ===
        theirs
          .filter((node) => !isOfControl(node))
          .map(print)
          .join(),
  },
);

interleavings(
  'scripts and permissions',
  {
    'what the user may not': [
      'b: ACL SETUSER u on nopass ~k* &c* +@scripting +get +set +publish +ping',
      'a: AUTH u x',
      run('a', "return redis.call('SET', KEYS[1], 'v')", '1', 'k1'),
      run('a', 'return 1', '1', 'other'),
      run('a', 'return 1', '2', 'k1', 'other'),
      run('a', 'return 1', '1', 'k1', 'other'),
      run('a', "return redis.acl_check_cmd('GET', 'k1')"),
      run('a', "return redis.acl_check_cmd('GET', 'other')"),
      run('a', "return redis.acl_check_cmd('DEL', 'k1')"),
      run('a', "return redis.acl_check_cmd('PUBLISH', 'c1', 'm')"),
      run('a', "return redis.acl_check_cmd('PUBLISH', 'x1', 'm')"),
      run('a', "return redis.call('PUBLISH', 'c1', 'm')"),
      'b: ACL SETUSER u -eval',
      run('a', 'return 1'),
      'a: SCRIPT LOAD "return 2"',
      'b: ACL SETUSER u -@scripting +fcall +function|load',
      'a: SCRIPT LOAD "return 2"',
      {
        client: 'a',
        tokens: [
          'FUNCTION',
          'LOAD',
          'REPLACE',
          "#!lua name=x\nredis.register_function('f', function() return redis.call('PING') end)",
        ],
      },
      'a: FCALL f 0',
      'a: FUNCTION LIST',
    ],
  },
  { storeOptions, normalise, protocols: [2] },
);
