import type { Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { requireInteger, requireOptions } from '../arguments.ts';
import { Operations, type Output, type Text } from '../operations.ts';
import { storedBytes } from './memory.ts';

/** How MEMORY USAGE looks at a value. */
export interface MemoryUsageOptions {
  /**
   * Of a nested value, on how many elements Redis would base its estimate; 0 is all of them. Here the size of a container is
   * known, whatever is given.
   */
  readonly samples?: number;
}

/** What single keys take. Not an access to the key. */
export abstract class MemoryOperations<O extends Output = Text> extends Operations<O> {
  /**
   * About how many bytes of the host's memory a key takes, with what it holds and what keeps track of it; `null` if there is
   * no such key. O(1); O(n) for a container the first time somebody asks, also for all keys. Redis 4.0.0.
   *
   * @throws ReplyError if `samples` is no whole number from 0
   */
  memoryUsage(key: Bytes, options?: MemoryUsageOptions): number | null {
    if (options !== undefined) requireSamples(options);
    const name = this.input(key);
    const { database } = this;
    const found = database.find(name);
    return found === undefined ? null : storedBytes(database, name, found);
  }
}

function requireSamples(options: MemoryUsageOptions): void {
  requireOptions(options, optionNames);
  const { samples } = options;
  if (samples === undefined) return;
  requireInteger(samples);
  if (samples < 0) throw errors.syntax();
}

const optionNames = new Set<string>(['samples'] satisfies (keyof MemoryUsageOptions)[]);
