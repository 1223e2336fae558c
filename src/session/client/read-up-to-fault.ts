import { ReplyError } from '../../errors.ts';
import type { TokenReader } from '../../wire/grammar/token-reader.ts';

// Some of Redis's checks ask the server in the midst of reading (does this user, this client exist?). What is read here
// is therefore kept in its order, up to the first fault; whoever runs it checks it in that order and then says the fault.

/** Things read in their order, and what was wrong with the next one. */
export interface ReadUpTo<T> {
  readonly items: readonly T[];
  readonly fault?: ReplyError;
}

/** Reads item after item to the end of the command, or up to what is wrong. */
export function readUpToFault<T>(reader: TokenReader, read: (reader: TokenReader) => T): ReadUpTo<T> {
  const items: T[] = [];
  try {
    while (reader.remaining > 0) items.push(read(reader));
    return { items };
  } catch (fault) {
    if (!(fault instanceof ReplyError)) throw fault;
    while (reader.remaining > 0) reader.next();
    return { items, fault };
  }
}
