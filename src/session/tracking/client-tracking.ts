import { type ByteString, compareBytes } from '../../bytes/byte-string.ts';
import type { Command } from '../../wire/command.ts';
import { keyPositions } from '../../wire/key-positions.ts';
import type { Session } from '../session.ts';
import type { Tracking } from './tracking.ts';

/** Which keys are taken to be cached by the client: all it reads, or those of commands after CLIENT CACHING. */
export type CachingMode = 'all' | 'optin' | 'optout';

/** How a client wants to be told of changed keys. */
export interface TrackingSettings {
  /** The id of the client that is told instead, 0 where there is none. */
  readonly redirectId: number;
  /** Whether it hears of every key that has one of its prefixes, instead of the keys it has read. */
  readonly isBroadcast: boolean;
  readonly caching: CachingMode;
  /** Whether it does not want to hear of what it has changed itself. */
  readonly noLoop: boolean;
}

/** What a session has while it tracks: CLIENT TRACKING ON. */
export class ClientTracking {
  settings: TrackingSettings;
  /** For broadcasts: the beginnings of keys that it wants to hear of. */
  readonly prefixes = new Set<ByteString>();
  /** What these take, about. */
  prefixBytes = 0;
  /** Whether the client it redirects to was gone when there was something to tell. */
  isRedirectBroken = false;
  /** CLIENT CACHING was called: the next command is the exception to {@link TrackingSettings.caching}. */
  isExcepted = false;
  private readonly session: Session;
  private readonly table: Tracking;

  constructor(session: Session, table: Tracking, settings: TrackingSettings) {
    this.session = session;
    this.table = table;
    this.settings = settings;
  }

  get redirectId(): number {
    return this.settings.redirectId;
  }

  get isBroadcast(): boolean {
    return this.settings.isBroadcast;
  }

  get sortedPrefixes(): ByteString[] {
    return [...this.prefixes].sort(compareBytes);
  }

  /** After a command ran: remembers the keys it has read, in default mode. */
  ran(command: Command, tokens: readonly ByteString[]): void {
    const { isBroadcast, caching } = this.settings;
    if (isBroadcast || command.keySpecs.length === 0 || !command.flags.has('readonly')) return;
    // Of a script those keys are remembered that its commands read.
    if (command.facts.group === 'scripting') return;
    if (caching !== 'all' && (caching === 'optin') !== this.isExcepted) return;
    for (const { index } of keyPositions(command.keySpecs, tokens) ?? []) {
      this.table.remember(tokens[index]!, this.session);
    }
  }

  /**
   * After whatever the client said last, be it a command or not: an exception lasts for one command, or for one
   * transaction. The subcommands of CLIENT leave it alone.
   */
  ended(command: Command | undefined): void {
    if (!this.isExcepted || this.session.transaction !== undefined) return;
    if (command === undefined || !command.facts.name.startsWith('CLIENT ')) this.isExcepted = false;
  }
}
