import type { Keyspace } from '../../keyspace/keyspace.ts';

/** How much may be written for a client that does not take it. Zero is no limit. */
export interface OutputBufferLimit {
  /** With so many bytes waiting it is cut off at once. */
  hardBytes: number;
  /** With so many waiting for {@link softSeconds} without a break it is cut off. */
  softBytes: number;
  softSeconds: number;
}

const MEGABYTE = 1024 * 1024;

/** What a client on a byte stream may make a store hold for it. The names are those of Redis's configuration, and so are the defaults. */
export class ConnectionLimits {
  private readonly keyspace: Keyspace;
  /** How many bytes of requests that cannot run yet may wait, those that MULTI queued among them. Default 1 GB. */
  clientQueryBufferLimit = 1024 * MEGABYTE;
  /** By class of client. A client belongs to `pubsub` while it is subscribed. */
  readonly clientOutputBufferLimit: Record<'normal' | 'replica' | 'pubsub', OutputBufferLimit> = {
    normal: { hardBytes: 0, softBytes: 0, softSeconds: 0 },
    replica: { hardBytes: 256 * MEGABYTE, softBytes: 64 * MEGABYTE, softSeconds: 60 },
    pubsub: { hardBytes: 32 * MEGABYTE, softBytes: 8 * MEGABYTE, softSeconds: 60 },
  };

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
  }

  /** The longest argument, and the longest string that a command may make, in bytes. Default 512 MB. */
  get protoMaxBulkLen(): number {
    return this.keyspace.limits.protoMaxBulkLengthBytes;
  }

  set protoMaxBulkLen(bytes: number) {
    this.keyspace.limits.protoMaxBulkLengthBytes = bytes;
  }
}
