import type { Codec } from './codec.ts';
import type { ReplySink } from './resp/reply-sink.ts';

/** A word that goes out as a status line. */
export interface Status {
  readonly status: string;
}

/**
 * A reply whose shape is not known before it is made: strings are bulks, `null` is nil, and sets and maps are what
 * they are in RESP3 and flat arrays in RESP2.
 */
export type Tree =
  | string
  | number
  | null
  | Status
  | readonly Tree[]
  | ReadonlySet<Tree>
  | ReadonlyMap<string, Tree>;

/** Writes such a reply. */
export const tree: Codec<Tree> = { write: writeTree, read: (reply) => reply };

function writeTree(value: Tree, sink: ReplySink): void {
  if (value === null) sink.nil();
  else if (typeof value === 'string') sink.bulk(value);
  else if (typeof value === 'number') sink.integer(value);
  else if (value instanceof Map) {
    sink.map(value.size);
    for (const [name, item] of value as ReadonlyMap<string, Tree>) {
      sink.bulk(name);
      writeTree(item, sink);
    }
  } else if (value instanceof Set) {
    sink.set(value.size);
    for (const item of value as ReadonlySet<Tree>) writeTree(item, sink);
  } else if (Array.isArray(value)) {
    sink.array(value.length);
    for (const item of value as readonly Tree[]) writeTree(item, sink);
  } else {
    sink.simple((value as Status).status);
  }
}

/** Status lines as a set. */
export function statuses(words: Iterable<string>): ReadonlySet<Tree> {
  return new Set(Array.from(words, (status) => ({ status })));
}
