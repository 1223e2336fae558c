import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { isMany, type Many, manyOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { findToReadAndWrite } from '../../keyspace/lookups.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import type { RawString } from '../strings/raw-string.ts';
import { placeOf } from './element-place.ts';
import {
  addPlace,
  addPlaces,
  cachedEstimate,
  cacheEstimate,
  estimateOf,
  estimateOfWords,
  isDense,
  makeDense,
  markStale,
  mergeInto,
  noWords,
  raiseTo,
} from './hyperloglog.ts';
import { hyperloglogEvents } from './hyperloglog-events.ts';
import {
  createHyperLogLog,
  editableHyperLogLog,
  heldHyperLogLog,
  hyperLogLogOf,
} from './hyperloglog-value.ts';

/**
 * The HyperLogLog commands: how many different elements there were, within about 0.8 %, in 12 KB at most.
 *
 * A HyperLogLog is a string in Redis's own layout, so that GET and SET carry it from here to a server and back.
 */
export abstract class HyperloglogOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Adds elements to a HyperLogLog, which begins empty; without elements, only makes sure that it exists. O(1) for each
   * element. Redis 2.8.9.
   *
   * @returns 1 if the key was created or the estimate may have changed, else 0
   * @throws ReplyError WRONGTYPE if the key holds something else, INVALIDOBJ if it is damaged; nothing is changed then
   */
  pfadd(key: Bytes, elements: Many = []): number {
    this.makeRoom();
    const name = this.input(key);
    const database = this.database;
    const places = isMany(elements) ? this.placesOf(elements) : this.placeOfElement(elements);
    const found = database.findForWrite(name);
    let isChanged: boolean;
    if (found === undefined) {
      const raw = createHyperLogLog(database, name);
      this.raiseRegisters(raw, places);
      markStale(raw);
      isChanged = true;
    } else {
      const raw = editableHyperLogLog(database, name, found);
      isChanged = this.raiseRegisters(raw, places);
      if (isChanged) markStale(raw);
    }
    if (!isChanged) return 0;
    if (database.changed(name, hyperloglogEvents.pfadd))
      database.effectOf(['PFADD', name, ...this.inputMany(elements)]);
    return 1;
  }

  /** One number for one element, which is added with less ado. */
  private placesOf(elements: readonly Bytes[]): number | number[] {
    if (elements.length === 1) return this.placeOfElement(elements[0]!);
    const places = new Array<number>(elements.length);
    for (let at = 0; at < places.length; at++) places[at] = this.placeOfElement(elements[at]!);
    return places;
  }

  private placeOfElement(element: Bytes): number {
    return placeOf(element instanceof Uint8Array ? element : this.input(element));
  }

  /** Whether any register was raised. Throws, and has changed nothing, if they are damaged. */
  private raiseRegisters(raw: RawString, places: number | readonly number[]): boolean {
    const { hllSparseMaxBytes } = this.keyspace.limits;
    const added =
      typeof places === 'number'
        ? addPlace(raw, places, hllSparseMaxBytes)
        : addPlaces(raw, places, hllSparseMaxBytes);
    if (added === 'damaged') throw errors.damagedHyperLogLog();
    return added === 'changed';
  }

  /**
   * About how many different elements were added to a HyperLogLog, or to any of several; 0 if there is none. For one key
   * the estimate is remembered in the value until that changes. O(1) with a remembered estimate, else O(keys) with
   * about 20 µs for each. Redis 2.8.9.
   *
   * @throws ReplyError WRONGTYPE if a key holds something else, INVALIDOBJ if one is damaged
   * @throws RangeError if the estimate is beyond 2^53 (call it on `store.bigints`): only a forged value says so
   */
  pfcount(keys: Many): O['integer'] {
    const given = manyOf(keys);
    if (given.length === 0) throw errors.wrongArity('pfcount');
    if (given.length === 1) return this.countOne(this.input(given[0]!));
    return this.outputInteger(estimateOfWords(this.mergedRegisters(this.inputMany(keys)).words));
  }

  private countOne(key: ByteString): O['integer'] {
    const database = this.database;
    const found = findToReadAndWrite(database, key);
    if (found === undefined) return this.outputInteger(0);
    const held = heldHyperLogLog(database, key, found);
    const cached = cachedEstimate(held);
    if (cached !== undefined) return this.outputInteger(cached);
    const estimate = estimateOf(held);
    if (estimate === undefined) throw errors.damagedHyperLogLog();
    const answer = this.outputInteger(estimate);
    cacheEstimate(editableHyperLogLog(database, key, found), estimate);
    if (database.changed(key, hyperloglogEvents.cached)) database.effect('PFCOUNT', key);
    return answer;
  }

  /**
   * Makes a HyperLogLog of all elements of the sources and of those it has itself; it begins empty, and so do sources that
   * are not there. O(sources), with about 20 µs for each. Redis 2.8.9.
   *
   * @throws ReplyError WRONGTYPE if a key holds something else, INVALIDOBJ if one is damaged; nothing is changed then
   */
  pfmerge(destination: Bytes, sources: Many = []): 'OK' {
    this.makeRoom();
    const name = this.input(destination);
    const database = this.database;
    const names = [name, ...this.inputMany(sources)];
    const { words, isAnyDense } = this.mergedRegisters(names);
    const found = database.findForWrite(name);
    const raw =
      found === undefined ? createHyperLogLog(database, name) : editableHyperLogLog(database, name, found);
    if (isAnyDense) makeDense(raw);
    raiseTo(raw, words, this.keyspace.limits.hllSparseMaxBytes);
    markStale(raw);
    if (database.changed(name, hyperloglogEvents.pfadd)) database.effectOf(['PFMERGE', ...names]);
    return 'OK';
  }

  /** The highest of what several have in each register, and whether any of them is dense. */
  private mergedRegisters(keys: readonly ByteString[]): { words: Int32Array; isAnyDense: boolean } {
    const words = noWords();
    let isAnyDense = false;
    for (const key of keys) {
      const found = this.database.findToRead(key);
      if (found === undefined) continue;
      const raw = hyperLogLogOf(found);
      if (isDense(raw)) isAnyDense = true;
      if (!mergeInto(raw, words)) throw errors.damagedHyperLogLog();
    }
    return { words, isAnyDense };
  }
}
