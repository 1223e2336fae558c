import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { type Many, manyOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { ACL_CATEGORIES, aclCategories, isAclCategory } from '../../wire/acl-categories.ts';
import type { Tree } from '../../wire/tree-codec.ts';
import type { CommandRegistry } from '../command/command-registry.ts';
import type { Session } from '../session.ts';
import { type AccessControl, upToZero } from './access-control.ts';
import type { Credentials, LogRequest } from './acl-grammar.ts';
import type { LogEntry } from './acl-log.ts';
import { randomPassword } from './password.ts';
import type { Selector } from './selector.ts';
import { describeDenial } from './session-access.ts';

const DEFAULT_PASSWORD_BITS = 256;
const MAX_PASSWORD_BITS = 4096;

/** What ACL LOG shows, as of now. */
export interface LogView {
  readonly entries: readonly LogEntry[];
  readonly nowMs: number;
}

/** What ACL DRYRUN answers: OK, or why not. */
export type Verdict = 'OK' | { readonly denial: ByteString };

/** AUTH and ACL. Byte strings are in their inner form. */
export class AclOperations {
  /** How the client spelled the command's name: ACL LOG tells it. */
  spelling: ByteString = 'AUTH';
  private readonly session: Session;
  private readonly registry: CommandRegistry;
  private readonly control: AccessControl;

  constructor(session: Session, registry: CommandRegistry) {
    this.session = session;
    this.registry = registry;
    this.control = session.server.acl;
  }

  /** Signs in. */
  auth({ username, password }: Credentials): 'OK' {
    const { control, session } = this;
    if (username === undefined && control.defaultUser.hasNoPassword) throw errors.noPasswordConfigured();
    session.access.signIn((username ?? 'default') as ByteString, password as ByteString, this.spelling);
    return 'OK';
  }

  /** The categories of commands; or the commands of a category, subcommands among them. */
  aclCat(category?: Bytes): string[] {
    if (category === undefined) return [...ACL_CATEGORIES];
    const name = (category as ByteString).toLowerCase();
    if (!isAclCategory(name)) throw errors.aclUnknownCategory(upToZero(category as ByteString));
    return this.registry.all
      .filter((command) => aclCategories(command).includes(name))
      .map(({ fullName }) => fullName);
  }

  /** Removes users, and ends the connections of those who are signed in as one of them. */
  aclDeluser(names: Many): number {
    return this.control.deleteUsers(manyOf(names) as ByteString[]);
  }

  /** Whether a user may run a command, which is not run. */
  aclDryrun(username: Bytes, name: Bytes, args?: Many): Verdict {
    const user = this.control.user(username as ByteString);
    if (user === undefined) throw errors.aclUserNotFound(upToZero(username as ByteString));
    const tokens = [name, ...(args === undefined ? [] : manyOf(args))] as ByteString[];
    const command = this.registry.lookup(tokens);
    if (command === undefined) throw errors.aclCommandNotFound(upToZero(name as ByteString));
    if (!command.accepts(tokens.length)) throw errors.wrongArity(command.fullName);
    const denial = user.check(command, tokens);
    return denial === undefined ? 'OK' : { denial: describeDenial(denial, command, tokens, user.name) };
  }

  /** A password that is hard to guess. */
  aclGenpass(bits: number = DEFAULT_PASSWORD_BITS): string {
    if (bits <= 0 || bits > MAX_PASSWORD_BITS) throw errors.aclPasswordBits();
    return randomPassword(bits);
  }

  /** Everything about a user. */
  aclGetuser(username: Bytes): Tree {
    const user = this.control.user(username as ByteString);
    if (user === undefined) return null;
    const [root, ...further] = user.selectors as [Selector, ...Selector[]];
    return new Map<string, Tree>([
      ['flags', new Set(user.flags)],
      ['passwords', user.passwordHashes],
      ...describe(root),
      ['selectors', further.map((selector) => new Map(describe(selector)))],
    ]);
  }

  /** All users, each in the rules that make it. */
  aclList(): ByteString[] {
    return this.control.users.map((user) => user.describe());
  }

  /** There is no file. */
  aclLoad(): 'OK' {
    throw errors.aclWithoutFile();
  }

  /** There is no file. */
  aclSave(): 'OK' {
    throw errors.aclWithoutFile();
  }

  /** What was denied, newest first; or forgets it. */
  aclLog(request: LogRequest): LogView | 'OK' {
    const { log } = this.control;
    if (request !== 'reset')
      return { entries: log.newest(request), nowMs: this.session.server.keyspace.now() };
    log.clear();
    return 'OK';
  }

  /** Makes or changes a user, by rules. */
  aclSetuser(username: Bytes, rules?: Many): 'OK' {
    const list = rules === undefined ? [] : (manyOf(rules) as ByteString[]);
    this.control.setUser(username as ByteString, list, this.registry);
    return 'OK';
  }

  /** The names of all users. */
  aclUsers(): ByteString[] {
    return this.control.users.map(({ name }) => name);
  }

  /** Who this connection is signed in as. */
  aclWhoami(): ByteString {
    return this.session.access.user.name;
  }
}

function describe({ commands, keys, channels }: Selector): [string, Tree][] {
  return [
    ['commands', commands.describe()],
    ['keys', keys.describe()],
    ['channels', channels.describe()],
  ];
}
