import { type ByteString, type Bytes, fromBytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Database } from '../../keyspace/database.ts';
import { Entry } from '../../keyspace/entry.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { samplePositions } from '../sample-positions.ts';
import { floatBytes } from './float-bytes.ts';
import type { GraphNode } from './graph-node.ts';
import type { Quantisation } from './quantisation.ts';
import type { VectorGraph } from './vector-graph.ts';
import { VectorSet } from './vector-set.ts';
import { NO_OPTIONS, requireNameRange, requireVadd, type VaddRequest } from './vector-set-arguments.ts';
import { vectorSetEvents } from './vector-set-events.ts';
import { vectorSetNumbers } from './vector-set-numbers.ts';
import type { VaddOptions, VectorComponents, VectorSetInfo } from './vector-set-options.ts';
import { VECTOR_SET } from './vector-set-value.ts';

/** An engine ends the process, rather than throw, over an array that outgrows its memory. */
const LARGEST_ANSWER = 2 ** 26;

/** Where so many times as many nodes are there as are asked for, picking again what was picked before is rare. */
const SPARSE_SAMPLE = 5;

/** The words by which VADD asks for a quantisation. */
const WORD_OF: Readonly<Record<Quantisation, string>> = { f32: 'NOQUANT', int8: 'Q8', bin: 'BIN' };

