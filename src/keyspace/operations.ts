import { type ByteString, type Bytes, toByteString } from '../bytes/byte-string.ts';
import { isMany, type Many } from '../bytes/many.ts';
import type { Database } from './database.ts';
import type { Keyspace } from './keyspace.ts';

/**
 * In what form a view of the store answers. The operations are written once, over this;
 * each view says how a byte string, an integer and a record leave it.
 */
export interface Output {
  /** A byte string: a key, field, member or value. */
  readonly string: unknown;
  /** An integer that may lie beyond 2^53 (counters and absolute expiry times). */
  readonly integer: unknown;
  /** Fields with their values. */
  readonly record: unknown;
}

/** `Store` itself: text and numbers. */
export interface Text extends Output {
  readonly string: string;
  readonly integer: number;
  readonly record: Record<string, string>;
}

/** `store.bytes`: every byte string as a `Uint8Array`. */
export interface Binary extends Output {
  readonly string: Uint8Array;
  readonly integer: number;
  readonly record: [field: Uint8Array, value: Uint8Array][];
}

/** `store.bigints`: integers that may lie beyond 2^53 as `bigint`. */
export interface BigIntegers extends Output {
  readonly string: string;
  readonly integer: bigint;
  readonly record: Record<string, string>;
}

/** What sessions run: byte strings in their inner form, both ways, and records as flat lists. */
export interface Raw extends Output {
  readonly string: ByteString;
  readonly integer: number | bigint;
  readonly record: ByteString[];
}

/**
 * What every class of operations stands on: the selected database, and the border between callers' values and ours.
 *
 * A class of operations declares the commands of one Redis type as methods. It is never instantiated by itself:
 * the views of the store (see `compose`) take its methods over.
 */
export abstract class Operations<O extends Output = Text> {
  /** @internal */
  readonly keyspace: Keyspace;
  /**
   * The selected database. A field, because every operation begins with it; SWAPDB therefore exchanges what two
   * databases hold, never the databases.
   */
  protected database: Database;

  constructor(keyspace: Keyspace, databaseIndex: number) {
    this.keyspace = keyspace;
    this.database = keyspace.databases[databaseIndex]!;
  }

  /** @internal The database a view works on, for what stands beside it: blocking calls. */
  static databaseOf<O extends Output>(view: Operations<O>): Database {
    return view.database;
  }

  /** @internal What a view takes these to mean. */
  static namesOf<O extends Output>(view: Operations<O>, names: Many): ByteString[] {
    return view.inputMany(names);
  }

  /** @internal How a view answers this. */
  static outputOf<O extends Output>(view: Operations<O>, value: ByteString): O['string'] {
    return view.output(value);
  }

  /**
   * Called first by every method whose command Redis marks `denyoom`: makes room for what it may add, where memory is bounded.
   *
   * @throws ReplyError OOM if there is none
   */
  protected makeRoom(): void {
    const { eviction } = this.keyspace;
    if (eviction !== undefined) eviction.makeRoom();
  }

  /** A caller's key, field, member or value in its inner form. Throws a TypeError on anything but bytes. */
  protected input(value: Bytes): ByteString {
    return typeof value === 'string' && value.isWellFormed() ? value : toByteString(value);
  }

  /** The same for one or more. Copied one by one, lest a hole in the array pass unseen. */
  protected inputMany(many: Many): ByteString[] {
    if (!isMany(many)) return [this.input(many)];
    const inputs: ByteString[] = [];
    for (const value of many) inputs.push(this.input(value));
    return inputs;
  }

  /** The inner form as this view answers it. */
  protected abstract output(value: ByteString): O['string'];
  /** The same for what is known to be well-formed text. */
  protected abstract outputText(value: string): O['string'];
  /** The same for bytes that are not held as a string. */
  protected abstract outputBytes(value: Uint8Array): O['string'];
  /** Throws a RangeError, before anything is changed, if this view cannot say the integer exactly. */
  protected abstract outputInteger(value: number | bigint): O['integer'];
  /** An empty record, to be filled with {@link addToRecord}. */
  protected abstract startRecord(): O['record'];
  protected abstract addToRecord(record: O['record'], field: ByteString, value: ByteString): void;
}
