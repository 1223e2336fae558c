import { eventsOf, wakingNobody } from '../../keyspace/events.ts';

const unpublished = eventsOf('');

/** What happens to vector sets. Redis publishes none of it: it only counts as a change of the key. */
export const vectorSetEvents = {
  vadd: wakingNobody(unpublished('vadd')),
  vrem: wakingNobody(unpublished('vrem')),
  vsetattr: wakingNobody(unpublished('vsetattr')),
} as const;
