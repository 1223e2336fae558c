import type { ByteString } from '../../bytes/byte-string.ts';
import { MAP_ENTRY_BYTES } from '../../bytes/heap-bytes.ts';
import { ByteVectors } from './byte-vectors.ts';
import { FloatVectors } from './float-vectors.ts';
import { GraphNode, type Neighbour } from './graph-node.ts';
import { normalise, type Quantisation, type RawVector } from './quantisation.ts';
import { type Found, withSearchMemory } from './search-memory.ts';
import { SignVectors } from './sign-vectors.ts';
import { SlotGraph } from './slot-graph.ts';
import type { Query, Vectors } from './vectors.ts';

export interface GraphOptions {
  /** How many components each vector has: 1 to 65,536. */
  readonly dimension: number;
  readonly quantisation: Quantisation;
  /** M, 4 to 4,096: how many links a node may have on each level; on level 0 twice as many. */
  readonly maxLinks: number;
  /** From 0 up to but not including 1: where the levels of new nodes come from. */
  readonly random: () => number;
}

export interface SearchOptions {
  readonly count: number;
  /** How many of the nearest nodes are kept in view during the search; at least `count` are. */
  readonly ef: number;
  /** Which nodes may be found; the search goes by way of the others too. */
  readonly accept?: ((node: GraphNode) => boolean) | undefined;
  /** With `accept`: how many candidates are gone on from; 0 or none is no limit. */
  readonly maxTested?: number | undefined;
}

/** All there is to know of a node, to make it again. */
export interface NodeParts {
  readonly name: ByteString;
  readonly id: number;
  readonly attributes: ByteString | undefined;
  readonly raw: RawVector;
  /** The ids of those it is linked with, by level: as many levels as it is on. */
  readonly links: readonly (readonly number[])[];
}

/**
 * Named vectors, and the graph by which those are found that point in nearly the same direction as another.
 *
 *     names ──→ nodes ──→ slots:   the vector in {@link Vectors}   the links in {@link SlotGraph}
 *
 * Slots of deleted nodes are used again; ids never are.
 *
 * Invariants:
 *
 * 1. Every node has its own name, id (at most `lastId`) and slot, and `nodes[node.position] === node`.
 * 2. The slots of the nodes, and the free ones, are all that were ever given out.
 * 3. Those of slot-graph.ts, for these slots and levels.
 */
export class VectorGraph {
  readonly dimension: number;
  readonly quantisation: Quantisation;
  readonly maxLinks: number;
  readonly #random: () => number;
  readonly #vectors: Vectors;
  readonly #graph: SlotGraph;
  readonly #byName = new Map<ByteString, GraphNode>();
  readonly #nodes: GraphNode[] = [];
  readonly #bySlot: (GraphNode | undefined)[] = [];
  readonly #freeSlots: number[] = [];
  #lastId = 0;

