import { describe, expect, test } from 'vitest';
import { connect, Store } from '../../src/index.ts';
import { registry } from '../../src/session/registry.ts';
import { toldBy } from '../support/told.ts';

const utf8 = new TextEncoder();

function storeWith(lists: Record<string, string[]>): Store {
  const store = new Store();
  for (const [key, elements] of Object.entries(lists)) store.rpush(key, elements);
  return store;
}

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

describe('the typed methods', () => {
  test('push one or many, and read', () => {
    const store = new Store();
    expect(store.rpush('k', 'b')).toBe(1);
    expect(store.lpush('k', ['a', 'z'])).toBe(3);
    expect(store.lrange('k', 0, -1)).toEqual(['z', 'a', 'b']);
    expect(store.rpushx('k', 'c')).toBe(4);
    expect(store.lpushx('missing', ['c'])).toBe(0);
    expect(store.llen('k')).toBe(4);
    expect(store.lindex('k', -1)).toBe('c');
    expect(store.lindex('k', 4)).toBeNull();
    expect(store.type('k')).toBe('list');
  });

  test('pop one, or an array of them', () => {
    const store = storeWith({ k: ['a', 'b', 'c', 'd', 'e'] });
    expect(store.lpop('k')).toBe('a');
    expect(store.rpop('k')).toBe('e');
    expect(store.lpopCount('k', 0)).toEqual([]);
    expect(store.rpopCount('k', 2)).toEqual(['d', 'c']);
    expect(store.lpopCount('k', 9)).toEqual(['b']);
    expect(store.exists('k')).toBe(0);
    expect(store.lpop('k')).toBeNull();
    expect(store.lpopCount('k', 0)).toBeNull();
    store.keyspace.checkInvariants();
  });

  test('lmpop says from which key', () => {
    const store = storeWith({ b: ['1', '2', '3'] });
    expect(store.lmpop(['a', 'b'], 'right', { count: 2 })).toEqual({ key: 'b', elements: ['3', '2'] });
    expect(store.lmpop('b', 'left')).toEqual({ key: 'b', elements: ['1'] });
    expect(store.lmpop('b', 'left')).toBeNull();
  });

  test('lpos finds one, lposCount several', () => {
    const store = storeWith({ k: ['a', 'b', 'c', 'a', 'b', 'a'] });
    expect(store.lpos('k', 'a')).toBe(0);
    expect(store.lpos('k', 'a', { rank: -1 })).toBe(5);
    expect(store.lpos('k', 'z')).toBeNull();
    expect(store.lposCount('k', 'a')).toEqual([0, 3, 5]);
    expect(store.lposCount('k', 'a', { rank: -2, count: 1 })).toEqual([3]);
    expect(store.lposCount('k', 'a', { maxlen: 4 })).toEqual([0, 3]);
    expect(store.lposCount('missing', 'a')).toEqual([]);
  });

  test('edit in place', () => {
    const store = storeWith({ k: ['a', 'b', 'c', 'a'] });
    expect(store.lset('k', -2, 'C')).toBe('OK');
    expect(store.linsert('k', 'before', 'C', 'x')).toBe(5);
    expect(store.linsert('k', 'after', 'C', 'y')).toBe(6);
    expect(store.linsert('k', 'after', 'missing', 'y')).toBe(-1);
    expect(store.lrange('k', 0, -1)).toEqual(['a', 'b', 'x', 'C', 'y', 'a']);
    expect(store.lrem('k', -1, 'a')).toBe(1);
    expect(store.ltrim('k', 1, -2)).toBe('OK');
    expect(store.lrange('k', 0, -1)).toEqual(['b', 'x', 'C']);
  });

  test('move', () => {
    const store = storeWith({ a: ['1', '2', '3'] });
    expect(store.lmove('a', 'b', 'left', 'right')).toBe('1');
    expect(store.rpoplpush('a', 'b')).toBe('3');
    expect(store.lrange('b', 0, -1)).toEqual(['3', '1']);
    expect(store.lmove('missing', 'b', 'left', 'left')).toBeNull();
  });

  test('keys and elements are any bytes, of any length', () => {
    const store = new Store();
    const awkward = ['__proto__', 'constructor', '', 'x'.repeat(1 << 20), 'ключ', '😀'];
    for (const name of awkward) {
      expect(store.rpush(name, awkward)).toBe(awkward.length);
      expect(store.lrange(name, 0, -1)).toEqual(awkward);
      expect(awkward.map((element) => store.lpos(name, element))).toEqual([0, 1, 2, 3, 4, 5]);
    }
    const invalid = Uint8Array.of(0xff, 0xc3);
    store.rpush(invalid, invalid);
    expect(store.bytes.lrange(invalid, 0, -1)).toEqual([invalid]);
    expect(store.lpos(invalid, invalid)).toBe(0);
    expect(store.bytes.lmpop([invalid], 'left')).toEqual({ key: invalid, elements: [invalid] });
  });

  test('the bytes view answers in bytes throughout', () => {
    const { bytes } = storeWith({ k: ['a', 'é', 'c', 'd', 'e', 'f', 'g'] });
    expect(bytes.lpop('k')).toEqual(utf8.encode('a'));
    expect(bytes.lindex('k', 0)).toEqual(utf8.encode('é'));
    expect(bytes.lpopCount('k', 1)).toEqual([utf8.encode('é')]);
    expect(bytes.rpopCount('k', 1)).toEqual([utf8.encode('g')]);
    expect(bytes.lmove('k', 'l', 'left', 'left')).toEqual(utf8.encode('c'));
    expect(bytes.lmovem('k', 'l', 'left', 'left')).toEqual([utf8.encode('d')]);
    expect(bytes.lrange('k', 0, -1)).toEqual([utf8.encode('e'), utf8.encode('f')]);
  });

  test('a million elements in one call', () => {
    const store = new Store();
    const { effects } = toldBy(store);
    expect(store.rpush('k', new Array<string>(1_000_000).fill('x'))).toBe(1_000_000);
    expect(effects).toHaveLength(1);
    expect(store.lpopCount('k', 999_999)).toHaveLength(999_999);
    expect(store.objectEncoding('k')).toBe('listpack');
  });
});

