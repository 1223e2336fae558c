// Compiled by `npm run typecheck`, never run: what the types of transactions promise, and what they refuse.
import { type Multi, Store, type Transaction, type Watch } from '../../src/index.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Does not compile unless both types are the same. */
function same<A, B>(_proof: Same<A, B>): void {}

const store = new Store();

// Each result has the type that the method by itself would have, in its place.
const replies = store.multi().set('k', 'v').incr('n').lrange('l', 0, -1).hgetall('h').exec();
same<typeof replies, ['OK' | null, number, string[], Record<string, string>]>(true);
const [stored, count] = store.multi().set('k', 'v', { ex: 10 }).incr('n').exec();
same<typeof stored, 'OK' | null>(true);
same<typeof count, number>(true);
const none = store.multi().exec();
same<typeof none, []>(true);

const settled = store.multi().get('k').llen('l').execSettled();
same<typeof settled, [PromiseSettledResult<string | null>, PromiseSettledResult<number>]>(true);

const bytes = store.bytes.multi().get('k').smembers('s').exec();
same<typeof bytes, [Uint8Array | null, Uint8Array[]]>(true);
const exact = store.bigints.multi().incr('k').exec();
same<typeof exact, [bigint]>(true);

// With a watch there may be no result at all.
const watch: Watch = store.watch(['a', Uint8Array.of(1)]);
const watched = watch.multi().get('a').exec();
same<typeof watched, [string | null] | null>(true);
const watchedSettled = watch.multi().get('a').execSettled();
same<typeof watchedSettled, [PromiseSettledResult<string | null>] | null>(true);
const watchedBytes = store.bytes.watch('a').multi().get('a').exec();
same<typeof watchedBytes, [Uint8Array | null] | null>(true);
same<typeof watch.changed, boolean>(true);

// A queue can be handed on.
function audit<R extends unknown[]>(
  multi: Multi<{ string: string; integer: number; record: Record<string, string> }, R>,
) {
  return multi.rpush('log', 'entry');
}
const audited = audit(store.multi().incr('n')).exec();
same<typeof audited, [number, number]>(true);

// A transaction answers what its function returns.
const sum: number = store.transaction((tx) => tx.incr('a') + tx.incr('b'));
const nested: string = store.transaction((tx: Transaction) =>
  tx.transaction((inner) => inner.select(1).type('k')),
);
store.transaction((tx) => {
  const value: Uint8Array | null = tx.bytes.get('k');
  const large: bigint = tx.bigints.incr('n');
  void [value, large];
});

// What would be a mistake does not compile.
// @ts-expect-error arguments are the method's own
store.multi().set('k', 5);
// @ts-expect-error options too
store.multi().set('k', 'v', { expires: 5 });
// @ts-expect-error an iterator is no command
store.multi().scanIterator();
// @ts-expect-error nor is a subscription
store.multi().subscribe('c');
// @ts-expect-error the clock stands still inside of a transaction
store.transaction((tx) => tx.advance(1));
// @ts-expect-error a watch is read, not written
watch.changed = false;

void [sum, nested];
