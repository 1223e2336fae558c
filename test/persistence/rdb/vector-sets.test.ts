import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReplyError, Store, type VaddOptions } from '../../../src/index.ts';
import type { VectorGraph } from '../../../src/structures/vector-sets/vector-graph.ts';
import { VECTOR_SET } from '../../../src/structures/vector-sets/vector-set-value.ts';
import { Mutator } from '../../differential/support/mutations.ts';
import { randomFrom } from '../../differential/support/random-sampler.ts';
import { bodyOf, hex, payload, toHex } from './support.ts';

const KINDS: [string, VaddOptions][] = [
  ['f32', { noquant: true }],
  ['int8', {}],
  ['bin', { bin: true }],
  ['f32, projected', { noquant: true, reduce: 3 }],
  ['int8, projected', { reduce: 3 }],
];
const DIMENSION = 5;

function checked(store: Store): VectorGraph {
  store.keyspace.checkInvariants();
  const set = store.keyspace.databases[0]!.get('v', VECTOR_SET)!;
  set.checkInvariants();
  return set.graph;
}

/** Everything that is to be seen of the set, the number of which is its own. */
function seen(store: Store): unknown {
  const { vsetUid: _, ...info } = store.vinfo('v')!;
  const elements = store.vrange('v', '-', '+').map((name) => ({
    name,
    raw: store.vembRaw('v', name),
    links: store.vlinksWithScores('v', name),
    attributes: store.vgetattr('v', name),
  }));
  return { info, elements };
}

function restored(dumped: Uint8Array): Store {
  const store = new Store({ random: randomFrom(2) });
  expect(store.restore('v', 0, dumped)).toBe('OK');
  checked(store);
  return store;
}

const component = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double({ min: -1e3, max: 1e3, noNaN: true }));
const vector = fc.array(component, { minLength: DIMENSION, maxLength: DIMENSION });
const name = fc.oneof(
  fc.nat(30).map(String),
  fc.string({ maxLength: 12 }),
  fc.uint8Array({ maxLength: 4 }),
  fc.constantFrom('', 'a'.repeat(60)),
);
const attributes = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.nat(9).map((n) => `{"n":${n}}`) },
);

describe.each(KINDS)('a set of %s', (_, options) => {
  test('comes back as it was', () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ name, vector, attributes }) },
      { weight: 1, arbitrary: fc.record({ name, vector: fc.constant(undefined), attributes }) },
    );
    let compared = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), fc.nat(), (steps, seed) => {
        const store = new Store({ random: randomFrom(seed) });
        for (const one of steps) {
          if (one.vector === undefined) store.vrem('v', one.name);
          else {
            const setattr = one.attributes === undefined ? {} : { setattr: one.attributes };
            store.vadd('v', one.vector, one.name, { ...options, m: 4, ...setattr });
          }
        }
        const dumped = store.dump('v');
        if (dumped === null) return;
        compared++;
        // The greatest id is not told if its element is gone.
        const greatest = Math.max(...Array.from(checked(store).nodes(), ({ id }) => id));
        const other = restored(dumped);
        const before = seen(store) as { info: { hnswMaxNodeUid: number } };
        before.info.hnswMaxNodeUid = greatest;
        expect(seen(other)).toEqual(before);
        expect(toHex(other.dump('v')!)).toBe(toHex(dumped));
        const query = { vector: [1, -2, 0.5, 3, 0] };
        for (const filter of ['', '.n > 3']) {
          // All of them: which of equals are left out is no matter.
          const asked = { count: 100, ...(filter === '' ? {} : { filter }) };
          expect(other.vsimWithScores('v', query, asked)).toEqual(store.vsimWithScores('v', query, asked));
        }
      }),
      { seed: 20_261_121, numRuns: 60 },
    );
    expect(compared).toBeGreaterThan(50);
  });

  test('so large that searches walk the graph answers them as before', () => {
    const random = randomFrom(9);
    const store = new Store({ random });
    const some = () => Array.from({ length: DIMENSION }, () => random() - 0.5);
    for (let at = 0; at < 400; at++) store.vadd('v', some(), `e${at}`, { ...options, ef: 20 });
    const other = restored(store.dump('v')!);
    for (let at = 0; at < 30; at++) {
      const query = { vector: some() };
      const asked = { ef: 10, count: 10 };
      expect(other.vsimWithScores('v', query, asked)).toEqual(store.vsimWithScores('v', query, asked));
    }
  });

  test('that is damaged is refused, or is sound', () => {
    const store = new Store({ random: randomFrom(4) });
    for (let at = 0; at < 12; at++) {
      const given = [at, 1, at % 3, -at, 0.5];
      store.vadd('v', given, `e${at}`, { ...options, m: 4, setattr: `{"n":${at}}` });
    }
    const mutator = new Mutator(3, [bodyOf(store.dump('v')!)]);
    let taken = 0;
    for (let run = 0; run < 1500; run++) {
      const body = mutator.next();
      const other = new Store({ random: randomFrom(run) });
      try {
        other.restore('v', 0, payload(body, 12));
      } catch (error) {
        if (error instanceof ReplyError && error.message === 'ERR Bad data format') continue;
        throw new Error(toHex(body), { cause: error });
      }
      if (other.type('v') !== 'vectorset') continue;
      taken++;
      const graph = checked(other);
      const query = { vector: Array.from({ length: graph.dimension }, (__, at) => at + 1) };
      for (const { score } of other.vsimWithScores('v', query, { ef: 2 })) expect(score).not.toBeNaN();
      for (const one of other.vrange('v', '-', '+').slice(0, 6)) other.vrem('v', one);
      if (other.exists('v') === 1) checked(other);
    }
    expect(taken).toBeGreaterThan(50);
  });
});