describe('nonsense from typed callers is refused, and changes nothing', () => {
  const nonsense: Record<string, [(store: Store) => unknown, string]> = {
    'no elements to lpush': [
      (store) => store.lpush('k', []),
      "ERR wrong number of arguments for 'lpush' command",
    ],
    'no elements to rpushx': [
      (store) => store.rpushx('k', []),
      "ERR wrong number of arguments for 'rpushx' command",
    ],
    'a negative count': [(store) => store.lpopCount('k', -1), 'ERR value is out of range, must be positive'],
    'half a count': [(store) => store.rpopCount('k', 1.5), 'ERR value is out of range, must be positive'],
    'an index that is no number': [
      (store) => store.lindex('k', Number.NaN),
      'ERR value is not an integer or out of range',
    ],
    'half an index': [(store) => store.lset('k', 0.5, 'x'), 'ERR value is not an integer or out of range'],
    'an infinite range': [
      (store) => store.lrange('k', 0, Number.POSITIVE_INFINITY),
      'ERR value is not an integer or out of range',
    ],
    'a trim to NaN': [
      (store) => store.ltrim('k', Number.NaN, 1),
      'ERR value is not an integer or out of range',
    ],
    'a removal of NaN': [
      (store) => store.lrem('k', Number.NaN, 'a'),
      'ERR value is not an integer or out of range',
    ],
    'rank 0': [
      (store) => store.lpos('k', 'a', { rank: 0 }),
      "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list",
    ],
    'half a rank': [
      (store) => store.lpos('k', 'a', { rank: 0.5 }),
      'ERR value is not an integer or out of range',
    ],
    'a negative number of matches': [
      (store) => store.lposCount('k', 'a', { count: -1 }),
      "ERR COUNT can't be negative",
    ],
    'a negative length': [(store) => store.lpos('k', 'a', { maxlen: -1 }), "ERR MAXLEN can't be negative"],
    'lmpop of no keys': [(store) => store.lmpop([], 'left'), 'ERR numkeys should be greater than 0'],
    'lmpop of none': [
      (store) => store.lmpop('k', 'left', { count: 0 }),
      'ERR count should be greater than 0',
    ],
    'an end that is none': [(store) => store.lmpop('k', 'LEFT' as 'left'), 'ERR syntax error'],
    'a move from nowhere': [(store) => store.lmove('k', 'l', 'top' as 'left', 'left'), 'ERR syntax error'],
    'an insertion beside': [(store) => store.linsert('k', 'beside' as 'after', 'a', 'b'), 'ERR syntax error'],
    'count and exactly': [
      (store) => store.lmovem('k', 'l', 'left', 'left', { count: 1, exactly: 1, order: 'obo' }),
      'ERR syntax error',
    ],
    'neither count nor exactly': [
      (store) => store.lmovem('k', 'l', 'left', 'left', { order: 'obo' }),
      'ERR syntax error',
    ],
    'no order': [
      (store) => store.lmovem('k', 'l', 'left', 'left', { count: 1 } as { count: number; order: 'obo' }),
      'ERR syntax error',
    ],
    'half an element': [
      (store) => store.lmovem('k', 'l', 'left', 'left', { exactly: 0.5, order: 'obo' }),
      'ERR count should be greater than 0',
    ],
  };
  test.each(Object.entries(nonsense))('%s', (_name, [run, message]) => {
    const store = storeWith({ k: ['a', 'b'] });
    const { events } = toldBy(store);
    expect(messageOf(() => run(store))).toBe(message);
    expect(store.lrange('k', 0, -1)).toEqual(['a', 'b']);
    expect(events).toEqual([]);
    expect(store.dbsize()).toBe(1);
  });

  test('an element that is no bytes', () => {
    const store = storeWith({ k: ['a'] });
    expect(() => store.rpush('k', ['b', 7 as unknown as string])).toThrow(TypeError);
    expect(() => store.lpush('new', 7 as unknown as string)).toThrow(TypeError);
    expect(store.lrange('k', 0, -1)).toEqual(['a']);
    expect(store.dbsize()).toBe(1);
  });
});

