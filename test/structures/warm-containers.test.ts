import { describe, expect, it } from 'vitest';
import type { ByteString } from '../../src/bytes/byte-string.ts';
import { HashTable } from '../../src/structures/hashes/hash-table.ts';
import { MemberSet } from '../../src/structures/sets/member-set.ts';

/** More containers than are kept warm, so that each is packed and unpacked many times. */
const CONTAINERS = 3000;
const STEPS = 100_000;

function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return Math.floor(((state >>> 0) / 2 ** 32) * below);
  };
}

const ODD_TEXTS = ['', '__proto__', 'é', '\u{1f600}', '\udcff', '\x02', 'b'.repeat(255), 'b'.repeat(256)];

function textFrom(random: (below: number) => number): ByteString {
  const choice = random(60);
  return ODD_TEXTS[choice] ?? `text ${random(20)}`;
}

describe('many small containers, packed and unpacked in turn', () => {
  it('take as much when they have been read as before', () => {
    const random = randomFrom(5);
    const hashes = Array.from({ length: CONTAINERS }, () => new HashTable());
    const sets = Array.from({ length: CONTAINERS }, () => new MemberSet());
    for (let step = 0; step < STEPS; step++) {
      hashes[random(CONTAINERS)]!.set(textFrom(random), textFrom(random));
      sets[random(CONTAINERS)]!.add(textFrom(random));
    }
    const containers = [...hashes, ...sets];
    const before = containers.map((container) => container.heapBytes);
    for (let step = 0; step < STEPS; step++) containers[random(2 * CONTAINERS)]!.has(textFrom(random));
    expect(containers.map((container) => container.heapBytes)).toEqual(before);
  });

  it('hashes stay what was put into them', () => {
    const random = randomFrom(1);
    const hashes = Array.from({ length: CONTAINERS }, () => new HashTable());
    const models = Array.from({ length: CONTAINERS }, () => new Map<ByteString, ByteString>());
    const times = Array.from({ length: CONTAINERS }, () => new Map<ByteString, number>());
    for (let step = 0; step < STEPS; step++) {
      const number = random(CONTAINERS);
      const [hash, model, expiries] = [hashes[number]!, models[number]!, times[number]!];
      const field = textFrom(random);
      switch (random(8)) {
        case 0:
        case 1:
        case 2: {
          const value = textFrom(random);
          expect(hash.set(field, value)).toBe(!model.has(field));
          model.set(field, value);
          break;
        }
        case 3:
          expect(hash.delete(field)).toBe(model.delete(field));
          expiries.delete(field);
          break;
        case 4:
          expect(hash.has(field)).toBe(model.has(field));
          break;
        case 5:
          if (hash.setExpiry(field, step)) expiries.set(field, step);
          break;
        case 6:
          hashes[number] = hash.clone();
          break;
        default:
          expect(hash.get(field)).toBe(model.get(field));
      }
    }
    hashes.forEach((hash, number) => {
      hash.checkInvariants();
      const found: [ByteString, ByteString][] = [];
      hash.forEach((field, value) => {
        found.push([field, value]);
        expect(hash.expiresAt(field)).toBe(times[number]!.get(field));
      });
      expect(new Map(found)).toEqual(models[number]);
      expect(found.length).toBe(hash.size);
    });
  });

  it('sets stay what was put into them', () => {
    const random = randomFrom(2);
    const sets = Array.from({ length: CONTAINERS }, () => new MemberSet());
    const models = Array.from({ length: CONTAINERS }, () => new Set<ByteString>());
    for (let step = 0; step < STEPS; step++) {
      const number = random(CONTAINERS);
      const [set, model] = [sets[number]!, models[number]!];
      const member = textFrom(random);
      switch (random(6)) {
        case 0:
        case 1:
          expect(set.add(member)).toBe(!model.has(member));
          model.add(member);
          break;
        case 2:
          expect(set.delete(member)).toBe(model.delete(member));
          break;
        case 3:
          sets[number] = set.clone();
          break;
        case 4: {
          const popped = set.popRandom(() => random(1000) / 1000);
          if (popped === undefined) expect(model.size).toBe(0);
          else expect(model.delete(popped)).toBe(true);
          break;
        }
        default:
          expect(set.has(member)).toBe(model.has(member));
      }
    }
    sets.forEach((set, number) => {
      set.checkInvariants();
      expect(new Set(set)).toEqual(models[number]);
    });
  });
});
