import { Blocked } from '../../blocking/blocked.ts';
import type { WaitingClient } from '../../blocking/waiter.ts';
import { waitersOf } from '../../blocking/waiters.ts';
import type { ByteString } from '../../bytes/byte-string.ts';
import { errors, ReplyError } from '../../errors.ts';
import type { Command, Evaluation } from '../../wire/command.ts';
import type { ReplySink } from '../../wire/resp/reply-sink.ts';
import { requireRoom } from '../room.ts';
import type { Session } from '../session.ts';
import { Later } from './later.ts';
import { LaterWait } from './later-wait.ts';

/** What the last command of a session waits for. */
export interface Wait {
  /** The keys, if it is keys. */
  readonly places: { readonly length: number };
  /** Ends the wait as CLIENT UNBLOCK does. Whether it could. */
  unblock(how: 'timeout' | 'error'): boolean;
  /** Ends the wait without a word. */
  cancel(): void;
}

/**
 * Has a session wait for what its command did not find, if it did not.
 *
 * @param answer called with what writes the reply, once it is known
 * @returns the wait, or `undefined` if there is nothing to wait for
 */
export function waitFor(
  session: Session,
  command: Command,
  tokens: readonly ByteString[],
  { result, reply }: Evaluation,
  sink: ReplySink,
  answer: (write: () => void) => void,
): Wait | undefined {
  if (!(result instanceof Blocked) && !(result instanceof Later)) return undefined;
  const { keyspace } = session.server;
  const client: WaitingClient<unknown> = {
    beforeAttempt: () => {
      if (session.access.isGuarded) session.access.requirePermission(command, tokens);
      if (keyspace.eviction !== undefined) requireRoom(session, command, tokens);
    },
    served: (value) => answer(() => reply.write(value, sink)),
    timedOut: () => answer(() => sink.nilArray()),
    failed: (error) => {
      const told = error instanceof ReplyError ? error : errors.storeClosed();
      session.server.statistics.failed(command, told);
      answer(() => sink.error(told));
    },
  };
  return result instanceof Blocked
    ? waitersOf(keyspace).wait(result as Blocked<unknown>, client)
    : new LaterWait(result as Later<unknown>, client);
}