describe('what is told of changes', () => {
  // The events, in this order, are those that redis-server publishes for the same commands.
  const told: [run: (store: Store) => unknown, events: string[], effects: string[]][] = [
    [(store) => store.rpush('a', ['1', '2', '3']), ['new a', 'rpush a'], ['RPUSH a 1 2 3']],
    [(store) => store.lpushx('a', '0'), ['lpush a'], ['LPUSH a 0']],
    [(store) => store.lset('a', 0, 'x'), ['lset a'], ['LSET a 0 x']],
    [(store) => store.linsert('a', 'before', '1', 'y'), ['linsert a'], ['LINSERT a BEFORE 1 y']],
    [(store) => store.linsert('a', 'before', 'z', 'y'), [], []],
    [(store) => store.lrem('a', 0, 'y'), ['lrem a'], ['LREM a 0 y']],
    [(store) => store.lrem('a', 0, 'y'), [], []],
    [(store) => store.ltrim('a', 0, -1), ['ltrim a'], []],
    [(store) => store.ltrim('a', 0, 2), ['ltrim a'], ['LTRIM a 0 2']],
    [
      (store) => store.lmove('a', 'b', 'left', 'right'),
      ['new b', 'rpush b', 'lpop a'],
      ['LMOVE a b LEFT RIGHT'],
    ],
    [(store) => store.lmove('a', 'a', 'left', 'right'), ['rpush a', 'lpop a'], ['LMOVE a a LEFT RIGHT']],
    [(store) => store.rpoplpush('a', 'b'), ['lpush b', 'rpop a'], ['LMOVE a b RIGHT LEFT']],
    [(store) => store.rpoplpush('a', 'b'), ['lpush b', 'rpop a', 'del a'], ['LMOVE a b RIGHT LEFT']],
    [(store) => store.lpopCount('b', 0), [], []],
    [(store) => store.lpopCount('b', 2), ['lpop b'], ['LPOP b 2']],
    [(store) => store.lmpop('b', 'right', { count: 5 }), ['rpop b', 'del b'], ['RPOP b']],
    [(store) => store.rpush('a', '1'), ['new a', 'rpush a'], ['RPUSH a 1']],
    [(store) => store.lmove('a', 'a', 'left', 'left'), ['lpush a', 'lpop a'], ['LMOVE a a LEFT LEFT']],
    [(store) => store.ltrim('a', 1, 0), ['ltrim a', 'del a'], ['LTRIM a 1 0']],
    [(store) => store.rpush('a', ['1', '1']), ['new a', 'rpush a'], ['RPUSH a 1 1']],
    [(store) => store.lrem('a', 0, '1'), ['lrem a', 'del a'], ['LREM a 0 1']],
    [(store) => store.lmpop('a', 'left'), [], []],
    [(store) => store.rpop('a'), [], []],
    [(store) => store.rpush('a', ['1', '2', '3', '4']), ['new a', 'rpush a'], ['RPUSH a 1 2 3 4']],
    [(store) => store.rpop('a'), ['rpop a'], ['RPOP a']],
    [(store) => store.lmovem('a', 'b', 'left', 'right', { exactly: 4, order: 'obo' }), [], []],
    [
      (store) => store.lmovem('a', 'b', 'left', 'right', { exactly: 2, order: 'bulk' }),
      ['new b', 'rpush b', 'lpop a'],
      ['LMOVEM a b LEFT RIGHT COUNT 2 BULK'],
    ],
    [
      (store) => store.lmovem('a', 'b', 'right', 'left'),
      ['lpush b', 'rpop a', 'del a'],
      ['LMOVEM a b RIGHT LEFT'],
    ],
  ];
  test('each change is told once, in order, with the command that repeats it', () => {
    const store = new Store();
    const seen = toldBy(store);
    for (const [run, events, effects] of told) {
      seen.events.length = 0;
      seen.effects.length = 0;
      run(store);
      expect([run.toString(), seen.events, seen.effects]).toEqual([run.toString(), events, effects]);
    }
  });
});

