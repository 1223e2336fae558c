import { type ByteString, compareBytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { CommandRegistry } from '../command/command-registry.ts';
import type { Session } from '../session.ts';
import { AclLog } from './acl-log.ts';
import { type DenialReason, isUnprintable } from './selector.ts';
import { type RuleContext, User } from './user.ts';

/**
 * The users of a store, and what they may do. One per server.
 *
 * Nothing here is asked while a command runs unless somebody restricts something: a session only looks at its user if
 * that user is not allowed everything (see `SessionAccess`), so whoever changes a user says so here.
 */
export class AccessControl {
  readonly defaultUser = User.createDefault();
  readonly log = new AclLog();
  /** `acl-pubsub-default`: whether new users, and new selectors, may use every channel. */
  allowsChannelsByDefault = false;
  /** How often something was denied, as INFO tells. */
  readonly denials: Record<DenialReason | 'auth', number> = { auth: 0, command: 0, key: 0, channel: 0 };
  private readonly byName = new Map<ByteString, User>([['default', this.defaultUser]]);
  private readonly sessions: ReadonlyMap<number, Session>;
  private password: ByteString = '';

  constructor(sessions: ReadonlyMap<number, Session>) {
    this.sessions = sessions;
  }

  /** All users, in the order of their names' bytes. */
  get users(): User[] {
    return [...this.byName.values()].sort((a, b) => compareBytes(a.name, b.name));
  }

  user(name: ByteString): User | undefined {
    return this.byName.get(name);
  }

  /** Whether who has not signed in may not do anything: the default user needs a password, or is off. */
  get requiresAuthentication(): boolean {
    return !(this.defaultUser.hasNoPassword && this.defaultUser.isOn);
  }

  /**
   * ACL SETUSER: makes a user, or changes one, by rules applied in order. All of them or none.
   *
   * @throws ReplyError if the name cannot be one, or a rule is bad
   */
  setUser(name: ByteString, rules: readonly ByteString[], registry: CommandRegistry): void {
    if (isUnprintable(name)) throw errors.usernameInvalid();
    const { allowsChannelsByDefault } = this;
    const context: RuleContext = { registry, allowsChannelsByDefault };
    const known = this.byName.get(name);
    const changed = known?.clone() ?? User.create(name, allowsChannelsByDefault);
    for (const rule of joinSelectors(rules)) {
      const problem = changed.apply(rule, context);
      if (problem !== undefined) throw errors.aclRule(upToZero(rule), problem);
    }
    if (known === undefined) this.byName.set(name, changed);
    else {
      const before = known.clone();
      this.replace(known, changed);
      this.endSubscriptionsNotAllowed(known, before);
    }
  }

  private replace(user: User, changed: User): void {
    user.replaceBy(changed);
    this.recheck(user);
  }

  /** A user has changed: its sessions may have to be asked from now on, or no longer. */
  private recheck(user: User): void {
    const concernsAll = user === this.defaultUser;
    for (const { access } of this.sessions.values()) {
      if (concernsAll || access.user === user) access.recheck();
    }
  }

  /** Ends the connections of those who listen to what they no longer may. */
  private endSubscriptionsNotAllowed(user: User, before: User): void {
    const now = user.selectors.map(({ channels }) => channels);
    // Who could name no channel has none to lose. All others are asked anew, even about what this change leaves alone.
    if (before.selectors.every(({ channels }) => channels.isEmpty)) return;
    for (const session of [...this.sessions.values()]) {
      if (session.access.user !== user || !session.isSubscribed) continue;
      const { subscriptions } = session;
      const isAllowed =
        [...subscriptions.of('pattern')].every((pattern) =>
          now.some((channels) => channels.permitsPattern(pattern)),
        ) &&
        [...subscriptions.of('channel'), ...subscriptions.of('shard')].every((channel) =>
          now.some((channels) => channels.permits(channel)),
        );
      if (!isAllowed) expel(session);
    }
  }

  /**
   * ACL DELUSER: removes users, and ends the connections of those who are signed in as one of them. Returns how many
   * there were.
   *
   * @throws ReplyError if the default user is among them
   */
  deleteUsers(names: readonly ByteString[]): number {
    if (names.includes('default')) throw errors.aclDefaultUserRemoved();
    let deleted = 0;
    for (const name of names) {
      const user = this.byName.get(name);
      if (user === undefined) continue;
      this.byName.delete(name);
      deleted++;
      for (const session of [...this.sessions.values()]) if (session.access.user === user) expel(session);
    }
    return deleted;
  }

  /** `requirepass`: the password of the default user, as it was last set here. Empty: none. */
  get requirepass(): ByteString {
    return this.password;
  }

  set requirepass(password: ByteString) {
    this.password = password;
    const changed = this.defaultUser.clone();
    changed.setOnlyPassword(password);
    this.replace(this.defaultUser, changed);
  }
}

/** Ends a connection whose user is gone, or has lost what it uses; its own command still gets its reply. */
function expel(session: Session): void {
  session.access.signOut();
  session.closeAfterReply();
}

/**
 * A selector may be spread over several arguments: those from the one that opens a parenthesis to the one that closes
 * it are one rule.
 */
function joinSelectors(rules: readonly ByteString[]): ByteString[] {
  const joined: ByteString[] = [];
  let open: { readonly start: ByteString; text: ByteString } | undefined;
  for (const rule of rules) {
    if (rule.startsWith('(') && !rule.endsWith(')')) open = { start: rule, text: rule };
    else if (open === undefined) joined.push(rule);
    else {
      open.text += ` ${rule}`;
      if (!rule.endsWith(')')) continue;
      joined.push(open.text);
      open = undefined;
    }
  }
  if (open !== undefined) throw errors.aclUnmatchedParenthesis(upToZero(open.start));
  return joined;
}

/** What an error quotes, as C's strings end. */
export function upToZero(text: ByteString): ByteString {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
