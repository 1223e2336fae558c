import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/session/connection.ts';
import { Store } from '../../src/store.ts';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { normalise as normaliseAcl } from './support/acl-normalise.ts';
import { print } from './support/comparison.ts';
import {
  compareInterleaving,
  type InterleavingOptions,
  interleavings,
  type Step,
} from './support/interleavings.ts';

// All that concerns connections, mixed at random: transactions, subscriptions, waiting, tracking, monitors, users and
// protocols meet in ways that nobody would think of.

const SEED = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_261_121);
const RUNS = Number(process.env['LODIS_FUZZ_RUNS'] ?? 120);

const CLIENTS = ['a', 'b', 'c', 'd'];
const KEYS = ['k', 'l', 'z'];

const key = fc.constantFrom(...KEYS);
/** Mostly a key that holds nothing else. */
const stream = fc.constantFrom('s', 's', 's', 'k');
const channel = fc.constantFrom('c1', 'c2', '__keyevent@0__:lpush', '__keyspace@0__:k');
const pattern = fc.constantFrom('c*', '__key*__:*');
const other = fc.constantFrom(...CLIENTS.map((name) => `{${name}}`));
const side = fc.constantFrom('LEFT', 'RIGHT');

type Words = string | fc.Arbitrary<string>;

/**
 * A line of these words. Who waits for two keys finds nothing under the second: since 7.2 a command that waits runs anew on
 * all of its keys, in 7.0 only on the one that was filled.
 */
function line(...words: Words[]): fc.Arbitrary<string> {
  return fc
    .tuple(...words.map((word) => (typeof word === 'string' ? fc.constant(word) : word)))
    .map((chosen) => chosen.join(' '));
}

function lines(...choices: (fc.Arbitrary<string> | string)[]): fc.Arbitrary<string> {
  return fc.oneof(...choices.map((choice) => (typeof choice === 'string' ? fc.constant(choice) : choice)));
}

