import { type ByteString, toBytes } from '../../src/bytes/byte-string.ts';
import { ReplyError } from '../../src/errors.ts';
import type { Command } from '../../src/wire/command.ts';

/** The typed arguments that these tokens of a command mean, or `undefined` if they mean none. */
export function typedArguments(command: Command, tokens: readonly ByteString[]): unknown[] | undefined {
  if (!command.accepts(tokens.length)) return undefined;
  try {
    const read = command.read(tokens);
    // What could not be read, and stands where it was met for the method to tell, has no typed form.
    if (read.some((value) => Array.isArray(value) && value.some(isRefused))) return undefined;
    return read.map(typedValue);
  } catch (error) {
    if (error instanceof ReplyError) return undefined;
    throw error;
  }
}

function isRefused(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'refusal' in value;
}

/** Bytes that are no text can only be given as bytes by typed callers. */
function typedValue(value: unknown): unknown {
  if (typeof value === 'string') return value.isWellFormed() ? value : toBytes(value);
  if (Array.isArray(value)) return value.map(typedValue);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, typedValue(inner)]));
}
