import { type ByteString, isAscii } from '../../bytes/byte-string.ts';
import type { AclProblem } from '../../errors.ts';
import { aclCategories, isAclCategory } from '../../wire/acl-categories.ts';
import type { Command } from '../../wire/command.ts';
import type { CommandRegistry } from '../command/command-registry.ts';
import { isAbsentCommand } from './absent-commands.ts';

/**
 * Which commands may be run: everything or nothing to begin with, and then rule after rule.
 *
 *     -@all +@read -keys +config|get +select|0
 *
 * Rules are kept twice: as the set of commands that they come to, which is what is asked all the time, and as they
 * were given, which is what ACL LIST shows. As in Redis since 7.2 a rule replaces an older one about the same command
 * or category (one about a command also those about its subcommands), and is otherwise kept even if it changes
 * nothing.
 *
 * Invariants:
 *
 * 1. A command may be run if it is an exception from nothing, or no exception from everything.
 * 2. There are first arguments only of commands that may not be run otherwise.
 */
export class CommandRules {
  private isEverything = false;
  private readonly exceptions = new Set<Command>();
  /** The older way to allow a part of a command, `+select|0`: which first arguments are allowed. */
  private readonly firstArguments = new Map<Command, Set<ByteString>>();
  /** In the order in which they apply, signs included, after the `+@all` or `-@all` they begin with. */
  private rules: string[] = [];

  clone(): CommandRules {
    const copy = new CommandRules();
    copy.isEverything = this.isEverything;
    for (const command of this.exceptions) copy.exceptions.add(command);
    for (const [command, first] of this.firstArguments) copy.firstArguments.set(command, new Set(first));
    copy.rules = [...this.rules];
    return copy;
  }

  /** Whether there is no command that may not be run. */
  get allowsAll(): boolean {
    return this.isEverything && this.exceptions.size === 0;
  }

  allowAll(): void {
    this.beginWith(true);
  }

  denyAll(): void {
    this.beginWith(false);
  }

  private beginWith(everything: boolean): void {
    this.isEverything = everything;
    this.exceptions.clear();
    this.firstArguments.clear();
    this.rules = [];
  }

  /** Applies `+get`, `-@write`, `+config|get` …; answers what is wrong with the rule, if something is. */
  apply(rule: ByteString, registry: CommandRegistry): AclProblem | undefined {
    const isAllowed = rule.startsWith('+');
    const name = lowerCase(rule.slice(1));
    if (name === '@all') {
      this.beginWith(isAllowed);
      return undefined;
    }
    const problem = name.startsWith('@')
      ? this.applyCategory(name.slice(1), isAllowed, registry)
      : this.applyCommand(name, isAllowed, registry);
    if (problem === undefined) this.record(`${isAllowed ? '+' : '-'}${name}`);
    return problem;
  }

  private applyCategory(
    category: string,
    isAllowed: boolean,
    registry: CommandRegistry,
  ): AclProblem | undefined {
    if (!isAclCategory(category)) return 'unknownCommand';
    for (const command of registry.all) {
      if (aclCategories(command).includes(category)) this.set(command, isAllowed);
    }
    return undefined;
  }

  private applyCommand(name: string, isAllowed: boolean, registry: CommandRegistry): AclProblem | undefined {
    const command = registry.byFullName(name);
    if (command !== undefined) {
      this.set(command, isAllowed);
      for (const subcommand of registry.subcommandsOf(command)) this.set(subcommand, isAllowed);
      return undefined;
    }
    if (isAbsentCommand(name)) return undefined;
    return isAllowed ? this.allowFirstArgument(name, registry) : 'unknownCommand';
  }

  /** `select|0`. */
  private allowFirstArgument(name: string, registry: CommandRegistry): AclProblem | undefined {
    const bar = name.lastIndexOf('|');
    const command = bar < 0 ? undefined : registry.byFullName(name.slice(0, bar));
    if (command === undefined) return 'unknownCommand';
    if (command.nameLength > 1) return 'firstArgumentOfSubcommand';
    const argument = name.slice(bar + 1);
    if (argument === '') return 'syntax';
    if (registry.subcommandsOf(command).length > 0) return 'unknownCommand';
    if (!this.isSet(command)) {
      const known = this.firstArguments.get(command);
      if (known === undefined) this.firstArguments.set(command, new Set([argument]));
      else known.add(argument);
    }
    return undefined;
  }

  private isSet(command: Command): boolean {
    return this.exceptions.has(command) !== this.isEverything;
  }

  private set(command: Command, isAllowed: boolean): void {
    if (isAllowed === this.isEverything) this.exceptions.delete(command);
    else this.exceptions.add(command);
    this.firstArguments.delete(command);
  }

  private record(rule: string): void {
    const name = rule.slice(1);
    this.rules = this.rules.filter((other) => {
      const otherName = other.slice(1);
      return otherName !== name && !otherName.startsWith(`${name}|`);
    });
    this.rules.push(rule);
  }

  /** Whether this command may be run. O(1). */
  permits(command: Command, tokens: readonly ByteString[]): boolean {
    if (this.isSet(command)) return true;
    const first = this.firstArguments.get(command);
    return first !== undefined && tokens.length > 1 && first.has(lowerCase(tokens[1]!));
  }

  /** As ACL LIST shows it. */
  describe(): string {
    return [this.isEverything ? '+@all' : '-@all', ...this.rules].join(' ');
  }

  /** For tests: throws if an invariant does not hold. */
  checkInvariants(): void {
    for (const [command, first] of this.firstArguments) {
      if (this.isSet(command) || first.size === 0) throw new Error(`${command.fullName}: first arguments`);
    }
    const names = this.rules.map((rule) => rule.slice(1));
    if (new Set(names).size !== names.length) throw new Error(`a rule is there twice: ${names.join(' ')}`);
  }
}

/** Only ASCII has cases. */
function lowerCase(text: ByteString): string {
  return isAscii(text) ? text.toLowerCase() : text;
}
