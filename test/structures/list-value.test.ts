import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byteLength } from '../../src/bytes/byte-string.ts';
import { listpackEntryBytes } from '../../src/structures/listpack-size.ts';
import type { ListEnd } from '../../src/structures/lists/list-options.ts';
import { LIST, ListValue } from '../../src/structures/lists/list-value.ts';

const SEED = 20250312;
const KIB = 1024;

/** Says which encoding it is by counting everything each time it is asked. */
class Model {
  elements: string[] = [];
  encoding = 'listpack';

  /** Before a command adds these, or puts one in another's place. */
  prepareFor(values: readonly string[], setting: number): void {
    if (this.encoding === 'quicklist') return;
    const bytes = this.bytes() + values.reduce((sum, value) => sum + byteLength(value), 0);
    const tooMany = setting >= 0 && this.elements.length + values.length > Math.max(1, setting);
    if (bytes > limitOf(setting) || tooMany) this.encoding = 'quicklist';
  }

  /** After a command has removed some, or put one in another's place. */
  shrink(setting: number): void {
    const few = setting < 0 || this.elements.length <= Math.floor(Math.max(1, setting) / 2);
    const small = setting < 0 ? limitOf(setting) / 2 : limitOf(setting);
    if (few && this.bytes() <= small) this.encoding = 'listpack';
  }

  private bytes(): number {
    return this.elements.reduce((sum, value) => sum + listpackEntryBytes(value), 7);
  }
}

function limitOf(setting: number): number {
  return setting >= 0 ? 8 * KIB : ([4, 8, 16, 32, 64][-setting - 1] ?? 64) * KIB;
}

type Step = (list: ListValue, model: Model, setting: number) => void;

const value: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    '7',
    '-1',
    '127',
    '4095',
    '123456789',
    '9223372036854775807',
    '007',
    '1x',
    '-',
    'é',
    '\udcff',
  ),
  fc.integer().map(String),
  fc
    .tuple(
      fc.constantFrom('a', 'é', '漢', '😀', '\udc80', '5'),
      fc.constantFrom(3, 10, 20, 21, 63, 64, 130, 700),
    )
    .map(([unit, length]) => unit.repeat(length)),
);
const end = fc.constantFrom<ListEnd>('left', 'right');

function addTo(model: Model, where: ListEnd, values: readonly string[]): void {
  for (const one of values) {
    if (where === 'left') model.elements.unshift(one);
    else model.elements.push(one);
  }
}

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(end, value).map(
    ([where, one]): Step =>
      (list, model, setting) => {
        list.push(where, one, setting);
        model.prepareFor([one], setting);
        addTo(model, where, [one]);
      },
  ),
  fc.tuple(end, fc.array(value, { minLength: 1, maxLength: 60 })).map(
    ([where, values]): Step =>
      (list, model, setting) => {
        list.pushAll(where, values, setting);
        model.prepareFor(values, setting);
        addTo(model, where, values);
      },
  ),
  fc.tuple(end, value, fc.integer({ min: 1, max: 400 })).map(
    ([where, one, times]): Step =>
      (list, model, setting) => {
        for (let time = 0; time < times; time++) {
          list.push(where, one, setting);
          model.prepareFor([one], setting);
          addTo(model, where, [one]);
        }
      },
  ),
  fc.tuple(end, fc.integer({ min: 1, max: 300 })).map(
    ([where, times]): Step =>
      (list, model, setting) => {
        for (let time = 0; time < times && list.size > 0; time++) {
          expect(list.pop(where)).toBe(where === 'left' ? model.elements.shift() : model.elements.pop());
          list.shrink(setting);
          model.shrink(setting);
        }
      },
  ),
  fc.tuple(fc.nat(), value).map(
    ([at, one]): Step =>
      (list, model, setting) => {
        const index = at % (model.elements.length + 1);
        list.prepareFor(one, setting);
        list.insert(index, one);
        model.prepareFor([one], setting);
        model.elements.splice(index, 0, one);
      },
  ),
  fc.tuple(fc.nat(), value).map(
    ([at, one]): Step =>
      (list, model, setting) => {
        if (list.size === 0) return;
        const index = at % model.elements.length;
        list.prepareFor(one, setting);
        list.replace(index, one);
        list.shrink(setting);
        model.prepareFor([one], setting);
        model.elements[index] = one;
        model.shrink(setting);
      },
  ),
  value.map(
    (one): Step =>
      (list, model, setting) => {
        // An insertion that finds no pivot.
        list.prepareFor(one, setting);
        model.prepareFor([one], setting);
      },
  ),
  fc.tuple(fc.nat(), fc.nat()).map(
    ([at, many]): Step =>
      (list, model, setting) => {
        const start = at % (model.elements.length + 1);
        const count = many % (model.elements.length - start + 1);
        list.deleteRange(start, count);
        list.shrink(setting);
        model.elements.splice(start, count);
        model.shrink(setting);
      },
  ),
  fc.tuple(fc.nat(), fc.integer({ min: -3, max: 3 })).map(
    ([at, count]): Step =>
      (list, model, setting) => {
        const one = model.elements[at % Math.max(1, model.elements.length)] ?? '';
        const before = model.elements.length;
        let left = count === 0 ? before : Math.abs(count);
        const keeps = (candidate: string) => candidate !== one || left-- <= 0;
        if (count < 0) model.elements = model.elements.reverse().filter(keeps).reverse();
        else model.elements = model.elements.filter(keeps);
        expect(list.removeMatching(one, count)).toBe(before - model.elements.length);
        list.shrink(setting);
        model.shrink(setting);
      },
  ),
);

