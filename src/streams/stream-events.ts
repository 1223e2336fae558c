import { eventsOf, type KeyEvent, leavingValue, wakingNobody } from '../keyspace/events.ts';

const stream = eventsOf('t');
const quiet = (name: string): KeyEvent => wakingNobody(stream(name));
const ofGroups = (name: string): KeyEvent => leavingValue(quiet(name));

/**
 * The events of streams. As in Redis, those who wait are only looked at when an entry was added or a group has gone, and
 * to WATCH and to clients with copies a stream is its entries: not its groups, nor what XSETID sets.
 */
export const streamEvents = {
  xadd: stream('xadd'),
  xtrim: quiet('xtrim'),
  xdel: quiet('xdel'),
  xsetid: ofGroups('xsetid'),
  groupCreate: ofGroups('xgroup-create'),
  groupCreateWithStream: quiet('xgroup-create'),
  groupSetid: ofGroups('xgroup-setid'),
  groupDestroy: leavingValue(stream('xgroup-destroy')),
  createConsumer: ofGroups('xgroup-createconsumer'),
  deleteConsumer: ofGroups('xgroup-delconsumer'),
} as const;
