import type { ByteString } from '../../bytes/byte-string.ts';
import type { Command } from '../../wire/command.ts';
import { declarationOf } from '../scripting/declaration.ts';
import type { Session } from '../session.ts';

/**
 * Whether a command is refused while nothing can be written to the storage: it writes, or (of EXEC) something queued does,
 * or it is a script that says of itself that it may. So is PING, by which those who watch a server notice.
 *
 * A script that says nothing of itself may begin: see `ScriptClient`.
 */
export function needsStorage(session: Session, command: Command, tokens: readonly ByteString[]): boolean {
  if (command.flags.has('write')) return true;
  const name = command.fullName;
  if (name === 'ping') return true;
  if (name === 'exec') {
    return (
      session.transaction?.queue.some((queued) => mayWrite(session, queued.command, queued.tokens)) ?? false
    );
  }
  return mayWrite(session, command, tokens);
}

/** Whether a client may say this while the data is loaded. Of EXEC: whatever it would run. */
export function isForLoading(session: Session, command: Command): boolean {
  if (!command.flags.has('loading')) return false;
  if (command.fullName !== 'exec') return true;
  return session.transaction?.queue.every((queued) => queued.command.flags.has('loading')) ?? true;
}

function mayWrite(session: Session, command: Command, tokens: readonly ByteString[]): boolean {
  if (command.flags.has('write')) return true;
  return declarationOf(session.server.keyspace, command, tokens)?.onlyReads === false;
}
