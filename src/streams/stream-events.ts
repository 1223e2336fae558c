import { eventsOf } from '../keyspace/events.ts';

const stream = eventsOf('t');

/** The events of streams. */
export const streamEvents = {
  xadd: stream('xadd'),
  xtrim: stream('xtrim'),
  xdel: stream('xdel'),
  xsetid: stream('xsetid'),
  groupCreate: stream('xgroup-create'),
  groupSetid: stream('xgroup-setid'),
  groupDestroy: stream('xgroup-destroy'),
  createConsumer: stream('xgroup-createconsumer'),
  deleteConsumer: stream('xgroup-delconsumer'),
} as const;
