import type { ByteString } from '../bytes/byte-string.ts';
import { Aside } from '../keyspace/aside.ts';
import type { Database } from '../keyspace/database.ts';
import type { Keeper } from '../keyspace/keeper.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import { type SavedKey, SavedKeys, UncopiedValues } from '../keyspace/saved-keys.ts';
import { Changes } from './changes.ts';
import { forgetSteps, Moment, type Step } from './moment.ts';
import { Snapshot } from './snapshot.ts';

/**
 * What leads from the present of a store back to its snapshots.
 *
 * Nothing is copied when a snapshot is taken. From then on, before a key is changed for the first time, what it holds is
 * saved; a flush puts all keys aside. So a snapshot is known by how it differs from a later one, and the latest by how it
 * differs from the present: a tree, whose root is the present.
 *
 *     A ──▶ B ──▶ C ──▶ present        steps are what has happened along an arrow,
 *           ↑                          and can be undone from its end to its beginning
 *           D
 *
 * To restore B is to undo what has happened since C, and then what happened from B to C. While that is undone it is saved, as
 * any change would be: which makes the arrow that leads from C back to B. The present comes after B now:
 *
 *     A ──▶ B ──▶ present              (Baker's trick for arrays of which every version can be had)
 *          ↑ ↑
 *          C D
 *
 * Invariants:
 *
 * 1. Undoing the steps of a moment, last first, while the store is as it was at the next one (or in the present), brings
 *    back exactly the state at that moment.
 * 2. It keeps (is a keeper of the keyspace) exactly while there is a moment. {@link latest} is the root of all.
 * 3. A moment is held, or comes after two others at least: there are fewer than twice as many as are held.
 * 4. A saved value that is not a copy is the very one it was. Those are in {@link uncopied}.
 */
