import { type ByteString, toBytes } from '../../bytes/byte-string.ts';
import type { AclProblem } from '../../errors.ts';
import type { Command } from '../../wire/command.ts';
import { upperCase } from '../../wire/grammar/token-reader.ts';
import { splitInlineCommand } from '../../wire/resp/inline-command.ts';
import type { CommandRegistry } from '../command/command-registry.ts';
import { READ } from './patterns.ts';
import { type Denial, type DenialReason, Request, Selector } from './selector.ts';
import { sha256Hex } from './sha256.ts';

/** A denial that is further down this list is nearer to being allowed, and is the one that is told. */
const NEARNESS: readonly DenialReason[] = ['command', 'key', 'channel'];

const HASH = /^[0-9a-f]{64}$/;

/** What is not said by a rule: how new users and selectors begin (`acl-pubsub-default`). */
export interface RuleContext {
  readonly registry: CommandRegistry;
  readonly allowsChannelsByDefault: boolean;
}

/**
 * Somebody who can sign in: passwords, and permissions in one selector or several.
 *
 * Rules change a copy, which {@link replaceBy} then takes over as a whole: sessions hold on to the user itself.
 */
export class User {
  readonly name: ByteString;
  isOn = false;
  hasNoPassword = false;
  private sanitizesPayload = true;
  /** SHA-256 digests in hexadecimal, in the order in which they were added. */
  private passwords = new Set<string>();
  private root = new Selector();
  private further: Selector[] = [];

  constructor(name: ByteString) {
    this.name = name;
  }

  /** A user as ACL SETUSER begins it: off, without any permission. */
  static create(name: ByteString, allowsChannels: boolean): User {
    const user = new User(name);
    if (allowsChannels) user.root.channels.allowAll();
    return user;
  }

  /** The user whom every connection begins as: on, and allowed everything without a password. */
  static createDefault(): User {
    const user = new User('default');
    user.isOn = true;
    user.hasNoPassword = true;
    user.root.keys.allowAll();
    user.root.channels.allowAll();
    user.root.commands.allowAll();
    return user;
  }

  clone(): User {
    const copy = new User(this.name);
    copy.replaceBy(this);
    return copy;
  }

  /** Becomes what the other one is, but for the name. */
  replaceBy(other: User): void {
    this.isOn = other.isOn;
    this.hasNoPassword = other.hasNoPassword;
    this.sanitizesPayload = other.sanitizesPayload;
    this.passwords = new Set(other.passwords);
    this.root = other.root.clone();
    this.further = other.further.map((selector) => selector.clone());
  }

  /** The permissions, each set on its own. */
  get selectors(): readonly Selector[] {
    return [this.root, ...this.further];
  }

  /** Whether there is nothing it is not allowed. */
  get allowsAll(): boolean {
    return this.root.allowsAll;
  }

  // ── rules ────────────────────────────────────────────────────────────────────────────────────────────────

  /** Applies a rule of ACL SETUSER; answers what is wrong with it, if something is. */
  apply(rule: ByteString, context: RuleContext): AclProblem | undefined {
    if (rule === '') return undefined;
    switch (upperCase(rule)) {
      case 'ON':
        this.isOn = true;
        return undefined;
      case 'OFF':
        this.isOn = false;
        return undefined;
      case 'NOPASS':
        this.passwords.clear();
        this.hasNoPassword = true;
        return undefined;
      case 'RESETPASS':
        this.passwords.clear();
        this.hasNoPassword = false;
        return undefined;
      case 'SANITIZE-PAYLOAD':
        this.sanitizesPayload = true;
        return undefined;
      case 'SKIP-SANITIZE-PAYLOAD':
        this.sanitizesPayload = false;
        return undefined;
      case 'CLEARSELECTORS':
        this.further = [];
        return undefined;
      case 'RESET':
        this.replaceBy(User.create(this.name, context.allowsChannelsByDefault));
        return undefined;
    }
    switch (rule[0]) {
      case '>':
        this.addPassword(sha256Hex(rule.slice(1)));
        return undefined;
      case '<':
        return this.removePassword(sha256Hex(rule.slice(1)));
      case '#':
        if (!HASH.test(rule.slice(1))) return 'badHash';
        this.addPassword(rule.slice(1));
        return undefined;
      case '!':
        return HASH.test(rule.slice(1)) ? this.removePassword(rule.slice(1)) : 'badHash';
      case '(':
        return this.addSelector(rule, context);
      default:
        return this.root.apply(rule, context.registry);
    }
  }