describe('LMOVEM (Redis 8.10)', () => {
  const five = ['1', '2', '3', '4', '5'];

  // [ends, order] → reply, source, destination; the destination holds x y before.
  test.each([
    ['left left obo', ['3', '2', '1'], ['4', '5'], ['3', '2', '1', 'x', 'y']],
    ['left left bulk', ['1', '2', '3'], ['4', '5'], ['1', '2', '3', 'x', 'y']],
    ['left right obo', ['1', '2', '3'], ['4', '5'], ['x', 'y', '1', '2', '3']],
    ['left right bulk', ['1', '2', '3'], ['4', '5'], ['x', 'y', '1', '2', '3']],
    ['right left obo', ['3', '4', '5'], ['1', '2'], ['3', '4', '5', 'x', 'y']],
    ['right left bulk', ['3', '4', '5'], ['1', '2'], ['3', '4', '5', 'x', 'y']],
    ['right right obo', ['5', '4', '3'], ['1', '2'], ['x', 'y', '5', '4', '3']],
    ['right right bulk', ['3', '4', '5'], ['1', '2'], ['x', 'y', '3', '4', '5']],
  ])('%s answers what was moved as it now stands', (how, reply, source, destination) => {
    const [from, to, order] = how.split(' ') as ['left', 'right', 'obo'];
    for (const many of ['count', 'exactly'] as const) {
      const store = storeWith({ a: five, b: ['x', 'y'] });
      expect(store.lmovem('a', 'b', from, to, { [many]: 3, order })).toEqual(reply);
      expect(store.lrange('a', 0, -1)).toEqual(source);
      expect(store.lrange('b', 0, -1)).toEqual(destination);
      // One by one is what so many LMOVEs do.
      const single = storeWith({ a: five, b: ['x', 'y'] });
      for (let time = 0; time < 3; time++) single.lmove('a', 'b', from, to);
      if (order === 'obo') expect(single.lrange('b', 0, -1)).toEqual(destination);
    }
  });

  test('COUNT moves what there is, EXACTLY all or nothing', () => {
    const store = storeWith({ a: five });
    expect(store.lmovem('a', 'b', 'left', 'right', { exactly: 6, order: 'bulk' })).toBeNull();
    expect(store.exists('b')).toBe(0);
    expect(store.lmovem('a', 'b', 'left', 'right', { count: 6, order: 'bulk' })).toEqual(five);
    expect(store.exists('a')).toBe(0);
    expect(store.lmovem('a', 'b', 'left', 'right', { count: 6, order: 'bulk' })).toBeNull();
    store.keyspace.checkInvariants();
  });

  test('on one list, the whole block leaves before any of it arrives', () => {
    const store = storeWith({ k: ['1', '2', '3', '4'], l: ['a', 'b', 'c'] });
    expect(store.lmovem('k', 'k', 'left', 'right', { count: 2, order: 'bulk' })).toEqual(['1', '2']);
    expect(store.lrange('k', 0, -1)).toEqual(['3', '4', '1', '2']);
    expect(store.lmovem('l', 'l', 'left', 'left', { exactly: 2, order: 'obo' })).toEqual(['b', 'a']);
    expect(store.lrange('l', 0, -1)).toEqual(['b', 'a', 'c']);
    expect(store.lmovem('l', 'l', 'right', 'right', { count: 9, order: 'bulk' })).toEqual(['b', 'a', 'c']);
    expect(store.lrange('l', 0, -1)).toEqual(['b', 'a', 'c']);
  });

  test('TTLs: the source loses its own with its key, the destination keeps its own', () => {
    const store = storeWith({ a: five, b: ['x'] });
    store.expire('a', 100);
    store.expire('b', 50);
    store.lmovem('a', 'b', 'left', 'right', { count: 2, order: 'obo' });
    store.lmovem('a', 'c', 'left', 'right', { count: 9, order: 'obo' });
    expect([store.ttl('a'), store.ttl('b'), store.ttl('c')]).toEqual([-2, 50, -1]);
  });

  test('on the wire', () => {
    const store = storeWith({ a: five });
    store.set('s', 'v');
    const connection = connect(store);
    const run = (line: string) => {
      try {
        const [name = '', ...args] = line.split(' ');
        return connection.call(name, ...args);
      } catch (error) {
        return (error as Error).message;
      }
    };
    const arity = "ERR wrong number of arguments for 'lmovem' command";
    expect(run('LMOVEM a b LEFT')).toBe(arity);
    expect(run('LMOVEM a b UP LEFT')).toBe('ERR syntax error');
    expect(run('LMOVEM a b LEFT LEFT COUNT 2')).toBe('ERR syntax error');
    expect(run('LMOVEM a b LEFT LEFT COUNT 2 OBO BULK')).toBe('ERR syntax error');
    expect(run('LMOVEM a b LEFT LEFT SOME 2 OBO')).toBe('ERR syntax error');
    expect(run('LMOVEM a b LEFT LEFT COUNT 2 ASIS')).toBe('ERR syntax error');
    for (const count of ['0', '-1', 'a', '1.5', '9223372036854775808']) {
      expect(run(`LMOVEM s b LEFT LEFT COUNT ${count} OBO`)).toBe('ERR count should be greater than 0');
    }
    expect(run('LMOVEM missing s LEFT LEFT')).toBeNull();
    expect(run('LMOVEM a s LEFT LEFT EXACTLY 6 OBO')).toBeNull();
    const wrongType = 'WRONGTYPE Operation against a key holding the wrong kind of value';
    expect(run('LMOVEM s b LEFT LEFT')).toBe(wrongType);
    expect(run('LMOVEM a s LEFT LEFT')).toBe(wrongType);
    expect(store.lrange('a', 0, -1)).toEqual(five);
    expect(run('lmovem a b left left')).toEqual(['1']);
    expect(run('lmovem a b left left count 9223372036854775807 obo')).toEqual(['5', '4', '3', '2']);
    expect(run('LMOVEM b b LEFT RIGHT EXACTLY 2 BULK')).toEqual(['5', '4']);
  });
});

