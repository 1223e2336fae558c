import { fromBytes } from '../../../src/bytes/byte-string.ts';
import { NEVER, type Stored, typeOf } from '../../../src/keyspace/entry.ts';
import type { Keyspace } from '../../../src/keyspace/keyspace.ts';
import { InstantWalk } from '../../../src/persistence/instant/instant-walk.ts';
import { ByteWriter } from '../../../src/persistence/rdb/byte-writer.ts';
import { writeValue } from '../../../src/persistence/rdb/values.ts';

const writer = new ByteWriter();

/** All keys, each with its database and all that it held. */
export type State = Map<string, unknown>;

/** What the walk must find that begins now. */
export function stateOf(keyspace: Keyspace): State {
  const state: State = new Map();
  for (const { index, map, texts } of keyspace.databases) {
    for (const [key, held] of map) {
      const stored = typeof held === 'number' ? texts!.texts[held]! : held;
      put(state, keyspace, index, key, stored, typeof stored === 'string' ? NEVER : stored.expiresAtMs);
    }
  }
  return state;
}

function put(
  state: State,
  keyspace: Keyspace,
  index: number,
  key: string,
  stored: Stored,
  expiresAtMs: number,
): void {
  const name = `${index} ${JSON.stringify(key)}`;
  if (state.has(name)) throw new Error(`${name} was visited twice`);
  writer.clear();
  writeValue(writer, stored, { limits: keyspace.limits, compress: false });
  state.set(name, { type: typeOf(stored), bytes: fromBytes(writer.written), expiresAtMs });
}

/** A walk, and what it has found. */
export function walkOf(keyspace: Keyspace): { walk: InstantWalk; found: State } {
  const found: State = new Map();
  const walk = new InstantWalk(keyspace, (index, key, stored, expiresAtMs) =>
    put(found, keyspace, index, key, stored, expiresAtMs),
  );
  return { walk, found };
}

/** For {@link InstantWalk.step}: spent after so many keys. */
export function after(count: number): () => boolean {
  let left = count;
  return () => --left <= 0;
}
