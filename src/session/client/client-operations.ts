import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { ReplySink } from '../../wire/resp/reply-sink.ts';
import type { Session } from '../session.ts';
import { requireClientAttribute, requireClientName } from './client-attributes.ts';
import type { KillFilter, KillFilters, ListFilter } from './client-grammar.ts';
import { ageSeconds, describeClient, localAddressOf, typeOf } from './client-info.ts';
import type { PauseMode } from './pause.ts';

/** On or off. */
type Switch = 'on' | 'off';

/** Where the answer of CLIENT REPLY goes; `null` where there is none. */
export type ReplyAnswer = ReplySink | 'here' | null;

/** CLIENT: the connections of a store, seen and changed from one of them. Byte strings are in their inner form. */
export class ClientOperations {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** The connection's own number. */
  clientId(): number {
    return this.session.id;
  }

  /** A line about the connection itself. */
  clientInfo(): ByteString {
    return `${describeClient(this.session)}\n`;
  }

  /** A line about each connection. */
  clientList({ type, ids }: ListFilter): ByteString {
    const { sessions } = this.session.server;
    let listed = [...sessions.values()];
    // By their ids they are listed in the order asked for, as often as asked for.
    if (ids !== undefined) listed = ids.flatMap((id) => sessions.get(Number(id)) ?? []);
    if (type !== undefined) listed = listed.filter((session) => typeOf(session) === type);
    return listed.map((session) => `${describeClient(session)}\n`).join('');
  }

  /** Gives the connection a name; none by the empty string. */
  clientSetname(name: Bytes): 'OK' {
    this.session.name = requireClientName(name as ByteString);
    return 'OK';
  }

  clientGetname(): ByteString | null {
    return this.session.name === '' ? null : this.session.name;
  }

  /** What the client's library says of itself. */
  clientSetinfo(attribute: Bytes, value: Bytes): 'OK' {
    const name = attribute as ByteString;
    const lowerCase = name.toLowerCase();
    if (lowerCase !== 'lib-name' && lowerCase !== 'lib-ver') throw errors.unrecognizedOption(name);
    const text = requireClientAttribute(name, value as ByteString);
    if (lowerCase === 'lib-name') this.session.libraryName = text;
    else this.session.libraryVersion = text;
    return 'OK';
  }

  /** Spares the connection when connections are closed for want of memory. Shown, and without effect. */
  clientNoEvict(status: Switch): 'OK' {
    this.session.isSparedFromEviction = status === 'on';
    return 'OK';
  }

  /** Has the connection's commands leave no trace in when and how often keys were last used. */
  clientNoTouch(status: Switch): 'OK' {
    this.session.leavesNoTrace = status === 'on';
    return 'OK';
  }

  /** Whether the client wants replies. */
  clientReply(mode: Switch | 'skip'): ReplyAnswer {
    const { session } = this;
    if (mode === 'on') session.replies.on();
    else if (mode === 'off') session.replies.off();
    else session.replies.skip();
    // An array of replies stays whole.
    if (session.isRunningQueue) return 'here';
    return mode === 'on' ? session.peer.replies : null;
  }

  /** Holds up the commands of all connections for so many milliseconds. */
  clientPause(durationMs: number, mode: PauseMode = 'all'): 'OK' {
    this.session.server.pause.begin(durationMs, mode);
    return 'OK';
  }

  clientUnpause(): 'OK' {
    this.session.server.pause.end();
    return 'OK';
  }

  /** Has a connection that waits (BLPOP …) wait no longer. */
  clientUnblock(id: number, reason: 'timeout' | 'error' = 'timeout'): number {
    return this.session.server.sessions.get(id)?.unblock(reason) ? 1 : 0;
  }

  /** Closes connections: one by its address, or those for which all filters hold. */
  clientKill(filters: KillFilters): 'OK' | number {
    const { session } = this;
    if ('address' in filters) {
      const found = this.others(true).filter(({ peer }) => peer.address === filters.address);
      if (found.length === 0) throw errors.noSuchClient();
      for (const victim of found) victim.closeAfterReply();
      return 'OK';
    }
    let skipsMe = true;
    const conditions: KillFilter[] = [];
    for (const filter of filters.items) {
      if (filter.by === 'skipme') skipsMe = filter.isOn;
      else if (filter.by === 'user' && !session.server.hasUser(filter.value)) {
        throw errors.noSuchUser(filter.value);
      } else conditions.push(filter);
    }
    if (filters.fault !== undefined) throw filters.fault;
    // Of filters of one kind the last counts.
    const last = new Map(conditions.map((filter) => [filter.by, filter]));
    const victims = this.others(!skipsMe).filter((other) =>
      [...last.values()].every((filter) => passes(other, filter)),
    );
    for (const victim of victims) victim.closeAfterReply();
    return victims.length;
  }

  private others(withMyself: boolean): Session[] {
    const { session } = this;
    return [...session.server.sessions.values()].filter((other) => withMyself || other !== session);
  }
}

function passes(session: Session, filter: KillFilter): boolean {
  switch (filter.by) {
    case 'id':
      return session.id === Number(filter.id);
    case 'type':
      return typeOf(session) === filter.type;
    case 'addr':
      return session.peer.address === filter.value;
    case 'laddr':
      return localAddressOf(session) === filter.value;
    case 'user':
      return session.username === filter.value;
    case 'maxage':
      return ageSeconds(session) >= filter.seconds;
    case 'skipme':
      return true;
  }
}
