import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Stored } from '../../keyspace/entry.ts';
import { events } from '../../keyspace/events.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import type { Integer } from '../../numbers/integer.ts';
import { bytesUnder, editableString, lengthOf, stringOf } from '../strings/string-value.ts';
import { readField, writeField } from './bit-field.ts';
import {
  answersWide,
  type BitfieldStep,
  nameOfKind,
  outcomeOf,
  reachOf,
  rehearse,
  stepsOf,
} from './bitfield-steps.ts';
import type { BitfieldGet, BitfieldOperation } from './bitmap-options.ts';

/** The commands that look at a string as fields of any width, each of which holds an integer. */
export abstract class BitfieldOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Reads, sets and increments fields, one operation after the other, and returns their results: of `get` what the field
   * holds, of `set` what it held before, of `incrby` what it holds then; `null` of one that fails by its `overflow`. The string is
   * edited in place, and grows as far as the fields reach. O(operations), and O(n of what is new) where it grows. Redis 3.2.0.
   *
   * @throws ReplyError if a type, an offset or a value is none: nothing is changed then; WRONGTYPE
   * @throws RangeError if a result is beyond 2^53 (call it on `store.bigints`); nothing is changed then
   * @example
   * const [visits, level] = store.bitfield('player:1', [
   *   { incrby: 'u32', offset: 0, increment: 1 },
   *   { incrby: 'u4', offset: 32, increment: 1, overflow: 'sat' },
   * ]);
   */
  bitfield(key: Bytes, operations: readonly BitfieldOperation[]): (O['integer'] | null)[] {
    this.makeRoom();
    const name = this.input(key);
    const steps = stepsOf(operations, this.keyspace.limits.protoMaxBulkLengthBytes);
    if (steps.every(({ action }) => action === 'get')) return this.readFields(name, steps);
    const database = this.database;
    const found = database.findForWrite(name);
    const old = found === undefined ? '' : stringOf(found);
    if (answersWide(steps)) {
      const bytes = found === undefined ? NOTHING : bytesUnder(database, name, found);
      for (const answer of rehearse(steps, bytes)) if (answer !== null) this.outputInteger(answer);
    }
    return this.writeFields(name, found, steps, lengthOf(old));
  }

  /**
   * Reads fields. O(operations), O(n) for the first look at long text. Redis 6.0.0.
   *
   * @throws ReplyError if a type or an offset is none, or an operation is no `get`; WRONGTYPE
   * @throws RangeError if a result is beyond 2^53 (call it on `store.bigints`)
   */
  bitfieldRo(key: Bytes, operations: readonly BitfieldGet[]): O['integer'][] {
    const name = this.input(key);
    const steps = stepsOf(operations, this.keyspace.limits.protoMaxBulkLengthBytes);
    if (!steps.every(({ action }) => action === 'get')) throw errors.bitfieldReadOnly();
    return this.readFields(name, steps);
  }

  private readFields(name: ByteString, steps: readonly BitfieldStep[]): O['integer'][] {
    const found = this.database.findToRead(name);
    const bytes = found === undefined ? NOTHING : bytesUnder(this.database, name, found);
    return steps.map(({ kind, offset }) => this.outputInteger(readField(bytes, kind, offset)));
  }

  private writeFields(
    name: ByteString,
    found: Stored | undefined,
    steps: readonly BitfieldStep[],
    oldLength: number,
  ): (O['integer'] | null)[] {
    const database = this.database;
    let length = oldLength;
    for (const step of steps) if (step.action !== 'get') length = Math.max(length, reachOf(step));
    const bytes = editableString(database, name, found, length).edit(length);
    const hasGrown = length > oldLength;
    // It grows by those that fail, too; what else they do is nothing.
    let reached = oldLength;
    const changes: [BitfieldStep, Integer][] = [];
    const answers: (O['integer'] | null)[] = [];
    for (const step of steps) {
      const { answer, held, written } = outcomeOf(step, bytes);
      answers.push(answer === null ? null : this.outputInteger(answer));
      if (written === undefined || (written === held && !hasGrown)) continue;
      writeField(bytes, step.kind, step.offset, written);
      changes.push([step, written]);
      reached = Math.max(reached, reachOf(step));
    }
    const isRecording =
      changes.length > 0 ? database.changed(name, events.setBit) : hasGrown && database.changedSilently(name);
    if (!isRecording) return answers;
    if (reached < length) database.effect('SETRANGE', name, String(length - 1), '\0');
    if (changes.length === 0) return answers;
    const effect = ['BITFIELD', name];
    for (const [{ kind, offset }, value] of changes)
      effect.push('SET', nameOfKind(kind), String(offset), String(value));
    database.effectOf(effect);
    return answers;
  }
}

const NOTHING = new Uint8Array(0);
