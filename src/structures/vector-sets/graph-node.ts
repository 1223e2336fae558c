import type { ByteString } from '../../bytes/byte-string.ts';

/** An element of a vector graph. It is the graph's own: outside, only `attributes` and `parsed` may be written. */
export class GraphNode {
  readonly name: ByteString;
  /** Given in ascending order, never twice in one graph; an updated element is given a new one. */
  readonly id: number;
  /** Where its vector and its links lie in the graph. */
  readonly slot: number;
  /** The highest level it is part of. */
  readonly level: number;
  /** The length of the vector that was given; 1 if that was all zeros. */
  readonly norm: number;
  /** JSON text, for filters. */
  attributes: ByteString | undefined;
  /** What the owner made of {@link attributes}: kept for it, and by `update`, but not copied by `clone`. */
  parsed: unknown = undefined;
  /** Its place among all nodes of the graph. */
  position = -1;

  constructor(
    name: ByteString,
    id: number,
    slot: number,
    level: number,
    norm: number,
    attributes: ByteString | undefined,
  ) {
    this.name = name;
    this.id = id;
    this.slot = slot;
    this.level = level;
    this.norm = norm;
    this.attributes = attributes;
  }
}

/** An element found, and how similar it is: from 0 for the opposite direction to 1 for the same. */
export interface Neighbour {
  readonly node: GraphNode;
  readonly similarity: number;
}
