import { Blocking } from '../blocking/blocking.ts';
import { type ByteString, type Bytes, toBytes, toText } from '../bytes/byte-string.ts';
import type { Many } from '../bytes/many.ts';
import { compose } from '../keyspace/compose.ts';
import { bigKeySteps, bigKeys } from '../keyspace/memory/big-keys.ts';
import type { BigKey, BigKeysOptions, BigKeysProgress } from '../keyspace/memory/memory-options.ts';
import { type BigIntegers, type Binary, Operations } from '../keyspace/operations.ts';
import { printAs } from '../keyspace/summary.ts';
import { createScriptHandle, type ScriptHandle } from '../scripting/script-handle.ts';
import { type ConsumedEntry, type ConsumeOptions, consume } from '../streams/consume.ts';
import { createMulti, type Multi } from '../transactions/multi.ts';
import { createWatch, type Watch } from '../transactions/watch.ts';
import { type AllOperations, operationsClasses } from './all-operations.ts';
import { emptyRecord, exactNumber, lossyDecoder, type TextRecord } from './answers.ts';

// The other forms in which a store answers.

/** A store that answers in bytes: see {@link Store.bytes}. */
export class BytesView extends Operations<Binary> {
  /** {@link Store.multi}, answering in bytes. */
  multi(): Multi<Binary> {
    return createMulti<Binary>(this, operationsClasses);
  }

  /** {@link Store.watch}, for a `multi()` that answers in bytes. */
  watch(keys: Many): Watch<Binary> {
    return createWatch<Binary>(this, operationsClasses, this.database, this.inputMany(keys));
  }

  private blockingCalls: Blocking<Binary> | undefined = undefined;

  /** See {@link Store.blocking}. */
  get blocking(): Blocking<Binary> {
    this.blockingCalls ??= new Blocking<Binary>(this.keyspace, this);
    return this.blockingCalls;
  }

  /** {@link Store.bigKeys}, with the keys in bytes. */
  bigKeys(options: BigKeysOptions = {}): BigKey<Binary>[] {
    return bigKeys<Binary>(this, options);
  }

  /** {@link Store.bigKeysIterator}, with the keys in bytes. */
  bigKeysIterator(options: BigKeysOptions = {}): Generator<BigKeysProgress<Binary>, undefined, undefined> {
    return bigKeySteps<Binary>(this, options);
  }

  /** {@link Store.script}, answering in bytes. */
  script(source: Bytes): ScriptHandle<Binary> {
    return createScriptHandle<Binary>(this, source);
  }

  /** {@link Store.consume}, answering in bytes. */
  consume(
    stream: Bytes,
    group: Bytes,
    consumer: Bytes,
    options?: ConsumeOptions,
  ): AsyncGenerator<ConsumedEntry<Binary>, void, undefined> {
    return consume<Binary>(this, stream, group, consumer, options);
  }

  protected override output(value: ByteString): Uint8Array {
    return toBytes(value);
  }

  protected override outputText(value: string): Uint8Array {
    return toBytes(value);
  }

  protected override outputBytes(value: Uint8Array): Uint8Array {
    return value.slice();
  }

  protected override outputInteger(value: number | bigint): number {
    return exactNumber(value);
  }

  protected override startRecord(): [Uint8Array, Uint8Array][] {
    return [];
  }

  protected override addToRecord(
    record: [Uint8Array, Uint8Array][],
    field: ByteString,
    value: ByteString,
  ): void {
    record.push([toBytes(field), toBytes(value)]);
  }
}

/** A store that answers large integers exactly: see {@link Store.bigints}. */
export class BigIntsView extends Operations<BigIntegers> {
  /** {@link Store.script}, answering integers as `bigint`. */
  script(source: Bytes): ScriptHandle<BigIntegers> {
    return createScriptHandle<BigIntegers>(this, source);
  }

  /** {@link Store.multi}, answering large integers exactly. */
  multi(): Multi<BigIntegers> {
    return createMulti<BigIntegers>(this, operationsClasses);
  }

  /** {@link Store.watch}, for a `multi()` that answers large integers exactly. */
  watch(keys: Many): Watch<BigIntegers> {
    return createWatch<BigIntegers>(this, operationsClasses, this.database, this.inputMany(keys));
  }

  protected override output(value: ByteString): string {
    return toText(value);
  }

  protected override outputText(value: string): string {
    return value;
  }

  protected override outputBytes(value: Uint8Array): string {
    return lossyDecoder.decode(value);
  }

  protected override outputInteger(value: number | bigint): bigint {
    return BigInt(value);
  }

  protected override startRecord(): TextRecord {
    return emptyRecord();
  }

  protected override addToRecord(record: TextRecord, field: ByteString, value: ByteString): void {
    record[toText(field)] = toText(value);
  }
}

export interface BytesView extends AllOperations<Binary> {}
export interface BigIntsView extends AllOperations<BigIntegers> {}

compose(BytesView, operationsClasses);
compose(BigIntsView, operationsClasses);

printAs(BytesView, 'Store.bytes');
printAs(BigIntsView, 'Store.bigints');
