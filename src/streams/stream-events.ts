import { eventsOf, wakingNobody } from '../keyspace/events.ts';

const stream = eventsOf('t');
const quiet = (name: string) => wakingNobody(stream(name));

/** The events of streams. Only what adds entries, or takes a group away, wakes those who wait: as in Redis. */
export const streamEvents = {
  xadd: stream('xadd'),
  xtrim: quiet('xtrim'),
  xdel: quiet('xdel'),
  xsetid: quiet('xsetid'),
  groupCreate: quiet('xgroup-create'),
  groupSetid: quiet('xgroup-setid'),
  groupDestroy: stream('xgroup-destroy'),
  createConsumer: quiet('xgroup-createconsumer'),
  deleteConsumer: quiet('xgroup-delconsumer'),
} as const;
