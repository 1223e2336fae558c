import { type ByteString, byteLength, concat, sliceBytes } from '../../bytes/byte-string.ts';
import type { Session } from '../session.ts';

/** A command that took long. */
export interface SlowCommand {
  /** Ever increasing; never the same again, also after a reset. */
  readonly id: number;
  /** When it had run, in Unix seconds. */
  readonly atSeconds: number;
  readonly durationUs: number;
  /** The command, name included; what is too long is cut. */
  readonly tokens: readonly ByteString[];
  /** Where it came from, and the name of that client. */
  readonly address: ByteString;
  readonly clientName: ByteString;
}

const MOST_TOKENS = 32;
const MOST_BYTES = 128;

/** The commands that took long, the latest so many of them. */
export class SlowLog {
  /** From how long on a command counts as slow, in milliseconds; infinite if none does. */
  thresholdMs = 10;
  /** How many are remembered. */
  maxLength = 128;
  /** The latest is the last. */
  private entries: SlowCommand[] = [];
  private nextId = 0;

  /** How many there are. */
  get length(): number {
    return this.entries.length;
  }

  /** The latest so many, the latest first. */
  latest(count: number): SlowCommand[] {
    return this.entries.slice(Math.max(this.entries.length - count, 0)).reverse();
  }

  /** A command has taken long. */
  add(session: Session, tokens: readonly ByteString[], nowMs: number, durationMs: number): void {
    this.entries.push({
      id: this.nextId++,
      atSeconds: Math.floor(nowMs / 1000),
      durationUs: Math.floor(durationMs * 1000),
      tokens: shortened(tokens),
      address: session.peer.address,
      clientName: session.name,
    });
    this.trim();
  }

  reset(): void {
    this.entries = [];
  }

  setMaxLength(length: number): void {
    this.maxLength = length;
    this.trim();
  }

  private trim(): void {
    if (this.entries.length > this.maxLength) this.entries.splice(0, this.entries.length - this.maxLength);
  }
}

function shortened(tokens: readonly ByteString[]): ByteString[] {
  if (tokens.length <= MOST_TOKENS) return tokens.map(shortenedToken);
  const kept = tokens.slice(0, MOST_TOKENS - 1).map(shortenedToken);
  kept.push(`... (${tokens.length - MOST_TOKENS + 1} more arguments)`);
  return kept;
}

function shortenedToken(token: ByteString): ByteString {
  const length = byteLength(token);
  if (length <= MOST_BYTES) return token;
  return concat(sliceBytes(token, 0, MOST_BYTES), `... (${length - MOST_BYTES} more bytes)`);
}
