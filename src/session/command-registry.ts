import type { ByteString } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import type { Command } from '../wire/command.ts';

/** A command of its own, or one that only leads to subcommands (OBJECT), or both (COMMAND). */
interface Family {
  own: Command | undefined;
  readonly subcommands: Map<string, Command>;
}

/** Finds the command that tokens name. */
export class CommandRegistry {
  private readonly families = new Map<string, Family>();
  /** Every command and subcommand, as given. */
  readonly all: readonly Command[];

  /** @throws Error if a name is given twice */
  constructor(tables: readonly (readonly Command[])[]) {
    this.all = tables.flat();
    for (const command of this.all) {
      const [name, subcommand] = command.facts.name.split(' ') as [string, string?];
      let family = this.families.get(name);
      if (family === undefined) {
        family = { own: undefined, subcommands: new Map() };
        this.families.set(name, family);
      }
      if (subcommand === undefined ? family.own !== undefined : family.subcommands.has(subcommand)) {
        throw new Error(`${command.facts.name} is declared twice`);
      }
      if (subcommand === undefined) family.own = command;
      else family.subcommands.set(subcommand, command);
    }
  }

  /**
   * The command the tokens name.
   *
   * @throws ReplyError if there is none, in Redis's words
   */
  find(tokens: readonly ByteString[]): Command {
    const token = tokens[0]!;
    const family = this.families.get(token) ?? this.families.get(token.toUpperCase());
    if (family === undefined) throw unknownCommand(tokens);
    if (family.subcommands.size === 0 || (tokens.length === 1 && family.own !== undefined))
      return family.own!;
    if (tokens.length === 1) throw errors.wrongArity(token.toLowerCase());
    const subcommand = family.subcommands.get(tokens[1]!.toUpperCase());
    if (subcommand === undefined) throw errors.unknownSubcommand(printable(tokens[1]!), token.toUpperCase());
    return subcommand;
  }

  /** The command of this full name (`GET`, `OBJECT ENCODING`, `object|encoding`; any case), if there is one. */
  get(fullName: string): Command | undefined {
    const [name, subcommand] = fullName.toUpperCase().split(/[ |]/) as [string, string?];
    const family = this.families.get(name);
    return subcommand === undefined ? family?.own : family?.subcommands.get(subcommand);
  }

  /** The names before the first space, each once: what COMMAND counts. */
  get names(): string[] {
    return [...this.families.keys()];
  }

  /** The subcommands under a name. */
  subcommandsOf(name: string): Command[] {
    return [...(this.families.get(name.toUpperCase())?.subcommands.values() ?? [])];
  }
}

/** Redis quotes the arguments until it has said 128 bytes of them. */
const QUOTED_BYTES = 128;

function unknownCommand(tokens: readonly ByteString[]): Error {
  let args = '';
  for (let at = 1; at < tokens.length && args.length < QUOTED_BYTES; at++) {
    args += `'${tokens[at]!.slice(0, QUOTED_BYTES - args.length)}' `;
  }
  return errors.unknownCommand(printable(tokens[0]!.slice(0, QUOTED_BYTES)), printable(args));
}

/** An error reply is one line. */
function printable(text: string): string {
  return text.replace(/[\r\n]/g, ' ');
}
