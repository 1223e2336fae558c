import type { ByteString } from '../../bytes/byte-string.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { array, bulk, bulkOrNil, type Codec, double } from '../../wire/codec.ts';
import type { Reply } from '../../wire/resp/reply.ts';
import type {
  AttributedElement,
  RawEmbedding,
  ScoredAttributedElement,
  ScoredElement,
  VectorSetInfo,
} from './vector-set-options.ts';
import { isWithoutKey } from './without-key.ts';

type Name = Raw['string'];

/** 1 or 0: an integer in RESP2, a boolean in RESP3. */
export const yesOrNo: Codec<number> = {
  write: (value, sink) => sink.boolean(value === 1),
  read: (reply) => (typeof reply === 'boolean' ? Number(reply) : reply),
};

/** The names and values of a map: a `Map` in RESP3, flat in RESP2. */
function pairsIn(reply: Reply): [Reply, Reply][] {
  if (reply instanceof Map) return [...(reply as Map<Reply, Reply>)];
  const flat = reply as Reply[];
  const pairs: [Reply, Reply][] = [];
  for (let at = 0; at < flat.length; at += 2) pairs.push([flat[at]!, flat[at + 1]!]);
  return pairs;
}

/** Elements and their scores: a flat array in RESP2, a map in RESP3. */
export const scoredElements: Codec<readonly ScoredElement<Name>[]> = {
  write: (elements, sink) => {
    if (isWithoutKey(elements)) return sink.array(0);
    sink.map(elements.length);
    for (const { element, score } of elements) {
      sink.bulk(element);
      sink.double(score);
    }
  },
  read: (reply) => pairsIn(reply).map(([element, score]) => ({ element, score: double.read(score) })),
};

/** Elements and their attributes: a flat array in RESP2, a map in RESP3. */
export const attributedElements: Codec<readonly AttributedElement<Name>[]> = {
  write: (elements, sink) => {
    if (isWithoutKey(elements)) return sink.array(0);
    sink.map(elements.length);
    for (const { element, attributes } of elements) {
      sink.bulk(element);
      bulkOrNil.write(attributes, sink);
    }
  },
  read: (reply) => pairsIn(reply).map(([element, attributes]) => ({ element, attributes })),
};

/** Elements with both: a flat array in RESP2; in RESP3 a map, whose values are arrays of the score and the attributes. */
export const scoredAttributedElements: Codec<readonly ScoredAttributedElement<Name>[]> = {
  write: (elements, sink) => {
    if (isWithoutKey(elements)) return sink.array(0);
    const isNested = sink.protocol === 3;
    if (isNested) sink.map(elements.length);
    else sink.array(elements.length * 3);
    for (const { element, score, attributes } of elements) {
      sink.bulk(element);
      if (isNested) sink.array(2);
      sink.double(score);
      bulkOrNil.write(attributes, sink);
    }
  },
  read: (reply) => {
    if (reply instanceof Map) {
      return Array.from(reply as Map<Reply, Reply>, ([element, both]) => {
        const [score, attributes] = both as [Reply, Reply];
        return { element, score: double.read(score), attributes };
      });
    }
    const flat = reply as Reply[];
    const elements: unknown[] = [];
    for (let at = 0; at < flat.length; at += 3) {
      elements.push({ element: flat[at], score: double.read(flat[at + 1]!), attributes: flat[at + 2] });
    }
    return elements;
  },
};

/** What `some` writes, or nil. */
function orNil<T>(some: Codec<T>): Codec<T | null> {
  return {
    write: (value, sink) => (value === null ? sink.nil() : some.write(value, sink)),
    read: (reply) => (reply === null ? null : some.read(reply)),
  };
}

/** The components of a vector, or nil. */
export const componentsOrNil = orNil(array(double));
/** The neighbours on each level, or nil. */
export const levelsOrNil: Codec<readonly (readonly ByteString[])[] | null> = orNil(array(array(bulk)));
/** The same with scores. */
export const scoredLevelsOrNil: Codec<readonly (readonly ScoredElement<Name>[])[] | null> = orNil(
  array(scoredElements),
);

/** A quantisation, the bytes of a vector, its norm and, where there is one, its range; or nil. */
export const rawEmbeddingOrNil: Codec<RawEmbedding<Name> | null> = orNil({
  write: ({ quantisation, data, norm, range }, sink) => {
    sink.array(range === null ? 3 : 4);
    sink.simple(quantisation);
    sink.bulk(data);
    sink.double(norm);
    if (range !== null) sink.double(range);
  },
  read: (reply) => {
    const [quantisation, data, norm, range] = reply as Reply[];
    return {
      quantisation,
      data,
      norm: double.read(norm!),
      range: range === undefined ? null : double.read(range),
    };
  },
});

const INFO = [
  ['quant-type', 'quantType'],
  ['hnsw-m', 'hnswM'],
  ['vector-dim', 'vectorDim'],
  ['projection-input-dim', 'projectionInputDim'],
  ['size', 'size'],
  ['max-level', 'maxLevel'],
  ['attributes-count', 'attributesCount'],
  ['vset-uid', 'vsetUid'],
  ['hnsw-max-node-uid', 'hnswMaxNodeUid'],
] as const satisfies readonly (readonly [string, keyof VectorSetInfo])[];

/** What VINFO tells: a map of status lines and integers, or the nil array. */
export const vectorSetInfo: Codec<VectorSetInfo | null> = {
  write: (info, sink) => {
    if (info === null) return sink.nilArray();
    sink.map(INFO.length);
    for (const [name, property] of INFO) {
      sink.simple(name);
      const value = info[property];
      if (typeof value === 'string') sink.simple(value);
      else sink.integer(value);
    }
  },
  read: (reply) => {
    if (reply === null) return null;
    const values = new Map(pairsIn(reply));
    return Object.fromEntries(INFO.map(([name, property]) => [property, values.get(name)]));
  },
};
