import type { ByteString } from '../../bytes/byte-string.ts';
import { textBytes } from '../../bytes/text-bytes.ts';
import type { GraphNode } from './graph-node.ts';
import { NameOrder, type NameRange } from './name-order.ts';
import { Projection } from './projection.ts';
import type { Quantisation } from './quantisation.ts';
import { VectorGraph } from './vector-graph.ts';

/** Where vector sets get their numbers from: they count up from zero, in each store. */
export interface VectorSetNumbers {
  next: number;
}

export interface VectorSetOptions {
  /** The length of the vectors that are given. */
  readonly inputDimension: number;
  /** The length to which they are projected, `undefined` if they are not. */
  readonly reduce: number | undefined;
  readonly quantisation: Quantisation;
  readonly maxLinks: number;
  readonly random: () => number;
  readonly numbers: VectorSetNumbers;
}

/** What a vector set takes of the host's memory besides its graph. */
const SET_BYTES = 88;

/**
 * A vector set: a graph of elements by the vectors they have, and what else there is to an element.
 *
 *     given vector ── projection, if any ──▶ graph: name → node (vector, links, attributes)
 *                                            order: names by their bytes, once somebody has asked for them
 *
 * Invariants:
 *
 * 1. Whatever is given to the graph has the graph's dimension.
 * 2. {@link attributesCount} is the number of nodes that have attributes; none has empty ones.
 * 3. The order, if there is one, has the names of the graph and no others.
 * 4. `countedBytes` is -1 until somebody asks, and from then on what the names and the attributes take.
 */
export class VectorSet {
  readonly graph: VectorGraph;
  readonly projection: Projection | undefined;
  /** No other vector set of the store has it. */
  readonly uid: number;
  private readonly numbers: VectorSetNumbers;
  private attributed = 0;
  private order: NameOrder | undefined = undefined;
  private countedBytes = -1;

  private constructor(
    graph: VectorGraph,
    projection: Projection | undefined,
    numbers: VectorSetNumbers,
    uid: number,
  ) {
    this.graph = graph;
    this.projection = projection;
    this.numbers = numbers;
    this.uid = uid;
  }

  /** An empty one, about to be filled. */
  static create(options: VectorSetOptions): VectorSet {
    const { inputDimension, reduce, quantisation, maxLinks, random, numbers } = options;
    const projection = reduce === undefined ? undefined : Projection.create(inputDimension, reduce);
    const graph = new VectorGraph({ dimension: reduce ?? inputDimension, quantisation, maxLinks, random });
    return new VectorSet(graph, projection, numbers, numbers.next++);
  }

  /** One around a graph that was read from elsewhere. O(n). */
  static of(graph: VectorGraph, projection: Projection | undefined, numbers: VectorSetNumbers): VectorSet {
    if (projection !== undefined && projection.outputDimension !== graph.dimension) {
      throw new RangeError('vector set: the projection is of another dimension');
    }
    const set = new VectorSet(graph, projection, numbers, numbers.next++);
    set.countAttributes();
    return set;
  }

  /** How many elements there are. */
  get size(): number {
    return this.graph.size;
  }

  get attributesCount(): number {
    return this.attributed;
  }

  /**
   * Gives an element its vector, a projected one; it is added if it is not there, and keeps its attributes if it is.
   *
   * @returns whether it was added
   */
  put(name: ByteString, vector: Float32Array, efConstruction: number): boolean {
    const node = this.graph.get(name);
    if (node !== undefined) {
      this.graph.update(node, vector, efConstruction);
      return false;
    }
    this.graph.insert(name, vector, efConstruction);
    this.order?.add(name);
    if (this.countedBytes >= 0) this.countedBytes += textBytes(name);
    return true;
  }

  delete(name: ByteString): boolean {
    const node = this.graph.get(name);
    if (node === undefined) return false;
    this.setAttributes(node, '');
    this.graph.delete(name);
    this.order?.delete(name);
    if (this.countedBytes >= 0) this.countedBytes -= textBytes(name);
    return true;
  }

  /** Empty attributes are none. O(1). */
  setAttributes(node: GraphNode, attributes: ByteString): void {
    if (node.attributes !== undefined) this.attributed--;
    if (attributes !== '') this.attributed++;
    if (this.countedBytes >= 0) this.countedBytes += textBytes(attributes) - textBytes(node.attributes ?? '');
    node.attributes = attributes === '' ? undefined : attributes;
  }

  /**
   * About what it takes of the host's memory. The order of names, which a reader may have made, is not part of it.
   * O(1), O(n) when it is asked first.
   */
  get heapBytes(): number {
    if (this.countedBytes < 0) this.countedBytes = this.countBytes();
    return SET_BYTES + this.graph.heapBytes + (this.projection?.heapBytes ?? 0) + this.countedBytes;
  }

  private countBytes(): number {
    let bytes = 0;
    for (const { name, attributes } of this.graph.nodes())
      bytes += textBytes(name) + (attributes === undefined ? 0 : textBytes(attributes));
    return bytes;
  }

  /** Names in the order of their bytes, at most so many. O(log n + names); the first time O(n log n). */
  range(range: NameRange, most: number): ByteString[] {
    this.order ??= new NameOrder(Array.from(this.graph.nodes(), ({ name }) => name));
    return this.order.range(range, most);
  }

  /** An independent copy, with a number of its own. O(n). */
  clone(): VectorSet {
    return this.copy(this.numbers.next++);
  }

  /** A copy that takes its place. O(n). */
  snapshot(): VectorSet {
    return this.copy(this.uid);
  }

  private copy(uid: number): VectorSet {
    const copy = new VectorSet(this.graph.clone(), this.projection, this.numbers, uid);
    copy.attributed = this.attributed;
    return copy;
  }

  private countAttributes(): void {
    this.attributed = 0;
    for (const node of this.graph.nodes()) {
      if (node.attributes === '') node.attributes = undefined;
      if (node.attributes !== undefined) this.attributed++;
    }
  }

  /** For tests: throws if an invariant does not hold. O(n). */
  checkInvariants(): void {
    this.graph.checkInvariants();
    let attributed = 0;
    for (const { attributes } of this.graph.nodes()) {
      if (attributes === '') throw new Error('an element has empty attributes');
      if (attributes !== undefined) attributed++;
    }
    if (attributed !== this.attributed)
      throw new Error(`${attributed} have attributes, not ${this.attributed}`);
    if (this.countedBytes >= 0 && this.countedBytes !== this.countBytes())
      throw new Error(`${this.countedBytes} bytes of names, but ${this.countBytes()}`);
    if (this.order === undefined) return;
    this.order.checkInvariants();
    const everything = { min: undefined, max: undefined, isMinExclusive: false, isMaxExclusive: false };
    const ordered = this.order.range(everything, Number.POSITIVE_INFINITY);
    if (ordered.length !== this.size || ordered.some((name) => this.graph.get(name) === undefined)) {
      throw new Error('the order has other names than the graph');
    }
  }
}
