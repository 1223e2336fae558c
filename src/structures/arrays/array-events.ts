import { eventsOf } from '../../keyspace/events.ts';

const array = eventsOf('a');

/** The events of arrays. */
export const arrayEvents = {
  arset: array('arset'),
  armset: array('armset'),
  ardel: array('ardel'),
  ardelrange: array('ardelrange'),
  arinsert: array('arinsert'),
  arring: array('arring'),
  arseek: array('arseek'),
} as const;
