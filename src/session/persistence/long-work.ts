import { errors, ReplyError } from '../../errors.ts';
import type { Session } from '../session.ts';

/**
 * Called before something is begun that takes its time, and whose end is the reply.
 *
 * @throws ReplyError inside MULTI, where the next command comes at once
 * @throws Error where nobody can wait for the reply
 */
export function requireWaiting(session: Session, command: string): void {
  if (session.mayWait) return;
  if (session.isRunningQueue) throw errors.notInTransaction();
  throw new Error(`${command} takes its time, and call cannot wait; use send`);
}

/** The same promise; what it rejects with is an error of Redis's, which says why. */
export function failedBecause<T>(work: Promise<T>, failure: (reason: string) => ReplyError): Promise<T> {
  return work.catch((error: unknown) => {
    if (error instanceof ReplyError) throw error;
    throw failure(error instanceof Error ? error.message : String(error));
  });
}