describe('typed calls written as tokens', () => {
  test.each<[command: string, method: string, args: unknown[], tokens: string]>([
    ['LPUSH', 'lpush', ['k', 'a'], 'LPUSH k a'],
    ['RPUSHX', 'rpushx', ['k', ['a', 'b']], 'RPUSHX k a b'],
    ['LPOP', 'lpop', ['k'], 'LPOP k'],
    ['LPOP', 'lpopCount', ['k', 2], 'LPOP k 2'],
    ['RPOP', 'rpopCount', ['k', 0], 'RPOP k 0'],
    ['LPOS', 'lpos', ['k', 'a', { rank: -1, maxlen: 9 }], 'LPOS k a RANK -1 MAXLEN 9'],
    ['LPOS', 'lposCount', ['k', 'a'], 'LPOS k a COUNT 0'],
    ['LPOS', 'lposCount', ['k', 'a', { count: 3, rank: 2 }], 'LPOS k a RANK 2 COUNT 3'],
    ['LMPOP', 'lmpop', ['k', 'left'], 'LMPOP 1 k LEFT'],
    ['LMPOP', 'lmpop', [['k', 'l'], 'right', { count: 2 }], 'LMPOP 2 k l RIGHT COUNT 2'],
    ['LINSERT', 'linsert', ['k', 'after', 'a', 'b'], 'LINSERT k AFTER a b'],
    ['LMOVEM', 'lmovem', ['k', 'l', 'left', 'right'], 'LMOVEM k l LEFT RIGHT'],
    [
      'LMOVEM',
      'lmovem',
      ['k', 'l', 'left', 'right', { exactly: 2, order: 'obo' }],
      'LMOVEM k l LEFT RIGHT EXACTLY 2 OBO',
    ],
  ])('%s by %s', (command, method, args, tokens) => {
    expect(registry.get(command)!.encode(method, args).join(' ')).toBe(tokens);
  });
});

