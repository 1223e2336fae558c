import type { ByteString } from '../../bytes/byte-string.ts';
import type { Command } from '../../wire/command.ts';
import { type KeyPosition, keyPositions } from '../../wire/key-positions.ts';
import { READ, WRITE } from './patterns.ts';

/** A key or a channel among the tokens of a command. */
export interface Subject {
  /** Counted from the command's name, which is 0. */
  readonly index: number;
  readonly name: ByteString;
}

/** A key, and the permission that the command needs for it. */
export interface KeySubject extends Subject {
  readonly needed: number;
}

const CHANGES = ['insert', 'update', 'delete'];
const NONE: readonly never[] = [];

/** The keys of a command, with what it needs to be allowed to do with them. O(tokens). */
export function keySubjects(command: Command, tokens: readonly ByteString[]): readonly KeySubject[] {
  if (command.keySpecs.length === 0) return NONE;
  const positions = keyPositions(command.keySpecs, tokens);
  if (positions === undefined) return NONE;
  const subjects: KeySubject[] = [];
  for (const position of positions) {
    if (position.flags.some((flag) => flag.toLowerCase() === 'not_key')) continue;
    subjects.push({ index: position.index, name: tokens[position.index]!, needed: neededFor(position) });
  }
  return subjects;
}

/** Nothing, where neither the value is told nor changed (EXISTS, TYPE): any permission on the key is enough then. */
function neededFor({ flags }: KeyPosition): number {
  const reads = flags.includes('access') ? READ : 0;
  return CHANGES.some((flag) => flags.includes(flag)) ? reads | WRITE : reads;
}

/** How many of the tokens after its name are channels, or patterns of channels. Leaving a channel needs no permission. */
const CHANNEL_ARGUMENTS: ReadonlyMap<string, { readonly isPattern: boolean; readonly areAll: boolean }> =
  new Map([
    ['publish', { isPattern: false, areAll: false }],
    ['spublish', { isPattern: false, areAll: false }],
    ['subscribe', { isPattern: false, areAll: true }],
    ['ssubscribe', { isPattern: false, areAll: true }],
    ['psubscribe', { isPattern: true, areAll: true }],
  ]);

/** The channels that a command publishes or subscribes to, or the patterns of them. */
export interface ChannelSubjects {
  readonly arePatterns: boolean;
  readonly list: readonly Subject[];
}

/** The channels of a command. O(tokens). */
export function channelSubjects(
  { fullName }: Command,
  tokens: readonly ByteString[],
): ChannelSubjects | undefined {
  const argument = CHANNEL_ARGUMENTS.get(fullName);
  if (argument === undefined) return undefined;
  const list: Subject[] = [];
  for (let index = 1; index < (argument.areAll ? tokens.length : 2); index++) {
    list.push({ index, name: tokens[index]! });
  }
  return { arePatterns: argument.isPattern, list };
}
