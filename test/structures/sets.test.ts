import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connect, ReplyError, Store } from '../../src/index.ts';
import { registry } from '../../src/session/registry.ts';
import { randomFrom } from '../differential/support/random-sampler.ts';
import { toldBy } from '../support/told.ts';

const SEED = 20_260_104;
const MEGABYTE = 'x'.repeat(1 << 20);

function numbers(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, at) => String(from + at));
}

function storeOf(sets: Readonly<Record<string, readonly string[]>>): Store {
  const store = new Store({ random: randomFrom(SEED) });
  for (const [key, members] of Object.entries(sets)) store.sadd(key, members);
  return store;
}

function expectWrongType(run: () => unknown): void {
  expect(run).toThrow(new ReplyError('WRONGTYPE Operation against a key holding the wrong kind of value'));
}

describe('typed sets', () => {
  it('take one member or an array of them', () => {
    const store = new Store();
    expect(store.sadd('k', 'a')).toBe(1);
    expect(store.sadd('k', 'a')).toBe(0);
    expect(store.sadd('k', ['a', 'b', 'c', 'c'])).toBe(2);
    expect(store.scard('k')).toBe(3);
    expect(store.sismember('k', 'b')).toBe(1);
    expect(store.smismember('k', 'x')).toEqual([0]);
    expect(store.smismember('k', ['a', 'x', 'c'])).toEqual([1, 0, 1]);
    expect(store.srem('k', 'a')).toBe(1);
    expect(store.srem('k', ['b', 'x'])).toBe(1);
    expect(store.smembers('k')).toEqual(['c']);
    expect(store.srem('k', 'c')).toBe(1);
    expect(store.exists('k')).toBe(0);
    expect(store.type('k')).toBe('none');
  });

  it('refuse an empty array as Redis refuses a command without members, and change nothing', () => {
    const store = storeOf({ k: ['a'] });
    for (const [name, run] of Object.entries({
      sadd: () => store.sadd('new', []),
      srem: () => store.srem('k', []),
      smismember: () => store.smismember('k', []),
      sinter: () => store.sinter([]),
      sunion: () => store.sunion([]),
      sdiff: () => store.sdiff([]),
      sinterstore: () => store.sinterstore('k', []),
      sunionstore: () => store.sunionstore('k', []),
      sdiffstore: () => store.sdiffstore('k', []),
      sintercard: () => store.sintercard([]),
      sunioncard: () => store.sunioncard([]),
      sdiffcard: () => store.sdiffcard([]),
    })) {
      expect(run, name).toThrow(`ERR wrong number of arguments for '${name}' command`);
    }
    expect(store.keys('*')).toEqual(['k']);
    expect(store.smembers('k')).toEqual(['a']);
  });

  it('refuse what is no member before they change anything', () => {
    const store = new Store();
    expect(() => store.sadd('k', ['a', 7 as unknown as string])).toThrow(TypeError);
    expect(() => store.sadd('k', 7 as unknown as string)).toThrow('expected a string or a Uint8Array');
    expect(() => store.sinter(7 as unknown as string)).toThrow('expected a string or a Uint8Array');
    expect(store.dbsize()).toBe(0);
    store.sadd('k', ['a', 'b']);
    expect(() => store.srem('k', ['a', null as unknown as string])).toThrow(TypeError);
    expect(store.scard('k')).toBe(2);
  });

  it.each(['__proto__', 'constructor', '', 'hasOwnProperty', MEGABYTE])(
    'keep %.20s as any other name',
    (name) => {
      const store = new Store();
      expect(store.sadd(name, [name, 'other'])).toBe(2);
      expect(store.sismember(name, name)).toBe(1);
      expect(store.sismember(name, `${name}x`)).toBe(0);
      expect(store.smove(name, `to ${name}`, name)).toBe(1);
      expect(store.smembers(`to ${name}`)).toEqual([name]);
      expect(store.smembers(name)).toEqual(['other']);
    },
  );

  it('hold bytes, and answer in bytes where asked to', () => {
    const store = new Store({ random: () => 0 });
    const binary = Uint8Array.of(0xff, 0xfe);
    store.sadd('k', [binary, Uint8Array.of(0xff)]);
    expect(store.sadd('k', binary)).toBe(0);
    expect(store.sismember('k', binary)).toBe(1);
    expect(store.bytes.smembers('k')).toEqual([binary, Uint8Array.of(0xff)]);
    expect(store.bytes.srandmember('k')).toEqual(binary);
    expect(store.bytes.srandmemberCount('k', -2)).toEqual([binary, binary]);
    expect(store.bytes.sunion(['k'])).toEqual([binary, Uint8Array.of(0xff)]);
    expect(store.bytes.sscan('k', 0)).toEqual([0, [binary, Uint8Array.of(0xff)]]);
    expect(store.smembers('k')).toEqual(['\ufffd\ufffd', '\ufffd']);
    expect(store.bytes.spop('k')).toEqual(binary);
    expect(store.bytes.spopCount('k', 9)).toEqual([Uint8Array.of(0xff)]);
    expect(store.bytes.spop('k')).toBeNull();
  });

  it('say WRONGTYPE everywhere, and change nothing', () => {
    const store = storeOf({ k: ['a'] });
    store.set('s', 'text');
    expectWrongType(() => store.sadd('s', 'a'));
    expectWrongType(() => store.sadd('s', ['a', 'b']));
    expectWrongType(() => store.smove('k', 's', 'a'));
    expectWrongType(() => store.spopCount('s', 0));
    expectWrongType(() => store.srandmemberCount('s', 0));
    expectWrongType(() => store.sunioncard(['k', 's'], { limit: 1 }));
    expectWrongType(() => store.sdiffcard(['none', 's']));
    expectWrongType(() => store.sunionstore('k', ['k', 's']));
    expectWrongType(() => [...store.sscanIterator('s')]);
    expect(store.get('s')).toBe('text');
    expect(store.smembers('k')).toEqual(['a']);
  });

  it('are gone when their time is over', () => {
    const store = new Store({ clock: { now: () => 1_000_000 } });
    store.sadd('k', 'a');
    store.pexpire('k', 100);
    store.advance(101);
    expect(store.smembers('k')).toEqual([]);
    expect(store.sadd('k', 'b')).toBe(1);
    expect(store.pttl('k')).toBe(-1);
    expect(store.sinter(['k'])).toEqual(['b']);
  });

  it('can be copied, and the copy is independent', () => {
    const store = storeOf({ k: ['a', 'b'] });
    store.copy('k', 'copy');
    store.sadd('copy', 'c');
    store.srem('k', 'a');
    expect(store.smembers('k')).toEqual(['b']);
    expect(store.smembers('copy')).toEqual(['a', 'b', 'c']);
  });
});

