import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Bytes } from '../../../src/bytes/byte-string.ts';
import { connect } from '../../../src/session/connection.ts';
import { Store } from '../../../src/store.ts';
import type {
  FieldExpireOptions,
  HgetexOptions,
  HsetexOptions,
} from '../../../src/structures/hashes/hash-options.ts';
import { checkHashes, START_MS, TestClock } from './support.ts';

const SEED = 20_260_101;
const KEYS = ['h', 'i'] as const;

/** A field: its value and, if it expires, when. */
interface Field {
  readonly value: string;
  readonly atMs: number | undefined;
}

/** Hashes in the plainest way: what is over is looked for at every use. */
class NaiveHashes {
  nowMs = START_MS;
  readonly hashes = new Map<string, Map<string, Field>>();

  private hash(key: string): Map<string, Field> {
    const hash = this.hashes.get(key) ?? new Map<string, Field>();
    for (const [name, { atMs }] of hash) if (atMs !== undefined && atMs <= this.nowMs) hash.delete(name);
    this.hashes.set(key, hash);
    return hash;
  }

  dump(key: string): Record<string, [value: string, atMs: number]> {
    return Object.fromEntries(
      [...this.hash(key)].map(([name, { value, atMs }]) => [name, [value, atMs ?? -1]]),
    );
  }

  private write(hash: Map<string, Field>, name: string, value: string, atMs: number | undefined): void {
    if (atMs !== undefined && atMs <= this.nowMs) hash.delete(name);
    else hash.set(name, { value, atMs });
  }

  hset(key: string, values: readonly (readonly [string, string])[]): number {
    const hash = this.hash(key);
    const sizeBefore = hash.size;
    for (const [name, value] of values) this.write(hash, name, value, undefined);
    return hash.size - sizeBefore;
  }

  hincrby(key: string, name: string, by: number): number {
    const hash = this.hash(key);
    const { value, atMs } = hash.get(name) ?? { value: '0', atMs: undefined };
    hash.set(name, { value: String(Number(value) + by), atMs });
    return Number(value) + by;
  }

  hdel(key: string, names: readonly string[]): number {
    const hash = this.hash(key);
    return names.filter((name) => hash.delete(name)).length;
  }

  hpexpireat(key: string, atMs: number, names: readonly string[], options: FieldExpireOptions): number[] {
    const hash = this.hash(key);
    return names.map((name) => {
      const field = hash.get(name);
      if (field === undefined) return -2;
      const isWanted =
        field.atMs === undefined
          ? !(options.xx || options.gt)
          : !(options.nx || (options.gt && atMs <= field.atMs) || (options.lt && atMs >= field.atMs));
      if (!isWanted) return 0;
      this.write(hash, name, field.value, atMs);
      return hash.has(name) ? 1 : 2;
    });
  }

  hpersist(key: string, names: readonly string[]): number[] {
    const hash = this.hash(key);
    return names.map((name) => {
      const field = hash.get(name);
      if (field === undefined) return -2;
      this.write(hash, name, field.value, undefined);
      return field.atMs === undefined ? -1 : 1;
    });
  }

  hgetex(key: string, names: readonly string[], options: HgetexOptions): (string | null)[] {
    const hash = this.hash(key);
    const atMs = this.timeOf(options);
    return names.map((name) => {
      const field = hash.get(name);
      if (field === undefined) return null;
      if (atMs !== undefined) this.write(hash, name, field.value, atMs);
      else if (options.persist) this.write(hash, name, field.value, undefined);
      return field.value;
    });
  }

  hgetdel(key: string, names: readonly string[]): (string | null)[] {
    const hash = this.hash(key);
    return names.map((name) => {
      const value = hash.get(name)?.value ?? null;
      hash.delete(name);
      return value;
    });
  }

  hsetex(key: string, values: readonly (readonly [string, string])[], options: HsetexOptions): number {
    const hash = this.hash(key);
    if (options.fnx && values.some(([name]) => hash.has(name))) return 0;
    if (options.fxx && !values.every(([name]) => hash.has(name))) return 0;
    const atMs = this.timeOf(options);
    for (const [name, value] of values) {
      if (options.keepttl) hash.set(name, { value, atMs: hash.get(name)?.atMs });
      else this.write(hash, name, value, atMs);
    }
    return 1;
  }

  rename(from: string, to: string): void {
    this.hashes.set(to, this.hash(from));
    this.hashes.delete(from);
  }

  copy(from: string, to: string): void {
    this.hashes.set(to, new Map(this.hash(from)));
  }

  private timeOf({ ex, px, exat, pxat }: HgetexOptions): number | undefined {
    if (ex !== undefined) return this.nowMs + ex * 1000;
    if (px !== undefined) return this.nowMs + px;
    return exat !== undefined ? exat * 1000 : pxat;
  }
}

type Step = (store: Store, model: NaiveHashes, clock: TestClock) => [ours: unknown, expected: unknown];