/** What DUMP makes of a value, as a word of a line. */
function dumped(...making: string[]): string {
  const store = new Store();
  connect(store).call(...(making as [string, ...string[]]));
  const hex = Array.from(store.dump('v')!, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`);
  return `"${hex.join('')}"`;
}

const payload = fc.constantFrom(
  ...[
    dumped('SET', 'v', 'x'),
    dumped('SET', 'v', '1'),
    dumped('RPUSH', 'v', 'x'),
    dumped('RPUSH', 'v', 'x', 'y', 'z'),
    dumped('ZADD', 'v', '1', 'm', '2', 'n'),
    dumped('HSET', 'v', 'f', '1'),
    dumped('XADD', 'v', '3-0', 'f', 'v'),
  ],
  '"no payload"',
);
const place = fc.constantFrom('13.36 38.11 m', '15.08 37.50 n', '13.36 38.11 m 15.08 37.50 n', '200 1 m');
const circle = fc.constantFrom('FROMMEMBER m BYRADIUS 200 km ASC', 'FROMLONLAT 15 37 BYBOX 20 20 km ASC');

const command = fc.oneof(
  {
    weight: 8,
    arbitrary: lines(
      line('SETBIT', key, fc.nat(20).map(String), fc.constantFrom('0', '1')),
      line('BITCOUNT', key),
      line('BITPOS', key, '1'),
      line('BITOP', fc.constantFrom('AND', 'OR', 'XOR'), key, key, key),
      line('BITOP NOT', key, key),
      line('BITFIELD', key, 'INCRBY u2 100 1 OVERFLOW FAIL INCRBY u2 102 1 GET u4 0'),
      line('BITFIELD', key, 'OVERFLOW FAIL SET u2 300 9'),
      line('BITFIELD', key, 'GET u8 0'),
      line('BITFIELD_RO', key, 'GET u8 #1'),
      line('PFADD', key, fc.constantFrom('', 'a', 'b', 'a b c')),
      line('PFCOUNT', key),
      line('PFCOUNT', key, key),
      line('PFMERGE', key, key),
      line('PFMERGE', key),
      line('GEOADD', fc.constantFrom('z', 'z', 'k'), fc.constantFrom('', 'CH', 'XX', 'NX'), place),
      line('GEOPOS', 'z', 'm n'),
      line('GEODIST', 'z', 'm n km'),
      line('GEOSEARCH', 'z', circle),
      line('GEOSEARCHSTORE', key, 'z', circle, fc.constantFrom('', 'STOREDIST')),
      line('GEORADIUS', 'z', '15 37 200 km STORE', key),
      line('GEORADIUSBYMEMBER', 'z', 'm 200 km STOREDIST', key),
      line('DUMP', fc.constantFrom('m', 'nosuch')),
      line('RESTORE', key, '0', payload),
      line('RESTORE', key, '0', payload, 'REPLACE'),
      line('RESTORE', key, '100000', payload, 'REPLACE'),
      line('RESTORE', key, '1', payload, 'ABSTTL', fc.constantFrom('', 'REPLACE')),
    ),
  },
  {
    weight: 12,
    arbitrary: lines(
      line('GET', key),
      line('SET', key, fc.constantFrom('1', 'x')),
      line('INCR', key),
      line('DEL', key),
      line('DEL', 'k l z'),
      line('RPUSH', key, fc.constantFrom('x', 'x y', 'x y z')),
      line('LPUSH', key, 'w'),
      line('LLEN', key),
      line('ZADD', 'z', fc.constantFrom('1 m', '1 m 2 n')),
      line('RENAME', key, key),
      line('COPY', key, key, fc.constantFrom('', 'REPLACE')),
      line('MOVE', key, fc.constantFrom('0', '1')),
      line('EXPIRE', key, fc.constantFrom('-1', '100')),
      line('SORT', key, 'ALPHA STORE', key),
      line('GETDEL', key),
      line('LMOVE', key, key, side, side),
      // Not XREADGROUP: since 7.2 who finds nothing to read becomes a consumer, of which events tell; in 7.0 not.
      line('XADD', stream, fc.nat(30).map(String), 'f v'),
      line('XADD', stream, 'MAXLEN 1', fc.nat(30).map(String), 'f v'),
      line('XGROUP CREATE', stream, 'g', fc.constantFrom('0', '$'), fc.constantFrom('', 'MKSTREAM')),
      line('XREAD STREAMS', stream, '0'),
      line('XACK', stream, 'g', fc.nat(30).map(String)),
      line('XDEL', stream, fc.nat(30).map(String)),
      line('XLEN', key),
      fc.constantFrom('FLUSHALL', 'FLUSHDB', 'SWAPDB 0 1', 'MSET k 1 l 2', 'MGET k l'),
    ),
  },
  {
    weight: 8,
    arbitrary: lines(
      line('BLPOP', key, '0'),
      line('BLPOP', key, 'm', '0'),
      line('BRPOP', key, '0'),
      line('BLMOVE', key, key, side, side, '0'),
      line('BRPOPLPUSH', key, key, '0'),
      line('BLMPOP 0 2', key, 'm', side, 'COUNT 2'),
      line('BZPOPMIN', key, '0'),
      line('BZPOPMAX', 'z', '0'),
      line('BZMPOP 0 1 z MIN'),
      line('CLIENT UNBLOCK', other, fc.constantFrom('', 'TIMEOUT', 'ERROR')),
    ),
  },
  {
    weight: 10,
    arbitrary: lines('MULTI', 'MULTI', 'EXEC', 'EXEC', 'EXEC', 'DISCARD', line('WATCH', key), 'UNWATCH'),
  },
  {
    weight: 8,
    arbitrary: lines(
      line(fc.constantFrom('SUBSCRIBE', 'UNSUBSCRIBE', 'SSUBSCRIBE', 'SUNSUBSCRIBE'), channel),
      line(fc.constantFrom('PSUBSCRIBE', 'PUNSUBSCRIBE'), pattern),
      line(fc.constantFrom('PUBLISH', 'PUBLISH', 'SPUBLISH'), channel, 'hello'),

      fc.constantFrom('UNSUBSCRIBE', 'PUNSUBSCRIBE', 'SUNSUBSCRIBE', 'PUBSUB NUMPAT', 'PUBSUB NUMSUB c1 c2'),
    ),
  },
  {
    weight: 7,
    arbitrary: lines(
      'CLIENT REPLY OFF',
      'CLIENT REPLY SKIP',
      'CLIENT REPLY ON',
      'CLIENT REPLY ON',
      'CLIENT TRACKING ON',
      'CLIENT TRACKING ON BCAST PREFIX k',
      'CLIENT TRACKING ON NOLOOP',
      'CLIENT TRACKING ON OPTIN',
      line('CLIENT TRACKING ON REDIRECT', other),
      'CLIENT TRACKING OFF',
      'CLIENT CACHING YES',
      'CLIENT SETNAME n',
      'CLIENT GETNAME',
      'HELLO 3 SETNAME n',
      'HELLO',
      'HELLO 2',
      'HELLO 3',
      'HELLO 3 AUTH u p',
      'HELLO 4',
      'RESET',
      'RESET',
      'SELECT 0',
      'SELECT 1',
      'ping',
      'ping hi',
      'ping a b',
      'ECHO x',
      'NOSUCH x',
      'GET',
      'CONFIG SET notify-keyspace-events KEA',
      'CONFIG SET notify-keyspace-events El',
      'CONFIG SET notify-keyspace-events ""',
    ),
  },
  {
    weight: 3,
    arbitrary: lines(
      'AUTH u p',
      'AUTH u wrong',
      'AUTH default x',
      line('ACL SETUSER u', fc.constantFrom('-get', '+get', '+@all', '-@pubsub', '-exec', '-multi')),
      line('ACL SETUSER u', fc.constantFrom('resetchannels &c1', 'allchannels')),
      line('ACL SETUSER u', fc.constantFrom('off', 'on')),
      'ACL WHOAMI',
      'MONITOR',
      'DEBUG NOSUCH',
    ),
  },
  {
    weight: 1,
    arbitrary: lines(
      'QUIT',
      line('CLIENT KILL ID', other),
      line('CLIENT KILL ID', other, 'SKIPME no'),
      'CLIENT KILL TYPE pubsub',
      'CLIENT KILL USER u',
      'CLIENT KILL USER u SKIPME no',
      'ACL DELUSER u',
      'ACL SETUSER u on >p +@all ~* &*',
    ),
  },
);

const client = fc.constantFrom(...CLIENTS);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(client, command).map(([name, said]): Step => ({ client: name, pipeline: [said] })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(client, fc.array(command, { minLength: 2, maxLength: 6 }))
      .map(([name, pipeline]): Step => ({ client: name, pipeline })),
  },
  { weight: 1, arbitrary: client.map((name): Step => ({ closes: name })) },
);

/**
 * Without what is known to be different: CLIENT REPLY between MULTI and EXEC leaves Redis's array short of replies; and a
 * client that ends itself and wants no reply stays connected there, for it is ended once its reply is sent. Broadcasts of
 * what was sent together are joined there, and reach the client as it is then. The reference
 * server (7.0.15) crashes where a client takes from itself channels that it listens to.
 */
function allowed(steps: readonly Step[]): Step[] {
  const inMulti = new Set<string>();
  const quiet = new Set<string>();
  const asUser = new Set<string>();
  let hasBroadcasts = false;
  return steps.map((each) => {
    if (typeof each === 'string' || !('pipeline' in each)) return each;
    const pipeline = each.pipeline.map((said) => {
      if (said === 'MULTI') inMulti.add(each.client);
      else if (/^(EXEC|DISCARD|RESET)/.test(said)) inMulti.delete(each.client);
      if (said.includes('BCAST')) hasBroadcasts = true;
      if (hasBroadcasts && each.pipeline.length > 1 && /^(HELLO|RESET|CLIENT TRACKING)/.test(said))
        return 'ping';
      if (said.includes('AUTH u p')) asUser.add(each.client);
      if (asUser.has(each.client) && said.includes('resetchannels')) return 'ping';
      if (said.startsWith('CLIENT REPLY')) {
        if (inMulti.has(each.client)) return 'ping';
        if (!said.endsWith('ON')) quiet.add(each.client);
      }
      return quiet.has(each.client) && /^(QUIT|CLIENT KILL|ACL)/.test(said) ? 'ping' : said;
    });
    return { client: each.client, pipeline };
  });
}

/** A monitor's line without its time, and without where the client is. */
function normalise(node: ReplyNode): ReplyNode {
  const known = normaliseAcl(node);
  if (known.type === '>' && print(known).includes('tracking-redir-broken'))
    return { ...known, items: known.items!.slice(0, 1) };
  // A monitor's own transaction shows it what runs in the midst of the reply.
  if ('items' in known && known.items !== null) return { ...known, items: known.items.map(normalise) };
  if (known.type !== '+') return known;
  return {
    ...known,
    value: known.value
      .replace(/^[\d.]+ \[(\d+) [^\]]*\]/, '[$1]')
      .replace(/("CLIENT".*)/, (text) => text.replace(/"\d+"/g, '"<id>"')),
  };
}

/** The control connection's lines at a monitor. */
const CONTROL =
  /^\[\d\] "FLUSHALL"|^\[\d\] "INFO" "stats" "clients"|^\[\d\] "CLIENT" "ID"|^\[\d\] "HELLO" "\d"$/;

function isOfControl(node: ReplyNode): boolean {
  return node.type === '+' && typeof node.value === 'string' && CONTROL.test(node.value);
}

const INVALIDATION =
  /[*>]\[\$"(?:invalidate|message", \$"__redis__:invalidate)", (?:\*\[([^\]]*)\]|\*null|_|\$null)\],?/g;

/** The words and numbers of what was sent, in any order; and the keys that were invalidated, each once. */
function words(nodes: readonly ReplyNode[]): string {
  const invalidated = new Set<string>();
  const rest = nodes
    .map(print)
    .join()
    .replace(INVALIDATION, (_, keys: string | undefined) => {
      for (const name of (keys ?? 'all').split(', ')) invalidated.add(`invalidated ${name}`);
      return '';
    });
  const others = rest.replaceAll('>[', '*[').split(/[,\s[\]{}]+/);
  return [...others.filter(Boolean), ...invalidated].sort().join();
}

/** What may come before or after a reply: messages, invalidations, a monitor's lines; and what a hash table orders. */
const UNASKED = /"[ps]?message"|"invalidate"|\+"\[\d\] |unsubscribe"|<closed>/;

const options: InterleavingOptions = {
  before: ['CONFIG SET notify-keyspace-events ""', 'ACL DELUSER u', 'ACL SETUSER u on >p +@all ~* &*'],
  normalise,
  isExempt: (_step, _client, ours, theirs) => {
    const [mine, others] = [ours, theirs].map((nodes) => nodes.filter((node) => !isOfControl(node)));
    if (mine!.map(print).join() === others!.map(print).join()) return true;
    // Broadcast invalidations are joined by Redis for commands that it reads together.
    // Since 7.2 what a command sends to its own client follows its reply; in 7.0 it comes before, or inside.
    if (!UNASKED.test(mine!.map(print).join())) return false;
    if (words(mine!) === words(others!)) return true;
    // Who is killed loses what it has not been sent yet, which is more where several turns are one.
    const [a, b] = [words(mine!).split(','), words(others!).split(',')];
    return [a, b].every((all) => all.includes('+"<closed>"')) && b.every((word) => a.includes(word));
  },
};

interleavings(
  'oddities',
  {
    'several replies, or none, in an array': [
      'a: MULTI',
      'a: SUBSCRIBE x y',
      'a: PSUBSCRIBE p* q*',
      'a: UNSUBSCRIBE nosuch',
      'a: ping',
      'a: ping hi',
      'a: GET k',
      'a: EXEC',
      'a: ping',
      'a: ping hi',
      'a: ping a b',
      'a: GET k',
      'b: PUBLISH x 1',
      'a: MULTI',
      'a: EXEC',
    ],
    'SUBSCRIBE and all else in an array': [
      'a: MULTI',
      'a: SUBSCRIBE x',
      'a: SSUBSCRIBE s',
      'a: SET k 1',
      'a: UNSUBSCRIBE',
      'a: INCR k',
      'a: EXEC',
      'a: GET k',
      'b: SPUBLISH s 1',
    ],
    'RESET inside MULTI while subscribed': [
      'a: SUBSCRIBE x',
      'a: MULTI',
      'a: SET k 1',
      'a: RESET',
      'b: PUBLISH x 1',
      'a: EXEC',
      'a: GET k',
    ],
    'RESET while watched, tracked, silenced': [
      'a: HELLO 3',
      'a: CLIENT TRACKING ON',
      'a: SELECT 1',
      'a: GET k',
      'a: WATCH k',
      { client: 'a', pipeline: ['CLIENT REPLY OFF', 'MULTI', 'GET k', 'RESET'] },
      'b: SET k 1',
      'a: GET k',
      { client: 'a', pipeline: ['CLIENT REPLY SKIP', 'RESET', 'ping'] },
    ],
    'QUIT while others wait': [
      'a: BLPOP k 0',
      'b: BLPOP k 0',
      { client: 'c', pipeline: ['QUIT', 'RPUSH k x'] },
      { client: 'd', pipeline: ['RPUSH k x', 'QUIT', 'RPUSH k y'] },
      'e: LRANGE k 0 -1',
      { closes: 'b' },
      'e: RPUSH k z',
    ],
    'who waits and is gone gets nothing': [
      'a: BLPOP k 0',
      'b: BLPOP k 0',
      'c: CLIENT KILL ID {a}',
      'c: RPUSH k 1 2',
      'c: LRANGE k 0 -1',
    ],
    'the end of oneself within EXEC': [
      'a: MULTI',
      'a: SET k 1',
      'a: CLIENT KILL ID {a} SKIPME no',
      'a: SET k 2',
      'a: EXEC',
      'b: GET k',
      { client: 'b', pipeline: ['MULTI', 'QUIT', 'SET k 3', 'EXEC'] },
      'c: GET k',
    ],
    'a watched key whose time is over': [
      'a: SET k 1 PX 250',
      'a: WATCH k',
      'a: MULTI',
      'a: GET k',
      { passMs: 260 },
      'a: EXEC',
      'a: GET k',
      'a: SET k 1 PX 250',
      { passMs: 260 },
      'a: WATCH k',
      'b: GET k',
      'a: MULTI',
      'a: ping',
      'a: EXEC',
    ],
    'errors within EXEC': [
      'a: SET s x',
      'a: MULTI',
      'a: LPUSH s x',
      'a: INCR s',
      'a: SET s y EX 0',
      'a: CLIENT NOSUCH',
      'a: EXEC',
      'a: MULTI',
      'a: LPUSH s x',
      'a: SELECT 99',
      'a: OBJECT ENCODING s',
      'a: AUTH nosuch x',
      'a: HELLO 5',
      'a: CLIENT TRACKING ON REDIRECT 99999999',
      'a: EXEC',
      'a: MULTI',
      'a: EXEC x',
      'a: DISCARD x',
      'a: EXEC',
    ],
    'a key that is waited for is deleted, renamed, flushed': [
      'a: BLPOP k 0',
      'b: MULTI',
      'b: RPUSH k x',
      'b: RENAME k l',
      'b: EXEC',
      'b: RENAME l k',
      'a: BLPOP k 0',
      'b: MULTI',
      'b: RPUSH k x',
      'b: FLUSHALL',
      'b: EXEC',
      'b: SELECT 1',
      'b: RPUSH k y',
      'b: MOVE k 0',
      'a: BZPOPMIN z 0',
      'b: ZADD y 1 m',
      'b: COPY y z DB 0',
      'a: BLMOVE k k LEFT RIGHT 0',
      'b: SELECT 0',
      'b: RPUSH u x',
      'b: SWAPDB 0 1',
      'b: SWAPDB 0 1',
      'b: SORT u ALPHA STORE k',
    ],
    'EXEC that unblocks several': [
      'a: BLPOP k 0',
      'b: BLMOVE k l LEFT RIGHT 0',
      'c: BRPOP l 0',
      'd: BZPOPMIN z 0',
      'e: MULTI',
      'e: ZADD z 1 m',
      'e: RPUSH l first',
      'e: RPUSH k 1 2 3',
      'e: EXEC',
      'e: LRANGE k 0 -1',
      'e: LRANGE l 0 -1',
    ],
    'what is sent behind a command that waits': [
      {
        client: 'a',
        pipeline: ['BLPOP k 0', 'SET s 1', 'MULTI', 'INCR s', 'BLPOP k 0', 'EXEC', 'BRPOP k 0', 'GET s'],
      },
      'b: GET s',
      'b: RPUSH k x',
      'b: CLIENT UNBLOCK {a} ERROR',
      'b: CLIENT UNBLOCK {a}',
      { client: 'a', pipeline: ['CLIENT REPLY SKIP', 'BLPOP k 0', 'GET s'] },
      'b: RPUSH k y',
      { client: 'a', pipeline: ['BLPOP k 0', 'QUIT', 'SET s gone'] },
      'b: RPUSH k z',
      'b: GET s',
    ],
    'HELLO within an array': [
      'a: MULTI',
      'a: HELLO 3',
      'a: ZSCORE z m',
      'a: HELLO 2',
      'a: ZSCORE z m',
      'a: EXEC',
    ],
    'a monitor is shown the end of what was refused, unless it is silenced': [
      'm: MONITOR',
      'a: MULTI',
      'a: NOSUCH',
      'a: EXEC',
      'a: SUBSCRIBE x',
      'a: EXEC',
      'm: CLIENT REPLY SKIP',
      'b: GET k',
      'm: ping',
      'b: GET l',
      'm: CLIENT REPLY SKIP',
      'm: CLIENT REPLY SKIP',
      'b: GET l',
      'm: ping',
      'm: CLIENT REPLY OFF',
      'b: GET m',
      'm: CLIENT REPLY ON',
      'b: GET n',
    ],
    'a user that changes asks anew about what its clients listen to': [
      'a: ACL SETUSER u resetchannels &c1',
      'b: SUBSCRIBE c2',
      'c: SUBSCRIBE c1',
      'd: HELLO 3',
      'd: SUBSCRIBE c2',
      'd: AUTH u p',
      'a: ACL SETUSER u -get',
      'a: PUBLISH c2 x',
    ],
    'SORT makes a skiplist of a sorted set': [
      'a: ZADD z 1 a 2 b',
      'a: OBJECT ENCODING z',
      'a: SORT_RO z ALPHA LIMIT 0 0',
      'a: OBJECT ENCODING z',
      'a: ZADD y 1 x',
      'a: SORT y',
      'a: OBJECT ENCODING y',
    ],
  },
  options,
);

// Since 7.2 Redis runs the command anew, and asks anew whether it may; the reference server is older.
describe('one who waits, and whose user loses the permission meanwhile', () => {
  const begin = () => {
    const store = new Store();
    const [a, b] = [connect(store), connect(store)];
    b.call('ACL', 'SETUSER', 'u', 'on', 'nopass', '+@all', '~*');
    a.call('AUTH', 'u', 'x');
    return { a, b };
  };

  test.each([
    ['-blpop', "NOPERM User u has no permissions to run the 'blpop' command"],
    ['resetkeys', 'NOPERM No permissions to access a key'],
  ])('is refused when it would be served: %s', async (rule, text) => {
    const { a, b } = begin();
    const reply = a.send('BLPOP', 'k', '0');
    b.call('ACL', 'SETUSER', 'u', rule);
    b.call('RPUSH', 'k', 'x');
    await expect(reply).rejects.toThrow(text);
    expect(b.call('LRANGE', 'k', '0', '-1')).toEqual(['x']);
  });

  test('waits on while nothing comes that it waits for', async () => {
    const { a, b } = begin();
    const reply = a.send('BLPOP', 'k', '0');
    b.call('ACL', 'SETUSER', 'u', '-blpop');
    b.call('ZADD', 'k', '1', 'm');
    b.call('DEL', 'k');
    b.call('ACL', 'SETUSER', 'u', '+blpop');
    b.call('RPUSH', 'k', 'x');
    expect(await reply).toEqual(['k', 'x']);
  });
});

describe('everything at once: generated interleavings, beside the real server', () => {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(async () => {
    await server?.stop();
  });

  test(`${RUNS} of them (seed ${SEED})`, { timeout: 120_000 + RUNS * 200 }, async ({ skip }) => {
    if (server === undefined) return skip();
    const reference = server;
    let steps = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 50, size: 'max' }),
        fc.constantFrom(2 as const, 3 as const),
        async (chosen, protocol) => {
          steps += chosen.length;
          await compareInterleaving(reference, allowed(chosen), protocol, options);
        },
      ),
      { seed: SEED, numRuns: RUNS },
    );
    expect(steps).toBeGreaterThan(RUNS * 5);
  });
});
