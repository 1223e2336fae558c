import type { ReplySink } from '../wire/resp/reply-sink.ts';
import type { RespWriter } from '../wire/resp/resp-writer.ts';

/**
 * The other end of a session: whoever sends its commands and gets what it says. A byte stream, a caller in the same
 * process, a file that is read back.
 */
export interface Peer {
  /** Where replies are written. */
  readonly replies: ReplySink;
  /** Where messages are written that answer no command: what others publish, invalidated keys, MONITOR's lines. */
  readonly messages: ReplySink;
  /** Where it comes from, as CLIENT LIST shows it: `127.0.0.1:6379`. */
  readonly address: string;
  /** Our end of the connection, in the same form. */
  readonly localAddress?: string;
  /** What CLIENT LIST tells of its buffers, in bytes: received but not executed, written but not taken. */
  readonly pendingBytes?: { readonly received: number; readonly written: number };
  /** All bytes so far, likewise. */
  readonly totalBytes?: { readonly received: number; readonly written: number };
  /** Both sinks speak this protocol from now on (HELLO, RESET). */
  setProtocol(protocol: 2 | 3): void;
  /** Something was written while none of this peer's own commands was running: a message, or a late reply. */
  flush(): void;
  /** The session can take commands again, after it had said that it {@link Session.isWaiting}. */
  resume(): void;
  /** Ends the connection at once: what was written and is not sent yet is dropped. */
  cutOff(): void;
  /** Ends the connection as soon as what has been written is sent (QUIT, CLIENT KILL). Called once. */
  close(): void;
}

/** A peer that only collects what is written: for those who ask a session and read the writer at once. */
export function collectingPeer(writer: RespWriter, address = 'local:0'): Peer {
  return {
    replies: writer,
    messages: writer,
    address,
    setProtocol: (protocol) => {
      writer.protocol = protocol;
    },
    flush: () => {},
    resume: () => {},
    cutOff: () => {},
    close: () => {},
  };
}
