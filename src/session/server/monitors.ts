import type { ByteString } from '../../bytes/byte-string.ts';
import { quoted } from '../../bytes/quoted.ts';
import type { Command } from '../../wire/command.ts';
import { isKeyword } from '../../wire/grammar/token-reader.ts';
import type { Config } from '../config/config.ts';
import type { Session } from '../session.ts';

/** Flags of the commands that a client which monitors may not use. */
const KEY_FLAGS = ['write', 'readonly', 'may_replicate'];

/** Whether it reads or writes keys, or publishes: what a client that monitors may not do. */
export function touchesKeys({ flags }: Command): boolean {
  return KEY_FLAGS.some((name) => flags.has(name));
}

/** The clients that MONITOR. Nobody pays for them while there are none. */
export class Monitors {
  private readonly sessions = new Set<Session>();

  get size(): number {
    return this.sessions.size;
  }

  has(session: Session): boolean {
    return this.sessions.has(session);
  }

  add(session: Session): void {
    this.sessions.add(session);
  }

  delete(session: Session): void {
    this.sessions.delete(session);
  }

  /**
   * Shows a command that has run, unless it is one of those that only concern the server.
   *
   *     1339518083.107412 [0 127.0.0.1:60866] "keys" "*"
   *
   * What a script runs came from `lua`.
   */
  show(session: Session, command: Command, tokens: readonly ByteString[]): void {
    if (this.sessions.size === 0) return;
    if (command.flags.has('skip_monitor') || command.flags.has('admin')) return;
    this.showTokens(session, shownTokens(command, tokens, session.server.config));
  }

  /** The same for one that shows itself, before it runs (EVAL), with its tokens as they are to be shown. */
  showTokens(session: Session, tokens: readonly ByteString[]): void {
    if (this.sessions.size === 0) return;
    const origin = session.kind === 'script' ? 'lua' : session.peer.address;
    const { server } = session;
    const nowMs = server.keyspace.now();
    const seconds = Math.floor(nowMs / 1000);
    const micros = String((nowMs % 1000) * 1000).padStart(6, '0');
    const shown = tokens.map(quoted).join(' ');
    const line = `${seconds}.${micros} [${session.databaseIndex} ${origin}] ${shown}`;
    for (const monitor of this.sessions) {
      // To Redis these lines are replies, and no messages: CLIENT REPLY silences them too.
      if (!monitor.replies.areSilent(monitor.isBusy)) monitor.send((sink) => sink.simple(line));
    }
  }
}

const HIDDEN = '(redacted)';

/** The tokens of a command, without its secrets: as MONITOR and SLOWLOG show it. */
export function shownTokens(
  command: Command,
  tokens: readonly ByteString[],
  config: Config,
): readonly ByteString[] {
  switch (command.fullName) {
    case 'auth':
      return tokens.map((token, at) => (at === 0 ? token : HIDDEN));
    case 'hello':
      return withoutPassword(tokens);
    case 'acl|setuser':
    case 'acl|deluser':
    case 'acl|getuser':
      // Since 7.2 users are not named either.
      return tokens.map((token, at) => (at < 2 ? token : HIDDEN));
    case 'config|set':
      return tokens.map((token, at) =>
        at > 2 && at % 2 === 1 && config.isSecret(tokens[at - 1]!) ? HIDDEN : token,
      );
    default:
      return tokens;
  }
}

/** `HELLO protover [AUTH username password] [SETNAME name]` without user and password. A name may well be AUTH. */
function withoutPassword(tokens: readonly ByteString[]): readonly ByteString[] {
  const shown = [...tokens];
  let at = 2;
  while (at < tokens.length) {
    if (isKeyword(tokens[at]!, 'AUTH')) {
      shown.fill(HIDDEN, at + 1, at + 3);
      at += 3;
    } else at += isKeyword(tokens[at]!, 'SETNAME') ? 2 : 1;
  }
  return shown;
}
