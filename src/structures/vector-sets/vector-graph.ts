import type { ByteString } from '../../bytes/byte-string.ts';
import { ByteVectors } from './byte-vectors.ts';
import { FloatVectors } from './float-vectors.ts';
import { GraphNode, type Neighbour } from './graph-node.ts';
import { normalise, type Quantisation, type RawVector } from './quantisation.ts';
import { SignVectors } from './sign-vectors.ts';
import type { Query, Vectors } from './vectors.ts';

export interface GraphOptions {
  readonly dimension: number;
  readonly quantisation: Quantisation;
  /** M: how many links a node has on each level; on level 0 twice as many. */
  readonly maxLinks: number;
  /** From 0 up to but not including 1: where the levels of new nodes come from. */
  readonly random: () => number;
}

export interface SearchOptions {
  readonly count: number;
  /** How many of the nearest nodes are kept in view during the search; at least `count` are. */
  readonly ef: number;
  readonly accept?: ((node: GraphNode) => boolean) | undefined;
  /** With `accept`: how many candidates are looked at; 0 or none is no limit. */
  readonly maxTested?: number | undefined;
}

/** First version: exact. */
export class VectorGraph {
  readonly dimension: number;
  readonly quantisation: Quantisation;
  readonly maxLinks: number;
  readonly #random: () => number;
  readonly #vectors: Vectors;
  readonly #byName = new Map<ByteString, GraphNode>();
  readonly #nodes: GraphNode[] = [];
  readonly #freeSlots: number[] = [];
  #slots = 0;
  #lastId = 0;
  #maxLevel = 0;

  constructor(options: GraphOptions) {
    this.dimension = options.dimension;
    this.quantisation = options.quantisation;
    this.maxLinks = options.maxLinks;
    this.#random = options.random;
    this.#vectors = createVectors(options);
  }

  get size(): number {
    return this.#nodes.length;
  }

  get maxLevel(): number {
    return this.#maxLevel;
  }

  get lastId(): number {
    return this.#lastId;
  }

  get(name: ByteString): GraphNode | undefined {
    return this.#byName.get(name);
  }

  nodes(): Iterable<GraphNode> {
    return this.#nodes;
  }

  randomNode(random: () => number): GraphNode {
    return this.#nodes[Math.floor(random() * this.#nodes.length)]!;
  }

  insert(name: ByteString, vector: Float32Array, _efConstruction: number): GraphNode {
    return this.#add(name, vector, undefined, undefined);
  }

  update(node: GraphNode, vector: Float32Array, _efConstruction: number): GraphNode {
    this.delete(node.name);
    return this.#add(node.name, vector, node.attributes, node.parsed);
  }

  delete(name: ByteString): boolean {
    const node = this.#byName.get(name);
    if (node === undefined) return false;
    this.#byName.delete(name);
    const last = this.#nodes.pop()!;
    if (last !== node) {
      this.#nodes[node.position] = last;
      last.position = node.position;
    }
    this.#freeSlots.push(node.slot);
    return true;
  }

  search(query: Float32Array, options: SearchOptions): Neighbour[] {
    return this.searchExact(query, options);
  }

  searchExact(query: Float32Array, options: Omit<SearchOptions, 'ef'>): Neighbour[] {
    const normalised = query.slice();
    normalise(normalised);
    return this.#nearest(this.#vectors.queryOf(normalised), options);
  }

  links(node: GraphNode): Neighbour[][] {
    const query = this.#vectors.queryAt(node.slot);
    return [this.#nearest(query, { count: 2 * this.maxLinks, accept: (other) => other !== node })];
  }

  vectorOf(node: GraphNode): Float32Array {
    const vector = this.#vectors.components(node.slot);
    return this.quantisation === 'bin' ? vector : vector.map((component) => component * node.norm);
  }

  rawOf(node: GraphNode): RawVector {
    const { bytes, range } = this.#vectors.raw(node.slot);
    return { bytes, norm: node.norm, range };
  }

  clone(): VectorGraph {
    const copy = new VectorGraph({ ...this, random: this.#random });
    for (const node of this.#nodes) {
      const slot = copy.#slots++;
      copy.#vectors.putRaw(slot, this.rawOf(node));
      copy.#keep(new GraphNode(node.name, node.id, slot, node.level, node.norm, node.attributes));
    }
    copy.#lastId = this.#lastId;
    return copy;
  }

  checkInvariants(): void {
    if (this.#byName.size !== this.#nodes.length) throw new Error('vector graph: names and nodes differ');
  }

  #add(
    name: ByteString,
    vector: Float32Array,
    attributes: ByteString | undefined,
    parsed: unknown,
  ): GraphNode {
    const normalised = vector.slice();
    const norm = normalise(normalised);
    const slot = this.#freeSlots.pop() ?? this.#slots++;
    this.#vectors.put(slot, normalised);
    const node = new GraphNode(name, ++this.#lastId, slot, 0, norm, attributes);
    node.parsed = parsed;
    this.#keep(node);
    return node;
  }

  #keep(node: GraphNode): void {
    node.position = this.#nodes.length;
    this.#nodes.push(node);
    this.#byName.set(node.name, node);
  }

  #nearest(query: Query<unknown>, options: Omit<SearchOptions, 'ef'>): Neighbour[] {
    const { accept } = options;
    const found: Neighbour[] = [];
    for (const node of this.#nodes) {
      if (accept !== undefined && !accept(node)) continue;
      found.push({ node, similarity: 1 - this.#vectors.distance(query, node.slot) / 2 });
    }
    found.sort((one, other) => other.similarity - one.similarity || one.node.id - other.node.id);
    return found.slice(0, options.count);
  }
}

function createVectors(options: GraphOptions): Vectors {
  if (options.quantisation === 'f32') return new FloatVectors(options.dimension) as Vectors;
  return (
    options.quantisation === 'int8' ? new ByteVectors(options.dimension) : new SignVectors(options.dimension)
  ) as Vectors;
}
