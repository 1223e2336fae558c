import type { ByteString } from '../bytes/byte-string.ts';
import { textBytes } from '../bytes/text-bytes.ts';
import { bytesOfPrototype, type Prototype } from './lua/compiler/prototype.ts';

/** What a script that is kept takes beside its code: its digest, its places among all, and the objects it is made of. */
const SCRIPT_BYTES = 1000;

/** About how many bytes of the host's memory a script takes: its source, and what it was compiled to. O(functions in it). */
export function codeBytes(source: ByteString, prototype: Prototype): number {
  return SCRIPT_BYTES + textBytes(source) + bytesOfAll(prototype);
}

function bytesOfAll(prototype: Prototype): number {
  let bytes = 0;
  const waiting = [prototype];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    bytes += bytesOfPrototype(next);
    waiting.push(...next.prototypes);
  }
  return bytes;
}
