import { type ByteString, type Bytes, describe, fromBytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { requireInteger, requireOptions } from '../../keyspace/arguments.ts';
import type { Database } from '../../keyspace/database.ts';
import { Entry, NEVER, type Stored, typeOf } from '../../keyspace/entry.ts';
import { events } from '../../keyspace/events.ts';
import { accessOf, note } from '../../keyspace/eviction/uses.ts';
import { MAX_TIME_MS, timeInteger } from '../../keyspace/expiry-options.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { STRING } from '../../structures/strings/string-value.ts';
import { vectorSetNumbers } from '../../structures/vector-sets/vector-set-numbers.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { CorruptValue } from './corrupt-value.ts';
import type { RestoreOptions } from './dump-options.ts';
import { isSealed, sealPayload } from './payload.ts';
import { readValue, writeValue } from './values.ts';

const RESTORE_OPTIONS: ReadonlySet<string> = new Set([
  'replace',
  'absttl',
  'idletime',
  'freq',
] satisfies (keyof RestoreOptions)[]);
const NO_OPTIONS: RestoreOptions = {};
const GREATEST_FREQUENCY = 255;
/** Of all dumps, which come one after the other. What one left that failed, the next wipes. */
const writer = new ByteWriter();

/** The commands that make bytes of what a key holds, and the other way round. */
export abstract class DumpOperations<O extends Output = Text> extends Operations<O> {
  /**
   * What a key holds, in Redis's own serialisation, with its version and checksum: for `restore`, here or in a Redis that
   * knows the type. The TTL is not in it. `null` if there is no such key. O(n). Redis 2.6.0.
   *
   * @throws ReplyError if it is a vector set whose projection has a matrix of more than 512 MB
   * @example
   * const payload = store.dump('visits');
   * if (payload !== null) other.restore('visits', 0, payload);
   */
  dump(key: Bytes): Uint8Array | null {
    const stored = this.database.findToRead(this.input(key));
    return stored === undefined ? null : payloadOf(stored, this.keyspace);
  }

  /**
   * Has a key hold what `dump` made these bytes of, here or in Redis. It expires in `ttlMs` milliseconds, or never if that is 0. A
   * time that is over leaves no such key. O(n). Redis 2.6.0; `replace` 3.0.0, the others 5.0.0.
   *
   * @throws ReplyError BUSYKEY if the key holds something and `replace` is not given; if the TTL is no integer or negative,
   * or so are `idletime` and `freq`, or both are given; if the bytes are of a newer version or damaged. Nothing is
   * changed then
   */
  restore(key: Bytes, ttlMs: number, payload: Uint8Array, options: RestoreOptions = NO_OPTIONS): 'OK' {
    this.makeRoom();
    requireRestoreOptions(options);
    const replace = options.replace === true;
    const absttl = options.absttl === true;
    const name = this.input(key);
    if (!(payload instanceof Uint8Array)) {
      throw new TypeError(`expected a Uint8Array that dump answered, got ${describe(payload)}`);
    }
    const { database, keyspace } = this;
    keyspace.expireSome();
    const replaced = replace ? database.find(name) : database.findForWrite(name);
    if (replaced !== undefined && !replace) throw errors.busyKey();
    requireInteger(ttlMs);
    if (ttlMs > MAX_TIME_MS) throw errors.notAnInteger();
    if (ttlMs < 0) throw errors.invalidTtl();
    if (!isSealed(payload, keyspace.dumps.checksChecksums)) throw errors.badPayload();
    const stored = readPayload(payload, keyspace);
    // Before anything changes: of half a gigabyte of bytes there may be no such string.
    const recorded = keyspace.recording ? fromBytes(payload) : '';
    const nowMs = ttlMs === 0 ? 0 : keyspace.now();
    const atMs = ttlMs === 0 || absttl ? ttlMs : nowMs + ttlMs;
    if (replaced !== undefined) database.remove(name);
    // A sum that does not fit into 64 bits has wrapped around in Redis.
    if (atMs !== NEVER && (keyspace.isOver(atMs, nowMs) || (!absttl && atMs >= MAX_TIME_MS))) {
      if (replaced !== undefined && database.changed(name, events.del)) database.effect('DEL', name);
      return 'OK';
    }
    putExpiring(database, name, stored, atMs);
    const isRecorded = database.changed(name, events.restore);
    setAccess(database, name, options);
    if (isRecorded) {
      const expiry = atMs === NEVER ? [] : ['ABSTTL'];
      const others = replaced === undefined ? expiry : ['REPLACE', ...expiry];
      database.effect('RESTORE', name, String(timeInteger(atMs)), recorded, ...others);
    }
    if (replaced !== undefined) database.overwritten(name, typeOf(replaced), typeOf(stored));
    return 'OK';
  }
}

/** What DUMP answers for what a key holds. O(n). */
export function payloadOf(stored: Stored, { limits, dumps }: Keyspace): Uint8Array {
  writer.clear();
  const version = writeValue(writer, stored, { limits, compress: dumps.compress });
  return sealPayload(writer, version);
}

/** In the order in which Redis says what is wrong. */
function requireRestoreOptions(options: RestoreOptions): void {
  requireOptions(options, RESTORE_OPTIONS);
  const { idletime, freq } = options;
  if (idletime !== undefined) {
    if (freq !== undefined) throw errors.syntax();
    requireIdletime(idletime);
  }
  if (freq !== undefined) requireFrequency(freq);
}

/** @throws ReplyError if this is no time to have lain idle */
export function requireIdletime(seconds: number): void {
  requireInteger(seconds);
  if (seconds < 0) throw errors.invalidIdletime();
}

/** @throws ReplyError if this is no frequency */
export function requireFrequency(frequency: number): void {
  requireInteger(frequency);
  if (frequency < 0 || frequency > GREATEST_FREQUENCY) throw errors.invalidFrequency();
}

/** As in Redis, what lies between the value and the footer is not looked at, and the value may reach into it. */
function readPayload(payload: Uint8Array, keyspace: Keyspace): Stored {
  const { limits, random } = keyspace;
  try {
    return readValue(new ByteReader(payload), { limits, random, vectorSets: vectorSetNumbers(keyspace) });
  } catch (error) {
    if (error instanceof CorruptValue) throw errors.badDataFormat();
    throw error;
  }
}

function putExpiring(database: Database, key: ByteString, stored: Stored, atMs: number): void {
  if (typeof stored === 'string' && atMs === NEVER) {
    database.putText(key, stored);
    return;
  }
  const entry = typeof stored === 'string' ? (new Entry(STRING, stored) as Entry) : stored;
  entry.expiresAtMs = atMs;
  database.put(key, entry);
}

/** Has it count as used so long ago, or so often, as whoever restores it says. */
function setAccess(database: Database, key: ByteString, { idletime, freq }: RestoreOptions): void {
  const { access } = database.keyspace;
  const held = database.map.get(key);
  if (access === undefined || held === undefined) return;
  const noted = idletime === undefined ? undefined : access.idleFor(idletime);
  const counted = freq === undefined ? undefined : access.usedSoOften(freq);
  note(database, held, counted ?? noted ?? accessOf(database, held));
}
