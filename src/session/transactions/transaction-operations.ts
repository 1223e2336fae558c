import type { ByteString } from '../../bytes/byte-string.ts';
import { type Many, manyOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import type { ReplySink } from '../../wire/resp/reply-sink.ts';
import type { Session } from '../session.ts';
import { Transaction } from './transaction.ts';

/** Writes the replies of the queued commands, running them one after the other. */
export type RunQueue = (sink: ReplySink) => void;

/** MULTI and what belongs to it. */
export class TransactionOperations {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** From now on commands are queued. */
  multi(): 'OK' {
    if (this.session.transaction !== undefined) throw errors.nestedMulti();
    this.session.setTransaction(new Transaction());
    return 'OK';
  }

  /** Runs what was queued; `null` if a watched key has changed. */
  exec(): RunQueue | null {
    const { session } = this;
    const { transaction } = session;
    if (transaction === undefined) throw errors.execWithoutMulti();
    const isTouched = session.watch.isTouched;
    session.endTransaction();
    if (transaction.hasFailed) throw errors.execAborted();
    if (isTouched) return null;
    return (sink) => session.runQueue(transaction, sink);
  }

  /** Forgets what was queued, and what was watched. */
  discard(): 'OK' {
    if (this.session.transaction === undefined) throw errors.discardWithoutMulti();
    this.session.endTransaction();
    return 'OK';
  }

  /** EXEC is to do nothing if one of these keys changes until then. */
  watch(keys: Many): 'OK' {
    if (this.session.transaction !== undefined) throw errors.watchInsideMulti();
    for (const key of manyOf(keys)) this.session.watch.add(key as ByteString);
    return 'OK';
  }

  /** Forgets what was watched. */
  unwatch(): 'OK' {
    this.session.watch.clear();
    return 'OK';
  }
}
