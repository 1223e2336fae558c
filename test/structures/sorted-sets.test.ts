import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ReplyError, type ScoredMember, Store } from '../../src/index.ts';
import { registry } from '../../src/session/registry.ts';
import { samplePositions } from '../../src/structures/sample-positions.ts';
import { toReply } from '../../src/wire/resp/reply-node.ts';
import { randomFrom } from '../differential/support/random-sampler.ts';
import { LodisSide, type Protocol } from '../differential/support/sides.ts';
import { toldBy } from '../support/told.ts';

const SEED = 20_260_107;
const MEGABYTE = 'x'.repeat(1 << 20);

function storeOf(sets: Readonly<Record<string, Readonly<Record<string, number>>>>): Store {
  const store = new Store({ random: randomFrom(SEED) });
  for (const [key, members] of Object.entries(sets)) store.zadd(key, members);
  return store;
}

function numbered(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`m${at}`, at]));
}

function error(text: string): ReplyError {
  return new ReplyError(text);
}

describe('typed sorted sets', () => {
  it('take members as a record, or as an array of what they return', () => {
    const store = new Store();
    expect(store.zadd('board', { ada: 10, bob: 7 })).toBe(2);
    expect(store.zadd('board', { ada: 11, cyd: 1 })).toBe(1);
    expect(store.zadd('board', { ada: 12, cyd: 1 }, { ch: true })).toBe(1);
    expect(store.zadd('copy', store.zrangeWithScores('board', 0, -1))).toBe(3);
    expect(store.zrangeWithScores('copy', 0, -1)).toEqual([
      { member: 'cyd', score: 1 },
      { member: 'bob', score: 7 },
      { member: 'ada', score: 12 },
    ]);
    expect(store.zadd('board', { ada: 1 }, { gt: true, ch: true })).toBe(0);
    expect(store.zaddIncr('board', { ada: 3 })).toBe(15);
    expect(store.zaddIncr('board', { nobody: 3 }, { xx: true })).toBeNull();
    expect(store.zincrby('board', -5, 'ada')).toBe(10);
    expect(store.zscore('board', 'ada')).toBe(10);
    expect(store.zmscore('board', ['ada', 'x'])).toEqual([10, null]);
    expect(store.zrem('board', 'ada')).toBe(1);
    expect(store.zrem('board', ['bob', 'cyd', 'x'])).toBe(2);
    expect(store.exists('board')).toBe(0);
  });

  it('take only what a record itself has', () => {
    const store = new Store();
    const record = Object.create({ inherited: 1 }) as Record<string, number>;
    Object.defineProperty(record, 'hidden', { value: 2, enumerable: false });
    Object.defineProperty(record, '__proto__', { value: 3, enumerable: true });
    record['constructor'] = 4;
    record[''] = 5;
    record[MEGABYTE] = 6;
    expect(store.zadd('k', record)).toBe(4);
    expect(store.zrange('k', 0, -1)).toEqual(['__proto__', 'constructor', '', MEGABYTE]);
    store.keyspace.checkInvariants();
  });

  it('refuse no members as Redis refuses a command without them', () => {
    const store = storeOf({ k: { a: 1 } });
    for (const [name, run] of Object.entries({
      zadd: () => store.zadd('new', {}),
      zrem: () => store.zrem('k', []),
      zmscore: () => store.zmscore('k', []),
    })) {
      expect(run).toThrow(error(`ERR wrong number of arguments for '${name}' command`));
    }
    expect(() => store.zadd('new', [])).toThrow(error("ERR wrong number of arguments for 'zadd' command"));
    expect(() => store.zunion([])).toThrow(error("ERR at least 1 input key is needed for 'zunion' command"));
    expect(() => store.zmpop([], 'min')).toThrow(error('ERR numkeys should be greater than 0'));
    expect(store.exists('new')).toBe(0);
    expect(store.zcard('k')).toBe(1);
  });

  it('change nothing where one of several scores or members is none', () => {
    const store = storeOf({ k: { a: 1 } });
    const { events } = toldBy(store);
    const notAFloat = error('ERR value is not a valid float');
    expect(() => store.zadd('k', { a: 2, b: Number.NaN })).toThrow(notAFloat);
    expect(() => store.zadd('k', { a: '2' } as unknown as Record<string, number>)).toThrow(notAFloat);
    const bad = [
      { member: 'a', score: 2 },
      { member: 7, score: 1 },
    ] as unknown as ScoredMember[];
    expect(() => store.zadd('k', bad)).toThrow(TypeError);
    expect(() => store.zincrby('k', Number.NaN, 'a')).toThrow(notAFloat);
    expect(() => store.zadd('new', { a: 1 }, { nx: true, xx: true })).toThrow(
      error('ERR XX and NX options at the same time are not compatible'),
    );
    expect(() => store.zadd('new', { a: 1 }, { gt: true, lt: true })).toThrow(
      error('ERR GT, LT, and/or NX options at the same time are not compatible'),
    );
    expect(() => store.zaddIncr('new', { a: 1, b: 2 })).toThrow(
      error('ERR INCR option supports a single increment-element pair'),
    );
    store.zadd('inf', { a: Number.POSITIVE_INFINITY });
    expect(() => store.zincrby('inf', Number.NEGATIVE_INFINITY, 'a')).toThrow(
      error('ERR resulting score is not a number (NaN)'),
    );
    expect(store.zrangeWithScores('k', 0, -1)).toEqual([{ member: 'a', score: 1 }]);
    expect(events).toEqual(['new inf', 'zadd inf']);
  });

  it('refuse nonsense numbers as Redis refuses their text', () => {
    const store = storeOf({ k: { a: 1 } });
    const notAnInteger = error('ERR value is not an integer or out of range');
    expect(() => store.zrange('k', 0.5, 1)).toThrow(notAnInteger);
    expect(() => store.zremrangebyrank('k', Number.NaN, 1)).toThrow(notAnInteger);
    expect(() => store.zrandmemberCount('k', 1.5)).toThrow(notAnInteger);
    expect(() => store.zrange('k', 0, 1, { by: 'score', limit: { offset: 0.5, count: 1 } })).toThrow(
      notAnInteger,
    );
    expect(() => store.zscan('k', 0, { count: 1.5 })).toThrow(notAnInteger);
    expect(() => store.zcount('k', Number.NaN, 1)).toThrow(error('ERR min or max is not a float'));
    expect(() => store.zpopmin('k', -1)).toThrow(error('ERR value is out of range, must be positive'));
    expect(() => store.zpopmax('k', 1.5)).toThrow(error('ERR value is out of range, must be positive'));
    expect(() => store.zmpop('k', 'min', { count: 0 })).toThrow(error('ERR count should be greater than 0'));
    expect(() => store.zintercard('k', { limit: -1 })).toThrow(error("ERR LIMIT can't be negative"));
    expect(() => store.zunion('k', { weights: [Number.NaN] })).toThrow(
      error('ERR weight value is not a float'),
    );
    expect(() => store.zunion('k', { weights: [1, 2] })).toThrow(error('ERR syntax error'));
    expect(() => store.zrange('k', 1, 2, { by: 'lex' })).toThrow(
      error('ERR min or max not valid string range item'),
    );
    expect(store.zcard('k')).toBe(1);
  });

  it('give ranks with scores, which Redis 7.2 brought', () => {
    const store = storeOf({ k: { a: 1, b: 2.5, c: Number.POSITIVE_INFINITY } });
    expect(store.zrank('k', 'b')).toBe(1);
    expect(store.zrevrank('k', 'a')).toBe(2);
    expect(store.zrankWithScore('k', 'c')).toEqual({ rank: 2, score: Number.POSITIVE_INFINITY });
    expect(store.zrevrankWithScore('k', 'c')).toEqual({ rank: 0, score: Number.POSITIVE_INFINITY });
    expect(store.zrankWithScore('k', 'x')).toBeNull();
    expect(store.zrankWithScore('missing', 'x')).toBeNull();
  });

  it('answer ranges of every kind', () => {
    const store = storeOf({ k: { a: 1, b: 2, c: 3, d: 4 }, same: { a: 0, b: 0, c: 0 } });
    expect(store.zrange('k', 0, 1)).toEqual(['a', 'b']);
    expect(store.zrange('k', '0', '1', { rev: true })).toEqual(['d', 'c']);
    expect(store.zrange('k', 2, '+inf', { by: 'score' })).toEqual(['b', 'c', 'd']);
    expect(store.zrange('k', Number.POSITIVE_INFINITY, '(1', { by: 'score', rev: true })).toEqual([
      'd',
      'c',
      'b',
    ]);
    expect(store.zrange('k', 1, 4, { by: 'score', limit: { offset: 1, count: 2 } })).toEqual(['b', 'c']);
    expect(store.zrange('same', '(a', '+', { by: 'lex' })).toEqual(['b', 'c']);
    expect(store.zrange('same', Uint8Array.of(0x5b, 0x62), '+', { by: 'lex' })).toEqual(['b', 'c']);
    expect(store.zrangeWithScores('k', '(3', 9, { by: 'score' })).toEqual([{ member: 'd', score: 4 }]);
    expect(store.zrangebyscore('k', 1, '(3')).toEqual(['a', 'b']);
    expect(store.zrevrangebyscore('k', 3, 1, { limit: { offset: 0, count: 1 } })).toEqual(['c']);
    expect(store.zrangebylex('same', '-', '[b')).toEqual(['a', 'b']);
    expect(store.zrevrangebylex('same', '+', '-')).toEqual(['c', 'b', 'a']);
    expect(store.zrevrange('k', 0, 0)).toEqual(['d']);
    expect(store.zrevrangeWithScores('k', 0, 0)).toEqual([{ member: 'd', score: 4 }]);
    expect(store.zcount('k', '(1', 3)).toBe(2);
    expect(store.zlexcount('same', '[b', '+')).toBe(2);
    expect(store.zrangestore('to', 'k', 1, 2)).toBe(2);
    expect(store.zrange('to', 0, -1)).toEqual(['b', 'c']);
    expect(store.zremrangebyscore('k', 1, '(3')).toBe(2);
    expect(store.zremrangebyrank('k', -1, -1)).toBe(1);
    expect(store.zremrangebylex('same', '-', '+')).toBe(3);
    expect(store.zrange('k', 0, -1)).toEqual(['c']);
    store.keyspace.checkInvariants();
  });

  it('pop from both ends, and from the first key that has something', () => {
    const store = storeOf({ k: { a: 1, b: 2, c: 3, d: 4, e: 5 } });
    expect(store.zpopmin('k')).toEqual([{ member: 'a', score: 1 }]);
    expect(store.zpopmax('k', 2)).toEqual([
      { member: 'e', score: 5 },
      { member: 'd', score: 4 },
    ]);
    expect(store.zpopmin('k', 0)).toEqual([]);
    expect(store.zmpop(['missing', 'k'], 'max', { count: 9 })).toEqual({
      key: 'k',
      members: [
        { member: 'c', score: 3 },
        { member: 'b', score: 2 },
      ],
    });
    expect(store.zmpop('k', 'min')).toBeNull();
    expect(store.exists('k')).toBe(0);
    store.zadd('big', numbered(500));
    expect(store.zpopmax('big', 300).map(({ score }) => score)).toEqual(
      Array.from({ length: 300 }, (_, at) => 499 - at),
    );
    for (let at = 0; at < 200; at++) expect(store.zpopmin('big')).toEqual([{ member: `m${at}`, score: at }]);
    expect(store.exists('big')).toBe(0);
    store.keyspace.checkInvariants();
  });

  it('unite, intersect and subtract', () => {
    const store = storeOf({ a: { x: 1, y: 2 }, b: { y: 10, z: 20 } });
    store.sadd('plain', ['y', 'q']);
    expect(store.zunion(['a', 'b'])).toEqual(['x', 'y', 'z']);
    expect(store.zunionWithScores(['a', 'b', 'plain'], { weights: [1, 0.5, 100] })).toEqual([
      { member: 'x', score: 1 },
      { member: 'z', score: 10 },
      { member: 'q', score: 100 },
      { member: 'y', score: 107 },
    ]);
    expect(store.zinterWithScores(['a', 'b'], { aggregate: 'max' })).toEqual([{ member: 'y', score: 10 }]);
    expect(store.zinter(['a', 'plain'])).toEqual(['y']);
    expect(store.zdiff(['a', 'plain'])).toEqual(['x']);
    expect(store.zdiffWithScores('plain')).toEqual([
      { member: 'q', score: 1 },
      { member: 'y', score: 1 },
    ]);
    expect(store.zintercard(['a', 'b', 'plain'])).toBe(1);
    expect(store.zunionstore('to', ['a', 'b'], { aggregate: 'min' })).toBe(3);
    expect(store.zinterstore('to', ['a', 'missing'])).toBe(0);
    expect(store.exists('to')).toBe(0);
    expect(store.zdiffstore('to', 'a')).toBe(2);
    expect(store.zrange('to', 0, -1)).toEqual(['x', 'y']);
  });

  it('count how many sets hold a member, which Redis 8.8 brought', () => {
    const store = storeOf({
      s1: { foo: 5, bar: 7 },
      s2: { foo: 1, bar: -3 },
      s3: { foo: Number.POSITIVE_INFINITY },
    });
    expect(store.zunionstore('out', ['s1', 's2', 's3'], { aggregate: 'count' })).toBe(2);
    expect(store.zrangeWithScores('out', 0, -1)).toEqual([
      { member: 'bar', score: 2 },
      { member: 'foo', score: 3 },
    ]);
    expect(store.zinterWithScores(['s1', 's2', 's3'], { aggregate: 'count', weights: [1, 10, 100] })).toEqual(
      [{ member: 'foo', score: 111 }],
    );
    const { POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;
    expect(
      store.zunionWithScores(['s1', 's2'], {
        aggregate: 'count',
        weights: [POSITIVE_INFINITY, NEGATIVE_INFINITY],
      }),
    ).toEqual([
      { member: 'bar', score: 0 },
      { member: 'foo', score: 0 },
    ]);
  });

  it('answer bytes as bytes', () => {
    const store = new Store();
    const member = Uint8Array.of(0xff, 0, 0x80);
    expect(store.bytes.zadd(Uint8Array.of(0xfe), [{ member, score: 1 }])).toBe(1);
    expect(store.bytes.zrange(Uint8Array.of(0xfe), 0, -1)).toEqual([member]);
    expect(store.bytes.zrangeWithScores(Uint8Array.of(0xfe), 0, -1)).toEqual([{ member, score: 1 }]);
    expect(store.bytes.zscan(Uint8Array.of(0xfe), 0)).toEqual([0, [{ member, score: 1 }]]);
    expect(store.bytes.zrandmember(Uint8Array.of(0xfe))).toEqual(member);
    expect(store.bytes.zmpop(Uint8Array.of(0xfe), 'min')).toEqual({
      key: Uint8Array.of(0xfe),
      members: [{ member, score: 1 }],
    });
    store.zadd('k', { café: 1 });
    expect(store.bytes.zunion('k')).toEqual([new TextEncoder().encode('café')]);
  });
});

describe('random members', () => {
  it('are different ones for a positive count, and all of them for a large one', () => {
    for (const size of [1, 5, 40, 300]) {
      const store = storeOf({ k: numbered(size) });
      for (const count of [1, 2, size >> 3, size >> 1, size - 1, size, size + 5]) {
        if (count < 0) continue;
        const members = store.zrandmemberCount('k', count);
        expect(new Set(members).size).toBe(Math.min(count, size));
        expect(members.every((member) => store.zscore('k', member) !== null)).toBe(true);
      }
      const repeated = store.zrandmemberWithScores('k', -size - 3);
      expect(repeated).toHaveLength(size + 3);
      for (const { member, score } of repeated) expect(store.zscore('k', member)).toBe(score);
    }
  });

  it('are chosen by chance: every rank turns up, by either method', () => {
    const random = randomFrom(SEED);
    for (const [size, count] of [
      [20, 3],
      [20, 12],
      [7, 6],
    ] as const) {
      const times = new Array<number>(size).fill(0);
      for (let round = 0; round < 2000; round++) {
        const ranks = samplePositions(size, count, random);
        expect(new Set(ranks).size).toBe(count);
        for (const rank of ranks) times[rank]!++;
      }
      const expected = (2000 * count) / size;
      for (const seen of times) expect(Math.abs(seen - expected)).toBeLessThan(expected * 0.25);
    }
  });
});

describe('scanning', () => {
  it('returns a listpack in one step, and a skiplist in many', () => {
    const store = storeOf({ small: numbered(128), large: numbered(1000) });
    const [cursor, members] = store.zscan('small', 0, { count: 1 });
    expect(cursor).toBe(0);
    expect(members).toHaveLength(128);
    const [next, some] = store.zscan('large', 0, { count: 7 });
    expect(next).not.toBe(0);
    expect(some).toHaveLength(7);
  });

  it('yields every member that stays, whatever else goes', () => {
    const store = storeOf({ k: numbered(1000) });
    const seen = new Set<string>();
    let step = 0;
    for (const { member, score } of store.zscanIterator('k')) {
      seen.add(member);
      expect(member).toBe(score < 10_000 ? `m${score}` : `n${score - 10_000}`);
      if (step++ % 3 === 0) store.zrem('k', `m${(step * 7) % 500}`);
      store.zadd('k', { [`n${step}`]: 10_000 + step });
      if (step > 5000) throw new Error('the scan does not end');
    }
    for (let at = 500; at < 1000; at++) expect(seen.has(`m${at}`)).toBe(true);
  });

  it('matches patterns', () => {
    const store = storeOf({ k: { apple: 1, avocado: 2, bread: 3, '': 4 } });
    expect([...store.zscanIterator('k', { match: 'a*' })]).toEqual([
      { member: 'apple', score: 1 },
      { member: 'avocado', score: 2 },
    ]);
    expect([...store.zscanIterator('k', { match: '*' })]).toHaveLength(4);
    expect([...store.zscanIterator('missing')]).toEqual([]);
  });
});

describe('encodings', () => {
  it('follow the configured limits, and do not turn back', () => {
    const store = new Store({ limits: { zsetMaxListpackEntries: 2, zsetMaxListpackValueBytes: 3 } });
    store.zadd('k', { a: 1, b: 2 });
    expect(store.objectEncoding('k')).toBe('listpack');
    store.zincrby('k', 1, 'c');
    expect(store.objectEncoding('k')).toBe('skiplist');
    store.zrem('k', ['b', 'c']);
    expect(store.objectEncoding('k')).toBe('skiplist');
    store.copy('k', 'copy');
    expect(store.objectEncoding('copy')).toBe('skiplist');
    store.zunionstore('k', 'k');
    expect(store.objectEncoding('k')).toBe('listpack');
    store.zadd('long', { abcd: 1 });
    expect(store.objectEncoding('long')).toBe('skiplist');
    // Redis 7.2 and later count the arguments first.
    store.zadd('three', [
      { member: 'a', score: 1 },
      { member: 'a', score: 2 },
      { member: 'a', score: 3 },
    ]);
    expect(store.zcard('three')).toBe(1);
    expect(store.objectEncoding('three')).toBe('skiplist');
  });
});

describe('what is told of changes', () => {
  it('is one event and one effect for each command that changes something', () => {
    const store = storeOf({ k: { a: 1 }, z: { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 } });
    const { events, effects } = toldBy(store);
    const steps: [run: () => unknown, events: string[], effects: string[]][] = [
      [() => store.zadd('n', { a: 0.1 }), ['new n', 'zadd n'], ['ZADD n 0.1 a']],
      [() => store.zadd('k', { a: 1 }), [], []],
      [() => store.zadd('k', { a: 5, b: 6 }, { gt: true }), ['zadd k'], ['ZADD k GT 5 a 6 b']],
      [() => store.zadd('k', { a: 1 }, { nx: true }), [], []],
      [() => store.zaddIncr('k', { a: 1 }, { xx: true }), ['zincr k'], ['ZADD k 6 a']],
      [() => store.zincrby('k', Number.NEGATIVE_INFINITY, 'b'), ['zincr k'], ['ZADD k -inf b']],
      [() => store.zincrby('k', 0, 'a'), [], []],
      [() => store.zrem('k', ['x', 'a']), ['zrem k'], ['ZREM k a']],
      [() => store.zrem('k', ['x']), [], []],
      [() => store.zrem('k', 'b'), ['zrem k', 'del k'], ['ZREM k b']],
      [() => store.zpopmin('z'), ['zpopmin z'], ['ZREM z a']],
      [() => store.zmpop('z', 'max', { count: 2 }), ['zpopmax z'], ['ZREM z f e']],
      [() => store.zremrangebyscore('z', '(2', 3), ['zremrangebyscore z'], ['ZREMRANGEBYRANK z 1 1']],
      [() => store.zremrangebyrank('z', 5, 9), [], []],
      [
        () => store.zrangestore('to', 'z', 2, 2, { by: 'score' }),
        ['new to', 'zrangestore to'],
        ['ZRANGESTORE to z 0 0'],
      ],
      [
        () => store.zunionstore('to', ['z', 'n'], { weights: [1, 0.5], aggregate: 'max' }),
        ['overwritten to', 'zunionstore to'],
        ['ZUNIONSTORE to 2 z n WEIGHTS 1 0.5 AGGREGATE MAX'],
      ],
      [() => store.zinterstore('to', ['z', 'missing']), ['del to'], ['DEL to']],
      [() => store.zdiffstore('to', ['z', 'z']), [], []],
      [() => store.zdiffstore('to', ['z', 'n']), ['new to', 'zdiffstore to'], ['ZDIFFSTORE to 2 z n']],
      [() => store.zremrangebylex('z', '-', '+'), ['zremrangebylex z', 'del z'], ['ZREMRANGEBYRANK z 0 1']],
    ];
    for (const [run, saidEvents, saidEffects] of steps) {
      events.length = 0;
      effects.length = 0;
      run();
      expect({ events, effects }, String(run)).toEqual({ events: saidEvents, effects: saidEffects });
    }
  });
});

describe('typed calls over the wire', () => {
  const calls: [method: string, args: unknown[]][] = [
    ['zadd', ['k', { a: 1, b: 2.5 }, { ch: true, gt: true }]],
    ['zadd', ['k', [{ member: 'é', score: Number.POSITIVE_INFINITY }]]],
    ['zaddIncr', ['k', { a: 3 }, { xx: true }]],
    ['zaddIncr', ['k', { nobody: 3 }, { xx: true }]],
    ['zincrby', ['k', -0.5, 'a']],
    ['zscore', ['k', 'é']],
    ['zmscore', ['k', ['a', 'x']]],
    ['zrank', ['k', 'b']],
    ['zrankWithScore', ['k', 'b']],
    ['zrevrankWithScore', ['k', 'x']],
    ['zrange', ['k', 0, -1]],
    ['zrange', ['k', '(1', 9, { by: 'score', rev: false, limit: { offset: 0, count: 1 } }]],
    [
      'zrangeWithScores',
      ['k', Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, { by: 'score', rev: true }],
    ],
    ['zrevrangeWithScores', ['k', 0, 1]],
    ['zrangebyscoreWithScores', ['k', 0, 9]],
    ['zrangebylex', ['k', '-', '+', { limit: { offset: 1, count: 1 } }]],
    ['zcount', ['k', Number.NEGATIVE_INFINITY, '+inf']],
    ['zrangestore', ['to', 'k', 0, 1, { rev: true }]],
    ['zunionWithScores', [['k', 'to'], { weights: [2, 1], aggregate: 'min' }]],
    ['zinterWithScores', ['k', { aggregate: 'count' }]],
    ['zdiffWithScores', [['k', 'to']]],
    ['zunionstore', ['to', ['k'], { weights: [-1] }]],
    ['zintercard', [['k', 'to'], { limit: 2 }]],
    ['zrandmember', ['missing']],
    ['zrandmemberCount', ['k', 9]],
    ['zrandmemberWithScores', ['k', 9]],
    ['zscan', ['k', 0, { match: '*', count: 100 }]],
    ['zmpop', [['missing', 'to'], 'max', { count: 2 }]],
    ['zmpop', ['missing', 'max']],
    ['zpopmin', ['k']],
    ['zpopmax', ['k', 5]],
    ['zpopmin', ['k', 5]],
  ];

  it.each([2, 3] as const)('come back as the method returns them, in RESP%i', (protocol: Protocol) => {
    const store = new Store();
    const side = new LodisSide();
    const commands = registry.all.filter(({ facts }) => facts.group === 'sorted_set');
    for (const [method, args] of calls) {
      const command = commands.find(({ forms }) => forms.some((form) => form.method === method))!;
      const form = command.forms.find((candidate) => candidate.method === method)!;
      const [node] = side.runNow([command.encode(method, args) as string[]], protocol);
      const direct = (store as unknown as Record<string, (...values: unknown[]) => unknown>)[method]!(
        ...args,
      );
      expect(form.reply.read(toReply(node!)), `${method} ${JSON.stringify(args)}`).toEqual(direct);
    }
  });
});

describe('against a naive model', () => {
  it('the algebra is what loops over all members make it', () => {
    const member = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'é', '');
    const set = fc.dictionary(member, fc.integer({ min: -5, max: 5 }), { maxKeys: 6 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(set, fc.integer({ min: -3, max: 3 })), { minLength: 1, maxLength: 4 }),
        fc.constantFrom('sum' as const, 'min' as const, 'max' as const, 'count' as const),
        (inputs, aggregate) => {
          const store = new Store();
          inputs.forEach(([members], at) => {
            if (Object.keys(members).length > 0) store.zadd(`k${at}`, members);
          });
          const keys = inputs.map((_, at) => `k${at}`);
          const weights = inputs.map(([, weight]) => weight);
          const joined = (name: string): number[] =>
            inputs.flatMap(([members, weight]) =>
              Object.hasOwn(members, name) ? [aggregate === 'count' ? weight : members[name]! * weight] : [],
            );
          const fold = (values: number[]): number =>
            aggregate === 'min'
              ? Math.min(...values)
              : aggregate === 'max'
                ? Math.max(...values)
                : values.reduce((sum, value) => sum + value, 0);
          const expected = (isWanted: (count: number) => boolean): Map<string, number> => {
            const result = new Map<string, number>();
            for (const name of ['a', 'b', 'c', 'd', 'e', 'é', '']) {
              const values = joined(name);
              if (isWanted(values.length)) result.set(name, fold(values) + 0);
            }
            return result;
          };
          const got = (members: ScoredMember[]): Map<string, number> =>
            new Map(members.map(({ member: name, score }) => [name, score + 0]));
          const options = { weights, aggregate };
          expect(got(store.zunionWithScores(keys, options))).toEqual(expected((count) => count > 0));
          expect(got(store.zinterWithScores(keys, options))).toEqual(
            expected((count) => count === keys.length),
          );
          expect(store.zintercard(keys)).toBe(store.zinter(keys).length);
          const union = store.zunionWithScores(keys, options);
          store.zunionstore('to', keys, options);
          expect(store.zrange('to', 0, -1)).toEqual(union.map(({ member: name }) => name));
          store.keyspace.checkInvariants();
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });
});

test('ZADD takes a Map, whose members may be bytes', () => {
  const store = new Store();
  expect(
    store.zadd(
      'z',
      new Map<string | Uint8Array, number>([
        ['10', 1],
        [Uint8Array.of(0xff), 2],
      ]),
    ),
  ).toBe(2);
  expect(store.zaddIncr('z', new Map([['10', 4]]))).toBe(5);
  expect(store.bytes.zrangeWithScores('z', 0, -1)).toEqual([
    { member: Uint8Array.of(0xff), score: 2 },
    { member: Uint8Array.of(0x31, 0x30), score: 5 },
  ]);
  expect(() => store.zadd('z', new Map())).toThrow("wrong number of arguments for 'zadd' command");
});
