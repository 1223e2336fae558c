import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import type { GraphNode, Neighbour } from './graph-node.ts';
import type { VectorSet } from './vector-set.ts';
import {
  NO_OPTIONS,
  requireVector,
  requireVsim,
  requireVsimOptions,
  requireVsimQuery,
  VSIM_DETAILS_OPTIONS,
  VSIM_OPTIONS,
  type VsimRequest,
} from './vector-set-arguments.ts';
import type {
  AttributedElement,
  RawEmbedding,
  ScoredAttributedElement,
  ScoredElement,
  VsimOptions,
  VsimQuery,
} from './vector-set-options.ts';
import { VECTOR_SET } from './vector-set-value.ts';
import { withoutKey } from './without-key.ts';

/** The commands that search a vector set, or look into it. */
export abstract class VectorSearchOperations<O extends Output = Text> extends Operations<O> {
  /**
   * The elements that are most similar to a vector, or to an element, the most similar first: those it finds by way of
   * the graph, which are nearly always the best ones (`ef`, `truth`). None if there is no such key.
   * O(log n) expected; with `truth` O(n). Redis 8.0.0.
   *
   * @throws ReplyError if there is no such element, the vector is not as the set has it, or an option cannot be;
   * WRONGTYPE if the key holds something else
   * @throws TypeError if this is no query, or an option is not known
   * @example
   * store.vsim('movies', { element: 'Alien' }, { count: 3, filter: '.year > 1980' });
   * store.vsim('movies', { vector: [0.1, 0.8, 0.5] });
   */
  vsim(key: Bytes, query: VsimQuery, options: VsimOptions = NO_OPTIONS): O['string'][] {
    return (
      this.similarElements(key, query, options, VSIM_OPTIONS)?.map(({ node }) => this.output(node.name)) ?? []
    );
  }

  /**
   * {@link vsim} with the score of each element: 1 for the same direction, 0 for the opposite one. Redis 8.0.0.
   *
   * @throws as {@link vsim}
   */
  vsimWithScores(
    key: Bytes,
    query: VsimQuery,
    options: VsimOptions = NO_OPTIONS,
  ): ScoredElement<O['string']>[] {
    const found = this.similarElements(key, query, options);
    if (found === undefined) return withoutKey();
    return found.map(({ node, similarity }) => ({
      element: this.output(node.name),
      score: similarity,
    }));
  }

  /**
   * {@link vsim} with the attributes of each element. Redis 8.2.0.
   *
   * @throws as {@link vsim}
   */
  vsimWithAttribs(
    key: Bytes,
    query: VsimQuery,
    options: VsimOptions = NO_OPTIONS,
  ): AttributedElement<O['string']>[] {
    const found = this.similarElements(key, query, options);
    if (found === undefined) return withoutKey();
    return found.map(({ node }) => ({
      element: this.output(node.name),
      attributes: this.outputAttributes(node),
    }));
  }

  /**
   * {@link vsim} with the score and the attributes of each element. Redis 8.2.0.
   *
   * @throws as {@link vsim}
   */
  vsimWithScoresAndAttribs(
    key: Bytes,
    query: VsimQuery,
    options: VsimOptions = NO_OPTIONS,
  ): ScoredAttributedElement<O['string']>[] {
    const found = this.similarElements(key, query, options);
    if (found === undefined) return withoutKey();
    return found.map(({ node, similarity }) => ({
      element: this.output(node.name),
      score: similarity,
      attributes: this.outputAttributes(node),
    }));
  }

