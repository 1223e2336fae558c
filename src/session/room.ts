import type { ByteString } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import type { Command } from '../wire/command.ts';
import { declarationOf } from './scripting/declaration.ts';
import type { Server } from './server.ts';
import type { Session } from './session.ts';

/** What may be said within MULTI whatever there is room for: it ends it. EXEC is asked what it would run. */
const ENDS_MULTI = new Set(['exec', 'discard', 'quit', 'reset']);

/**
 * Makes room before a command, as Redis does: before every one, whether it adds anything or not. Called where memory is
 * bounded.
 *
 * @throws ReplyError OOM if there is none, and the command may add something, or would be queued
 */
export function requireRoom(session: Session, command: Command, tokens: readonly ByteString[]): void {
  if (hasRoom(session.server)) return;
  const { transaction } = session;
  const isQueued = transaction !== undefined && !ENDS_MULTI.has(command.fullName);
  if (isQueued || mayAdd(session, command, tokens)) throw errors.outOfMemory();
}

/** Whether there is room, once keys have gone for it. Who monitors latencies hears of it if that took long. */
function hasRoom(server: Server): boolean {
  const { eviction, memory } = server.keyspace;
  if (eviction === undefined) return true;
  if (memory!.usedBytes <= eviction.maxBytes || server.latency.thresholdMs === Number.POSITIVE_INFINITY) {
    return eviction.tryMakeRoom();
  }
  return server.aside('eviction-cycle', () => eviction.tryMakeRoom());
}

/** Whether the command may make the store hold more; of EXEC, whether something queued may. */
function mayAdd(session: Session, command: Command, tokens: readonly ByteString[]): boolean {
  if (command.flags.has('denyoom')) return true;
  if (command.fullName === 'exec') {
    return (
      session.transaction?.queue.some((queued) => mayAdd(session, queued.command, queued.tokens)) ?? false
    );
  }
  return declarationOf(session.server.keyspace, command, tokens)?.needsRoom === true;
}
