import type { ByteString } from '../../bytes/byte-string.ts';
import { errors, type ReplyError } from '../../errors.ts';
import type { Command } from '../../wire/command.ts';
import { describeClient } from '../client/client-info.ts';
import type { Session } from '../session.ts';
import type { AccessControl } from './access-control.ts';
import type { DenialContext, SecurityEvent } from './acl-log.ts';
import type { Denial } from './selector.ts';
import { sortOptionBeyondKeys } from './sort-options.ts';
import type { User } from './user.ts';

const REASON_AT_EXEC: Readonly<Record<Denial['reason'], string>> = {
  command: 'no permission to execute the command or subcommand',
  key: 'no permission to touch the specified keys',
  channel: 'no permission to access one of the channels used as arguments',
};

/**
 * Who a session is signed in as, and whether its commands must be asked about.
 *
 * Invariants:
 *
 * 1. {@link isGuarded} is false only while no command can be refused. While it is true it is one of the session's gates.
 */
export class SessionAccess {
  user: User;
  isAuthenticated: boolean;
  /** Whether a command has to be asked about before it runs. */
  isGuarded = false;
  private readonly session: Session;
  private readonly control: AccessControl;

  constructor(session: Session, control: AccessControl) {
    this.session = session;
    this.control = control;
    this.user = control.defaultUser;
    this.isAuthenticated = !control.requiresAuthentication;
    this.recheck();
  }

  /** Whether nothing may be done before AUTH. */
  get mustAuthenticate(): boolean {
    return !this.isAuthenticated && this.control.requiresAuthentication;
  }

  /** The user is another one, or has changed. */
  recheck(): void {
    const isGuarded = !this.user.allowsAll || this.mustAuthenticate;
    if (isGuarded === this.isGuarded) return;
    this.isGuarded = isGuarded;
    if (isGuarded) this.session.addGate();
    else this.session.removeGate();
  }

  /**
   * AUTH, and HELLO's.
   *
   * @param by the token that asked for it, which ACL LOG tells
   * @throws ReplyError unless there is this user, it is on, and this is a password of it
   */
  signIn(username: ByteString, password: ByteString, by: ByteString): void {
    const user = this.control.user(username);
    if (user?.accepts(password) !== true) {
      this.control.denials.auth++;
      this.record('auth', by, username);
      throw errors.wrongPassword();
    }
    this.user = user;
    this.isAuthenticated = true;
    this.recheck();
  }

  /** As a new connection begins (RESET). */
  reset(): void {
    this.user = this.control.defaultUser;
    this.isAuthenticated = !this.control.requiresAuthentication;
    this.recheck();
  }

  /** The user is gone: who comes after it has to sign in. */
  signOut(): void {
    this.user = this.control.defaultUser;
    this.isAuthenticated = false;
    this.recheck();
  }

  /**
   * Before a command runs, or is queued.
   *
   * @throws ReplyError NOAUTH, NOPERM
   */
  requirePermission(command: Command, tokens: readonly ByteString[]): void {
    const isQueueing = this.session.transaction !== undefined;
    if (this.mustAuthenticate && !command.flags.has('no_auth')) throw errors.authenticationRequired();
    const denial = this.user.check(command, tokens);
    if (denial !== undefined) {
      this.deny(denial, command, tokens);
      throw errors.noPermission(reasonOf(denial, command, this.user.name));
    }
    const refusal = isQueueing ? undefined : this.refusalOfSort(command, tokens);
    if (refusal !== undefined) throw refusal;
  }

  /** Before a queued command runs. Answers what keeps it from it. */
  refusalAtExec(command: Command, tokens: readonly ByteString[]): ReplyError | undefined {
    const denial = this.user.check(command, tokens);
    if (denial !== undefined) {
      this.deny(denial, command, tokens);
      return errors.noLongerPermitted(REASON_AT_EXEC[denial.reason]);
    }
    return this.refusalOfSort(command, tokens);
  }

  /** Before a command of a script runs. Answers what keeps it from it. */
  refusalInScript(command: Command, tokens: readonly ByteString[]): ReplyError | undefined {
    if (!this.isGuarded) return undefined;
    const denial = this.user.check(command, tokens);
    if (denial === undefined) return this.refusalOfSort(command, tokens);
    this.deny(denial, command, tokens, 'lua');
    return errors.scriptDenied(reasonOf(denial, command, this.user.name));
  }

  /** SORT says it when it runs: that it was queued is no matter. */
  private refusalOfSort(command: Command, tokens: readonly ByteString[]): ReplyError | undefined {
    const option = sortOptionBeyondKeys(command, tokens);
    if (option === undefined || this.user.mayReadAllKeysWith(command, tokens)) return undefined;
    return errors.sortOptionDenied(option);
  }

  private deny(
    { reason, index }: Denial,
    command: Command,
    tokens: readonly ByteString[],
    context?: DenialContext,
  ): void {
    this.control.denials[reason]++;
    const object = reason === 'command' ? command.fullName : tokens[index]!;
    this.record(reason, object, this.user.name, context);
  }

  private record(
    reason: SecurityEvent['reason'],
    object: ByteString,
    username: ByteString,
    context: DenialContext = this.usualContext,
  ): void {
    const event = { reason, context, object, username, clientInfo: describeClient(this.session) };
    this.control.log.add(event, this.session.server.keyspace.now());
  }

  private get usualContext(): DenialContext {
    const { isRunningQueue, transaction } = this.session;
    return isRunningQueue || transaction !== undefined ? 'multi' : 'toplevel';
  }
}

/** What a client is told that was denied something: not of which key, so that it learns of none. */
function reasonOf({ reason }: Denial, command: Command, username: ByteString): string {
  if (reason === 'command') return denialOfCommand(command, username);
  return reason === 'key' ? 'No permissions to access a key' : 'No permissions to access a channel';
}

/** What ACL DRYRUN tells: there the name may be known. */
export function describeDenial(
  { reason, index }: Denial,
  command: Command,
  tokens: readonly ByteString[],
  username: ByteString,
): string {
  if (reason === 'command') return denialOfCommand(command, username);
  return `User ${username} has no permissions to access the '${tokens[index]!}' ${reason}`;
}

function denialOfCommand({ fullName }: Command, username: ByteString): string {
  return `User ${username} has no permissions to run the '${fullName}' command`;
}
