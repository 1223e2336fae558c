import { Interruption } from './lua-error.ts';
import type { LuaValue } from './value.ts';

/** The most nodes: twice as many would be an array that JavaScript engines no longer keep flat. */
const MOST_NODES = 2 ** 23;

/** The node of a table that has none. Never written to. */
export const NO_NODES: LuaValue[] = [undefined, undefined, -1, 0];

/**
 * So many nodes (a power of 2, or 0) without keys: each a key, its value, where the next node of the chain is (-1), a hash.
 *
 * @throws Interruption if that is more than there can be
 */
export function emptyNodes(count: number): LuaValue[] {
  switch (count) {
    // Small ones, of which there may be millions, are made at a stroke.
    case 0:
      return NO_NODES;
    case 1:
      return [undefined, undefined, -1, 0];
    case 2:
      return [undefined, undefined, -1, 0, undefined, undefined, -1, 0];
    case 4:
      // biome-ignore format: a node to a line
      return [
        undefined, undefined, -1, 0,
        undefined, undefined, -1, 0,
        undefined, undefined, -1, 0,
        undefined, undefined, -1, 0,
      ];
    default: {
      if (count > MOST_NODES) throw tooBig();
      const nodes = new Array<LuaValue>(4 * count);
      for (let at = 0; at < 4 * count; at += 4) {
        nodes[at] = undefined;
        nodes[at + 1] = undefined;
        nodes[at + 2] = -1;
        nodes[at + 3] = 0;
      }
      return nodes;
    }
  }
}

/** What a table ends a run with that would be larger than the host can have it. */
export function tooBig(): Interruption {
  return new Interruption('memory', 'a table is too big');
}

/** The least n with 2^n >= value. */
export function bitsFor(value: number): number {
  return 32 - Math.clz32(value - 1);
}
