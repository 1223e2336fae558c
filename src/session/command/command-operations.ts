import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { type Many, manyOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { compileGlob } from '../../keyspace/glob.ts';
import { aclCategories } from '../../wire/acl-categories.ts';
import type { Command } from '../../wire/command.ts';
import { type KeyPosition, keyPositions } from '../../wire/key-positions.ts';
import { syntaxOf } from '../../wire/syntax.ts';
import { statuses, type Tree } from '../../wire/tree-codec.ts';
import { docsOf, infoOf } from './command-description.ts';
import type { CommandRegistry } from './command-registry.ts';

/** Which commands COMMAND LIST is asked for. */
export interface CommandFilter {
  readonly by: 'module' | 'aclcat' | 'pattern';
  readonly value: Bytes;
}

/**
 * The commands on commands: COMMAND, and every container's HELP. All they say is read from the command tables.
 * Byte strings are in their inner form.
 */
export class CommandOperations {
  private readonly registry: CommandRegistry;

  constructor(registry: CommandRegistry) {
    this.registry = registry;
  }

  /** Everything about every command. */
  command(): Tree {
    return this.commandInfo();
  }

  /** How many commands there are, subcommands not counted. */
  commandCount(): number {
    return this.registry.names.length;
  }

  /** What clients need to know of these commands, or of all; nil in the place of one that does not exist. */
  commandInfo(names?: Many): Tree {
    const { registry } = this;
    const asked =
      names === undefined
        ? registry.topLevel
        : manyOf(names).map((name) => registry.byFullName(name as ByteString));
    return asked.map((command) =>
      command === undefined ? null : infoOf(command, registry.subcommandsOf(command)),
    );
  }

  /** What people need to know of these commands, or of all. Those that do not exist are left out. */
  commandDocs(names?: Many): Tree {
    const { registry } = this;
    const asked =
      names === undefined
        ? registry.topLevel
        : manyOf(names).map((name) => registry.byFullName(name as ByteString));
    const docs = new Map<string, Tree>();
    for (const command of asked) {
      if (command !== undefined) docs.set(command.fullName, docsOf(command, registry.subcommandsOf(command)));
    }
    return docs;
  }

  /** The names of all commands; with a filter, of those (subcommands among them) that pass it. */
  commandList(filter?: CommandFilter): string[] {
    const { registry } = this;
    if (filter === undefined) return registry.topLevel.map(({ fullName }) => fullName);
    const value = filter.value as ByteString;
    switch (filter.by) {
      case 'module':
        return [];
      case 'aclcat': {
        const category = value.toLowerCase();
        return namesOf(registry.all.filter((command) => aclCategories(command).includes(category)));
      }
      case 'pattern': {
        const matches = compileGlob(value, true);
        return namesOf(registry.all.filter(({ fullName }) => matches(fullName)));
      }
    }
  }

  /**
   * The keys among the tokens of a command.
   *
   * @throws ReplyError if there is no such command, it takes no keys, or the tokens are not enough to tell
   */
  commandGetkeys(name: Bytes, args?: Many): ByteString[] {
    const tokens = tokensOf(name, args);
    return this.keysOf(tokens).map(({ index }) => tokens[index]!);
  }

  /** The same, each key with what the command does to it. */
  commandGetkeysandflags(name: Bytes, args?: Many): Tree {
    const tokens = tokensOf(name, args);
    return this.keysOf(tokens).map(({ index, flags }) => [tokens[index]!, statuses(flags)]);
  }

  private keysOf(tokens: readonly ByteString[]): readonly KeyPosition[] {
    const command = this.registry.lookup(tokens);
    if (command === undefined) throw errors.invalidCommandSpecified();
    if (command.keySpecs.length === 0) throw errors.noKeyArguments();
    if (!command.accepts(tokens.length)) throw errors.invalidArgumentNumber();
    const positions = keyPositions(command.keySpecs, tokens);
    if (positions !== undefined && positions.length > 0) return positions;
    if (command.flags.has('no_mandatory_keys')) return [];
    throw errors.invalidArguments();
  }

  /** What a container's HELP says: its subcommands, how to write them, and what they do. */
  help(container: string): string[] {
    const own = this.registry.byFullName(container);
    const lines = [`${container} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`];
    if (own?.forms.length !== 0) lines.push('(no subcommand)', `    ${own?.facts.summary ?? ''}`);
    for (const command of this.registry.subcommandsNamed(container)) {
      const name = command.facts.name.slice(container.length + 1);
      if (name === 'HELP') continue;
      lines.push(`${name} ${syntaxOf(command.docs)}`.trimEnd(), `    ${command.facts.summary}`);
    }
    lines.push('HELP', '    Prints this help.');
    return lines;
  }
}

function tokensOf(name: Bytes, args: Many | undefined): ByteString[] {
  const rest = args === undefined ? [] : manyOf(args);
  return [name].concat(rest) as ByteString[];
}

function namesOf(commands: readonly Command[]): string[] {
  return commands.map(({ fullName }) => fullName);
}
