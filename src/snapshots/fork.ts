import type { Database } from '../keyspace/database.ts';
import type { AccessTracker } from '../keyspace/eviction/access-tracker.ts';
import { accessOf, note } from '../keyspace/eviction/uses.ts';
import { cloneOf } from '../keyspace/key-operations.ts';
import { Keyspace, type KeyspaceOptions } from '../keyspace/keyspace.ts';
import { engineOf } from '../scripting/engine-of.ts';
import { vectorSetNumbers } from '../structures/vector-sets/vector-set-numbers.ts';

/**
 * Another keyspace with the same data and settings, of which nothing is shared. O(n).
 *
 * @throws RangeError if there are keys in a database that the other is not to have
 */
export function forkOf(keyspace: Keyspace, options: KeyspaceOptions): Keyspace {
  const { clock, limits, random, hub, scripting, memoryLimit, databases } = keyspace;
  const { maxBytes, policy, samples, lfuLogFactor, lfuDecayMinutes } = memoryLimit;
  const fork = new Keyspace({
    databases: databases.length,
    ...(keyspace.hasHostsTime ? {} : { clock: clock.inner }),
    limits,
    random,
    notifyKeyspaceEvents: keyspace.notifyKeyspaceEvents,
    onSubscriberError: hub.onError,
    ...(scripting === undefined ? {} : { scripting }),
    maxMemory: String(maxBytes),
    maxMemoryPolicy: policy,
    maxMemorySamples: samples,
    lfuLogFactor,
    lfuDecayTime: lfuDecayMinutes,
    ...options,
  });
  if (options.clock === undefined) fork.clock.advance(clock.aheadMs);
  Object.assign(fork.dumps, keyspace.dumps);
  vectorSetNumbers(fork).next = vectorSetNumbers(keyspace).next;
  for (const database of databases) {
    if (database.size === 0) continue;
    const other = fork.databases[database.index];
    if (other === undefined) throw new RangeError(`there are keys in database ${database.index}`);
    copyKeys(database, other);
  }
  const { scriptEngine } = keyspace;
  if (fork.scripting !== undefined && scriptEngine !== undefined && scriptEngine.figures.libraries > 0)
    engineOf(fork).restoreLibraries(scriptEngine.dumpLibraries(), 'flush');
  return fork;
}

function copyKeys(database: Database, other: Database): void {
  const before = database.keyspace.access;
  const { access } = other.keyspace;
  for (const [key, held] of database.map) {
    const stored = cloneOf(database.storedOf(held)!);
    if (typeof stored === 'string') other.putText(key, stored);
    else other.put(key, stored);
    if (before !== undefined && access !== undefined)
      note(other, other.map.get(key)!, translated(accessOf(database, held), before, access));
  }
}

/** What one tracker has noted of a key, as another notes it. */
function translated(noted: number, before: AccessTracker, access: AccessTracker): number {
  const idleSeconds = before.idleSeconds(noted);
  const frequency = before.frequency(noted);
  return (
    (idleSeconds === undefined ? undefined : access.idleFor(idleSeconds)) ??
    (frequency === undefined ? undefined : access.usedSoOften(frequency)) ??
    access.start()
  );
}
