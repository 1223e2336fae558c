import { addressOf as numberOf } from './key-hash.ts';

/** Where the addresses begin, so that they look like those of a process. They are 16 bytes apart. */
const FIRST = 0x7f00_0000_0000;
const DISTANCE = 16;

/** How `tostring` writes where a table, a function or a coroutine lies: 14 chars, unique and the same as long as it lives. */
export function addressOf(value: object): string {
  return `0x${(FIRST + numberOf(value) * DISTANCE).toString(16)}`;
}
