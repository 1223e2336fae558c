/** An RDB file that cannot be loaded. The message ends with where in the file that was found out. */
export class RdbError extends Error {
  override readonly name = 'RdbError';
  /** What is wrong, in Redis's words where it has some. */
  readonly reason: string;
  /** In bytes, from the beginning of the file. */
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(`${reason} (at byte ${offset} of the RDB file)`);
    this.reason = reason;
    this.offset = offset;
  }
}
