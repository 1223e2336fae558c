import type { ByteString } from '../../bytes/byte-string.ts';
import type { Session } from '../session.ts';
import { clientBytes } from './client-bytes.ts';

/** The kinds of clients that CLIENT LIST and CLIENT KILL tell apart. Of the middle two there never is any here. */
export type ClientType = 'normal' | 'master' | 'replica' | 'pubsub';

/** A client is `pubsub` while it has subscriptions, and `normal` otherwise: those who MONITOR included. */
export function typeOf(session: Session): ClientType {
  return session.isSubscribed ? 'pubsub' : 'normal';
}

/** How long it has been connected, in whole seconds. */
export function ageSeconds(session: Session): number {
  return secondsOf(session.server.keyspace.now() - session.connectedAtMs);
}

function secondsOf(durationMs: number): number {
  return Math.max(0, Math.floor(durationMs / 1000));
}

/** The address of our end of its connection. */
export function localAddressOf(session: Session): string {
  return session.peer.localAddress ?? 'local:0';
}

/**
 * A client as CLIENT LIST and CLIENT INFO show it: on one line, without its end. The fields are those of Redis 8 in its
 * order; those about memory that only a server has are 0.
 */
export function describeClient(session: Session): ByteString {
  const { server, peer, transaction, subscriptions, tracking } = session;
  const { received, waiting, queued, written, total } = clientBytes(session);
  const { received: totalIn = 0, written: totalOut = 0 } = peer.totalBytes ?? {};
  const fields: readonly (readonly [name: string, value: string | number])[] = [
    ['id', session.id],
    ['addr', peer.address],
    ['laddr', localAddressOf(session)],
    ['fd', -1],
    ['name', session.name],
    ['age', ageSeconds(session)],
    ['idle', secondsOf(server.clockMs - session.lastCommandMs)],
    ['flags', flagsOf(session)],
    ['db', session.databaseIndex],
    ['sub', subscriptions.of('channel').size],
    ['psub', subscriptions.of('pattern').size],
    ['ssub', subscriptions.of('shard').size],
    ['multi', transaction === undefined ? -1 : transaction.queue.length],
    ['watch', session.watch.size],
    ['qbuf', received],
    ['qbuf-free', 0],
    ['argv-mem', waiting],
    ['multi-mem', queued],
    ['rbs', 0],
    ['rbp', 0],
    ['obl', 0],
    ['oll', written > 0 ? 1 : 0],
    ['omem', written],
    ['tot-mem', total],
    ['events', written > 0 ? 'rw' : 'r'],
    ['cmd', session.lastCommand?.fullName ?? 'NULL'],
    ['user', session.username],
    ['redir', tracking === undefined ? -1 : tracking.redirectId],
    ['resp', session.protocol],
    ['lib-name', session.libraryName],
    ['lib-ver', session.libraryVersion],
    ['io-thread', 0],
    ['tot-net-in', totalIn],
    ['tot-net-out', totalOut],
    ['tot-cmds', session.commandCount],
  ];
  return fields.map(([name, value]) => `${name}=${value}`).join(' ');
}

/** A letter for each thing that is special about a client, `N` if there is none. */
function flagsOf(session: Session): string {
  const { tracking } = session;
  const letters: readonly (readonly [letter: string, isSet: boolean])[] = [
    ['O', session.isMonitor],
    ['P', session.isSubscribed],
    ['x', session.transaction !== undefined],
    ['b', session.isWaiting],
    ['t', tracking !== undefined],
    ['R', tracking?.isRedirectBroken ?? false],
    ['B', tracking?.isBroadcast ?? false],
    ['d', session.watch.isTouched],
    ['e', session.isSparedFromEviction],
    ['T', session.leavesNoTrace],
  ];
  const set = letters.filter(([, isSet]) => isSet).map(([letter]) => letter);
  return set.length === 0 ? 'N' : set.join('');
}
