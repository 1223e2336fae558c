/**
 * What it costs a consumer group to give out and to be acknowledged, to let claim and to list, with few and with many
 * entries pending; beside a Map from the id as text to an object, which knows no order. One process, both sides get the same work.
 *
 *     npx tsx --expose-gc bench/containers/consumer-group.ts [pending]
 */

import type { Consumer } from '../../src/streams/consumer.ts';
import { ConsumerGroup } from '../../src/streams/consumer-group.ts';
import { MIN_ID, type StreamId } from '../../src/streams/stream-id.ts';
import { usedBytes } from '../heap.ts';

const MANY = Number(process.argv[2] ?? 1_000_000);
const OPERATIONS = 500_000;
const ROUNDS = 5;
/** About what a clock tells: too great for a small integer. */
const START_MS = 1_760_000_000_000;

let sink = 0;
let state = 1;
function random(below: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

/** The fastest of some rounds, in nanoseconds per operation. */
function time(operations: number, run: () => void, rounds = ROUNDS): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint();
    run();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / operations);
  }
  return best;
}

function report(what: string, ns: number, baseNs?: number): void {
  const ratio = baseNs === undefined ? '' : `   ${(ns / baseNs).toFixed(2)}× a Map's ${baseNs.toFixed(0)}`;
  console.log(`  ${what.padEnd(58)}${ns.toFixed(0).padStart(6)} ns${ratio}`);
}

/** Ids as a busy stream has them: four a millisecond. */
function idAt(number: number): StreamId {
  return { ms: START_MS + (number >> 2), seq: number & 3 };
}

/** From now on the order by time is kept. */
function keepByTime(group: ConsumerGroup): void {
  for (const entry of group.idle(0, 0)) {
    sink += entry.turn;
    break;
  }
}

/** A group with so many entries pending, given out in order to its consumers in turn. */
class Pending {
  readonly group = new ConsumerGroup('group', MIN_ID);
  readonly consumers: Consumer[];
  next = 0;
  oldest = 0;

  constructor(pending: number, consumers: number) {
    this.consumers = Array.from({ length: consumers }, (_, at) => this.group.addConsumer(`c${at}`, START_MS));
    for (let count = 0; count < pending; count++) this.deliver();
  }

  deliver(): void {
    const number = this.next++;
    const id = idAt(number);
    this.group.deliver(id, this.consumers[number % this.consumers.length]!, id.ms as number);
  }

  acknowledgeOldest(): void {
    if (this.group.acknowledge(idAt(this.oldest++)) !== undefined) sink++;
  }
}

interface Held {
  owner: string;
  deliveredAtMs: number;
  deliveryCount: number;
}

/** The least that could serve: nothing in order. */
function mapNs(pending: number): number {
  const held = new Map<string, Held>();
  let next = 0;
  let oldest = 0;
  const deliver = (): void => {
    const { ms, seq } = idAt(next++);
    held.set(`${ms}-${seq}`, { owner: 'c0', deliveredAtMs: Number(ms), deliveryCount: 1 });
  };
  while (next < pending) deliver();
  return time(OPERATIONS, () => {
    for (let count = 0; count < OPERATIONS; count++) {
      deliver();
      const { ms, seq } = idAt(oldest++);
      if (held.delete(`${ms}-${seq}`)) sink++;
    }
  });
}

function inOrder(pending: Pending): number {
  return time(OPERATIONS, () => {
    for (let count = 0; count < OPERATIONS; count++) {
      pending.deliver();
      pending.acknowledgeOldest();
    }
  });
}

/** Each is acknowledged among the pending ones at random, and another is given out. */
function outOfOrder(size: number): number {
  const pending = new Pending(size, 10);
  const held = Array.from({ length: size }, (_, number) => number);
  const picks = Array.from({ length: 100_000 }, () => random(size));
  return time(picks.length, () => {
    for (const pick of picks) {
      if (pending.group.acknowledge(idAt(held[pick]!)) !== undefined) sink++;
      held[pick] = pending.next;
      pending.deliver();
    }
  });
}

function claims(size: number, isTimed: boolean): number {
  const { group, consumers, next } = new Pending(size, 10);
  if (isTimed) keepByTime(group);
  const picks = Array.from({ length: 100_000 }, () => idAt(random(next)));
  let nowMs = START_MS + next;
  return time(picks.length, () => {
    for (const pick of picks) {
      const entry = group.pending.get(pick)!;
      group.assign(entry, consumers[nowMs % 10]!, nowMs++, 2);
    }
  });
}

/** What each entry takes that the engine keeps for it. */
function reportMemory(): void {
  const start = usedBytes();
  const pending = new Pending(MANY, 10);
  const plain = usedBytes();
  keepByTime(pending.group);
  const timed = usedBytes();
  const held = new Map<string, Held>();
  for (let number = 0; number < MANY; number++) {
    const { ms, seq } = idAt(number);
    held.set(`${ms}-${seq}`, { owner: 'c0', deliveredAtMs: Number(ms), deliveryCount: 1 });
  }
  const map = usedBytes();
  sink += held.size + pending.group.pending.size;
  const each = (from: number, to: number): string => ((to - from) / MANY).toFixed(0);
  console.log(
    `bytes per pending entry: ${each(start, plain)}, with the order by time ${each(start, timed)}; ` +
      `a Map's, id included: ${each(timed, map)}`,
  );
}

reportMemory();
for (const size of [1000, MANY]) {
  console.log(`\n${size} pending`);
  const base = mapNs(size);
  report('deliver + acknowledge, in order, 1 consumer', inOrder(new Pending(size, 1)), base);
  report('deliver + acknowledge, in order, 10 consumers', inOrder(new Pending(size, 10)), base);
  report('deliver + acknowledge, in order, 10,000 consumers', inOrder(new Pending(size, 10_000)), base);
  const timed = new Pending(size, 10);
  report(
    'the order by time, the first time, per entry',
    time(size, () => keepByTime(timed.group), 1),
  );
  report('deliver + acknowledge, in order, kept by time too', inOrder(timed), base);
  report('acknowledge any + deliver', outOfOrder(size), base);
  report('claim any', claims(size, false));
  report('claim any, kept by time too', claims(size, true));

  const walked = new Pending(size, 10);
  report(
    'walk by id, per entry',
    time(size, () => {
      for (const entry of walked.group.pending) sink += entry.turn;
    }),
  );
  report(
    'walk of 100 by id from anywhere, per walk',
    time(1000, () => {
      for (let count = 0; count < 1000; count++) {
        let left = 100;
        for (const entry of walked.group.pending.from(idAt(random(size)))) {
          sink += entry.turn;
          if (--left === 0) break;
        }
      }
    }),
  );
  let nowMs = START_MS + size;
  report(
    'claim of the 100 longest idle, per entry',
    time(100_000, () => {
      for (let count = 0; count < 1000; count++) {
        let left = 100;
        for (const entry of walked.group.idle(1, nowMs)) {
          walked.group.assign(entry, walked.consumers[0]!, nowMs, 2);
          if (--left === 0) break;
        }
        nowMs++;
      }
    }),
  );
}

if (sink === 0) console.log(sink);
