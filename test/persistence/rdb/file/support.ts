import { type Bytes, toByteString, toBytes } from '../../../../src/bytes/byte-string.ts';
import { NEVER } from '../../../../src/keyspace/entry.ts';
import { crc64 } from '../../../../src/persistence/rdb/crc64.ts';
import {
  KeyspaceTarget,
  type LoadOptions,
  readContextOf,
} from '../../../../src/persistence/rdb/file/keyspace-target.ts';
import { RdbReader, type RdbReaderOptions } from '../../../../src/persistence/rdb/file/rdb-reader.ts';
import { Store, type StoreOptions } from '../../../../src/store.ts';
import { LodisSide } from '../../../differential/support/sides.ts';
import { bytesOf, uint32 } from '../old-forms.ts';
import { toHex } from '../support.ts';

/** A file of these parts: the header and, if there is to be one, a right checksum are put around them. */
export function fileOf(
  version: number,
  parts: readonly (number | string | Uint8Array)[],
  { checksum = version >= 5 }: { checksum?: boolean } = {},
): Uint8Array {
  return sealed(bytesOf(`REDIS${String(version).padStart(4, '0')}`, ...parts, 255), checksum);
}

/** With its checksum behind it. */
export function sealed(bytes: Uint8Array, checksum = true): Uint8Array {
  if (!checksum) return bytes;
  const [high, low] = crc64(bytes);
  return bytesOf(bytes, uint32(low), uint32(high));
}

/** A record: the type byte of a value, the key, the value. */
export function keyOf(name: string, body: Uint8Array): Uint8Array {
  return bytesOf(body[0]!, name.length, name, body.subarray(1));
}

/** What a file makes of an empty store that gets it in chunks of so many bytes. */
export function loaded(
  bytes: Uint8Array,
  options: {
    chunkBytes?: number;
    store?: StoreOptions;
    load?: LoadOptions;
    reader?: RdbReaderOptions;
  } = {},
): { store: Store; reader: RdbReader; target: KeyspaceTarget } {
  const store = new Store(options.store);
  const { keyspace } = store;
  const target = new KeyspaceTarget(keyspace, options.load);
  const reader = new RdbReader(target, readContextOf(keyspace), options.reader);
  const { chunkBytes = Math.max(1, bytes.length) } = options;
  for (let at = 0; at < bytes.length && !reader.isOver; at += chunkBytes) {
    reader.push(bytes.subarray(at, at + chunkBytes));
  }
  reader.end();
  reader.requireWhole(bytes.length);
  keyspace.checkInvariants();
  return { store, reader, target };
}

/** All that a store holds: of each key its value in bytes and when it expires; and the libraries. */
export function contentOf(store: Store): Record<string, unknown> {
  const content: Record<string, unknown> = {};
  for (const { index, map } of store.keyspace.databases) {
    const view = store.select(index);
    for (const [key, held] of [...map].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const expiresAtMs = typeof held === 'object' ? held.expiresAtMs : NEVER;
      // Where a list's nodes end tells of how it came to be.
      const name = toBytes(key);
      const value = view.type(name) === 'list' ? view.lrange(name, 0, -1) : toHex(view.dump(name)!);
      content[`${index}:${key}`] = [value, expiresAtMs];
    }
  }
  if (store.keyspace.scripting !== undefined) content['libraries'] = store.functionList({ withcode: true });
  return content;
}

const numbered = (count: number, prefix = ''): string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${at}`);

const CODE = "#!lua name=mylib\nredis.register_function('f', function() return 1 end)";

/** Commands that make a key of every type and encoding that Redis 7.0 knows, in three databases. */
export const KNOWN_COMMANDS: readonly string[][] = [
  ['SET', 'text', 'hello'],
  ['SET', 'number', '12345'],
  ['SET', 'long', 'abc'.repeat(200)],
  ['SET', 'expiring', 'soon', 'PXAT', '4102444800123'],
  ['SET', '', ''],
  ['SET', '\udcff\udc80', '\udcfe'.repeat(100)],
  ['RPUSH', 'list', 'a', 'b', '3'],
  ['RPUSH', 'long list', ...numbered(2000, 'element:')],
  ['SADD', 'integers', '1', '2', '300'],
  ['SADD', 'small set', 'a', 'b', '1'],
  ['SADD', 'large set', ...numbered(600, 'm')],
  ['ZADD', 'small zset', '1', 'a', '2.5', 'b'],
  ['ZADD', 'large zset', ...numbered(200).flatMap((name, at) => [String(at / 4), name])],
  ['HSET', 'small hash', 'a', '1', 'b', 'two'],
  ['HSET', 'large hash', ...numbered(600).flatMap((name) => [name, `value of ${name}`])],
  ['XADD', 'stream', '5-1', 'a', '1'],
  ['XADD', 'stream', '6-1', 'a', '2'],
  ['XGROUP', 'CREATE', 'stream', 'group', '0'],
  ['XREADGROUP', 'GROUP', 'group', 'ada', 'COUNT', '1', 'STREAMS', 'stream', '>'],
  ['PFADD', 'hll', 'a', 'b', 'c'],
  ['GEOADD', 'places', '13.36', '38.11', 'Palermo'],
  ['PEXPIREAT', 'list', '4102444800001'],
  ['SELECT', '3'],
  ['SET', 'text', 'elsewhere'],
  ['HSET', 'h', 'f', 'v'],
  ['EXPIREAT', 'h', '4102444800'],
  ['SELECT', '15'],
  ['ZADD', 'last', '1e300', 'x', '-inf', 'y'],
  ['FUNCTION', 'LOAD', CODE],
];

/** Of what newer versions know besides. */
export const NEWER_COMMANDS: readonly string[][] = [
  ['SELECT', '2'],
  ['HSET', 'timed', 'a', '1', 'b', '2'],
  ['HPEXPIREAT', 'timed', '4102444800005', 'FIELDS', '1', 'a'],
  ['HSET', 'large timed', ...numbered(600).flatMap((name) => [name, name])],
  ['HPEXPIREAT', 'large timed', '4102444800005', 'FIELDS', '2', '5', '77'],
  ['ARSET', 'array', '5', 'five', 'six'],
  ['VADD', 'vectors', 'VALUES', '3', '1', '2', '3', 'a'],
  ['VADD', 'vectors', 'VALUES', '3', '3', '2', '1', 'b', 'SETATTR', '{"year": 1815}'],
  ['XADD', 'read in vain', '1-1', 'f', 'v'],
  ['XGROUP', 'CREATE', 'read in vain', 'g', '$'],
  ['XGROUP', 'CREATECONSUMER', 'read in vain', 'g', 'bob'],
];

/** Runs commands on a store. @throws Error if one is answered with an error */
export function run(store: Store, commands: readonly (readonly Bytes[])[]): void {
  const tokens = commands.map((command) => command.map(toInner));
  for (const reply of new LodisSide({}, store).runNow(tokens, 2)) {
    if (reply.type === '-') throw new Error(reply.value);
  }
}

function toInner(part: Bytes): string {
  return typeof part === 'string' ? part : toByteString(part);
}