describe('encodings of sets', () => {
  it('are those of Redis 8', () => {
    const store = new Store();
    store.sadd('k', numbers(512));
    expect(store.objectEncoding('k')).toBe('intset');
    store.sadd('k', '512');
    expect(store.objectEncoding('k')).toBe('hashtable');
    store.sadd('l', numbers(100));
    store.sadd('l', 'x');
    expect(store.objectEncoding('l')).toBe('listpack');
    store.sadd('l', 'x'.repeat(65));
    expect(store.objectEncoding('l')).toBe('hashtable');
    store.srem('l', ['x', 'x'.repeat(65)]);
    expect(store.objectEncoding('l')).toBe('hashtable');
    store.sadd('many', [...numbers(128), '5', '6', '7']);
    expect(store.objectEncoding('many')).toBe('intset');
    store.sadd('text', ['x', ...numbers(128)]);
    expect(store.objectEncoding('text')).toBe('hashtable');
  });

  it('follow the limits, which may change while the store is used', () => {
    const store = new Store({ limits: { setMaxIntsetEntries: 2, setMaxListpackEntries: 4 } });
    store.sadd('k', ['1', '2', '3']);
    expect(store.objectEncoding('k')).toBe('listpack');
    store.sadd('k', ['x', 'y']);
    expect(store.objectEncoding('k')).toBe('hashtable');
    store.sadd('l', 'long enough');
    expect(store.objectEncoding('l')).toBe('listpack');
    store.keyspace.limits.setMaxListpackValueBytes = 3;
    store.sadd('l', 'also');
    expect(store.objectEncoding('l')).toBe('hashtable');
  });

  it.each(['sinterstore', 'sunionstore', 'sdiffstore'] as const)(
    'of what %s stores fit the members',
    (method) => {
      const store = storeOf({
        integers: numbers(5),
        text: ['a', 'b'],
        long: ['x'.repeat(65)],
        mixed: ['x'.repeat(65), ...numbers(5)],
      });
      store.srem('mixed', 'x'.repeat(65));
      for (const [source, encoding] of [
        ['integers', 'intset'],
        ['text', 'listpack'],
        ['long', 'hashtable'],
        ['mixed', 'intset'],
      ] as const) {
        expect(store[method]('stored', source)).toBe(store.scard(source));
        expect(store.objectEncoding('stored'), source).toBe(encoding);
      }
      store.sadd('hundreds', numbers(600));
      expect(store[method]('stored', 'hundreds')).toBe(600);
      expect(store.objectEncoding('stored')).toBe('hashtable');
    },
  );

  it('of an intersection follow from its members, however large the sets were', () => {
    const store = storeOf({ a: ['x', ...numbers(300)], b: ['x', 'y', ...numbers(300, 299)] });
    expect(store.sinterstore('stored', ['a', 'b'])).toBe(2);
    expect(store.objectEncoding('stored')).toBe('listpack');
    expect(store.sinterstore('stored', ['stored', 'a'])).toBe(2);
    store.srem('a', 'x');
    expect(store.sinterstore('stored', ['stored', 'a'])).toBe(1);
    expect(store.objectEncoding('stored')).toBe('intset');
  });

  it('become smaller where SPOP leaves little of a hashtable', () => {
    const store = storeOf({ k: ['x', ...numbers(1000)], l: ['x', ...numbers(1000)], i: numbers(500) });
    store.pexpire('k', 100_000);
    store.spopCount('k', 900);
    expect(store.objectEncoding('k')).toBe('listpack');
    expect(store.pttl('k')).toBeGreaterThan(0);
    store.spopCount('l', 800);
    expect(store.objectEncoding('l')).toBe('hashtable');
    store.spopCount('i', 499);
    expect(store.objectEncoding('i')).toBe('intset');
    store.keyspace.checkInvariants();
  });
});

