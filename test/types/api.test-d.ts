// Compiled by `npm run typecheck`, never run: what the public types promise, and what they refuse.
import {
  type ArgrepOptions,
  type ArrayElement,
  type ArrayFullInfo,
  type ArrayInfo,
  type ArrayRange,
  type Autoclaimed,
  type BigIntegers,
  type Binary,
  type ClaimedEntry,
  type ConsumedEntry,
  connect,
  type GeoFound,
  type GeoPosition,
  type Message,
  type NackMode,
  type PatternMessage,
  type PendingStreamEntry,
  type PoppedElement,
  type RawEmbedding,
  type References,
  type Reply,
  ReplyError,
  type ScoredElement,
  Store,
  type StoreOptions,
  type StreamEntry,
  type Subscription,
  type XaddOptions,
} from '../../src/index.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Does not compile unless both types are the same. */
function same<A, B>(_proof: Same<A, B>): void {}

const options: StoreOptions = { databases: 4, clock: { now: () => 0 }, random: () => 0.5 };
const store = new Store(options);

// Plain results.
same<ReturnType<Store['get']>, string | null>(true);
same<ReturnType<Store['set']>, 'OK' | null>(true);
same<ReturnType<Store['setGet']>, string | null>(true);
same<ReturnType<Store['incr']>, number>(true);
same<ReturnType<Store['mget']>, (string | null)[]>(true);
same<ReturnType<Store['hgetall']>, Record<string, string>>(true);
same<ReturnType<Store['zrange']>, string[]>(true);
same<ReturnType<Store['lpop']>, string | null>(true);
same<ReturnType<Store['lpopCount']>, string[] | null>(true);
same<ReturnType<Store['smembers']>, string[]>(true);
same<ReturnType<Store['geopos']>, (GeoPosition | null)[]>(true);
same<ReturnType<Store['geodist']>, number | null>(true);
same<ReturnType<Store['geosearch']>, string[]>(true);
same<ReturnType<Store['geosearchWithDetails']>, GeoFound<string>[]>(true);
// @ts-expect-error a unit is one of four
store.geodist('k', 'a', 'b', { unit: 'yd' });
// @ts-expect-error a radius has a unit
store.geosearch('k', { frommember: 'a', byradius: { radius: 1 } });

// What waits promises the same.
same<ReturnType<Store['blocking']['blpop']>, Promise<PoppedElement | null>>(true);
same<ReturnType<Store['blocking']['blmove']>, Promise<string | null>>(true);
const popped: Promise<{ key: Uint8Array; element: Uint8Array } | null> = store.bytes.blocking.blpop('k');
const { signal } = new AbortController();
void store.blocking.bzmpop(['y', 'z'], 'max', { count: 2, timeout: 0.5, signal, keepAlive: true });
void store.blocking.blmovem('a', 'b', 'left', 'right', { exactly: 3, order: 'bulk', timeout: 1 });
// @ts-expect-error misspelt
void store.blocking.blpop('k', { timout: 1 });

// Views answer the same in another form.
const fromBytes: Uint8Array | null = store.bytes.get('k');
const dumped: Uint8Array | null = store.dump('k');
const taken: 'OK' = store.restore('k', 0, Uint8Array.of(0), { replace: true, absttl: true });
const exact: bigint = store.bigints.incr('k');
const fields: [Uint8Array, Uint8Array][] = store.bytes.hgetall('h');
const scored: { member: string; score: number }[] = store.zrangeWithScores('z', 0, -1);
const other: Store = store.select(1);

// Bytes are accepted wherever a string is, one or many where Redis takes several, records in three forms.
store.set(Uint8Array.of(1), Uint8Array.of(2), { ex: 10, nx: true });
store.del('a');
store.del(['a', Uint8Array.of(1)]);
store.mset({ a: '1', b: Uint8Array.of(2) });
store.mset(new Map([['a', '1']]));
store.mset([['a', '1']]);

// Subscriptions know the form of their messages.
same<ReturnType<Store['publish']>, number>(true);
same<ReturnType<Store['subscribe']>, Subscription<Message>>(true);
same<ReturnType<Store['psubscribe']>, Subscription<PatternMessage>>(true);
same<ReturnType<typeof store.bytes.ssubscribe>, Subscription<Message<Uint8Array>>>(true);
store.subscribe('c', (message: string, channel: string) => void [message, channel]);
store.psubscribe(['p*'], async (_message, _channel, pattern: string) => void pattern, {
  signal: new AbortController().signal,
});
async function iterate(): Promise<void> {
  for await (const { pattern } of store.psubscribe('p*')) pattern.toUpperCase();
  // @ts-expect-error channels have no pattern
  for await (const { pattern } of store.subscribe('c')) void pattern;
  using subscription = store.subscribe('c', undefined, { buffer: 5, overflow: 'drop-oldest' });
  void subscription.closed;
}
// @ts-expect-error no such policy
store.subscribe('c', undefined, { overflow: 'block' });
// @ts-expect-error a listener of channels is given no pattern
store.subscribe('c', (_message: string, _channel: string, _pattern: string) => {});

