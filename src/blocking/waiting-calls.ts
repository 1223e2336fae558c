import { requireOptions } from '../keyspace/arguments.ts';
import { requireSignal } from '../keyspace/cancel-signal.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import { Blocked, type Outcome } from './blocked.ts';
import type { BlockingOptions } from './blocking-options.ts';
import { keepAlive } from './keep-alive.ts';
import { waitersOf } from './waiters.ts';

/** What typed calls that wait have in common, whatever they wait for: the promise. */
export abstract class WaitingCalls {
  /** @internal */
  protected readonly keyspace: Keyspace;

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
  }

  /**
   * Makes the attempt; resolves to its result, or waits for one.
   *
   * @internal
   */
  protected wait<T>(
    options: Pick<BlockingOptions, 'signal' | 'keepAlive'>,
    known: ReadonlySet<string>,
    attempt: () => Outcome<T | null>,
  ): Promise<T | null> {
    // What is thrown in here rejects the promise.
    const answer = new Promise<T | null>((resolve, reject) => {
      requireOptions(options, known);
      const { signal, keepAlive: isKeptAlive = false } = options;
      requireSignal(signal);
      if (signal?.aborted) throw signal.reason;
      // What it took could come back.
      if (this.keyspace.journal !== undefined)
        throw new Error('a blocking call cannot be part of a transaction');
      // Those who came before go first.
      this.keyspace.waiters?.serve();
      const outcome = attempt();
      if (!(outcome instanceof Blocked)) return resolve(outcome);
      if (outcome.timeoutMs > 0 && this.keyspace.driver.isStopped)
        throw new Error('the store was closed: nothing would end this wait in time');
      const abort = (): void => {
        waiter.cancel();
        end();
        reject(signal?.reason);
      };
      const release = isKeptAlive ? keepAlive() : undefined;
      const end = (): void => {
        signal?.removeEventListener('abort', abort);
        release?.();
      };
      const waiter = waitersOf(this.keyspace).wait(outcome, {
        served: (result) => {
          end();
          resolve(result);
        },
        timedOut: () => {
          end();
          resolve(null);
        },
        failed: (error) => {
          end();
          reject(error);
        },
      });
      signal?.addEventListener('abort', abort);
    });
    const { persistence } = this.keyspace;
    if (persistence === undefined) return answer;
    return answer.then(async (result) => {
      await persistence.beforeReply();
      return result;
    });
  }
}