const key = fc.constantFrom(...KEYS);
const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const names = fc.array(name, { minLength: 1, maxLength: 4 });
const digits = fc.nat({ max: 99 }).map(String);
const values = fc.array(fc.tuple(name, digits), { minLength: 1, maxLength: 4 });
/** Few times, so that they often coincide; in seconds and milliseconds alike. */
const durationMs = fc.constantFrom(0, 1, 2, 5, 1000, 2000);
const expiry = fc.oneof(
  fc.constant({}),
  durationMs.map((px) => ({ px })),
  fc.nat({ max: 3 }).map((ex) => ({ ex })),
  fc.integer({ min: -3, max: 3000 }).map((offsetMs) => ({ pxat: START_MS + offsetMs })),
  fc.nat({ max: 5 }).map((offset) => ({ exat: START_MS / 1000 + offset })),
);
const condition = fc.constantFrom<FieldExpireOptions>(
  {},
  {},
  { nx: true },
  { xx: true },
  { gt: true },
  { lt: true },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(key, values).map<Step>(([k, v]) => (s, m) => [s.hset(k, v), m.hset(k, v)]),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(key, durationMs, names, condition).map<Step>(([k, ms, f, o]) => (s, m) => [
      s.hpexpire(k, ms, f, o),
      m.hpexpireat(k, m.nowMs + ms, f, o),
    ]),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(key, fc.nat({ max: 4 }), names, condition)
      .map<Step>(([k, offset, f, o]) => (s, m) => {
        const seconds = START_MS / 1000 + offset;
        return [s.hexpireat(k, seconds, f, o), m.hpexpireat(k, seconds * 1000, f, o)];
      }),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(key, names).map<Step>(([k, f]) => (s, m) => [s.hpersist(k, f), m.hpersist(k, f)]),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(key, names).map<Step>(([k, f]) => (s, m) => [s.hdel(k, f), m.hdel(k, f)]),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(key, names).map<Step>(([k, f]) => (s, m) => [s.hgetdel(k, f), m.hgetdel(k, f)]),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(key, name).map<Step>(([k, f]) => (s, m) => [s.hincrby(k, f, 7), m.hincrby(k, f, 7)]),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(key, names, fc.oneof(expiry, fc.constant({ persist: true })))
      .map<Step>(([k, f, o]) => (s, m) => [s.hgetex(k, f, o), m.hgetex(k, f, o)]),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        key,
        values,
        fc.oneof(expiry, fc.constant({ keepttl: true })),
        fc.constantFrom({}, { fnx: true }, { fxx: true }),
      )
      .map<Step>(([k, v, time, o]) => (s, m) => {
        const options = { ...time, ...o };
        return [s.hsetex(k, v, options), m.hsetex(k, v, options)];
      }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('rename', 'copy').map<Step>((command) => (s, m) => {
      // A hash of which all fields have lapsed is still a key until it is looked at.
      if (s.hlen('h') === 0) return [0, 0];
      if (command === 'rename') {
        s.rename('h', 'i');
        m.rename('h', 'i');
      } else {
        s.copy('h', 'i', { replace: true });
        m.copy('h', 'i');
      }
      return [0, 0];
    }),
  },
  {
    weight: 4,
    arbitrary: durationMs.map<Step>((ms) => (s, m) => {
      s.advance(ms);
      m.nowMs += ms;
      return [0, 0];
    }),
  },
  {
    weight: 3,
    // The clock goes on, and no timer fires.
    arbitrary: durationMs.map<Step>((ms) => (_s, m, clock) => {
      clock.nowMs += ms;
      m.nowMs += ms;
      return [0, 0];
    }),
  },
);

function dump(store: Store, hash: string): Record<string, [value: string, atMs: number]> {
  const fields = store.hkeys(hash);
  if (fields.length === 0) return {};
  const times = store.hpexpiretime(hash, fields);
  return Object.fromEntries(fields.map((field, at) => [field, [store.hget(hash, field)!, times[at]!]]));
}

it('fields live and expire as in a naive model, and the effects rebuild them', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), (steps) => {
      const clock = new TestClock();
      const store = new Store({ clock });
      const model = new NaiveHashes();
      const effects: Bytes[][] = [];
      store.keyspace.observe({ effect: (_database, command) => effects.push([...command]) });
      for (const run of steps) {
        const [ours, expected] = run(store, model, clock);
        expect(ours).toEqual(expected);
        checkHashes(store);
      }
      for (const hash of KEYS) {
        expect(dump(store, hash)).toEqual(model.dump(hash));
        expect(store.exists(hash)).toBe(Object.keys(model.dump(hash)).length > 0 ? 1 : 0);
      }
      // By a clock that stands where it all began: nothing may expire but by what is told.
      const copy = new Store({ clock: new TestClock() });
      replay(copy, effects);
      for (const hash of KEYS) expect(dump(copy, hash)).toEqual(model.dump(hash));
    }),
    { seed: SEED, numRuns: 800 },
  );
});

function replay(store: Store, effects: readonly Bytes[][]): void {
  const connection = connect(store);
  for (const [name, ...args] of effects) connection.call(name as string, ...args);
}