// Streams: entries in three forms, by which method was asked; ids are strings in every view.
same<ReturnType<Store['xadd']>, string>(true);
same<ReturnType<Store['xaddNomkstream']>, string | null>(true);
same<ReturnType<Store['xrange']>, StreamEntry[]>(true);
same<ReturnType<Store['xread']>[number]['entries'], StreamEntry[]>(true);
same<ReturnType<Store['xreadgroup']>[number]['entries'], StreamEntry[]>(true);
same<ReturnType<Store['xreadgroupPending']>[number]['entries'], PendingStreamEntry[]>(true);
same<ReturnType<Store['xreadgroupClaim']>[number]['entries'], ClaimedEntry[]>(true);
same<ReturnType<Store['xclaim']>, StreamEntry[]>(true);
same<ReturnType<Store['xclaimJustid']>, string[]>(true);
same<ReturnType<Store['xautoclaim']>, Autoclaimed<StreamEntry>>(true);
same<ReturnType<Store['xautoclaimJustid']>, Autoclaimed<string>>(true);
same<ReturnType<Store['xdelex']>, number[]>(true);
same<StreamEntry['id'], string>(true);
same<StreamEntry['fields'], Record<string, string>>(true);
same<StreamEntry['pairs'], [field: string, value: string][]>(true);
same<ReturnType<typeof store.bytes.xrange>[number]['id'], string>(true);
same<ReturnType<typeof store.bytes.xrange>[number]['fields'], [Uint8Array, Uint8Array][]>(true);
same<ReturnType<typeof store.bytes.xread>[number]['key'], Uint8Array>(true);
same<Awaited<ReturnType<Store['blocking']['xread']>>, ReturnType<Store['xread']> | null>(true);
same<Awaited<ReturnType<Store['blocking']['xreadgroup']>>, ReturnType<Store['xreadgroup']> | null>(true);
same<Awaited<ReturnType<typeof store.blocking.xreadgroupClaim>>, ReturnType<Store['xreadgroupClaim']> | null>(
  true,
);
// What they are made of can be named.
const handlers: ((entry: ConsumedEntry | StreamEntry) => string | undefined)[] = [
  ({ fields }) => fields['a'],
];
const bytesHandler = (entry: ConsumedEntry<Binary>): Uint8Array | undefined => entry.fields[0]?.[1];
same<References, 'keepref' | 'delref' | 'acked'>(true);
same<NackMode, 'silent' | 'fail' | 'fatal'>(true);

const bytesOrText: XaddOptions = { id: '5-*', idmp: { producer: 'shop', id: Uint8Array.of(1) } };
store.xadd(
  's',
  [
    ['tag', 'a'],
    ['tag', Uint8Array.of(98)],
  ],
  bytesOrText,
);
store.xtrim('s', { maxlen: 1000, approximate: true, limit: 100, references: 'acked' });
store.xread(new Map([['s', '0-0']]), { count: 1, maxcount: 2, maxsize: 3 });
store.xreadgroup('g', 'c', ['s', Uint8Array.of(116)], { noack: true });
void store.blocking.xreadgroup('g', 'c', 's', { block: 5, signal, keepAlive: true, noack: true });

async function consume(): Promise<void> {
  for await (const entry of store.consume('s', 'g', 'c', { create: true, claimIdleMs: 5, signal })) {
    same<typeof entry, ConsumedEntry>(true);
    for (const handle of handlers) handle(entry);
    same<ReturnType<typeof entry.ack>, boolean>(true);
    // @ts-expect-error entries are not for their readers to change
    entry.fields = {};
  }
  for await (const entry of store.bytes.consume('s', 'g', 'c')) {
    same<typeof entry.fields, [Uint8Array, Uint8Array][]>(true);
    bytesHandler(entry);
  }
  // @ts-expect-error what waits has to be awaited
  store.blocking.xread({ s: '$' }).length;
  // @ts-expect-error the time may be over: null
  (await store.blocking.xread({ s: '$' })).length;
  // @ts-expect-error entries come one by one, in time
  for (const entry of store.consume('s', 'g', 'c')) void entry;
}
for (const { entries } of store.xreadgroupPending('g', 'c', { s: '0' })) {
  for (const entry of entries) {
    // @ts-expect-error it may have been deleted
    entry.fields['name'];
    // @ts-expect-error nothing is known of one that was
    entry.pairs.length;
    if (entry.fields !== null) same<typeof entry, StreamEntry>(true);
  }
}

