import { eventsOf } from '../../keyspace/events.ts';

const set = eventsOf('s');

/** The events of sets. */
export const setEvents = {
  sadd: set('sadd'),
  srem: set('srem'),
  spop: set('spop'),
  sinterstore: set('sinterstore'),
  sunionstore: set('sunionstore'),
  sdiffstore: set('sdiffstore'),
} as const;