describe('OBJECT ENCODING', () => {
  test('a small list is a listpack; one that outgrows it is a quicklist until it has shrunk to half', () => {
    const store = new Store({ limits: { listMaxListpackSize: 4 } });
    store.rpush('k', ['1', '2', '3', '4']);
    expect(store.objectEncoding('k')).toBe('listpack');
    store.rpush('k', '5');
    expect(store.objectEncoding('k')).toBe('quicklist');
    store.lpopCount('k', 2);
    expect(store.objectEncoding('k')).toBe('quicklist');
    store.lmove('k', 'other', 'left', 'left');
    expect(store.objectEncoding('k')).toBe('listpack');
  });

  test('a list of one huge element is a quicklist at once, by whatever command it comes', () => {
    const huge = 'x'.repeat(8186);
    const fits = huge.slice(1);
    const ways: ((store: Store, element: string) => unknown)[] = [
      (store, element) => store.lpush('k', element),
      (store, element) => store.rpush('k', [element]),
      (store, element) => {
        store.rpush('s', element);
        store.lmove('s', 'k', 'left', 'left');
      },
      (store, element) => {
        store.rpush('s', element);
        store.lmovem('s', 'k', 'left', 'left');
      },
    ];
    for (const way of ways) {
      const store = new Store();
      way(store, huge);
      expect(store.objectEncoding('k')).toBe('quicklist');
      const other = new Store();
      way(other, fits);
      expect(other.objectEncoding('k')).toBe('listpack');
    }
  });

  test('LSET, LREM and LTRIM let it shrink; LSET and LINSERT make it grow, even where they find no place', () => {
    const huge = 'x'.repeat(9000);
    const store = storeWith({ k: ['a', huge, 'b'] });
    expect(store.objectEncoding('k')).toBe('quicklist');
    store.lset('k', 1, 'small');
    expect(store.objectEncoding('k')).toBe('listpack');
    expect(store.linsert('k', 'after', 'missing', huge)).toBe(-1);
    expect(store.objectEncoding('k')).toBe('quicklist');
    store.lrem('k', 1, 'small');
    expect(store.objectEncoding('k')).toBe('listpack');
    expect(messageOf(() => store.lset('k', 9, huge))).toBe('ERR index out of range');
    expect(store.objectEncoding('k')).toBe('quicklist');
    store.ltrim('k', 0, 0);
    expect(store.objectEncoding('k')).toBe('listpack');
  });

  test('COPY keeps it', () => {
    const store = storeWith({ k: ['a', 'x'.repeat(8000)] });
    store.rpush('k', 'x'.repeat(300));
    store.rpop('k');
    expect(store.objectEncoding('k')).toBe('quicklist');
    store.copy('k', 'l');
    store.lpop('l');
    expect([store.objectEncoding('k'), store.objectEncoding('l')]).toEqual(['quicklist', 'quicklist']);
    expect(store.llen('k')).toBe(2);
  });
});
