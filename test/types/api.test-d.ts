// Compiled by `npm run typecheck`, never run: what the public types promise, and what they refuse.
import {
  connect,
  type Message,
  type PatternMessage,
  type PoppedElement,
  type Reply,
  ReplyError,
  Store,
  type StoreOptions,
  type Subscription,
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

void [fromBytes, exact, scored, fields, other, reply, error, popped, iterate];
