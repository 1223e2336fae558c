import type { ByteString } from '../../bytes/byte-string.ts';
import { textBytes } from '../../bytes/text-bytes.ts';
import type { Session } from '../session.ts';

/** What a connection takes that holds nothing: itself, its reader and its writer, the objects that it is made of. */
const CONNECTION_BYTES = 4000;
/** A key that a command waits for: its queue, a place in that, and in the map of queues. */
const WAITED_KEY_BYTES = 250;
/** An argument's place in a list of tokens. */
const TOKEN_BYTES = 8;

/** What a client takes, part by part: CLIENT LIST shows them. In bytes of the host's memory, about. */
export interface ClientBytes {
  /** Received, and not executed. */
  readonly received: number;
  /** The arguments of a command that waits. */
  readonly waiting: number;
  /** The commands that MULTI has queued. */
  readonly queued: number;
  /** Written, and not taken. */
  readonly written: number;
  /** All of these, and what it has subscribed to, waits for, watches, tracks and has prepared; its name, and the connection itself. */
  readonly total: number;
}

/** What a client takes now. O(1). */
export function clientBytes(session: Session): ClientBytes {
  const {
    peer,
    subscriptions,
    watch,
    tracking,
    fieldsets,
    waitingBytes: waiting,
    queuedBytes: queued,
  } = session;
  const { received = 0, written = 0 } = peer.pendingBytes ?? {};
  const buffers = received + waiting + queued + written;
  const registered =
    subscriptions.bytes + watch.bytes + (tracking?.prefixBytes ?? 0) + (fieldsets?.bytes ?? 0);
  const waitedKeys = session.waitedKeyCount * WAITED_KEY_BYTES;
  const names = textBytes(session.name) + textBytes(session.libraryName) + textBytes(session.libraryVersion);
  const total = CONNECTION_BYTES + buffers + registered + waitedKeys + names;
  return { received, waiting, queued, written, total };
}

/** What the tokens of a command take. O(tokens), O(bytes) where they are not ASCII. */
export function tokensBytes(tokens: readonly ByteString[]): number {
  let bytes = 0;
  for (const token of tokens) bytes += TOKEN_BYTES + textBytes(token);
  return bytes;
}
