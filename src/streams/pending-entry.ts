import { type Integer, MAX_INT64 } from '../numbers/integer.ts';
import { successor } from '../numbers/unsigned.ts';
import type { Consumer } from './consumer.ts';
import type { StreamId } from './stream-id.ts';

/**
 * An entry of a stream that a group has given out and that nobody has acknowledged yet. It is one object, which its
 * group has, and its consumer too. Only its group changes it.
 */
export class PendingEntry implements StreamId {
  readonly ms: Integer;
  readonly seq: Integer;
  /** Who has it; `undefined` once it was released, until somebody takes it. */
  consumer: Consumer | undefined;
  /** When it was given out last, in Unix milliseconds; 0 while it is released. */
  deliveredAtMs: number;
  /** How often it was given out. */
  deliveryCount: Integer;
  /** Its place among those of the same time: grows with whatever the group gives out or takes back. */
  turn: number;

  constructor(
    id: StreamId,
    consumer: Consumer | undefined,
    deliveredAtMs: number,
    deliveryCount: Integer,
    turn: number,
  ) {
    this.ms = id.ms;
    this.seq = id.seq;
    this.consumer = consumer;
    this.deliveredAtMs = deliveredAtMs;
    this.deliveryCount = deliveryCount;
    this.turn = turn;
  }
}

/** How often an entry has been given out once more than so often. The greatest count stays: nobody is to have it again. */
export function oneMoreDelivery(count: Integer): Integer {
  return count === MAX_INT64 ? count : successor(count)!;
}
