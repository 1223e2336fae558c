import type { ByteString } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import type { Command } from '../wire/command.ts';
import { requireFirstDatabase, requireOneSlot } from './cluster/cluster-gate.ts';
import { isForLoading, needsStorage } from './persistence/storage-gate.ts';
import { requireRoom } from './room.ts';
import { touchesKeys } from './server/monitors.ts';
import type { Session } from './session.ts';

/** Commands that MULTI does not queue. */
const NEVER_QUEUED = new Set(['multi', 'exec', 'discard', 'watch', 'quit', 'reset']);
/** What a RESP2 client may still say once it has subscribed. */
const WHILE_SUBSCRIBED = new Set([
  ...['subscribe', 'unsubscribe', 'psubscribe', 'punsubscribe', 'ssubscribe', 'sunsubscribe'],
  ...['ping', 'quit', 'reset'],
]);

/** What is to become of a command: it runs, MULTI queues it, or CLIENT PAUSE puts it off. */
export type Passage = 'run' | 'queue' | 'hold';

/**
 * Asks all that may keep a command from running, in Redis's order.
 *
 * @throws ReplyError if it may not
 */
export function passageOf(session: Session, command: Command, tokens: readonly ByteString[]): Passage {
  const { access, transaction } = session;
  const name = command.fullName;
  if (access.isGuarded) access.requirePermission(command, tokens);
  if (session.isClusterNode) requireCluster(session, command, tokens);
  const { eviction } = session.server.keyspace;
  // What is read back from the storage is not asked whether that can be written.
  const persistence = session.kind === 'client' ? session.server.keyspace.persistence : undefined;
  if (eviction !== undefined) requireRoom(session, command, tokens);
  if (persistence !== undefined && needsStorage(session, command, tokens)) persistence.requireWritable();
  if (session.protocol === 2 && session.isSubscribed && !WHILE_SUBSCRIBED.has(name)) {
    throw errors.onlySubscriptions(name);
  }
  if (session.server.isReloading && !isForLoading(session, command)) throw errors.loading();
  if (session.isMonitor && touchesKeys(command)) throw errors.monitorsHaveNoKeys();
  if (session.server.pause.holds(session, command, tokens)) return 'hold';
  if (transaction === undefined || NEVER_QUEUED.has(name)) return 'run';
  if (command.flags.has('no_multi')) throw errors.notInTransaction();
  return 'queue';
}

/** What a cluster demands. EXEC that does not meet it is DISCARD. */
function requireCluster(session: Session, command: Command, tokens: readonly ByteString[]): void {
  requireFirstDatabase(command);
  try {
    session.slot = requireOneSlot(command, tokens, session.transaction);
  } catch (error) {
    if (command.fullName === 'exec') session.endTransaction();
    throw error;
  }
}
