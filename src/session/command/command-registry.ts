import { type ByteString, byteLength, sliceBytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Command } from '../../wire/command.ts';
import { upperCase } from '../../wire/grammar/token-reader.ts';

/** A command of its own, or one that only leads to subcommands (OBJECT), or both (COMMAND). */
interface Family {
  own: Command | undefined;
  readonly subcommands: Map<string, Command>;
}

/** Finds the command that tokens name. */
export class CommandRegistry {
  private readonly families = new Map<string, Family>();
  /** The same by their names in upper and in lower case, as clients mostly write them. */
  private readonly asWritten = new Map<string, Family>();
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
        this.asWritten.set(name, family);
        this.asWritten.set(name.toLowerCase(), family);
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
    const command = this.lookup(tokens);
    if (command !== undefined) return command;
    const token = tokens[0]!;
    if (this.familyOf(token) === undefined) throw unknownCommand(tokens);
    if (tokens.length === 1) throw errors.wrongArity(token.toLowerCase());
    throw errors.unknownSubcommand(quoted(tokens[1]!, QUOTED_BYTES), token.toUpperCase());
  }

  /** The command the tokens name, if there is one. */
  lookup(tokens: readonly ByteString[]): Command | undefined {
    const family = this.familyOf(tokens[0]!);
    if (family === undefined || family.subcommands.size === 0 || tokens.length === 1) return family?.own;
    return family.subcommands.get(upperCase(tokens[1]!));
  }

  private familyOf(token: ByteString): Family | undefined {
    return this.asWritten.get(token) ?? this.families.get(upperCase(token));
  }

  /** The command of this full name (`GET`, `OBJECT ENCODING`, `object|encoding`; any case), if there is one. */
  get(fullName: string): Command | undefined {
    return this.byFullName(fullName.replace(' ', '|'));
  }

  /** The command of the name by which COMMAND knows it (`get`, `object|encoding`; any case), if there is one. */
  byFullName(fullName: string): Command | undefined {
    const [name, subcommand, ...more] = upperCase(fullName).split('|') as [string, ...string[]];
    if (more.length > 0) return undefined;
    const family = this.families.get(name);
    return subcommand === undefined ? family?.own : family?.subcommands.get(subcommand);
  }

  /** The names before the first space, each once: what COMMAND counts. */
  get names(): string[] {
    return [...this.families.keys()];
  }

  /** The commands that are no subcommands, containers included. */
  get topLevel(): Command[] {
    return [...this.families.values()].flatMap(({ own }) => own ?? []);
  }

  /** The subcommands of a command. */
  subcommandsOf(command: Command): Command[] {
    return command.nameLength === 1 ? this.subcommandsNamed(command.facts.name) : [];
  }

  /** The subcommands under a name. */
  subcommandsNamed(name: string): Command[] {
    return [...(this.families.get(name.toUpperCase())?.subcommands.values() ?? [])];
  }
}

/** Redis quotes the arguments until it has said 128 bytes of them. */
const QUOTED_BYTES = 128;

function unknownCommand(tokens: readonly ByteString[]): Error {
  let args = '';
  for (let at = 1, left = QUOTED_BYTES; at < tokens.length && left > 0; at++) {
    const arg = `'${quoted(tokens[at]!, left)}' `;
    left -= byteLength(arg);
    args += arg;
  }
  return errors.unknownCommand(quoted(tokens[0]!, QUOTED_BYTES), args);
}

/** What an error reply quotes: as C's strings end, up to a zero byte; no more than so many bytes; on one line. */
function quoted(token: ByteString, limitBytes: number): ByteString {
  const end = token.indexOf('\0');
  const text = end < 0 ? token : token.slice(0, end);
  return sliceBytes(text, 0, Math.min(limitBytes, byteLength(text))).replace(/[\r\n]/g, ' ');
}
