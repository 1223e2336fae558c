/** What carries an endpoint's bytes: some kind of stream. It tells the endpoint of bytes, of room, and of its end. */
export interface Carrier {
  /** As CLIENT LIST shows where the client comes from. */
  readonly address: string;
  /** How many bytes were given to {@link write} that the other side has not taken, as far as is known. */
  readonly pendingBytes: number;
  /**
   * Takes bytes to be sent; their buffer is the carrier's to keep. Returns false if that is enough for now: then
   * `drained` is called once the other side has taken what there was. Does nothing once the stream has ended.
   */
  write(bytes: Uint8Array): boolean;
  /** Brings no more bytes until {@link resume}. A few may come nevertheless. */
  pause(): void;
  resume(): void;
  /** Lets go of the stream once what was written is sent. */
  end(): void;
  /** Lets go of it at once. */
  destroy(): void;
}
