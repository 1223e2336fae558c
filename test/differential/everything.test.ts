import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { normalise as normaliseAcl } from './support/acl-normalise.ts';
import { print } from './support/comparison.ts';
import { compareInterleaving, type InterleavingOptions, type Step } from './support/interleavings.ts';

// All that concerns connections, mixed at random: transactions, subscriptions, waiting, tracking, monitors, users and
// protocols meet in ways that nobody would think of.

const SEED = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_261_121);
const RUNS = Number(process.env['LODIS_FUZZ_RUNS'] ?? 120);

const CLIENTS = ['a', 'b', 'c', 'd'];
const KEYS = ['k', 'l', 'z'];

const key = fc.constantFrom(...KEYS);
const channel = fc.constantFrom('c1', 'c2', '__keyevent@0__:lpush', '__keyspace@0__:k');
const pattern = fc.constantFrom('c*', '__key*__:*');
const other = fc.constantFrom(...CLIENTS.map((name) => `{${name}}`));
const side = fc.constantFrom('LEFT', 'RIGHT');

type Words = string | fc.Arbitrary<string>;

/** A line of these words. */
function line(...words: Words[]): fc.Arbitrary<string> {
  return fc
    .tuple(...words.map((word) => (typeof word === 'string' ? fc.constant(word) : word)))
    .map((chosen) => chosen.join(' '));
}

function lines(...choices: (fc.Arbitrary<string> | string)[]): fc.Arbitrary<string> {
  return fc.oneof(...choices.map((choice) => (typeof choice === 'string' ? fc.constant(choice) : choice)));
}

const command = fc.oneof(
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
      fc.constantFrom('FLUSHALL', 'FLUSHDB', 'SWAPDB 0 1', 'MSET k 1 l 2', 'MGET k l'),
    ),
  },
  {
    weight: 8,
    arbitrary: lines(
      line('BLPOP', key, '0'),
      line('BLPOP', key, key, '0'),
      line('BRPOP', key, '0'),
      line('BLMOVE', key, key, side, side, '0'),
      line('BRPOPLPUSH', key, key, '0'),
      line('BLMPOP 0 2', key, key, side, 'COUNT 2'),
      line('BZPOPMIN', 'z', key, '0'),
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
      line(
        'ACL SETUSER u',
        fc.constantFrom('-get', '+get', '-@blocking', '+@all', '-@pubsub', '-exec', '-multi'),
      ),
      line(
        'ACL SETUSER u',
        fc.constantFrom('resetkeys', 'resetkeys ~k', '~*', 'resetchannels &c1', 'allchannels'),
      ),
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

/** Without what is known to be different: CLIENT REPLY between MULTI and EXEC leaves Redis's array short of replies. */
function allowed(steps: readonly Step[]): Step[] {
  const inMulti = new Set<string>();
  return steps.map((each) => {
    if (typeof each === 'string' || !('pipeline' in each)) return each;
    const pipeline = each.pipeline.map((said) => {
      if (said === 'MULTI') inMulti.add(each.client);
      else if (/^(EXEC|DISCARD|RESET)/.test(said)) inMulti.delete(each.client);
      return said.startsWith('CLIENT REPLY') && inMulti.has(each.client) ? 'ping' : said;
    });
    return { client: each.client, pipeline };
  });
}

/** A monitor's line without its time, and without where the client is. */
function normalise(node: ReplyNode): ReplyNode {
  const known = normaliseAcl(node);
  if (known.type !== '+') return known;
  return {
    ...known,
    value: known.value
      .replace(/^[\d.]+ \[(\d+) [^\]]*\]/, '[$1]')
      .replace(/("CLIENT".*)/, (text) => text.replace(/"\d+"/g, '"<id>"')),
  };
}

/** The control connection's lines at a monitor. */
const CONTROL = /^\[\d\] "(PING|FLUSHALL)"|^\[\d\] "CLIENT" "ID"|^\[\d\] "HELLO" "\d"$/;

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

const options: InterleavingOptions = {
  before: ['CONFIG SET notify-keyspace-events ""', 'ACL DELUSER u', 'ACL SETUSER u on >p +@all ~* &*'],
  normalise,
  isExempt: (_step, _client, ours, theirs) => {
    const [mine, others] = [ours, theirs].map((nodes) => nodes.filter((node) => !isOfControl(node)));
    if (mine!.map(print).join() === others!.map(print).join()) return true;
    // Broadcast invalidations are joined by Redis for commands that it reads together.
    // Since 7.2 what a command sends to its own client follows its reply; in 7.0 it comes before, or inside.
    if (words(mine!) === words(others!)) return true;
    // Who is killed loses what it has not been sent yet, which is more where several turns are one.
    const [a, b] = [words(mine!).split(','), words(others!).split(',')];
    return [a, b].every((all) => all.includes('+"<closed>"')) && b.every((word) => a.includes(word));
  },
};

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