describe('the memory a list takes', () => {
  test('is, kept with every change, what counting in the end says', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), fc.nat(20), (steps, from) => {
        const kept = new ListValue();
        const countedLate = new ListValue();
        const [model, sameModel] = [new Model(), new Model()];
        steps.forEach((apply, at) => {
          if (at === from) expect(kept.heapBytes).toBeGreaterThan(0);
          apply(kept, model, -2);
          apply(countedLate, sameModel, -2);
          kept.checkInvariants();
        });
        expect(kept.heapBytes).toBe(countedLate.heapBytes);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test.each([10, 2000])(
    'of %i elements falls by the one that goes, and not because somebody reads',
    (size) => {
      const list = ListValue.of(new Array(size).fill('漢'.repeat(51)), 'quicklist');
      const before = list.heapBytes;
      expect(before).toBeGreaterThan(size * (120 + 8));
      list.elements.toArray();
      expect(list.heapBytes).toBe(before);
      list.pop('left');
      // A header, and two bytes for each character.
      expect(before - list.heapBytes).toBe(16 + 104);
      expect(LIST.heapBytes(list)).toBe(list.heapBytes);
    },
  );
});

describe('the encoding of a list', () => {
  test('is what counting everything at each step says, whatever happens and however the setting changes', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(step, fc.constantFrom(-2, -2, -2, -1, -1, -3, 100, 5, 0)), {
          minLength: 1,
          maxLength: 40,
        }),
        fc.boolean(),
        fc.constantFrom(-1, -2, -5, 0, 1, 3, 64, 1000),
        (steps, isFixed, fixed) => {
          const list = new ListValue();
          const model = new Model();
          for (const [apply, changing] of steps) {
            const before = model.encoding;
            apply(list, model, isFixed ? fixed : changing);
            list.checkInvariants();
            expect(list.encoding).toBe(model.encoding);
            seen.add(`${before} → ${model.encoding}`);
          }
          expect(list.elements.toArray()).toEqual(model.elements);
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
    expect(seen).toContain('listpack → quicklist');
    expect(seen).toContain('quicklist → listpack');
  });

  test.each([
    [-1, 4],
    [-2, 8],
    [-3, 16],
    [-4, 32],
    [-5, 64],
    [-9, 64],
  ])('setting %d is %d KiB: it grows beyond that, and comes back at half of it', (setting, kib) => {
    const list = new ListValue();
    // 128 bytes each in a listpack: the first entry that would reach beyond the limit makes it a quicklist.
    const element = 'x'.repeat(125);
    expect(listpackEntryBytes(element)).toBe(128);
    let pushed = 0;
    while (list.encoding === 'listpack') {
      list.push('right', element, setting);
      pushed++;
    }
    expect(pushed).toBe(kib * 8);
    while (list.encoding === 'quicklist') {
      list.pop('left');
      list.shrink(setting);
    }
    expect(list.size).toBe(kib * 4 - 1);
    list.checkInvariants();
  });

  test.each([
    [0, 1, 0],
    [1, 1, 0],
    [2, 2, 1],
    [7, 7, 3],
    [128, 128, 64],
  ])('setting %d is %d elements, and %d to come back', (setting, most, back) => {
    const list = new ListValue();
    for (let count = 1; count <= most; count++) {
      list.push('left', 'x', setting);
      expect(list.encoding).toBe('listpack');
    }
    list.push('left', 'x', setting);
    expect(list.encoding).toBe('quicklist');
    while (list.size > 0) {
      list.pop('left');
      list.shrink(setting);
      expect(list.encoding).toBe(list.size <= back ? 'listpack' : 'quicklist');
    }
  });

  test('one command that adds much is looked at as a whole', () => {
    const list = new ListValue();
    // By their entries they take more than the limit, but that is not what Redis asks.
    list.pushAll('right', new Array(8185).fill('x'), -2);
    expect(list.encoding).toBe('listpack');
    list.push('right', 'x', -2);
    expect(list.encoding).toBe('quicklist');
    const other = new ListValue();
    other.pushAll('right', new Array(8186).fill('x'), -2);
    expect(other.encoding).toBe('quicklist');
    other.checkInvariants();
  });

  test('is kept by a copy, which is independent', () => {
    const list = new ListValue();
    list.push('left', 'x'.repeat(9000), -2);
    list.push('left', 'a', -2);
    const copy = LIST.clone(list);
    expect(copy.encoding).toBe('quicklist');
    copy.pop('right');
    copy.shrink(-2);
    copy.checkInvariants();
    expect(copy.encoding).toBe('listpack');
    expect(list.encoding).toBe('quicklist');
    expect(list.elements.toArray()).toEqual(['a', 'x'.repeat(9000)]);
  });
});