/** The commands on the elements of a vector set. */
export abstract class VectorSetOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Adds an element with its vector to a vector set, which begins with it if need be; one that is there is given the
   * vector instead of its own, and keeps its attributes unless new ones are given. Returns 1 if it was added, 0 if it was
   * there. O(log n) expected. Redis 8.0.0.
   *
   * The first element says how long vectors are, how they are kept (`noquant`, `q8`, `bin`), whether they are projected
   * (`reduce`), and how many links elements have (`m`); all others must be added with the same.
   *
   * @throws ReplyError if the vector or an option cannot be, or is not as the set has it; WRONGTYPE if the key holds
   * something else
   * @throws TypeError if this is no vector, or an option is not known
   * @example
   * store.vadd('movies', [0.2, 0.9, 0.4], 'Alien', { setattr: '{"year": 1979}' });
   */
  vadd(key: Bytes, vector: VectorComponents, element: Bytes, options: VaddOptions = NO_OPTIONS): number {
    this.makeRoom();
    const name = this.input(key);
    const request = requireVadd(vector, options);
    const member = this.input(element);
    const attributes = options.setattr === undefined ? undefined : this.input(options.setattr);
    const database = this.database;
    let set = database.get(name, VECTOR_SET);
    if (set === undefined) {
      set = this.createVectorSet(request);
      putElement(set, member, request, attributes);
      database.put(name, new Entry(VECTOR_SET, set));
      tellOfVadd(database, name, member, request, attributes);
      return 1;
    }
    requireSame(set, request);
    database.beforeChangeInPlace(name);
    const isAdded = putElement(set, member, request, attributes);
    tellOfVadd(database, name, member, request, attributes);
    return isAdded ? 1 : 0;
  }

  private createVectorSet({ vector, reduce, quantisation, m }: VaddRequest): VectorSet {
    const { random } = this.keyspace;
    const numbers = vectorSetNumbers(this.keyspace);
    const inputDimension = vector.length;
    return VectorSet.create({ inputDimension, reduce, quantisation, maxLinks: m, random, numbers });
  }

  /**
   * Removes an element from a vector set; returns 1 if it was there, else 0. O(log n) expected. Redis 8.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  vrem(key: Bytes, element: Bytes): number {
    const name = this.input(key);
    const member = this.input(element);
    const database = this.database;
    const set = database.get(name, VECTOR_SET);
    if (set?.graph.get(member) === undefined) return 0;
    if (set.size === 1) database.remove(name);
    else {
      database.beforeChangeInPlace(name);
      set.delete(member);
    }
    if (database.changed(name, vectorSetEvents.vrem)) database.effect('VREM', name, member);
    return 1;
  }

  /** How many elements a vector set has. O(1). Redis 8.0.0. @throws ReplyError WRONGTYPE if the key holds something else */
  vcard(key: Bytes): number {
    return this.vectorSetToRead(key)?.size ?? 0;
  }

  /**
   * How many components the vectors of a set have, as they are kept: where they are projected, those of the projection.
   * O(1). Redis 8.0.0.
   *
   * @throws ReplyError if there is no such key; WRONGTYPE if it holds something else
   */
  vdim(key: Bytes): number {
    const set = this.vectorSetToRead(key);
    if (set === undefined) throw errors.keyDoesNotExist();
    return set.graph.dimension;
  }

  /**
   * Whether a vector set has this element: 1 or 0. O(1). Redis 8.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  vismember(key: Bytes, element: Bytes): number {
    return this.elementToRead(key, element) === undefined ? 0 : 1;
  }

  /**
   * Gives an element attributes in place of those it has: JSON text, which filters read. Empty text removes them. The
   * text is not looked at here: if it is no JSON, filters do not find the fields. Returns 1, or 0 if there is no such
   * element. O(1). Redis 8.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  vsetattr(key: Bytes, element: Bytes, attributes: Bytes): number {
    const name = this.input(key);
    const member = this.input(element);
    const text = this.input(attributes);
    const database = this.database;
    const set = database.get(name, VECTOR_SET);
    if (set?.graph.get(member) === undefined) return 0;
    database.beforeChangeInPlace(name);
    set.setAttributes(set.graph.get(member)!, text);
    if (database.changed(name, vectorSetEvents.vsetattr)) database.effect('VSETATTR', name, member, text);
    return 1;
  }

  /**
   * The attributes of an element, as they were given; `null` if it has none, or there is no such element. O(1).
   * Redis 8.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  vgetattr(key: Bytes, element: Bytes): O['string'] | null {
    const attributes = this.elementToRead(key, element)?.attributes;
    return attributes === undefined ? null : this.output(attributes);
  }

  /**
   * What there is to know of a vector set, `null` if there is no such key. O(1). Redis 8.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  vinfo(key: Bytes): VectorSetInfo | null {
    const set = this.vectorSetToRead(key);
    if (set === undefined) return null;
    const { graph, projection } = set;
    return {
      quantType: graph.quantisation,
      hnswM: graph.maxLinks,
      vectorDim: graph.dimension,
      projectionInputDim: projection?.inputDimension ?? 0,
      size: graph.size,
      maxLevel: graph.maxLevel,
      attributesCount: set.attributesCount,
      vsetUid: set.uid,
      hnswMaxNodeUid: graph.lastId,
    };
  }

  /**
   * An element chosen at random, `null` if there is no such key. O(1). Redis 8.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  vrandmember(key: Bytes): O['string'] | null {
    const graph = this.vectorSetToRead(key)?.graph;
    return graph === undefined ? null : this.output(graph.randomNode(this.keyspace.random).name);
  }

  /**
   * Elements chosen at random: up to `count` different ones, or, where `count` is negative, exactly that many, each chosen
   * from all. O(|count|), O(n) where `count` is a good part of them. Redis 8.0.0.
   *
   * @throws ReplyError if `count` is no integer, or asks for more than 2^26 repeated elements; WRONGTYPE if the key holds
   * something else
   */
  vrandmemberCount(key: Bytes, count: number): O['string'][] {
    if (!Number.isInteger(count)) throw errors.randomCountNotAnInteger();
    const name = this.input(key);
    if (count === 0) return [];
    const graph = this.database.getToRead(name, VECTOR_SET)?.graph;
    if (graph === undefined) return [];
    const { random } = this.keyspace;
    if (count < 0) {
      if (-count > LARGEST_ANSWER) throw errors.outOfRange();
      return Array.from({ length: -count }, () => this.output(graph.randomNode(random).name));
    }
    const nodes = count >= graph.size ? Array.from(graph.nodes()) : distinctNodes(graph, count, random);
    return nodes.map((node) => this.output(node.name));
  }

  /**
   * The elements between two names, in the order of their bytes; at most `count` of them, all if that is negative or not
   * given. A bound is `[name`, `(name` for one that is left out, `-` before all and `+` behind all. So a whole set is
   * walked through in steps: the next one begins behind the last element of the one before.
   * O(log n + elements returned), the first time O(n log n). Redis 8.4.0.
   *
   * @throws ReplyError if a bound or `count` cannot be; WRONGTYPE if the key holds something else
   * @example
   * store.vrange('movies', '-', '+', 10);
   * store.vrange('movies', '(Alien', '+', 10);
   */
  vrange(key: Bytes, start: Bytes, end: Bytes, count = -1): O['string'][] {
    const name = this.input(key);
    if (!Number.isInteger(count)) throw errors.invalidRangeCount();
    const range = requireNameRange(this.input(start), this.input(end));
    const set = this.database.getToRead(name, VECTOR_SET);
    if (set === undefined || count === 0) return [];
    const names = set.range(range, count < 0 ? Number.POSITIVE_INFINITY : count);
    return names.map((element) => this.output(element));
  }

  private vectorSetToRead(key: Bytes): VectorSet | undefined {
    return this.database.getToRead(this.input(key), VECTOR_SET);
  }

  private elementToRead(key: Bytes, element: Bytes): GraphNode | undefined {
    const member = this.input(element);
    return this.vectorSetToRead(key)?.graph.get(member);
  }
}

