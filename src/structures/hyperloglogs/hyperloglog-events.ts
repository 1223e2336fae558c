import { eventsOf, type KeyEvent, wakingNobody } from '../../keyspace/events.ts';

/** The events of HyperLogLogs: they are strings. */
export const hyperloglogEvents = {
  pfadd: eventsOf('$')('pfadd'),
  /** PFCOUNT has remembered an estimate. The key has changed, but nobody is notified. */
  cached: wakingNobody({ name: 'pfcount', category: '' }) as KeyEvent,
} as const;
