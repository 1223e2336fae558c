import type { Bytes } from '../../src/bytes/byte-string.ts';
import type { Database } from '../../src/keyspace/database.ts';
import type { Stored } from '../../src/keyspace/entry.ts';
import type { Observer } from '../../src/keyspace/observer.ts';
import { registry } from '../../src/session/registry.ts';
import type { Store, StoreOptions } from '../../src/store.ts';
import { Stream } from '../../src/streams/stream.ts';
import { MAX_ID, MIN_ID } from '../../src/streams/stream-id.ts';
import { SparseArray } from '../../src/structures/arrays/sparse-array.ts';
import { HashTable } from '../../src/structures/hashes/hash-table.ts';
import { SortedSet } from '../../src/structures/sorted-sets/sorted-set.ts';
import { VectorSet } from '../../src/structures/vector-sets/vector-set.ts';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { mutate, RandomSampler } from '../differential/support/random-sampler.ts';
import { LodisSide } from '../differential/support/sides.ts';

export const START_MS = 1_700_000_000_000;
const NEWEST = '99.0.0';

/** What every run begins with: of each type one, and times that will be over by the time of the transaction, or not. */
export const STAGE = [
  'HSETEX k1 PX 100000 FIELDS 2 a 1 b 2',
  'HSET k1 c 3',
  'HSETEX k2 PX 300000 FIELDS 1 a 1',
  'HSET k2 b 2',
  'SADD k3 1 2 3',
  'ZADD k4 1 a 2 b',
  'PEXPIRE k4 300000',
  'RPUSH k5 a b',
  'SET k6 x PX 100000',
  'XADD ключ 1-1 a 1 b 2',
  'XADD ключ 1-2 a 3',
  'XADD ключ 2-0 a 4',
  'XGROUP CREATE ключ g1 0',
  'XGROUP CREATE ключ g2 1-1',
  'XREADGROUP GROUP g1 c1 COUNT 2 STREAMS ключ >',
  'VADD \udcff\udc80 VALUES 2 1 0 a SETATTR {"a":1}',
  'VADD \udcff\udc80 VALUES 2 0 1 b',
].map((line) => line.split(' '));

/** A store whose time and chance are in the test's hands, a connection to it, and what its observers are told. */
export class Subject {
  nowMs = START_MS;
  /** The state of the source of random numbers. */
  chance = 1;
  readonly told: string[] = [];
  readonly store: Store;
  private readonly side: LodisSide;

  constructor({ isObserved = true } = {}, options: StoreOptions = {}) {
    this.side = new LodisSide({
      ...options,
      clock: { now: () => this.nowMs },
      random: () => this.nextRandom(),
      databases: 3,
    });
    this.store = this.side.store;
    // Keys expire when they are touched, so that a good many are found to have.
    this.store.close();
    this.beginOrders();
    if (isObserved) this.store.keyspace.observe(this.observer());
  }

  private nextRandom(): number {
    this.chance = (Math.imul(this.chance, 1_664_525) + 1_013_904_223) >>> 0;
    return this.chance / 2 ** 32;
  }

  private observer(): Observer {
    return {
      changed: ({ index }, key, event) => {
        this.told.push(`${event.name} ${JSON.stringify(key)} @${index}`);
      },
      effect: ({ index }, command: readonly Bytes[]) => {
        this.told.push(`${JSON.stringify(command)} @${index}`);
      },
      flushed: (databases) => {
        this.told.push(`flushed ${databases.map(({ index }) => index)}`);
      },
    };
  }

  run(tokens: readonly string[]): ReplyNode {
    const [reply] = this.side.runNow([tokens], 2);
    this.beginOrders();
    return reply!;
  }

  /** SCAN's order is kept from the first SCAN on. Until then, a key that comes back is the newest one, as in any Map. */
  private beginOrders(): void {
    for (const database of this.store.keyspace.databases) database.scan(0, 0, () => {});
  }
}

/** What is brought back may have more or less room to spare in memory. What RANDOMKEY picks depends on what it has tidied up before, and the number of a vector set on those that were undone. */
const WITHOUT = new Set(['RANDOMKEY', 'VINFO', 'MEMORY USAGE', 'MEMORY STATS']);
const commands = registry.all.filter(
  ({ facts, forms }) =>
    forms.length > 0 &&
    ['store', 'streamReads'].includes(facts.target ?? 'store') &&
    !WITHOUT.has(facts.name),
);
/** What concerns whole keys and databases, and times; these come more often than it is their turn. */
const favoured = [
  ...['FLUSHALL', 'FLUSHDB', 'SWAPDB', 'MOVE', 'COPY', 'RENAME', 'RENAMENX', 'SCAN'],
  ...[
    'PEXPIRE',
    'HPEXPIRE',
    'HPEXPIRE',
    'HPEXPIRE',
    'HSET',
    'HSET',
    'HLEN',
    'HGETALL',
    'SADD',
    'ZADD',
    'RPUSH',
    'XADD',
    'XADD',
    'XGROUP CREATE',
    'XREADGROUP',
    'XREADGROUP',
    'XNACK',
    'ARSET',
    'ARRING',
    'ARDELRANGE',
  ],
].map((name) => registry.get(name)!);