export class Timeline implements Keeper {
  private readonly keyspace: Keyspace;
  private latest: Moment | undefined = undefined;
  /** The last of the latest's steps, if keys can still be saved there. */
  private open: SavedKeys | undefined = undefined;
  private readonly uncopied = new UncopiedValues();
  /** Whether what happens is nothing to come back to. */
  private isPaused = false;
  /** Told of snapshots that were collected as garbage. */
  private readonly collected =
    typeof FinalizationRegistry === 'undefined'
      ? undefined
      : new FinalizationRegistry<Moment>((moment) => this.letGo(moment));

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
  }

  // ── snapshots ────────────────────────────────────────────────────────────────────────────────────────────

  /** O(1). @throws Error inside a transaction */
  snapshot(): Snapshot {
    this.requireQuiet('taken');
    let { latest } = this;
    if (latest === undefined || latest.steps.length > 0 || this.haveLibrariesChanged(latest)) {
      latest = this.begin(latest);
    }
    latest.holders++;
    const snapshot = new Snapshot(this, latest);
    this.collected?.register(snapshot, latest, snapshot);
    return snapshot;
  }

  /** The present is a moment from now on. */
  private begin(before: Moment | undefined): Moment {
    const { keyspace } = this;
    const moment = new Moment(keyspace);
    if (before === undefined) {
      keyspace.timeline = this;
      keyspace.addKeeper(this);
    } else {
      before.next = moment;
      moment.previous.add(before);
    }
    this.latest = moment;
    this.open = undefined;
    return moment;
  }

  private haveLibrariesChanged({ libraries }: Moment): boolean {
    return this.keyspace.scriptEngine?.libraryState.libraries !== libraries?.libraries;
  }

  /** See `Snapshot.release`. */
  release(snapshot: Snapshot): void {
    const { moment } = snapshot;
    if (moment === undefined) return;
    snapshot.moment = undefined;
    this.collected?.unregister(snapshot);
    this.letGo(moment);
  }

  private letGo(moment: Moment): void {
    // A transaction may want back what is put aside. It is over by then.
    if (this.keyspace.journal !== undefined) Promise.resolve().then(() => this.letGo(moment));
    else {
      moment.holders--;
      this.prune(moment);
    }
  }

  /** Forgets what leads to this moment, unless somebody wants to come back to it, or past it. */
  private prune(moment: Moment): void {
    const { previous, next, steps } = moment;
    if (moment.holders > 0 || previous.size > 1) return;
    const [only] = previous;
    next?.previous.delete(moment);
    if (only === undefined) forgetSteps(steps, this.uncopied);
    else {
      only.join(steps, this.uncopied);
      only.next = next;
      next?.previous.add(only);
    }
    if (moment === this.latest) {
      this.latest = only;
      const last = only?.steps.at(-1);
      this.open = last instanceof SavedKeys ? last : undefined;
      if (only === undefined) this.end();
    } else if (only === undefined) this.prune(next!);
  }

  private end(): void {
    this.keyspace.removeKeeper(this);
    this.keyspace.timeline = undefined;
  }

  private requireQuiet(what: string): void {
    const { journal, isRunningScript } = this.keyspace;
    if (journal !== undefined || isRunningScript)
      throw new Error(`a snapshot cannot be ${what} inside a transaction, nor a script`);
  }

  // ── what happens ─────────────────────────────────────────────────────────────────────────────────────────

  save(database: Database, key: ByteString): void {
    if (this.isPaused) return;
    if (this.open === undefined) {
      this.open = new SavedKeys();
      this.latest!.steps.push(this.open);
    }
    const saved = this.open.save(database, key);
    if (saved !== undefined) this.uncopied.add(saved);
  }

  saveValue(database: Database, key: ByteString): void {
    this.save(database, key);
    this.uncopied.copy(database, key);
  }

  /** Takes everything out of a database. O(1), but for what was put there since the last flush: that will not come back. */
  setAside(database: Database): void {
    if (database.size === 0) return;
    if (this.isFlushedSince(database)) {
      for (const saved of this.open?.take(database)?.values() ?? []) this.uncopied.forget(saved);
      database.clear();
      return;
    }
    const aside = new Aside(database);
    aside.exchangeWith(database);
    aside.uncount();
  }

  /** Whether the database was flushed since the latest moment, and nothing was exchanged with it since. */
  private isFlushedSince(database: Database): boolean {
    const { steps } = this.latest!;
    for (let at = steps.length - (this.open === undefined ? 1 : 2); at >= 0; at--) {
      const step = steps[at]!;
      if (step instanceof SavedKeys) return false;
      if (step.first === database || step.second === database)
        return step.second instanceof Aside && step.isFlush;
    }
    return false;
  }

  /** Two databases have been exchanged. O(1). */
  exchanged(first: Database, second: Database): void {
    const isAside = second instanceof Aside;
    const isFlush = isAside && !second.isKept;
    if (isAside) second.isKept = true;
    if (this.isPaused) return;
    this.latest!.steps.push({ first, second, isFlush });
    this.open = undefined;
  }

  // ── restoring ────────────────────────────────────────────────────────────────────────────────────────────

  /** O(keys changed since). */
  restore(snapshot: Snapshot): void {
    this.requireQuiet('restored');
    const { keyspace } = this;
    if (snapshot.timeline !== this) {
      throw new TypeError(
        'this is a snapshot of another store: fork() makes a store with the data of this one',
      );
    }
    const { moment } = snapshot;
    if (moment === undefined) throw new Error('this snapshot has been released');
    const changes = new Changes(keyspace);
    // What has happened since the latest moment is no state that anybody holds.
    this.isPaused = true;
    this.undo(this.latest!.steps, changes);
    this.isPaused = false;
    const way: Moment[] = [];
    for (let at = moment; at !== this.latest; at = at.next!) way.push(at);
    for (let at = way.pop(); at !== undefined; at = way.pop()) this.goBack(at, changes);
    changes.librariesTo(moment.libraries);
    changes.tell();
  }

  /** From the latest moment to one before it, which is the latest then. */
  private goBack(before: Moment, changes: Changes): void {
    const after = this.latest!;
    after.previous.delete(before);
    this.isPaused = after.holders === 0 && after.previous.size === 0;
    this.undo(before.steps, changes);
    this.isPaused = false;
    this.latest = before;
    this.open = undefined;
    before.next = undefined;
    after.next = before;
    before.previous.add(after);
    this.prune(after);
  }

  /** Undoes all of these steps, which are gone then. */
  private undo(steps: Step[], changes: Changes): void {
    this.open = undefined;
    const asides = new Set<Aside>();
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      if (step instanceof SavedKeys) this.putBack(step, changes);
      else {
        const { first, second } = step;
        changes.exchanging(first, second);
        if (second instanceof Aside) {
          second.exchangeWith(first);
          second.uncount();
          asides.add(second);
        } else this.keyspace.exchange(first, second);
      }
    }
    if (this.isPaused) for (const aside of asides) aside.drop();
  }

  private putBack(savedKeys: SavedKeys, changes: Changes): void {
    for (const [database, keys] of savedKeys.databases) {
      for (const [key, saved] of keys) {
        if (isAsSaved(database, key, saved)) {
          keys.delete(key);
          this.uncopied.forget(saved);
        } else {
          database.beforeChange(key);
          changes.add(database, key);
        }
      }
    }
    savedKeys.putBack((database, key) => {
      if (!key.isWellFormed()) database.hasOnlyTextKeys = false;
      database.scanOrder?.add(key, database.map);
    });
    for (const saved of savedKeys.all) this.uncopied.forget(saved);
  }
}

/** Whether the key holds what was saved, as far as can be told at once. */
function isAsSaved(database: Database, key: ByteString, saved: SavedKey): boolean {
  const stored = database.storedOf(database.map.get(key));
  if (stored !== saved.stored) return false;
  if (typeof stored !== 'object') return true;
  return (
    saved.makeValue === undefined && stored.value === saved.value && stored.expiresAtMs === saved.expiresAtMs
  );
}

const ofKeyspaces = new WeakMap<Keyspace, Timeline>();

/** What leads back to the snapshots of a store, made when the first is taken. */
export function timelineOf(keyspace: Keyspace): Timeline {
  let timeline = ofKeyspaces.get(keyspace);
  if (timeline === undefined) {
    timeline = new Timeline(keyspace);
    ofKeyspaces.set(keyspace, timeline);
  }
  return timeline;
}
