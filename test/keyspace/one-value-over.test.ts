import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReplyError, Store } from '../../src/index.ts';
import type { Database } from '../../src/keyspace/database.ts';
import { storedBytes } from '../../src/keyspace/memory/memory.ts';
import { lua } from '../../src/scripting/index.ts';
import { type Connection, connect } from '../../src/session/connection.ts';
import { randomFrom } from '../differential/support/random-sampler.ts';

// What is promised of a limit: when a write has been done, no more is used than is allowed, what it wrote left out of
// account. A transaction, a script, a MULTI is one write.

const SEED = 20_261_122;
const LIMIT_BYTES = 10_000;
const POLICIES = [
  'noeviction',
  'allkeys-random',
  'allkeys-lru',
  'volatile-lru',
  'volatile-ttl',
  'allkeys-lfu',
] as const;

const key = fc.constantFrom(...Array.from({ length: 30 }, (_, at) => `k${at}`));
const value = fc.integer({ min: 0, max: 900 }).map((length) => 'v'.repeat(length));
const member = fc.integer({ min: 0, max: 200 }).map((at) => `m${at}`);

/** One command that writes one key. */
interface Write {
  readonly key: string;
  readonly tokens: readonly [string, ...string[]];
}

const write: fc.Arbitrary<Write> = fc.oneof(
  fc.tuple(key, value).map(([k, v]) => ({ key: k, tokens: ['SET', k, v] as const })),
  fc
    .tuple(key, value)
    .map(([k, v]) => ({ key: `${k}:t`, tokens: ['SET', `${k}:t`, v, 'EX', '1000'] as const })),
  fc.tuple(key, value).map(([k, v]) => ({ key: `${k}:a`, tokens: ['APPEND', `${k}:a`, v] as const })),
  fc
    .tuple(key, member, value)
    .map(([k, m, v]) => ({ key: `${k}:h`, tokens: ['HSET', `${k}:h`, m, v] as const })),
  fc.tuple(key, value).map(([k, v]) => ({ key: `${k}:l`, tokens: ['RPUSH', `${k}:l`, v] as const })),
  fc
    .tuple(key, fc.array(member, { minLength: 1, maxLength: 40 }))
    .map(([k, all]) => ({ key: `${k}:s`, tokens: ['SADD', `${k}:s`, ...all] as const })),
  fc.tuple(key, member).map(([k, m]) => ({ key: `${k}:z`, tokens: ['ZADD', `${k}:z`, '1', m] as const })),
  fc.tuple(key, value).map(([k, v]) => ({ key: `${k}:x`, tokens: ['XADD', `${k}:x`, '*', 'f', v] as const })),
);

type Door = 'typed' | 'wire' | 'multi' | 'transaction' | 'script';

/** What the key takes. */
function bytesOf(database: Database, name: string): number {
  const stored = database.storedOf(database.map.get(name));
  return stored === undefined ? 0 : storedBytes(database, name, stored);
}

const SCRIPT = `for i = 1, #ARGV do redis.call(unpack(cjson.decode(ARGV[i]))) end`;

function perform(store: Store, client: Connection, door: Door, writes: readonly Write[]): void {
  const call = (tokens: Write['tokens']) => client.call(...tokens);
  switch (door) {
    case 'typed': {
      const [name, k, ...rest] = writes[0]!.tokens;
      if (name === 'SET' && rest.length === 1) store.set(k!, rest[0]!);
      else if (name === 'APPEND') store.append(k!, rest[0]!);
      else if (name === 'HSET') store.hset(k!, { [rest[0]!]: rest[1]! });
      else if (name === 'RPUSH') store.rpush(k!, rest[0]!);
      else if (name === 'SADD') store.sadd(k!, rest);
      else if (name === 'ZADD') store.zadd(k!, { [rest[1]!]: 1 });
      else if (name === 'XADD') store.xadd(k!, { f: rest[2]! });
      else call(writes[0]!.tokens);
      break;
    }
    case 'wire':
      call(writes[0]!.tokens);
      break;
    case 'multi': {
      call(['MULTI']);
      try {
        for (const { tokens } of writes) call(tokens);
        call(['EXEC']);
      } catch (error) {
        call(['RESET']);
        throw error;
      }
      break;
    }
    case 'transaction':
      store.transaction(() => {
        for (const { tokens } of writes) call(tokens);
      });
      break;
    case 'script':
      store.eval(
        SCRIPT,
        [],
        writes.map(({ tokens }) => JSON.stringify(tokens)),
      );
      break;
  }
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom<Door>('typed', 'wire'), fc.tuple(write)) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constantFrom<Door>('multi', 'transaction', 'script'),
      fc.array(write, { minLength: 1, maxLength: 5 }),
    ),
  },
);

describe.each(POLICIES)('under %s', (maxMemoryPolicy) => {
  test('all but what was written last keeps within the limit', () => {
    let refused = 0;
    let evicted = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 120, size: 'max' }), fc.nat(), (steps, seed) => {
        const store = new Store({
          scripting: lua(),
          random: randomFrom(seed),
          maxMemory: LIMIT_BYTES,
          maxMemoryPolicy,
        });
        const { keyspace } = store;
        const database = keyspace.databases[0]!;
        const client = connect(store);
        const memory = keyspace.countMemory();
        for (const [door, writes] of steps) {
          const usedBefore = memory.dataBytes;
          try {
            perform(store, client, door, writes);
          } catch (error) {
            expect(error).toBeInstanceOf(ReplyError);
            expect((error as Error).message).toContain('OOM command not allowed');
            refused++;
            // Nothing was added, whatever had to go in vain.
            expect(memory.dataBytes).toBeLessThanOrEqual(usedBefore);
            continue;
          }
          const written = new Set(writes.map((one) => one.key));
          let writtenBytes = 0;
          for (const name of written) writtenBytes += bytesOf(database, name);
          expect(memory.dataBytes - writtenBytes).toBeLessThanOrEqual(LIMIT_BYTES);
        }
        evicted += keyspace.evictedCount;
        keyspace.checkInvariants();
      }),
      { seed: SEED, numRuns: 25 },
    );
    if (maxMemoryPolicy === 'noeviction') expect(refused).toBeGreaterThan(10);
    else expect(evicted).toBeGreaterThan(10);
  });
});