/** A random command of any family. */
export function randomCommand(seed: number): string[] {
  const sampler = new RandomSampler(seed, NEWEST);
  const from = sampler.below(3) === 0 ? favoured : commands;
  const tokens = from[sampler.below(from.length)]!.sample(sampler);
  return sampler.below(15) === 0 ? mutate(tokens, sampler) : tokens;
}

interface Innards {
  readonly scanOrder?: { readonly keys: readonly string[]; readonly compactions: number };
}

/** Everything a store holds, to the last detail that any command could show, without touching any of it. */
export function imageOf(store: Store): unknown {
  const { keyspace } = store;
  return {
    databases: keyspace.databases.map(imageOfDatabase),
    dirty: keyspace.dirty,
    expiredCount: keyspace.expiredCount,
    expiredFieldCount: keyspace.expiredFieldCount,
    timers: keyspace.wheel.size,
  };
}

export function imageOfDatabase(database: Database): unknown {
  const { scanOrder } = database as unknown as Innards;
  const keys = [...database.map.keys()].sort();
  return {
    keys: keys.map((key) => [key, imageOfStored(database, database.storedOf(database.map.get(key))!)]),
    hasOnlyTextKeys: database.hasOnlyTextKeys,
    scanOrder: scanOrder && { keys: [...scanOrder.keys], compactions: scanOrder.compactions },
  };
}

export function imageOfStored({ keyspace }: Database, stored: Stored): unknown {
  if (typeof stored === 'string') return stored;
  const { kind, value, expiresAtMs, timer } = stored;
  return {
    type: kind.type,
    encoding: kind.encoding(value, keyspace.limits),
    content: contentOf(value) ?? kind.elements?.(value) ?? String(value),
    expiresAtMs,
    dueMs: timer?.isScheduled === true ? timer.dueMs : undefined,
  };
}

function contentOfStream(stream: Stream): unknown {
  const entries: unknown[] = [];
  stream.log.forEach(MIN_ID, MAX_ID, ({ ms, seq, fields, values }) => {
    entries.push([ms, seq, [...fields], [...values]]);
  });
  const { lastId, maxDeletedId, entriesAdded, idempotency, log } = stream;
  return {
    entries,
    ...{ lastId, maxDeletedId, entriesAdded, blocks: log.blockCount, nodes: log.radixNodeCount() },
    groups: stream.groups().map((group) => ({
      ...{ name: group.name, lastDelivered: group.lastDelivered, entriesRead: group.entriesRead },
      nacked: group.nackedCount,
      pending: [...group.pending].map(({ ms, seq, consumer, deliveredAtMs, deliveryCount }) => [
        ...[ms, seq, consumer?.name, deliveredAtMs, deliveryCount],
      ]),
      // In the order in which they would be claimed.
      idle: [...group.idle(0, Number.MAX_SAFE_INTEGER)].map(({ ms, seq }) => [ms, seq]),
      consumers: group
        .consumers()
        .map(({ name, seenAtMs, activeAtMs, pending }) => [name, seenAtMs, activeAtMs, pending.size]),
    })),
    idempotency: idempotency && {
      ...{ durationMs: idempotency.durationMs, maxSize: idempotency.maxSize },
      ...{ added: idempotency.addedCount, duplicates: idempotency.duplicateCount },
      ids: idempotency.idCount(START_MS),
    },
  };
}

/** Links included: what is brought back is the very graph that there was. */
function contentOfVectorSet({ graph, projection, attributesCount }: VectorSet): unknown {
  const elements = Array.from(graph.nodes(), (node) => [
    ...[node.name, node.id, node.level, node.norm, node.attributes, graph.rawOf(node)],
    graph.links(node).map((level) => level.map((neighbour) => neighbour.node.name)),
  ]);
  elements.sort(([, a], [, b]) => Number(a) - Number(b));
  return { elements, lastId: graph.lastId, maxLevel: graph.maxLevel, projection, attributesCount };
}

function contentOf(value: unknown): unknown {
  const content: unknown[] = [];
  if (value instanceof HashTable) {
    value.forEach((field, text) => {
      content.push([field, text, value.expiresAt(field)]);
    });
    return content;
  }
  if (value instanceof SortedSet) {
    value.forEach(0, value.size - 1, false, (member, score) => {
      content.push([member, score]);
    });
    return content;
  }
  if (value instanceof SparseArray) {
    value.forEach(0, 2n ** 64n - 2n, (slot, index) => content.push([String(index), slot]) > 0);
    const { length, cursor } = value;
    return { content, length, cursor, ...value.layout(), ...value.statistics() };
  }
  if (value instanceof Stream) return contentOfStream(value);
  if (value instanceof VectorSet) return contentOfVectorSet(value);
  if (typeof value === 'object' && value !== null && 'bytes' in value && value.bytes instanceof Uint8Array) {
    return [...value.bytes];
  }
  return undefined;
}