// @ts-expect-error the id is an option
store.xadd('s', '*', { a: 'b' });
// @ts-expect-error fields and values are one argument
store.xadd('s', 'a', 'b');
// @ts-expect-error a number is no value
store.xadd('s', { a: 1 });
// @ts-expect-error an id is a string
store.xadd('s', { a: 'b' }, { id: 5 });
// @ts-expect-error one who does not want a stream made says so by the method
store.xadd('s', { a: 'b' }, { nomkstream: true });
// @ts-expect-error no such option
store.xadd('s', { a: 'b' }, { maxLen: 5 });
// @ts-expect-error no such policy
store.xadd('s', { a: 'b' }, { maxlen: 5, references: 'ACKED' });
// @ts-expect-error the message has no name
store.xadd('s', { a: 'b' }, { idmp: { producer: 'shop' } });
// @ts-expect-error how it is trimmed must be said
store.xtrim('s');
// @ts-expect-error numbers are no ids
store.xrange('s', 0, Date.now());
// @ts-expect-error both ends are needed
store.xrange('s');
// @ts-expect-error the count is an option
store.xrange('s', '-', '+', 10);
// @ts-expect-error streams and their ids are one argument
store.xread('s', '0');
// @ts-expect-error what waits is another method
store.xread({ s: '$' }, { block: 5 });
// @ts-expect-error it has no timeout, but `block`
void store.blocking.xread({ s: '$' }, { timeout: 5 });
// @ts-expect-error what is new has no ids: what is pending is another method
store.xreadgroup('g', 'c', { s: '>' });
// @ts-expect-error for how long it was idle must be said
store.xreadgroupClaim('g', 'c', 's');
// @ts-expect-error only ids is a method of its own
store.xclaim('s', 'g', 'c', 0, '1-0', { justid: true });
// @ts-expect-error no such mode
store.xnack('s', 'g', 'FAIL', '1-0');
// @ts-expect-error a consumer has a name
store.consume('s', 'g', { create: true });
// @ts-expect-error no such option
store.consume('s', 'g', 'c', { mkstream: true });

const reply: Reply = connect(store, { protocol: 3 }).call('GET', 'k');
const error: Error = new ReplyError('ERR x');

// What would be a mistake does not compile.
// @ts-expect-error a number is no value: its digits must be asked for
store.set('k', 5);
// @ts-expect-error no such option
store.set('k', 'v', { expires: 5 });
// @ts-expect-error options have lower-case names
store.set('k', 'v', { EX: 5 });
// @ts-expect-error an option that changes the shape of the answer is a method of its own
store.set('k', 'v', { get: true });
// @ts-expect-error no key
store.get();
// @ts-expect-error a typo
store.gett('k');
// @ts-expect-error no such end of a list
store.lmove('a', 'b', 'top', 'left');
// @ts-expect-error what is inside is not for programs
store.input('k');

void [fromBytes, dumped, taken, exact, scored, fields, other, reply, error, popped, iterate, consume];

// HyperLogLogs: elements and sources are optional.
same<ReturnType<Store['pfadd']>, number>(true);
same<ReturnType<Store['pfcount']>, number>(true);
same<ReturnType<typeof store.bigints.pfcount>, bigint>(true);
same<ReturnType<Store['pfmerge']>, 'OK'>(true);
store.pfadd('k');
store.pfmerge('k', ['a', 'b']);
// @ts-expect-error elements are bytes
store.pfadd('k', [1]);
// Bitmaps.
same<ReturnType<Store['getbit']>, 0 | 1>(true);
same<ReturnType<Store['bitfield']>, (number | null)[]>(true);
same<ReturnType<Store['bitfieldRo']>, number[]>(true);
const wide: (bigint | null)[] = store.bigints.bitfield('k', [{ get: 'i64', offset: 0 }]);
store.bitcount('k', { start: 0, end: -1, bit: true });
store.bitpos('k', 0, { start: 3 });
store.bitop('andor', 'd', ['a', 'b']);
store.bitfield('k', [
  { get: 'u63', offset: '#1' },
  { set: 'i64', offset: 3, value: 5n, overflow: 'fail' },
  { incrby: 'u10', offset: 3, increment: -1 },
]);
// @ts-expect-error no bit
store.setbit('k', 0, 2);
// @ts-expect-error one end only
store.bitcount('k', { start: 0 });
// @ts-expect-error a unit without an end
store.bitpos('k', 0, { start: 0, bit: true });
// @ts-expect-error no operation
store.bitop('nand', 'd', 'a');
// @ts-expect-error unsigned fields have up to 63 bits
store.bitfield('k', [{ get: 'u64', offset: 0 }]);
// @ts-expect-error no width
store.bitfield('k', [{ get: 'i0', offset: 0 }]);
// @ts-expect-error zeros in front
store.bitfield('k', [{ get: 'i08', offset: 0 }]);
// @ts-expect-error two operations in one
store.bitfield('k', [{ get: 'u8', set: 'u8', offset: 0, value: 1 }]);
// @ts-expect-error nothing to set it to
store.bitfield('k', [{ set: 'u8', offset: 0 }]);
// @ts-expect-error an increment is not a value
store.bitfield('k', [{ incrby: 'u8', offset: 0, value: 1 }]);
// @ts-expect-error what is read cannot overflow
store.bitfield('k', [{ get: 'u8', offset: 0, overflow: 'sat' }]);
// @ts-expect-error only reads
store.bitfieldRo('k', [{ set: 'u8', offset: 0, value: 1 }]);

