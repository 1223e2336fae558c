import type { ByteString, Bytes } from '../bytes/byte-string.ts';
import { Aside } from '../keyspace/aside.ts';
import type { Database } from '../keyspace/database.ts';
import { NEVER } from '../keyspace/entry.ts';
import { events } from '../keyspace/events.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import { payloadOf } from '../persistence/rdb/dump-operations.ts';
import type { LibraryState } from '../scripting/scripting.ts';

/** What is changed while a snapshot is restored, for those who must know of it. */
export class Changes {
  private readonly keyspace: Keyspace;
  private readonly keys = new Map<Database, Set<ByteString>>();
  /** Databases that hold something else altogether. */
  private readonly exchanged = new Set<Database>();
  private haveLibrariesChanged = false;
  private readonly isHeard: boolean;

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
    this.isHeard = keyspace.isHeard;
  }

  add(database: Database, key: ByteString): void {
    this.keyspace.dirty++;
    if (!this.isHeard) return;
    const keys = this.keys.get(database);
    if (keys === undefined) this.keys.set(database, new Set([key]));
    else keys.add(key);
  }

  /** Two databases are about to be exchanged. */
  exchanging(first: Database, second: Database): void {
    this.keyspace.announceExchange(first, second);
    for (const database of [first, second]) if (!(database instanceof Aside)) this.exchanged.add(database);
  }

  /** The functions become those that there were, or none. */
  librariesTo(state: LibraryState | undefined): void {
    const { scriptEngine } = this.keyspace;
    if (scriptEngine?.returnTo(state) === true) this.haveLibrariesChanged = true;
  }

  /** Everything is as it was: tells whoever observes. */
  tell(): void {
    const { keyspace, keys, exchanged } = this;
    for (const database of exchanged) keyspace.dirty += database.size;
    for (const [database, names] of keys) {
      for (const key of names) keyspace.announce(database, key, events.broughtBack);
    }
    // Whether a key has come into being is not known any more: they look for themselves.
    keyspace.waiters?.flushed([...exchanged, ...keys.keys()]);
    if (keyspace.recording) this.record();
  }

  /** As one group: whoever reads the records finds all of it, or nothing. */
  private record(): void {
    const { keyspace, keys, exchanged } = this;
    const { persistence } = keyspace;
    persistence?.begin();
    if (this.haveLibrariesChanged) this.recordLibraries();
    for (const database of exchanged) this.recordWhole(database);
    for (const [database, names] of keys) {
      if (exchanged.has(database)) continue;
      if (names.size > 2 * database.size) this.recordWhole(database);
      else for (const key of names) this.recordKey(database, key);
    }
    persistence?.end();
  }

  private recordLibraries(): void {
    const { scriptEngine, databases } = this.keyspace;
    const engine = scriptEngine!;
    const command: Bytes[] =
      engine.figures.libraries === 0 ? ['FLUSH'] : ['RESTORE', engine.dumpLibraries(), 'FLUSH'];
    databases[0]!.effect('FUNCTION', ...command);
  }

  private recordWhole(database: Database): void {
    database.effect('FLUSHDB');
    for (const key of database.map.keys()) this.recordKey(database, key);
  }

  private recordKey(database: Database, key: ByteString): void {
    const stored = database.storedOf(database.map.get(key));
    if (stored === undefined) database.effect('DEL', key);
    else if (typeof stored === 'string') database.effect('SET', key, stored);
    else {
      const { expiresAtMs } = stored;
      const expiry = expiresAtMs === NEVER ? [] : ['ABSTTL'];
      const payload = payloadOf(stored, this.keyspace);
      database.effect('RESTORE', key, String(expiresAtMs), payload, 'REPLACE', ...expiry);
    }
  }
}
