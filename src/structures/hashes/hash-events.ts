import { eventsOf } from '../../keyspace/events.ts';

const hash = eventsOf('h');

/** The events of hashes, and of their fields. */
export const hashEvents = {
  set: hash('hset'),
  delete: hash('hdel'),
  incrBy: hash('hincrby'),
  incrByFloat: hash('hincrbyfloat'),
  expire: hash('hexpire'),
  persist: hash('hpersist'),
  expired: hash('hexpired'),
} as const;