void wide;
// Vector sets: a query is an element or a vector, and what is answered is another method's matter.
same<ReturnType<Store['vsim']>, string[]>(true);
same<ReturnType<Store['vsimWithScores']>, ScoredElement<string>[]>(true);
same<ReturnType<Store['vemb']>, number[] | null>(true);
same<ReturnType<Store['vlinks']>, string[][] | null>(true);
const embedding: RawEmbedding<Uint8Array> | null = store.bytes.vembRaw('v', 'x');
void embedding?.data;
store.vadd('v', new Float32Array(3), 'x', {
  reduce: 2,
  noquant: true,
  ef: 100,
  m: 8,
  setattr: '{}',
  cas: true,
});
store.vsim(
  'v',
  { vector: [1, 2, 3] },
  { count: 5, epsilon: 0.2, filter: '.a == 1', filterEf: 100, truth: true },
);
store.vsim('v', { element: 'x' });
// @ts-expect-error neither an element nor a vector
store.vsim('v', 'x');
// @ts-expect-error the shape of the answer is the method's
store.vsim('v', { element: 'x' }, { withscores: true });
// @ts-expect-error a vector is numbers
store.vadd('v', ['1', '2'], 'x');
// Arrays: indexes are numbers or bigints; what is asked of values has a method for each shape of answer.
same<ReturnType<Store['arset']>, number>(true);
same<ReturnType<Store['arget']>, string | null>(true);
same<ReturnType<Store['argetrange']>, (string | null)[]>(true);
same<ReturnType<Store['arscan']>, ArrayElement[]>(true);
same<ReturnType<typeof store.bigints.arlen>, bigint>(true);
same<ReturnType<typeof store.bigints.arnext>, bigint | null>(true);
same<ReturnType<Store['arop']>, string | null>(true);
same<ReturnType<Store['aropCount']>, number>(true);
same<ReturnType<typeof store.bytes.arlastitems>, (Uint8Array | null)[]>(true);
const range: ArrayRange = [0, 2n ** 63n];
const sought: ArgrepOptions = { re: ['^a'], combine: 'and', limit: 1, nocase: true };
const info: ArrayInfo = store.arinfo('a');
const everything: ArrayFullInfo<BigIntegers> = store.bigints.arinfoFull('a');
store.arset('a', 2n ** 60n, ['x', new Uint8Array(1)]);
store.armset('a', { 0: 'x' });
store.armset('a', new Map([[0, 'x']]));
store.ardelrange('a', [range, [5, 6]]);
store.argrepWithValues('a', '-', '+', sought);
// @ts-expect-error an index is no text
store.arget('a', '0');
// @ts-expect-error a value is no number
store.arset('a', 0, 5);
// @ts-expect-error values stand at indexes
store.armset('a', { x: 'y' });
// @ts-expect-error half a pair
store.armset('a', [[0]]);
// @ts-expect-error half a range
store.ardelrange('a', [0]);
// @ts-expect-error no such bound
store.argrep('a', 'first', '+', { exact: 'x' });
// @ts-expect-error no such option
store.argrep('a', '-', '+', { regex: 'x' });
// @ts-expect-error the shape of the answer is the method's
store.argrep('a', '-', '+', { exact: 'x', withvalues: true });
// @ts-expect-error neither of the two
store.argrep('a', '-', '+', { exact: 'x', combine: 'xor' });
// @ts-expect-error bits are another method's
store.arop('a', 0, 1, 'xor');
// @ts-expect-error numbers are another method's
store.aropBitwise('a', 0, 1, 'sum');
// @ts-expect-error no such thing to count
store.aropCount('a', 0, 1, 'all');
// @ts-expect-error options are an object
store.arlastitems('a', 5, true);
// @ts-expect-error options are an object
store.arscan('a', 0, 5, 10);
void [info, everything];