  /**
   * The vector of an element, about as it was given: quantised vectors have lost something, of `bin` all but the signs are
   * gone, and projected ones stay projected. `null` if there is no such element. O(components). Redis 8.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  vemb(key: Bytes, element: Bytes): number[] | null {
    const found = this.embeddedElement(key, element);
    return found === undefined ? null : Array.from(found.set.graph.vectorOf(found.node));
  }

  /**
   * The vector of an element as it is kept, in bytes: ask for it on `store.bytes`. `null` if there is no such element.
   * O(components). Redis 8.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  vembRaw(key: Bytes, element: Bytes): RawEmbedding<O['string']> | null {
    const found = this.embeddedElement(key, element);
    if (found === undefined) return null;
    const { graph } = found.set;
    const { bytes, norm, range } = graph.rawOf(found.node);
    return {
      quantisation: graph.quantisation,
      data: this.outputBytes(bytes),
      norm,
      range: graph.quantisation === 'int8' ? (range ?? 0) : null,
    };
  }

  /**
   * The elements that an element is linked with, for each level of the graph, the highest first; `null` if there is no
   * such element. O(links). Redis 8.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  vlinks(key: Bytes, element: Bytes): O['string'][][] | null {
    const found = this.embeddedElement(key, element);
    if (found === undefined) return null;
    const levels = found.set.graph.links(found.node).reverse();
    return levels.map((neighbours) => neighbours.map(({ node }) => this.output(node.name)));
  }

  /**
   * {@link vlinks} with how similar the elements are. Redis 8.0.0.
   *
   * @throws as {@link vlinks}
   */
  vlinksWithScores(key: Bytes, element: Bytes): ScoredElement<O['string']>[][] | null {
    const found = this.embeddedElement(key, element);
    if (found === undefined) return null;
    const levels = found.set.graph.links(found.node).reverse();
    return levels.map((neighbours) =>
      neighbours.map(({ node, similarity }) => ({
        element: this.output(node.name),
        score: Math.fround(similarity),
      })),
    );
  }

  private embeddedElement(
    key: Bytes,
    element: Bytes,
  ): { readonly set: VectorSet; readonly node: GraphNode } | undefined {
    const member = this.input(element);
    const set = this.database.getToRead(this.input(key), VECTOR_SET);
    const node = set?.graph.get(member);
    return set === undefined || node === undefined ? undefined : { set, node };
  }

  private outputAttributes({ attributes }: GraphNode): O['string'] | null {
    return attributes === undefined ? null : this.output(attributes);
  }

  /** `undefined` without the key. Redis looks for it before it looks at anything else, then at the query, then at the options. */
  private similarElements(
    key: Bytes,
    query: VsimQuery,
    options: VsimOptions,
    known = VSIM_DETAILS_OPTIONS,
  ): readonly Neighbour[] | undefined {
    const name = this.input(key);
    requireVsimQuery(query);
    requireVsimOptions(options, known);
    const set = this.database.getToRead(name, VECTOR_SET);
    if (set === undefined) return undefined;
    const vector = this.queriedVector(set, query);
    const filter = options.filter === undefined ? undefined : this.input(options.filter);
    return search(set, vector, requireVsim(options, filter));
  }

  private queriedVector({ graph, projection }: VectorSet, query: VsimQuery): Float32Array {
    if ('element' in query) {
      const node = graph.get(this.input(query.element));
      if (node === undefined) throw errors.noSuchElement();
      return graph.vectorOf(node);
    }
    const vector = requireVector(query.vector);
    const { length } = vector;
    // One that has the length of the projected ones is taken for one of them.
    if (length === graph.dimension) return vector;
    if (projection === undefined) throw errors.dimensionMismatch(length, graph.dimension);
    if (length !== projection.inputDimension) {
      throw errors.inputDimensionMismatch(length, projection.inputDimension);
    }
    return projection.project(vector);
  }
}

function search({ graph }: VectorSet, vector: Float32Array, request: VsimRequest): readonly Neighbour[] {
  const { filter, filterEf, epsilon, isExact } = request;
  const accept =
    filter && ((node: { attributes: ByteString | undefined }) => filter.matches(node.attributes));
  const count = Math.min(request.count, graph.size);
  const ef = Math.min(request.ef, graph.size);
  const found = isExact
    ? graph.searchExact(vector, { count, accept })
    : graph.search(vector, { count, ef, accept, maxTested: filter === undefined ? undefined : filterEf });
  const end = found.findIndex(({ similarity }) => 1 - similarity > epsilon);
  return end < 0 ? found : found.slice(0, end);
}
