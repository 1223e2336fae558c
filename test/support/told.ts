import type { Store } from '../../src/index.ts';

/** Everything a store says of its changes from now on: the events with their keys, and the commands that repeat them. */
export function toldBy(store: Store): { events: string[]; effects: string[] } {
  const events: string[] = [];
  const effects: string[] = [];
  store.keyspace.observe({
    changed: (_database, key, event) => events.push(`${event.name} ${key}`),
    effect: (_database, command) => effects.push(command.join(' ')),
  });
  return { events, effects };
}