describe('intersections, unions and differences', () => {
  it('agree with a naive model, stored and counted too, whatever the sizes', () => {
    const member = fc.oneof(fc.nat({ max: 12 }).map(String), fc.constantFrom('a', 'b', 'é', '😀', ''));
    const sets = fc.array(fc.uniqueArray(member, { maxLength: 12 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(sets, fc.nat({ max: 8 }), fc.nat({ max: 6 }), (given, limit, repeated) => {
        const store = new Store();
        given.forEach((members, at) => {
          if (members.length > 0) store.sadd(`k${at}`, members);
        });
        const keys = given.map((_, at) => `k${at}`);
        // One of the keys may be named twice.
        const operands = given.map((members) => new Set(members));
        if (repeated < keys.length) {
          keys.push(keys[repeated]!);
          operands.push(operands[repeated]!);
        }
        const everything = [...new Set(given.flat())].sort();
        const first = operands[0]!;
        const expected = {
          sinter: everything.filter((each) => operands.every((set) => set.has(each))),
          sunion: everything,
          sdiff: everything.filter(
            (each) => first.has(each) && !operands.slice(1).some((set) => set.has(each)),
          ),
        };
        for (const name of ['sinter', 'sunion', 'sdiff'] as const) {
          const result = expected[name];
          expect(store[name](keys).sort(), name).toEqual(result);
          expect(store[`${name}card`](keys), `${name}card`).toBe(result.length);
          const limited = limit === 0 ? result.length : Math.min(limit, result.length);
          expect(store[`${name}card`](keys, { limit }), `${name}card`).toBe(limited);
          expect(store[`${name}store`]('stored', keys), `${name}store`).toBe(result.length);
          expect(store.smembers('stored').sort()).toEqual(result);
          expect(store.exists('stored')).toBe(result.length > 0 ? 1 : 0);
        }
        given.forEach((members, at) => {
          expect(store.smembers(`k${at}`).sort()).toEqual([...members].sort());
        });
        store.keyspace.checkInvariants();
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('SDIFF gives the same by removing as by looking up', () => {
    const store = storeOf({ large: numbers(400), a: ['1', 'x'], b: ['2'], c: ['3'], huge: numbers(1000, 5) });
    const removed = store.sdiff(['large', 'a', 'b', 'c']);
    expect(removed).toEqual(numbers(400).filter((each) => !['1', '2', '3'].includes(each)));
    expect(store.sdiff(['large', 'huge'])).toEqual(numbers(5));
    expect(store.sdiffstore('stored', ['large', 'a', 'b', 'c'])).toBe(397);
    expect(store.smembers('stored').length).toBe(397);
  });

  it('count as the documentation shows (SUNIONCARD, SDIFFCARD)', () => {
    const store = storeOf({ key1: ['a', 'b', 'c'], key2: ['c', 'd', 'e'] });
    expect(store.sunioncard(['key1', 'key2'])).toBe(5);
    expect(store.sunioncard(['key1', 'key2'], { limit: 3 })).toBe(3);
    expect(store.sunioncard(['key1', 'key2'], { approx: true })).toBe(5);
    expect(store.sunioncard('key1')).toBe(3);
    expect(store.sdiffcard(['key1', 'key2'])).toBe(2);
    expect(store.sdiffcard(['key1', 'key2'], { limit: 1 })).toBe(1);
    const connection = connect(store);
    expect(connection.call('SUNIONCARD', '2', 'key1', 'key2')).toBe(5);
    expect(connection.call('SUNIONCARD', '2', 'key1', 'key2', 'LIMIT', '3', 'APPROX')).toBe(3);
    expect(connection.call('SDIFFCARD', '2', 'key1', 'key2', 'LIMIT', '1')).toBe(1);
    expect(connection.call('SDIFFCARD', '2', 'none', 'key2')).toBe(0);
  });

  it.each([
    [['SUNIONCARD', '0', 'a'], 'ERR numkeys should be greater than 0'],
    [['SUNIONCARD', 'x', 'a'], 'ERR numkeys should be greater than 0'],
    [['SUNIONCARD', '2', 'a'], "ERR Number of keys can't be greater than number of args"],
    [['SUNIONCARD', '1', 's', 'LIMIT', '-1'], "ERR LIMIT can't be negative"],
    [['SUNIONCARD', '1', 's', 'APPROX', 'LIMIT', 'x'], "ERR LIMIT can't be negative"],
    [['SUNIONCARD', '1', 's', 'LIMIT'], 'ERR syntax error'],
    [['SDIFFCARD', '1', 's', 'APPROX'], 'ERR syntax error'],
    [['SDIFFCARD', '1'], "ERR wrong number of arguments for 'sdiffcard' command"],
    [['SDIFFCARD', '2', 'none', 's'], 'WRONGTYPE Operation against a key holding the wrong kind of value'],
  ])('%j is refused', ([name, ...args], message) => {
    const store = new Store();
    store.set('s', 'x');
    expect(() => connect(store).call(name!, ...args)).toThrow(new ReplyError(message));
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuse the limit %d', (limit) => {
    const store = new Store();
    for (const name of ['sintercard', 'sunioncard', 'sdiffcard'] as const) {
      expect(() => store[name]('k', { limit })).toThrow("ERR LIMIT can't be negative");
    }
  });
});

describe('what sets tell of their changes', () => {
  it('members: each event once, the effect once, and nothing where nothing changed', () => {
    const store = new Store();
    const { events, effects } = toldBy(store);
    store.sadd('k', ['a', 'b']);
    store.sadd('k', 'c');
    store.sadd('k', ['a', 'c']);
    store.srem('k', ['a', 'x']);
    store.srem('k', 'x');
    store.srem('k', ['b', 'c']);
    expect(events).toEqual(['new k', 'sadd k', 'sadd k', 'srem k', 'srem k', 'del k']);
    expect(effects).toEqual(['SADD k a b', 'SADD k c', 'SREM k a x', 'SREM k b c']);
  });

  it('SMOVE: the source first, and nothing onto itself', () => {
    const store = storeOf({ a: ['1', '2', '3'], b: ['3'] });
    const { events, effects } = toldBy(store);
    store.smove('a', 'a', '1');
    store.smove('a', 'b', '9');
    store.smove('a', 'b', '1');
    store.smove('a', 'b', '3');
    store.smove('a', 'c', '2');
    expect(events).toEqual(['srem a', 'sadd b', 'srem a', 'srem a', 'del a', 'new c', 'sadd c']);
    expect(effects).toEqual(['SMOVE a b 1', 'SMOVE a b 3', 'SMOVE a c 2']);
  });

  it('SPOP: what was popped is removed, or the key deleted', () => {
    const store = new Store({ random: () => 0 });
    store.sadd('k', ['a', 'b', 'c', 'd']);
    const { events, effects } = toldBy(store);
    expect(store.spop('k')).toBe('a');
    expect(store.spopCount('k', 1)).toEqual(['b']);
    expect(store.spopCount('k', 0)).toEqual([]);
    expect(store.spopCount('k', 5).sort()).toEqual(['c', 'd']);
    store.sadd('k', 'e');
    expect(store.spop('k')).toBe('e');
    expect(store.srandmember('k')).toBeNull();
    expect(events).toEqual([
      ...['spop k', 'spop k', 'spop k', 'del k'],
      ...['new k', 'sadd k', 'spop k', 'del k'],
    ]);
    expect(effects).toEqual(['SREM k a', 'SREM k b', 'DEL k', 'SADD k e', 'DEL k']);
  });

  it('STORE forms: what was overwritten, and the deletion where nothing results', () => {
    const store = storeOf({ a: ['1', '2'], b: ['2'] });
    store.set('s', 'x');
    const { events, effects } = toldBy(store);
    store.sinterstore('d', ['a', 'b']);
    store.sunionstore('d', ['a', 'b']);
    store.sdiffstore('s', ['a', 'b']);
    store.sdiffstore('s', ['a', 'a']);
    store.sdiffstore('s', ['a', 'a']);
    expect(events).toEqual([
      ...['new d', 'sinterstore d', 'overwritten d', 'sunionstore d'],
      ...['overwritten s', 'type_changed s', 'sdiffstore s', 'del s'],
    ]);
    expect(effects).toEqual(['SINTERSTORE d a b', 'SUNIONSTORE d a b', 'SDIFFSTORE s a b', 'DEL s']);
  });

  it('a very long command has an effect as long', () => {
    const store = new Store();
    let longest = 0;
    store.keyspace.observe({
      effect: (_database, command) => {
        longest = command.length;
      },
    });
    expect(store.sadd('k', numbers(200_000))).toBe(200_000);
    expect(longest).toBe(200_002);
    expect(store.srem('k', numbers(199_999))).toBe(199_999);
    expect(longest).toBe(200_001);
    expect(store.smembers('k')).toEqual(['199999']);
  });
});

describe('members at random', () => {
  /** Of χ² with 9 degrees of freedom, what only one run in a thousand exceeds. The seeds are fixed: this one does not. */
  const CRITICAL = 27.88;
  const DRAWS = 5000;

  function chiSquare(counts: ReadonlyMap<string, number>, total: number): number {
    const expected = total / 10;
    return numbers(10).reduce((sum, each) => sum + ((counts.get(each) ?? 0) - expected) ** 2 / expected, 0);
  }

  it.each<[string, (store: Store) => string[]]>([
    ['spop', (store) => [store.spop('k')!]],
    ['spopCount of a few', (store) => store.spopCount('k', 3)],
    ['spopCount of nearly all', (store) => store.spopCount('k', 9)],
    ['spopCount of nearly all of a hashtable', (store) => store.spopCount('h', 9)],
    ['srandmember', (store) => [store.srandmember('k')!]],
    ['srandmemberCount of a few', (store) => store.srandmemberCount('k', 2)],
    ['srandmemberCount of nearly all', (store) => store.srandmemberCount('k', 8)],
    ['srandmemberCount with repetitions, of a few', (store) => store.srandmemberCount('k', -3)],
    ['srandmemberCount with repetitions, of many', (store) => store.srandmemberCount('k', -20)],
  ])('%s chooses each with the same chance', (_name, draw) => {
    const random = randomFrom(SEED);
    const counts = new Map<string, number>();
    let total = 0;
    while (total < DRAWS) {
      const store = new Store({ random, limits: { setMaxIntsetEntries: 10 } });
      store.sadd('k', numbers(10));
      store.sadd('h', [...numbers(10), 'x'.repeat(65)]);
      store.srem('h', 'x'.repeat(65));
      const drawn = draw(store);
      total += drawn.length;
      for (const member of drawn) counts.set(member, (counts.get(member) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(numbers(10));
    expect(chiSquare(counts, total)).toBeLessThan(CRITICAL);
  });

  it.each([0, 1, 9, 10, 30, 33, 34, 67, 99, 100, 101, 5000])(
    'different ones, as many as there are: %i of 100',
    (count) => {
      const store = storeOf({
        k: numbers(100),
        popped: numbers(100),
        text: numbers(100).map((each) => `m${each}`),
      });
      for (const key of ['k', 'text']) {
        const drawn = store.srandmemberCount(key, count);
        expect(drawn.length).toBe(Math.min(count, 100));
        expect(new Set(drawn).size).toBe(drawn.length);
        expect(store.smismember(key, [...drawn, 'none'])).toEqual([...drawn.map(() => 1), 0]);
        expect(store.scard(key)).toBe(100);
      }
      const popped = store.spopCount('popped', count);
      expect(popped.length).toBe(Math.min(count, 100));
      expect([...popped, ...store.smembers('popped')].sort()).toEqual(numbers(100).sort());
      store.keyspace.checkInvariants();
    },
  );

  it.each([
    ['few', 10],
    ['half', 5000],
    ['nearly all', 9999],
    ['all', 10_000],
  ])('popping %s of 10,000 draws no more than it pops or leaves', (_name, count) => {
    let draws = 0;
    const random = randomFrom(SEED);
    const store = new Store({
      random: () => {
        draws++;
        return random();
      },
    });
    store.sadd('k', numbers(10_000));
    expect(store.spopCount('k', count).length).toBe(count);
    expect(draws).toBeLessThanOrEqual(count === 5000 ? 5000 : Math.min(count, 10_000 - count));
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('SPOP refuses the count %d', (count) => {
    const store = storeOf({ k: ['a'] });
    expect(() => store.spopCount('k', count)).toThrow('ERR value is out of range, must be positive');
    expect(() => store.spopCount('none', count)).toThrow('ERR value is out of range, must be positive');
    expect(store.scard('k')).toBe(1);
  });

  it('SRANDMEMBER refuses what is no count, and answers that no memory holds', () => {
    const store = storeOf({ k: ['a'] });
    expect(() => store.srandmemberCount('none', 1.5)).toThrow('ERR value is not an integer or out of range');
    expect(() => store.srandmemberCount('k', Number.NaN)).toThrow(
      'ERR value is not an integer or out of range',
    );
    expect(() => store.srandmemberCount('k', -(2 ** 40))).toThrow('ERR value is out of range');
    expect(() => connect(store).call('SRANDMEMBER', 'k', '-9223372036854775807')).toThrow(
      'ERR value is out of range',
    );
    expect(store.srandmemberCount('k', -3)).toEqual(['a', 'a', 'a']);
    expect(store.srandmemberCount('k', Number.MAX_SAFE_INTEGER)).toEqual(['a']);
  });
});

describe('scans of sets', () => {
  it('visit every member that stays, once or more, while others come and go', () => {
    const store = storeOf({ k: numbers(500).map((each) => `m${each}`) });
    const seen = new Set<string>();
    let at = 0;
    for (const member of store.sscanIterator('k', { count: 7 })) {
      seen.add(member);
      if (member === `m${at * 2 + 1}`) store.srem('k', member);
      if (at < 400) store.sadd('k', `new${at}`);
      at++;
      if (at % 3 === 0) store.srem('k', `new${at - 3}`);
    }
    for (const member of store.smembers('k')) {
      if (member.startsWith('m')) expect(seen.has(member), member).toBe(true);
    }
  });

  it('go by steps of about COUNT, and end', () => {
    const store = storeOf({ k: numbers(300).map((each) => `m${each}`) });
    const seen: string[] = [];
    let cursor = 0;
    let steps = 0;
    do {
      const [next, found] = store.sscan('k', cursor, { count: 50 });
      expect(found.length).toBeLessThanOrEqual(50);
      seen.push(...found);
      cursor = next;
      steps++;
    } while (cursor !== 0);
    expect(steps).toBe(6);
    expect(seen.sort()).toEqual(store.smembers('k').sort());
  });

  it('give what matches, one by one', () => {
    const store = storeOf({ k: ['user:1', 'user:2', 'guest:1', ''] });
    expect([...store.sscanIterator('k', { match: 'user:*' })].sort()).toEqual(['user:1', 'user:2']);
    expect([...store.sscanIterator('k', { match: '*' })]).toHaveLength(4);
    expect([...store.sscanIterator('none')]).toEqual([]);
    expect(store.sscan('k', 0, { match: 'nothing' })).toEqual([0, []]);
  });

  it.each([
    [-1, {}, 'ERR invalid cursor'],
    [0.5, {}, 'ERR invalid cursor'],
    [0, { count: 0 }, 'ERR syntax error'],
    [0, { count: 1.5 }, 'ERR value is not an integer or out of range'],
  ])('refuse cursor %d with %j', (cursor, options, message) => {
    const store = storeOf({ k: ['a'] });
    expect(() => store.sscan('k', cursor, options)).toThrow(message);
  });
});

describe('set commands as tokens', () => {
  it.each<[string, string, readonly unknown[], string]>([
    ['SADD', 'sadd', ['k', 'a'], 'SADD k a'],
    ['SADD', 'sadd', ['k', ['a', 'b']], 'SADD k a b'],
    ['SPOP', 'spop', ['k'], 'SPOP k'],
    ['SPOP', 'spopCount', ['k', 2], 'SPOP k 2'],
    ['SRANDMEMBER', 'srandmember', ['k'], 'SRANDMEMBER k'],
    ['SRANDMEMBER', 'srandmemberCount', ['k', -2], 'SRANDMEMBER k -2'],
    ['SINTERCARD', 'sintercard', ['k', { limit: 2 }], 'SINTERCARD 1 k LIMIT 2'],
    ['SUNIONCARD', 'sunioncard', [['k', 'l'], { limit: 2, approx: true }], 'SUNIONCARD 2 k l APPROX LIMIT 2'],
    ['SDIFFSTORE', 'sdiffstore', ['d', 'k'], 'SDIFFSTORE d k'],
    ['SSCAN', 'sscan', ['k', 0, { match: 'x*', count: 5 }], 'SSCAN k 0 MATCH x* COUNT 5'],
  ])('%s is written from %s%j', (name, method, args, expected) => {
    expect(registry.get(name)!.encode(method, args)).toEqual(expected.split(' '));
  });

  it('are replied as sets, or arrays, where Redis does so', () => {
    const store = storeOf({ k: ['a'] });
    const connection = connect(store, { protocol: 3 });
    for (const tokens of ['SMEMBERS k', 'SINTER k', 'SUNION k', 'SDIFF k', 'SPOP none 1']) {
      const [name, ...args] = tokens.split(' ');
      expect(connection.call(name!, ...args), tokens).toBeInstanceOf(Set);
    }
    expect(connection.call('SRANDMEMBER', 'k', '1')).toEqual(['a']);
    expect(connection.call('SSCAN', 'k', '0')).toEqual(['0', ['a']]);
    expect(connection.call('SPOP', 'k', '1')).toEqual(new Set(['a']));
  });
});

describe('a scan', () => {
  it('misses nobody who stays while SPOP takes most of the others', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const store = new Store({ random: randomFrom(seed) });
      store.sadd('k', ['x', ...numbers(1000)]);
      const seen = new Set<string>();
      let cursor = 0;
      let steps = 0;
      do {
        const [next, members] = store.sscan('k', cursor, { count: 50 });
        for (const member of members) seen.add(member);
        cursor = next;
        steps++;
        if (steps === 18) store.spopCount('k', 850);
      } while (cursor !== 0);
      expect(store.scard('k')).toBe(151);
      expect(store.smembers('k').filter((member) => !seen.has(member))).toEqual([]);
    }
  });
});

it('random members are found whatever the source of randomness answers', () => {
  for (const answer of [0, 0.5, 1 - 2 ** -53]) {
    const store = new Store({ random: () => answer });
    store.sadd('s', numbers(100));
    store.hset('h', Object.fromEntries(numbers(100).map((name) => [name, ''])));
    store.zadd('z', Object.fromEntries(numbers(100).map((name) => [name, 0])));
    for (const count of [2, 50, 99]) {
      expect(new Set(store.srandmemberCount('s', count)).size).toBe(count);
      expect(new Set(store.hrandfieldCount('h', count)).size).toBe(count);
      expect(new Set(store.zrandmemberCount('z', count)).size).toBe(count);
    }
    expect(new Set(store.spopCount('s', 99)).size).toBe(99);
  }
});