/** Fewer different nodes than there are, every choice of them equally likely. */
function distinctNodes(graph: VectorGraph, count: number, random: () => number): GraphNode[] {
  if (count * SPARSE_SAMPLE <= graph.size) {
    const picked = new Set<GraphNode>();
    // A source that repeats itself would never end.
    for (let tries = 0; picked.size < count && tries < count * SPARSE_SAMPLE; tries++) {
      picked.add(graph.randomNode(random));
    }
    if (picked.size === count) return [...picked];
  }
  const nodes = Array.from(graph.nodes());
  return samplePositions(nodes.length, count, random).map((at) => nodes[at]!);
}

/** @throws ReplyError if what is to be added is not as the set has it, in Redis's order */
function requireSame(set: VectorSet, { vector, reduce, quantisation, m }: VaddRequest): void {
  const { graph, projection } = set;
  if (graph.quantisation !== quantisation) throw errors.quantisationMismatch();
  if (graph.maxLinks !== m) throw errors.linksMismatch();
  const kept = projection === undefined ? vector.length : reduce;
  if (graph.dimension !== kept) throw errors.dimensionMismatch(vector.length, graph.dimension);
  if (projection === undefined) {
    if (reduce !== undefined) throw errors.projectionOfUnprojected();
  } else if (projection.inputDimension !== vector.length) {
    throw errors.inputDimensionMismatch(vector.length, projection.inputDimension);
  }
}

function putElement(
  set: VectorSet,
  element: ByteString,
  { vector, ef }: VaddRequest,
  attributes: ByteString | undefined,
): boolean {
  const isAdded = set.put(element, set.projection?.project(vector) ?? vector, ef);
  if (attributes !== undefined) set.setAttributes(set.graph.get(element)!, attributes);
  return isAdded;
}

/**
 * The effect gives the same element the same vector and attributes in a set of the same kind. The levels that chance
 * chose, and so the links, are not repeated.
 */
function tellOfVadd(
  database: Database,
  key: ByteString,
  element: ByteString,
  { vector, reduce, quantisation, ef, m }: VaddRequest,
  attributes: ByteString | undefined,
): void {
  if (!database.changed(key, vectorSetEvents.vadd)) return;
  const command: Bytes[] = ['VADD', key];
  if (reduce !== undefined) command.push('REDUCE', String(reduce));
  command.push(
    'FP32',
    fromBytes(floatBytes(vector)),
    element,
    WORD_OF[quantisation],
    'EF',
    String(ef),
    'M',
    String(m),
  );
  if (attributes !== undefined) command.push('SETATTR', attributes);
  database.effectOf(command);
}
