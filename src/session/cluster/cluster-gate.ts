import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Command } from '../../wire/command.ts';
import { keyPositions } from '../../wire/key-positions.ts';
import type { Transaction } from '../transactions/transaction.ts';
import { slotOf } from './slots.ts';

/** A cluster has one database: these go to others. */
const BETWEEN_DATABASES = new Set(['swapdb', 'move']);

/**
 * What a node of a cluster asks of a command before it runs: keys of one slot, in EXEC those of all that was queued.
 * Which slot is all the same, as this node has them all. Answers it, if there are keys.
 *
 * @throws ReplyError if that is not so; the transaction, if EXEC was to run it, is then over
 */
export function requireOneSlot(
  command: Command,
  tokens: readonly ByteString[],
  transaction: Transaction | undefined,
): number | undefined {
  const keys =
    command.fullName === 'exec' && transaction !== undefined
      ? transaction.queue.flatMap((queued) => keysOf(queued.command, queued.tokens))
      : keysOf(command, tokens);
  const [first] = keys;
  if (first === undefined) return undefined;
  const slot = slotOf(first);
  if (keys.some((key) => slotOf(key) !== slot)) throw errors.crossSlot();
  return slot;
}

/** Refuses what is about other databases than the first. (SELECT does so by itself.) */
export function requireFirstDatabase(command: Command): void {
  if (BETWEEN_DATABASES.has(command.fullName)) throw errors.notInClusterMode(command.facts.name);
}

/** The slots of a command's keys, each once. O(keys). */
export function slotsOf(command: Command, tokens: readonly ByteString[]): ReadonlySet<number> {
  return new Set(keysOf(command, tokens).map(slotOf));
}

function keysOf(command: Command, tokens: readonly ByteString[]): ByteString[] {
  if (command.keySpecs.length === 0) return [];
  return (keyPositions(command.keySpecs, tokens) ?? []).map(({ index }) => tokens[index]!);
}
