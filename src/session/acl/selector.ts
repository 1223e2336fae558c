import type { ByteString } from '../../bytes/byte-string.ts';
import type { AclProblem } from '../../errors.ts';
import type { Command } from '../../wire/command.ts';
import { upperCase } from '../../wire/grammar/token-reader.ts';
import type { CommandRegistry } from '../command/command-registry.ts';
import { CommandRules } from './command-rules.ts';
import { type ChannelSubjects, channelSubjects, type KeySubject, keySubjects } from './command-subjects.ts';
import { ChannelPatterns, KeyPatterns, READ, WRITE } from './patterns.ts';

/** Why a command may not be run. What comes later in {@link DENIALS} is nearer to being allowed. */
export type DenialReason = 'command' | 'key' | 'channel';

/** A command that may not be run, and the token it is about: the command's name, or the first key or channel. */
export interface Denial {
  readonly reason: DenialReason;
  /** Counted from the command's name, which is 0. */
  readonly index: number;
}

/** A command that is asked about, with what it touches: found out once for all selectors. */
export class Request {
  readonly command: Command;
  readonly tokens: readonly ByteString[];
  private foundKeys: readonly KeySubject[] | undefined = undefined;

  constructor(command: Command, tokens: readonly ByteString[]) {
    this.command = command;
    this.tokens = tokens;
  }

  get keys(): readonly KeySubject[] {
    this.foundKeys ??= keySubjects(this.command, this.tokens);
    return this.foundKeys;
  }

  get channels(): ChannelSubjects | undefined {
    return channelSubjects(this.command, this.tokens);
  }
}

/**
 * One set of permissions: which commands, on which keys, with which channels. A user has one, and may have further
 * ones, in parentheses: what it wants to run must be allowed by one of them alone.
 */
export class Selector {
  readonly commands: CommandRules;
  readonly keys: KeyPatterns;
  readonly channels: ChannelPatterns;

  constructor(commands = new CommandRules(), keys = new KeyPatterns(), channels = new ChannelPatterns()) {
    this.commands = commands;
    this.keys = keys;
    this.channels = channels;
  }

  clone(): Selector {
    return new Selector(this.commands.clone(), this.keys.clone(), this.channels.clone());
  }

  /** Whether there is nothing it forbids. */
  get allowsAll(): boolean {
    return this.keys.allowsAll && this.channels.allowsAll && this.commands.allowsAll;
  }

  /** Applies a rule; answers what is wrong with it, if something is. */
  apply(rule: ByteString, registry: CommandRegistry): AclProblem | undefined {
    switch (upperCase(rule)) {
      case 'ALLKEYS':
      case '~*':
        this.keys.allowAll();
        return undefined;
      case 'RESETKEYS':
        this.keys.clear();
        return undefined;
      case 'ALLCHANNELS':
      case '&*':
        this.channels.allowAll();
        return undefined;
      case 'RESETCHANNELS':
        this.channels.clear();
        return undefined;
      case 'ALLCOMMANDS':
        this.commands.allowAll();
        return undefined;
      case 'NOCOMMANDS':
        this.commands.denyAll();
        return undefined;
    }
    switch (rule[0]) {
      case '~':
        return this.addKeys(rule.slice(1), READ | WRITE);
      case '%':
        return this.addKeysWithPermission(rule);
      case '&':
        return this.addChannels(rule.slice(1));
      case '+':
      case '-':
        return this.commands.apply(rule, registry);
      default:
        return 'syntax';
    }
  }

  private addKeysWithPermission(rule: ByteString): AclProblem | undefined {
    // `%R` without a pattern means the empty pattern, as in Redis.
    const [whole, letters, pattern = ''] = /^%(R|W|RW|WR)(?:~(.*))?$/is.exec(rule) ?? [];
    if (whole === undefined || letters === undefined) return 'syntax';
    const permission = (/R/i.test(letters) ? READ : 0) | (/W/i.test(letters) ? WRITE : 0);
    return this.addKeys(pattern, permission);
  }

  private addKeys(pattern: ByteString, permission: number): AclProblem | undefined {
    if (this.keys.allowsAll) return 'keysAfterAll';
    if (isUnprintable(pattern)) return 'syntax';
    this.keys.add(pattern, permission);
    return undefined;
  }

  private addChannels(pattern: ByteString): AclProblem | undefined {
    if (this.channels.allowsAll) return 'channelsAfterAll';
    if (isUnprintable(pattern)) return 'syntax';
    this.channels.add(pattern);
    return undefined;
  }

  /** Why this may not be done, or nothing. */
  check(request: Request): Denial | undefined {
    const { command, tokens } = request;
    if (!command.flags.has('no_auth') && !this.commands.permits(command, tokens)) {
      return { reason: 'command', index: 0 };
    }
    if (!this.keys.allowsAll) {
      for (const { index, name, needed } of request.keys) {
        if (!this.keys.permits(name, needed)) return { reason: 'key', index };
      }
    }
    return this.channels.allowsAll ? undefined : this.checkChannels(request.channels);
  }

  private checkChannels(channels: ChannelSubjects | undefined): Denial | undefined {
    if (channels === undefined) return undefined;
    for (const { index, name } of channels.list) {
      const isPermitted = channels.arePatterns
        ? this.channels.permitsPattern(name)
        : this.channels.permits(name);
      if (!isPermitted) return { reason: 'channel', index };
    }
    return undefined;
  }

  /** As ACL LIST shows it. */
  describe(): string {
    const keys = this.keys.describe();
    const channels = this.channels.allowsAll ? '&*' : `resetchannels ${this.channels.describe()}`.trimEnd();
    return `${keys === '' ? '' : `${keys} `}${channels} ${this.commands.describe()}`;
  }
}

/** Whether it holds what separates rules, or ends a string in C. */
export function isUnprintable(text: ByteString): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === SPACE || unit === 0 || (unit >= TAB && unit <= CARRIAGE_RETURN)) return true;
  }
  return false;
}

const TAB = 0x09;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
