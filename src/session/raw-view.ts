import { type ByteString, type Bytes, fromBytes } from '../bytes/byte-string.ts';
import { compose } from '../keyspace/compose.ts';
import type { Database } from '../keyspace/database.ts';
import { typeOf } from '../keyspace/entry.ts';
import { Operations, type Raw } from '../keyspace/operations.ts';
import { type AllOperations, operationsClasses } from '../store.ts';
import { STREAM } from '../streams/stream-value.ts';

/** The store as sessions see it: byte strings go in and come out in their inner form. */
export class RawView extends Operations<Raw> {
  /** Has all further operations work on this database, which exists. */
  selectDatabase(index: number): void {
    this.database = this.keyspace.databases[index]!;
  }

  /** The type of what the key holds, or `none`: TYPE for commands that look before they read it, of which nobody is told. */
  typeUnder(key: ByteString): string {
    const found = this.database.find(key);
    return found === undefined ? 'none' : typeOf(found);
  }

  /** {@link typeUnder} for commands of which a key that is not there is told. */
  typeToRead(key: ByteString): string {
    const found = this.database.findToRead(key);
    return found === undefined ? 'none' : typeOf(found);
  }

  /** Whether the key holds a stream that has this group: for commands that look before they read, too. */
  hasStreamGroup(key: ByteString, group: ByteString): boolean {
    return this.typeUnder(key) === STREAM.type && this.database.get(key, STREAM)!.group(group) !== undefined;
  }

  /** The selected database. */
  get selected(): Database {
    return this.database;
  }

  get databaseIndex(): number {
    return this.database.index;
  }

  /** Sessions make room before they run a command: what they let run is not asked again. */
  protected override makeRoom(): void {}

  protected override input(value: Bytes): ByteString {
    return value as ByteString;
  }

  protected override output(value: ByteString): ByteString {
    return value;
  }

  protected override outputText(value: string): ByteString {
    return value;
  }

  protected override outputBytes(value: Uint8Array): ByteString {
    return fromBytes(value);
  }

  protected override outputInteger(value: number | bigint): number | bigint {
    return value;
  }

  protected override startRecord(): ByteString[] {
    return [];
  }

  protected override addToRecord(record: ByteString[], field: ByteString, value: ByteString): void {
    record.push(field, value);
  }
}

export interface RawView extends AllOperations<Raw> {}

compose(RawView, operationsClasses);
