import { byteLength } from '../bytes/byte-string.ts';
import type { LogEntry } from './log-entry.ts';
import type { ReadLimits } from './read-options.ts';
import { formatId, type StreamId } from './stream-id.ts';

const UNLIMITED = Number.POSITIVE_INFINITY;

/**
 * What is left of the limits of a reading: entries of the stream that is being read, entries of all streams, bytes of
 * the reply.
 */
export class ReadBudget {
  private readonly countPerStream: number;
  private readonly maxBytes: number;
  private leftOfStream = 0;
  private left: number;
  private bytes = 0;
  /** What the reply says before the first entry of the stream, until there is one. */
  private headerBytes = 0;

  constructor({ count = 0, maxcount = UNLIMITED, maxsize = UNLIMITED }: ReadLimits) {
    this.countPerStream = count > 0 ? count : UNLIMITED;
    this.left = maxcount;
    this.maxBytes = maxsize;
  }

  /** Whether nothing more is read, of no stream. */
  get isSpent(): boolean {
    // Before the first entry there are no bytes: one is always read.
    return this.left <= 0 || this.bytes >= this.maxBytes;
  }

  /** Whether something more may be read of this stream. */
  get isOpen(): boolean {
    return this.leftOfStream > 0 && !this.isSpent;
  }

  /** From now on another stream is read. */
  beginStream(key: string): void {
    this.leftOfStream = this.countPerStream;
    if (this.maxBytes !== UNLIMITED) this.headerBytes = HEADER_BYTES + bulkBytes(key);
  }

  /**
   * An entry is read, of which there may be no more than its id. To be called while {@link isOpen}.
   *
   * @returns whether another one may be
   */
  spend(id: StreamId, entry: LogEntry | undefined): boolean {
    this.leftOfStream--;
    this.left--;
    if (this.maxBytes !== UNLIMITED) {
      this.bytes += this.headerBytes + entryBytes(id, entry);
      this.headerBytes = 0;
    }
    return this.isOpen;
  }
}

/** The length of an array of two, in a reply. */
const HEADER_BYTES = '*2\r\n'.length;

/** How many bytes an entry takes in a reply. O(fields). */
function entryBytes(id: StreamId, entry: LogEntry | undefined): number {
  let bytes = HEADER_BYTES + bulkBytes(formatId(id));
  if (entry === undefined) return bytes + '*-1\r\n'.length;
  const { fields, values } = entry;
  bytes += `*${2 * fields.length}\r\n`.length;
  for (let at = 0; at < fields.length; at++) bytes += bulkBytes(fields[at]!) + bulkBytes(values[at]!);
  return bytes;
}

function bulkBytes(text: string): number {
  const length = byteLength(text);
  return `$${length}\r\n\r\n`.length + length;
}
