import type { ByteString } from '../../bytes/byte-string.ts';
import { textBytes } from '../../bytes/text-bytes.ts';
import { Overhead } from '../../keyspace/memory/overhead.ts';
import type { DenialReason } from './selector.ts';

/** Where something was denied. */
export type DenialContext = 'toplevel' | 'multi' | 'lua';

/** What ACL LOG tells of: a command that was denied, or somebody who could not sign in. */
export interface SecurityEvent {
  readonly reason: DenialReason | 'auth';
  readonly context: DenialContext;
  /** The command, the key, the channel; or by which command somebody tried to sign in. */
  readonly object: ByteString;
  readonly username: ByteString;
  /** The client's line in CLIENT LIST. */
  readonly clientInfo: ByteString;
}

/** One line of ACL LOG: an event, or several alike. */
export interface LogEntry extends SecurityEvent {
  readonly id: number;
  readonly createdAtMs: number;
  count: number;
  updatedAtMs: number;
  clientInfo: ByteString;
}

const ALIKE_WITHIN_MS = 60_000;
/** How many of the newest entries are looked at for one that is alike. */
const ENTRIES_SEARCHED = 10;
const DEFAULT_MAX_LENGTH = 128;

/**
 * The log of what was denied, newest first. What is like one of the newest entries, and follows it within a minute, is
 * counted there.
 */
export class AclLog {
  /** `acllog-max-len`: how many entries stay when one is added. */
  maxLength = DEFAULT_MAX_LENGTH;
  /** What it holds. */
  readonly overhead = new Overhead();
  private entries: LogEntry[] = [];
  private nextId = 0;

  /** Records what happened now. */
  add(event: SecurityEvent, nowMs: number): void {
    const alike = this.entries
      .slice(0, ENTRIES_SEARCHED)
      .find((entry) => isAlike(entry, event) && nowMs - entry.updatedAtMs <= ALIKE_WITHIN_MS);
    if (alike !== undefined) {
      alike.count++;
      alike.updatedAtMs = nowMs;
      alike.clientInfo = event.clientInfo;
      this.entries = [alike, ...this.entries.filter((entry) => entry !== alike)];
    } else {
      const entry = { ...event, id: this.nextId++, count: 1, createdAtMs: nowMs, updatedAtMs: nowMs };
      this.entries.unshift(entry);
      this.overhead.add(entryBytes(entry));
    }
    for (const entry of this.entries.splice(this.maxLength)) this.overhead.add(-entryBytes(entry));
  }

  /** So many of the newest. */
  newest(count: number): readonly LogEntry[] {
    return this.entries.slice(0, Math.max(count, 0));
  }

  clear(): void {
    this.entries = [];
    this.overhead.add(-this.overhead.bytes);
  }
}

/** What an entry takes beside what was denied to whom: its times, and the client's line, which changes. */
const ENTRY_BYTES = 1000;

function entryBytes({ object, username }: LogEntry): number {
  return ENTRY_BYTES + textBytes(object) + textBytes(username);
}

function isAlike(entry: SecurityEvent, event: SecurityEvent): boolean {
  return (
    entry.reason === event.reason &&
    entry.context === event.context &&
    entry.object === event.object &&
    entry.username === event.username
  );
}