  /** Has no other password than this one; none at all, if it is empty. */
  setOnlyPassword(password: ByteString): void {
    this.passwords.clear();
    if (password === '') this.hasNoPassword = true;
    else this.addPassword(sha256Hex(password));
  }

  private addPassword(hash: string): void {
    this.passwords.add(hash);
    this.hasNoPassword = false;
  }

  private removePassword(hash: string): AclProblem | undefined {
    return this.passwords.delete(hash) ? undefined : 'noSuchPassword';
  }

  private addSelector(
    rule: ByteString,
    { registry, allowsChannelsByDefault }: RuleContext,
  ): AclProblem | undefined {
    if (!rule.endsWith(')')) return 'syntax';
    const bytes = toBytes(rule.slice(1, -1));
    // Quotes that do not match are no error: as in Redis nothing is read then.
    const rules = splitInlineCommand(bytes, 0, bytes.length) ?? [];
    const selector = new Selector();
    if (allowsChannelsByDefault) selector.channels.allowAll();
    for (const inner of rules) {
      const problem = selector.apply(inner, registry);
      if (problem !== undefined) return problem;
    }
    this.further.push(selector);
    return undefined;
  }

  // ── questions ────────────────────────────────────────────────────────────────────────────────────────────

  /** Whether it may sign in with this password. */
  accepts(password: ByteString): boolean {
    return this.isOn && (this.hasNoPassword || this.passwords.has(sha256Hex(password)));
  }

  /** Why it may not run this command, or nothing if it may. */
  check(command: Command, tokens: readonly ByteString[]): Denial | undefined {
    const request = new Request(command, tokens);
    let nearest = this.root.check(request);
    if (nearest === undefined) return undefined;
    for (const selector of this.further) {
      const denial = selector.check(request);
      if (denial === undefined) return undefined;
      if (isNearer(denial, nearest)) nearest = denial;
    }
    return nearest;
  }

  /** Whether it may run this command, and may read every key there is: SORT needs that for BY and GET. */
  mayReadAllKeysWith(command: Command, tokens: readonly ByteString[]): boolean {
    const request = new Request(command, tokens);
    return this.selectors.some(
      (selector) => selector.keys.allowsReadingAll && selector.check(request) === undefined,
    );
  }

  /** Whether it may know of this key: one of its selectors lets it read that. */
  mayRead(key: ByteString): boolean {
    return this.selectors.some(({ keys }) => keys.permits(key, READ));
  }

  // ── descriptions ─────────────────────────────────────────────────────────────────────────────────────────

  /** The words ACL GETUSER gives as flags. */
  get flags(): string[] {
    return [
      this.isOn ? 'on' : 'off',
      ...(this.hasNoPassword ? ['nopass'] : []),
      this.sanitizesPayload ? 'sanitize-payload' : 'skip-sanitize-payload',
    ];
  }

  /** SHA-256 digests in hexadecimal. */
  get passwordHashes(): string[] {
    return [...this.passwords];
  }

  /** The line of ACL LIST: the rules that make this user out of a new one. */
  describe(): ByteString {
    return [
      `user ${this.name}`,
      ...this.flags,
      ...this.passwordHashes.map((hash) => `#${hash}`),
      this.root.describe(),
      ...this.further.map((selector) => `(${selector.describe()})`),
    ].join(' ');
  }
}

function isNearer(denial: Denial, than: Denial): boolean {
  const [one, other] = [NEARNESS.indexOf(denial.reason), NEARNESS.indexOf(than.reason)];
  return one > other || (one === other && denial.index > than.index);
}