/** A field of a module's value: an integer, in the digits of its length, or a string. */
const u = (digits: string) => `02 ${digits} `;
const s = (text: string) =>
  `05 ${text.length.toString(16).padStart(2, '0')} ${toHex(new TextEncoder().encode(text))} `;
const HEAD = '07 81bde72da2bb1eb400 ';
/** Two floats: 1 and 0. */
const X = '05 08 0000803f00000000 ';
const Y = '05 08 000000000000803f ';
/** A norm of 1, and no range. */
const NORM = u('803f800000');

/** An element of level 0 in the version that servers write. */
function element(
  title: string,
  place: string,
  id: number,
  links: readonly number[],
  version = '8001000000',
): string {
  const tail = version === '00' ? '' : u('00');
  const numbers = 5 + links.length + (version === '00' ? 0 : 1);
  const two = (value: number) => value.toString(16).padStart(2, '0');
  const ids = links.map((link) => u(two(link))).join('');
  return (
    s(title) +
    place +
    u(two(numbers)) +
    u(two(id)) +
    u(version) +
    u(two(links.length)) +
    u('20') +
    ids +
    tail +
    NORM
  );
}

function head(count: string, dimension = '02', kind = '5000', flags = '00'): string {
  return HEAD + u(dimension) + u(count) + u(kind) + u(flags);
}

test('the bytes are those of Redis 8.0, in the version without worst links', () => {
  const store = new Store({ random: () => 0.5 });
  store.vadd('v', [1, 0], 'a', { noquant: true });
  store.vadd('v', [0, 1], 'b', { noquant: true });
  const expected = `${head('02')}${element('b', Y, 2, [1], '00')}${element('a', X, 1, [2], '00')}00`;
  expect(toHex(bodyOf(store.dump('v')!))).toBe(toHex(hex(expected)));
  expect(store.dump('v')!.at(-10)).toBe(12);
});

test('what Redis writes is read, whatever the order', () => {
  for (const body of [
    head('03') + element('c', X, 3, [2]) + element('b', Y, 2, [1, 3]) + element('a', X, 1, [2]),
    head('03') + element('a', X, 1, [2]) + element('c', X, 3, [2]) + element('b', Y, 2, [1, 3]),
  ]) {
    const store = restored(payload(hex(`${body}00`), 14));
    expect(store.vcard('v')).toBe(3);
    expect(store.vlinks('v', 'b')).toEqual([['a', 'c']]);
    expect(store.vinfo('v')!.hnswMaxNodeUid).toBe(3);
    expect(store.vsim('v', { element: 'a' }, { count: 2 })).toEqual(['a', 'c']);
    expect(store.vadd('v', [1, 1], 'd', { noquant: true })).toBe(1);
    expect(store.vinfo('v')!.hnswMaxNodeUid).toBe(4);
  }
});

test('M that is not told is 16', () => {
  const store = restored(payload(hex(`${head('01', '02', '00') + element('a', X, 1, [])}00`), 12));
  expect(store.vinfo('v')!.hnswM).toBe(16);
});

test('empty attributes are none', () => {
  const body = head('01', '02', '5000', '02') + s('a') + s('') + element('a', X, 1, []).slice(s('a').length);
  const store = restored(payload(hex(`${body}00`), 12));
  expect(store.vgetattr('v', 'a')).toBeNull();
  expect(store.vinfo('v')!.attributesCount).toBe(0);
});

