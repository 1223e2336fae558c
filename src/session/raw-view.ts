import { type ByteString, type Bytes, fromBytes } from '../bytes/byte-string.ts';
import { compose } from '../keyspace/compose.ts';
import type { Database } from '../keyspace/database.ts';
import { typeOf } from '../keyspace/entry.ts';
import { Operations, type Raw } from '../keyspace/operations.ts';
import { STREAM } from '../streams/stream-value.ts';
import { type AllOperations, operationsClasses } from '../views/all-operations.ts';

/** The store as sessions see it: byte strings go in and come out in their inner form. */
export class RawView extends Operations<Raw> {
  /** What the command that is about to run has looked at. */
  private readonly looked: ByteString[] = [];

  /** Has all further operations work on this database, which exists. */
  selectDatabase(index: number): void {
    this.database = this.keyspace.databases[index]!;
  }

  /** The type of what the key holds, or `none`: TYPE for commands that look before they read it, of which nobody is told. */
  typeUnder(key: ByteString): string {
    const found = this.database.find(key);
    return found === undefined ? 'none' : typeOf(found);
  }

  /**
   * {@link typeUnder} for commands that look as if to read: the key was used, or was not there, even if they then go no
   * further; see {@link lookedInVain}. If they do, their methods look again.
   */
  typeToRead(key: ByteString): string {
    this.looked.push(key);
    return this.typeUnder(key);
  }

  /** The command that looked goes no further. */
  lookedInVain(): void {
    for (const key of this.looked) this.database.findToRead(key);
    this.looked.length = 0;
  }

  /** The command that looked goes on to read what it looked at. */
  lookedAhead(): void {
    this.looked.length = 0;
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
