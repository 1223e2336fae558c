import { fromBytes } from '../../../src/bytes/byte-string.ts';
import { NEVER, type Stored, typeOf } from '../../../src/keyspace/entry.ts';
import type { Keyspace } from '../../../src/keyspace/keyspace.ts';
import { InstantWalk } from '../../../src/persistence/instant/instant-walk.ts';
import { ByteWriter } from '../../../src/persistence/rdb/byte-writer.ts';
import { writeValue } from '../../../src/persistence/rdb/values.ts';
import type { Subject } from '../../transactions/support.ts';

const writer = new ByteWriter();

/** Of each type one, in several forms, and times that will be over sooner or later. */
const STAGE = [
  'HSETEX k1 PX 100000 FIELDS 2 a 1 b 2',
  'HSET k1 c 3',
  'HSETEX k2 PX 300000 FIELDS 1 a 1',
  'SADD k3 1 2 3',
  'ZADD k4 1 a 2 b',
  'PEXPIRE k4 300000',
  'RPUSH k5 a b',
  'SET k6 10 PX 100000',
  'XADD ключ 1-1 a 1 b 2',
  'XADD ключ 2-0 a 4',
  'XGROUP CREATE ключ g1 0',
  'XREADGROUP GROUP g1 c1 COUNT 2 STREAMS ключ >',
  'VADD \udcff\udc80 VALUES 2 1 0 a SETATTR {"a":1}',
  'COPY k3 k3 DB 1',
  'COPY k1 k2 DB 1',
  'SETBIT bits 12 1',
  'PFADD registers a b c',
  'SET plain text',
].map((line) => line.split(' '));

/** Has the store hold something of everything. */
export function stage(subject: Subject): void {
  for (const tokens of STAGE) subject.run(tokens);
}

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
