import type { ByteString } from '../../bytes/byte-string.ts';
import { parseInteger } from '../../numbers/integer.ts';
import { parseMemory } from '../../numbers/memory-size.ts';
import { isKeyword, upperCase } from '../../wire/grammar/token-reader.ts';

/** Why a parameter does not take a value: what CONFIG SET says behind the dash. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/**
 * One parameter of the configuration: what it takes, and how that is printed. Where its value is kept is said when it
 * is registered (see `Config`).
 */
export interface Parameter<T> {
  /** Redis's name, in lower case. */
  readonly name: string;
  /** An older name by which it is known as well. */
  readonly alias?: string;
  /** The value until somebody sets it. */
  readonly initial: T;
  /** Why CONFIG SET may not set it, if so: it is settled when a server starts, or only a trusted user may. */
  readonly fixed?: 'immutable' | 'protected';
  /** Whether what it is set to is nobody else's business: MONITOR and SLOWLOG do not show it. */
  readonly isSecret?: true;
  /**
   * The value that a text means. What is not said in it stays as it is `now`.
   *
   * @throws Refusal if it means none
   */
  read(text: ByteString, now: T): T;
  /** As CONFIG GET prints it. */
  print(value: T): ByteString;
}

/** It is settled when a server starts. */
export function immutable<T>(parameter: Parameter<T>): Parameter<T> {
  return { ...parameter, fixed: 'immutable' };
}

/** It concerns files of the server's host, and is refused unless a server was started with leave to set it. */
export function guarded<T>(parameter: Parameter<T>): Parameter<T> {
  return { ...parameter, fixed: 'protected' };
}

/** What it is set to is not to be shown. */
export function secret<T>(parameter: Parameter<T>): Parameter<T> {
  return { ...parameter, isSecret: true };
}

/** The same under its older name, too. */
export function formerly<T>(alias: string, parameter: Parameter<T>): Parameter<T> {
  return { ...parameter, alias };
}

/** `yes` or `no`. */
export function flag(name: string, initial: boolean): Parameter<boolean> {
  return {
    name,
    initial,
    read: (text) => {
      if (isKeyword(text, 'YES')) return true;
      if (isKeyword(text, 'NO')) return false;
      throw new Refusal("argument must be 'yes' or 'no'");
    },
    print: (value) => (value ? 'yes' : 'no'),
  };
}

const INT_MAX = 2 ** 31 - 1;
const LONG_MAX = 2n ** 63n - 1n;
const ULONG_MAX = 2n ** 64n - 1n;

/** A whole number within bounds, both of them allowed. */
export function integer(
  name: string,
  initial: number,
  least: number | bigint = 0,
  greatest: number | bigint = INT_MAX,
): Parameter<number | bigint> {
  return {
    name,
    initial,
    read: (text) => {
      const value = parseInteger(text);
      if (value === undefined) throw new Refusal("argument couldn't be parsed into an integer");
      return requireWithin(value, least, greatest);
    },
    print: String,
  };
}

/** A whole number of any size that 64 bits have. */
export function long(name: string, initial: number, least: number | bigint = 0): Parameter<number | bigint> {
  return integer(name, initial, least, LONG_MAX);
}

/** A number of bytes: `1mb` is 1024², `1m` is 1000². */
export function memory(
  name: string,
  initial: number,
  least: number | bigint = 0,
  greatest: number | bigint = LONG_MAX,
): Parameter<number | bigint> {
  return {
    name,
    initial,
    read: (text) => {
      const value = parseMemory(text);
      if (value === undefined) throw new Refusal('argument must be a memory value');
      return requireWithin(value, least, greatest);
    },
    print: String,
  };
}

/** The same where all 64 bits are for the number. */
export function unlimitedMemory(name: string, initial: number): Parameter<number | bigint> {
  return memory(name, initial, 0, ULONG_MAX);
}

/** A number of bytes, or a percentage (of the memory that there may be). */
export function memoryOrPercent(name: string, initial: string): Parameter<ByteString> {
  return {
    name,
    initial,
    read: (text) => {
      const percent = /^(\d+)%$/.exec(text);
      if (percent !== null) {
        if (Number(percent[1]) > 100) throw new Refusal('percentage argument must be less or equal to 100');
        return `${Number(percent[1])}%`;
      }
      const value = parseMemory(text);
      if (value === undefined) throw new Refusal('argument must be a memory or percent value');
      return String(value);
    },
    print: (value) => value,
  };
}

/** One of several words. */
export function choice<const T extends string>(
  name: string,
  initial: NoInfer<T>,
  words: readonly T[],
): Parameter<T> {
  return {
    name,
    initial,
    read: (text) => wordOf(text, words),
    print: (value) => value,
  };
}

/** Some of several words, the first of which stands for none of the others. */
export function choices<const T extends string>(
  name: string,
  words: readonly [T, ...T[]],
): Parameter<readonly T[]> {
  return {
    name,
    initial: [],
    read: (text) => {
      const asked = (text === '' ? [text] : splitWords(text)).map((word) => wordOf(word, words));
      return words.filter((word, at) => at > 0 && asked.includes(word));
    },
    print: (value) => (value.length === 0 ? words[0] : value.join(' ')),
  };
}

/** Any text. */
export function text(name: string, initial = ''): Parameter<ByteString> {
  return { name, initial, read: (value) => value, print: (value) => value };
}

/** The words of a text, as parameters of several parts have them. */
export function splitWords(value: ByteString): ByteString[] {
  return value.split(/[ \t\r\n\v\f]+/).filter((word) => word !== '');
}

function wordOf<T extends string>(value: ByteString, words: readonly T[]): T {
  const asked = upperCase(value);
  const found = words.find((word) => upperCase(word) === asked);
  if (found !== undefined) return found;
  throw new Refusal(`argument(s) must be one of the following: ${words.join(', ')}`);
}

function requireWithin(
  value: number | bigint,
  least: number | bigint,
  greatest: number | bigint,
): number | bigint {
  if (value >= least && value <= greatest) return value;
  throw new Refusal(`argument must be between ${least} and ${greatest} inclusive`);
}
