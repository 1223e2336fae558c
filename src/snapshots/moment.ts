import { Aside } from '../keyspace/aside.ts';
import type { Database } from '../keyspace/database.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import { SavedKeys, type UncopiedValues } from '../keyspace/saved-keys.ts';
import type { LibraryState } from '../scripting/scripting.ts';

/** Two databases have exchanged what they hold; one of them may be aside. */
export interface Exchange {
  readonly first: Database;
  readonly second: Database;
  /** Whether the second is aside, and was empty. */
  readonly isFlush: boolean;
}

/** Something that has happened: how keys were before, or an exchange. */
export type Step = SavedKeys | Exchange;

/** A state of a store, to which snapshots want to come back: see `Timeline`. */
export class Moment {
  /** How many snapshots of it are held. */
  holders = 0;
  /** Those whose {@link next} is this one. */
  readonly previous = new Set<Moment>();
  /** The one after it on the way to the present; `undefined` if the present comes next. */
  next: Moment | undefined = undefined;
  /** What has happened from here to the next, in that order. */
  steps: Step[] = [];
  /** `undefined` if nothing ran scripts then. */
  readonly libraries: LibraryState | undefined;

  constructor({ scriptEngine }: Keyspace) {
    this.libraries = scriptEngine?.libraryState;
  }

  /** What happened after this, and then what happened after the next one, has all happened after this. */
  join(later: readonly Step[], uncopied: UncopiedValues): void {
    const last = this.steps.at(-1);
    const first = later[0];
    if (last instanceof SavedKeys && first instanceof SavedKeys) {
      this.steps.pop();
      this.steps.push(joined(last, first, uncopied), ...later.slice(1));
    } else this.steps.push(...later);
  }
}

/** Of a key that was saved twice, the earlier is what counts. O(the smaller of both). */
function joined(earlier: SavedKeys, later: SavedKeys, uncopied: UncopiedValues): SavedKeys {
  const isEarlierSmaller = earlier.size < later.size;
  const [from, into] = isEarlierSmaller ? [earlier, later] : [later, earlier];
  for (const [database, keys] of from.databases) {
    for (const [key, saved] of keys) {
      const other = into.get(database, key);
      if (other === undefined || isEarlierSmaller) into.set(database, key, saved);
      if (other !== undefined) uncopied.forget(isEarlierSmaller ? other : saved);
    }
  }
  if (from.tracker !== into.tracker) into.tracker = undefined;
  return into;
}

/** These steps will not be gone back. O(keys). */
export function forgetSteps(steps: readonly Step[], uncopied: UncopiedValues): void {
  for (const step of steps) {
    if (step instanceof SavedKeys) for (const saved of step.all) uncopied.forget(saved);
    else if (step.second instanceof Aside) step.second.drop();
  }
}