  /** @throws RangeError if an option is out of its range. */
  constructor(options: GraphOptions, origin?: VectorGraph) {
    requireWhole('dimension', options.dimension, 1, MAX_DIMENSION);
    requireWhole('maxLinks', options.maxLinks, MIN_LINKS, MAX_LINKS);
    this.dimension = options.dimension;
    this.quantisation = options.quantisation;
    this.maxLinks = options.maxLinks;
    this.#random = options.random;
    this.#vectors = origin === undefined ? createVectors(options) : origin.#vectors.clone();
    this.#graph =
      origin === undefined
        ? new SlotGraph(this.#vectors, options.maxLinks)
        : origin.#graph.clone(this.#vectors);
  }

  get size(): number {
    return this.#nodes.length;
  }

  /** The highest level that a node is on; 0 without nodes. */
  get maxLevel(): number {
    return Math.max(0, this.#graph.height - 1);
  }

  /** The greatest id that was given. */
  get lastId(): number {
    return this.#lastId;
  }

  /** About what it takes of the host's memory, but for names and attributes. O(1). */
  get heapBytes(): number {
    const slotCount = this.#bySlot.length + this.#freeSlots.length;
    const nodesBytes = this.size * NODE_BYTES + slotCount * PLACE_BYTES;
    return GRAPH_BYTES + this.#vectors.heapBytes + this.#graph.heapBytes + nodesBytes;
  }

  get(name: ByteString): GraphNode | undefined {
    return this.#byName.get(name);
  }

  /** In no particular order; live. */
  nodes(): Iterable<GraphNode> {
    return this.#nodes;
  }

  /** One of the nodes, of which there must be some, each as likely. O(1). */
  randomNode(random: () => number): GraphNode {
    return this.#nodes[Math.floor(random() * this.#nodes.length)]!;
  }

  /**
   * Adds a vector under a name that is not there, linking it with the best of the `efConstruction` nearest nodes found.
   * The vector must have finite components. O(efConstruction × maxLinks × dimension) and the logarithm of the size.
   *
   * @throws RangeError if the vector has another dimension, Error if the name is there.
   */
  insert(name: ByteString, vector: Float32Array, efConstruction: number): GraphNode {
    if (this.#byName.has(name)) throw new Error('vector graph: the name is there');
    return this.#insert(name, vector, efConstruction, undefined);
  }

  /** Replaces a node's vector; the new node, of another id, has the attributes of the old one. */
  update(node: GraphNode, vector: Float32Array, efConstruction: number): GraphNode {
    this.#requireDimension(vector);
    this.delete(node.name);
    return this.#insert(node.name, vector, efConstruction, node);
  }

  /** Whether it was there. O(maxLinks² × dimension). */
  delete(name: ByteString): boolean {
    const node = this.#byName.get(name);
    if (node === undefined) return false;
    this.#graph.remove(node.slot, node.level);
    this.#byName.delete(name);
    this.#bySlot[node.slot] = undefined;
    this.#freeSlots.push(node.slot);
    const last = this.#nodes.pop()!;
    if (last !== node) {
      this.#nodes[node.position] = last;
      last.position = node.position;
    }
    return true;
  }

  /**
   * The nodes most similar to the query, as far as the graph leads to them; the most similar first, and of equals those
   * that are here longer.
   *
   * @throws RangeError if the query has another dimension.
   */
  search(query: Float32Array, options: SearchOptions): Neighbour[] {
    const { count, accept, maxTested = 0 } = options;
    const ef = Math.max(1, options.ef, count);
    // The walk would come to all nodes, so it need not be walked.
    if (ef >= this.size && (accept === undefined || maxTested === 0)) return this.searchExact(query, options);
    const bySlot = this.#bySlot;
    const restriction =
      accept === undefined ? undefined : { accept: (slot: number) => accept(bySlot[slot]!), maxTested };
    return this.#neighbours(this.#graph.search(this.#queryOf(query), ef, restriction), count);
  }

  /** The same by looking at every node: the truth. O(size × dimension). */
  searchExact(query: Float32Array, options: Omit<SearchOptions, 'ef' | 'maxTested'>): Neighbour[] {
    const { count, accept } = options;
    return this.#neighbours(this.#nearest(this.#queryOf(query), count, accept), count);
  }

  /** The nodes it is linked with by level, the lowest level first; on each the most similar first. */
  links(node: GraphNode): Neighbour[][] {
    const query = this.#vectors.queryAt(node.slot);
    return Array.from({ length: node.level + 1 }, (_, level) => {
      const slots = this.#graph.linksOf(node.slot, level);
      const distances = Float64Array.from(slots, (slot) => this.#vectors.distance(query, slot));
      return this.#neighbours({ slots, distances }, slots.length);
    });
  }

  /** The vector in the length that was given, as far as it is known; of `bin` the signs, as 1 and -1. */
  vectorOf(node: GraphNode): Float32Array {
    const vector = this.#vectors.components(node.slot);
    if (this.quantisation === 'bin') return vector;
    // Of a length beyond 32-bit floats nothing was kept but zeros, which stay zeros.
    return vector.map((component) => (component === 0 ? 0 : component * node.norm));
  }

  /** The vector as it is kept. */
  rawOf(node: GraphNode): RawVector {
    const { bytes, range } = this.#vectors.raw(node.slot);
    return { bytes, norm: node.norm, range };
  }

  /** All there is to know of a node. */
  partsOf(node: GraphNode): NodeParts {
    const links = Array.from({ length: node.level + 1 }, (_, level) =>
      Array.from(this.#graph.linksOf(node.slot, level), (slot) => this.#bySlot[slot]!.id),
    );
    return { name: node.name, id: node.id, attributes: node.attributes, raw: this.rawOf(node), links };
  }

  /**
   * Makes a graph of parts read from elsewhere, of which nothing is believed. A graph that is not connected is completed.
   *
   * @throws RangeError if an option is out of its range, a name or an id occurs twice, an id is no positive safe integer,
   * a vector cannot be one, or a link leads nowhere, twice to the same node, or not back.
   */
  static fromParts(options: GraphOptions, parts: Iterable<NodeParts>): VectorGraph {
    const graph = new VectorGraph(options);
    const slots = new Map<number, number>();
    const linksById: (readonly (readonly number[])[])[] = [];
    for (const { name, id, attributes, raw, links } of parts) {
      const slot = slots.size;
      requireWhole('id', id, 1, Number.MAX_SAFE_INTEGER);
      requireWhole('levels', links.length, 1, MAX_LEVEL + 1);
      if (slots.has(id) || graph.#byName.has(name)) throw new RangeError('vector graph: a node twice');
      if (!(raw.norm >= 0) || !graph.#vectors.putRaw(slot, raw)) {
        throw new RangeError('vector graph: not a vector');
      }
      slots.set(id, slot);
      linksById.push(links);
      graph.#keep(new GraphNode(name, id, slot, links.length - 1, raw.norm, attributes));
      graph.#lastId = Math.max(graph.#lastId, id);
    }
    // An id that is not there becomes a slot that is not.
    const toSlots = (ids: readonly number[]): number[] => ids.map((id) => slots.get(id) ?? -1);
    graph.#graph.restore(linksById.map((levels) => levels.map(toSlots)));
    return graph;
  }

  /** An independent copy. O(size), mostly in copying memory. */
  clone(): VectorGraph {
    const copy = new VectorGraph(
      {
        dimension: this.dimension,
        quantisation: this.quantisation,
        maxLinks: this.maxLinks,
        random: this.#random,
      },
      this,
    );
    for (let slot = 0; slot < this.#bySlot.length; slot++) copy.#bySlot.push(undefined);
    for (const { name, id, slot, level, norm, attributes } of this.#nodes) {
      copy.#keep(new GraphNode(name, id, slot, level, norm, attributes));
    }
    for (const slot of this.#freeSlots) copy.#freeSlots.push(slot);
    copy.#lastId = this.#lastId;
    return copy;
  }

  /** For tests. @throws Error if an invariant does not hold. O(size × maxLinks²). */
  checkInvariants(): void {
    const fail = (what: string): never => {
      throw new Error(`vector graph: ${what}`);
    };
    if (this.#byName.size !== this.#nodes.length) fail('names and nodes differ');
    const ids = new Set<number>();
    const levels = new Map<number, number>();
    this.#nodes.forEach((node, position) => {
      if (node.position !== position || this.#byName.get(node.name) !== node) fail('a node is out of place');
      if (this.#bySlot[node.slot] !== node) fail('a slot is of another node');
      if (node.id > this.#lastId) fail('an id that was not given');
      ids.add(node.id);
      levels.set(node.slot, node.level);
    });
    if (ids.size !== this.#nodes.length || levels.size !== this.#nodes.length)
      fail('an id or a slot is used twice');
    for (const slot of this.#freeSlots) if (this.#bySlot[slot] !== undefined) fail('a free slot is used');
    if (new Set(this.#freeSlots).size + levels.size !== this.#bySlot.length) fail('a slot is lost');
    this.#graph.checkInvariants(levels);
  }

  #insert(
    name: ByteString,
    vector: Float32Array,
    efConstruction: number,
    former: GraphNode | undefined,
  ): GraphNode {
    this.#requireDimension(vector);
    const normalised = vector.slice();
    const norm = normalise(normalised);
    const level = drawLevel(this.#random);
    const slot = this.#freeSlots.at(-1) ?? this.#bySlot.length;
    this.#vectors.put(slot, normalised);
    this.#graph.insert(slot, level, Math.max(1, efConstruction));
    this.#freeSlots.pop();
    const node = new GraphNode(name, ++this.#lastId, slot, level, norm, former?.attributes);
    node.parsed = former?.parsed;
    this.#keep(node);
    return node;
  }

  #keep(node: GraphNode): void {
    node.position = this.#nodes.length;
    this.#nodes.push(node);
    this.#byName.set(node.name, node);
    this.#bySlot[node.slot] = node;
  }

  #requireDimension(vector: Float32Array): void {
    if (vector.length !== this.dimension) throw new RangeError('vector graph: a vector of another dimension');
  }

  #queryOf(query: Float32Array): Query<unknown> {
    this.#requireDimension(query);
    const normalised = query.slice();
    normalise(normalised);
    return this.#vectors.queryOf(normalised);
  }

  #nearest(query: Query<unknown>, count: number, accept: SearchOptions['accept']): Found {
    return withSearchMemory((memory) => {
      const { results } = memory;
      results.clear();
      for (const node of this.#nodes) {
        const distance = this.#vectors.distance(query, node.slot);
        if (results.size >= count && !(distance < -results.keys[0]!)) continue;
        if (accept !== undefined && !accept(node)) continue;
        if (results.size < count) results.push(-distance, node.slot);
        else if (count > 0) results.replaceTop(-distance, node.slot);
      }
      return memory.takeResults();
    });
  }

  #neighbours(found: Found, count: number): Neighbour[] {
    const neighbours: Neighbour[] = [];
    for (let at = 0; at < found.slots.length && at < count; at++) {
      neighbours.push({ node: this.#bySlot[found.slots[at]!]!, similarity: 1 - found.distances[at]! / 2 });
    }
    return neighbours.sort((one, other) => other.similarity - one.similarity || one.node.id - other.node.id);
  }
}

/** What a graph without nodes takes of the host's memory. */
const GRAPH_BYTES = 900;
/** A place of an array that grows, on an average. */
const PLACE_BYTES = 10;
/** A node with its places in the map and the list. */
const NODE_BYTES = 120 + MAP_ENTRY_BYTES + PLACE_BYTES;
const MAX_DIMENSION = 65_536;
const MIN_LINKS = 4;
const MAX_LINKS = 4096;
/** Up to which level nodes are restored; older Redis made them so high. Newer ones refuse what is not below. */
const MAX_LEVEL = 16;

/** Each level up is a matter of one in four. */
function drawLevel(random: () => number): number {
  let level = 0;
  while (level < MAX_LEVEL - 1 && random() < 0.25) level++;
  return level;
}

function requireWhole(what: string, value: number, min: number, max: number): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new RangeError(`vector graph: ${what} ${value}`);
  }
}

function createVectors({ dimension, quantisation }: GraphOptions): Vectors {
  if (quantisation === 'f32') return new FloatVectors(dimension) as Vectors;
  const vectors = quantisation === 'int8' ? new ByteVectors(dimension) : new SignVectors(dimension);
  return vectors as Vectors;
}
