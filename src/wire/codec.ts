import type { ByteString } from '../bytes/byte-string.ts';
import type { Reply } from './resp/reply.ts';
import type { ReplySink } from './resp/reply-sink.ts';

/**
 * How the result of an operation goes over the wire: written as a reply, and read back from what a client decoded
 * (in either protocol) to the value the typed method returns.
 */
export interface Codec<T> {
  readonly write: (value: T, sink: ReplySink) => void;
  readonly read: (reply: Reply) => unknown;
}

const same = (reply: Reply): unknown => reply;

/** `+OK`. */
export const ok: Codec<'OK'> = { write: (_value, sink) => sink.simple('OK'), read: same };

/** `+OK`, or nil where a condition did not hold. */
export const okOrNil: Codec<'OK' | null> = {
  write: (value, sink) => (value === null ? sink.nil() : sink.simple(value)),
  read: same,
};

/** A status line such as TYPE's. */
export const status: Codec<string> = { write: (value, sink) => sink.simple(value), read: same };

/** A bulk string. */
export const bulk: Codec<ByteString> = { write: (value, sink) => sink.bulk(value), read: same };

/** A bulk string, or nil. */
export const bulkOrNil: Codec<ByteString | null> = {
  write: (value, sink) => (value === null ? sink.nil() : sink.bulk(value)),
  read: same,
};

/** An integer. */
export const integer: Codec<number | bigint> = { write: (value, sink) => sink.integer(value), read: same };

/** An integer, or nil. */
export const integerOrNil: Codec<number | bigint | null> = {
  write: (value, sink) => (value === null ? sink.nil() : sink.integer(value)),
  read: same,
};

/** A score or the like: a bulk string in RESP2, a double in RESP3. */
export const double: Codec<number> = {
  write: (value, sink) => sink.double(value),
  read: readDouble,
};

/** The same, or nil. */
export const doubleOrNil: Codec<number | null> = {
  write: (value, sink) => (value === null ? sink.nil() : sink.double(value)),
  read: (reply) => (reply === null ? null : readDouble(reply)),
};

function readDouble(reply: Reply): unknown {
  if (typeof reply !== 'string') return reply;
  if (reply === 'inf') return Number.POSITIVE_INFINITY;
  return reply === '-inf' ? Number.NEGATIVE_INFINITY : Number(reply);
}

/** An array, each element by the codec given. */
export function array<T>(element: Codec<T>): Codec<readonly T[]> {
  return {
    write: (values, sink) => {
      sink.array(values.length);
      for (const value of values) element.write(value, sink);
    },
    read: (reply) => (reply as Reply[]).map(element.read),
  };
}

/** An array, or the nil array where there is none. */
export function arrayOrNil<T>(element: Codec<T>): Codec<readonly T[] | null> {
  const some = array(element);
  return {
    write: (values, sink) => (values === null ? sink.nilArray() : some.write(values, sink)),
    read: (reply) => (reply === null ? null : some.read(reply)),
  };
}

/** Members without an order: an array in RESP2, a set in RESP3. */
export function set<T>(element: Codec<T>): Codec<readonly T[]> {
  return {
    write: (values, sink) => {
      sink.set(values.length);
      for (const value of values) element.write(value, sink);
    },
    read: (reply) => [...(reply as Iterable<Reply>)].map(element.read),
  };
}

/** Fields with their values, given flat: an array in RESP2, a map in RESP3; read back as a record. */
export const record: Codec<readonly ByteString[]> = {
  write: (flat, sink) => {
    sink.map(flat.length / 2);
    for (const value of flat) sink.bulk(value);
  },
  read: (reply) => {
    const result = Object.create(null) as Record<string, unknown>;
    if (reply instanceof Map) {
      for (const [field, value] of reply) result[field as string] = value;
    } else {
      const flat = reply as string[];
      for (let at = 0; at < flat.length; at += 2) result[flat[at]!] = flat[at + 1];
    }
    return result;
  },
};

/** A step of SCAN and its kin: the next cursor, which is text on the wire, and what the step found. */
export function scanned<T>(found: Codec<T>): Codec<readonly [cursor: number | bigint, found: T]> {
  return {
    write: ([cursor, values], sink) => {
      sink.array(2);
      sink.bulk(String(cursor));
      found.write(values, sink);
    },
    read: (reply) => {
      const [cursor, values] = reply as [string, Reply];
      return [Number(cursor), found.read(values)];
    },
  };
}