const ONE = element('a', X, 1, []);
for (const [what, body] of Object.entries({
  'of another module': `07 81bde72da2bb1eb401 ${head('01').slice(HEAD.length)}${ONE}00`,
  'of no elements': `${head('00')}00`,
  'of no dimension': `${head('01', '00') + ONE}00`,
  'of too great a dimension': `${head('01', '8000010001') + ONE}00`,
  'of more elements than bytes': `${head('80ffffffff') + ONE}00`,
  'of another number of elements': `${head('02') + ONE}00`,
  'with elements left over': `${head('01') + ONE + element('b', Y, 2, [])}00`,
  'that does not end': head('01') + ONE,
  'of an unknown quantisation': `${head('01', '02', '5003') + ONE}00`,
  'of too many links': `${head('01', '02', '8000100100') + ONE}00`,
  'of too few links': `${head('01', '02', '4300') + ONE}00`,
  'with an unknown flag': `${head('01', '02', '5000', '04') + ONE}00`,
  'with a vector of another dimension': `${head('01', '03') + ONE}00`,
  'with an unknown version': `${head('01') + element('a', X, 1, [], '8002000000')}00`,
  'with too high a level': `${head('01') + element('a', X, 1, [], '11')}00`,
  'with an id of 0': `${head('01') + element('a', X, 0, [])}00`,
  'with an id twice': `${head('02') + ONE + element('b', Y, 1, [])}00`,
  'with a name twice': `${head('02') + ONE + element('a', Y, 2, [])}00`,
  'with a link to nobody': `${head('01') + element('a', X, 1, [2])}00`,
  'with a link that does not lead back': `${head('02') + element('a', X, 1, [2]) + element('b', Y, 2, [])}00`,
  'with more links than room': `${head('01') + ONE.replace(u('00') + u('20'), u('01') + u('00'))}00`,
  'with another number of numbers': `${head('01') + ONE.replace(u('06'), u('07'))}00`,
  'with a matrix of another size': `${head('01', '02', '5000', '01') + u('02') + s('abcd') + ONE}00`,
  'with a projection to more': `${head('01', '02', '5000', '01') + u('01') + s('12345678') + ONE}00`,
  'with a string for a number': `${HEAD}${s('a')}${u('01')}`,
})) {
  test(`no set ${what}`, () => {
    const store = new Store();
    expect(() => store.restore('v', 0, payload(hex(body), 12))).toThrow('ERR Bad data format');
    expect(store.exists('v')).toBe(0);
  });
}

test('that no elements are refused is how Redis has it, in its own bytes', () => {
  const published = hex('0781bde72da2bb1eb40002020200025000020000');
  expect(toHex(hex(`${head('00')}00`))).toBe(toHex(published));
});

test('many levels and room for many links do not make few bytes much memory', () => {
  // Elements on all levels, each of which may have 8192 links, and has none.
  const levels = `${u('00')}${u('00')}`.repeat(17);
  const count = 2000;
  let body = head('47d0', '01', '8000100002');
  for (let at = 1; at <= count; at++) {
    const id = `80${at.toString(16).padStart(8, '0')}`;
    body += `${s(String(at).padStart(5, 'x'))}05 08 0000000000000000 ${u('25')}${u(id)}${u('10')}${levels}${NORM}`;
  }
  const store = new Store();
  const before = process.memoryUsage().arrayBuffers;
  store.restore('v', 0, payload(hex(`${body}00`), 12));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64e6);
  expect(store.vcard('v')).toBe(count);
});

test('a matrix that is longer than any string is not written', () => {
  const store = new Store();
  store.vadd('v', new Float32Array(65_536).fill(1), 'a', { reduce: 4096 });
  expect(() => store.dump('v')).toThrow('ERR string exceeds maximum allowed size (proto-max-bulk-len)');
});

test('COPY makes a set of its own', () => {
  const store = new Store({ random: randomFrom(3) });
  for (let at = 0; at < 40; at++) store.vadd('v', [at, 1, -at], `e${at}`, { m: 4, setattr: `{"n":${at}}` });
  const body = toHex(store.dump('v')!);
  expect(store.copy('v', 'w')).toBe(1);
  expect(toHex(store.dump('w')!)).toBe(body);
  expect(store.vinfo('w')!.vsetUid).not.toBe(store.vinfo('v')!.vsetUid);
  for (let at = 0; at < 30; at++) store.vrem('w', `e${at}`);
  store.vadd('w', [1, 2, 3], 'new', { m: 4 });
  store.vsetattr('w', 'e35', '{}');
  expect(toHex(store.dump('v')!)).toBe(body);
  const other = toHex(store.dump('w')!);
  store.vrem('v', 'e35');
  expect(toHex(store.dump('w')!)).toBe(other);
  checked(store);
});
