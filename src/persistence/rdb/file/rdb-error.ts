/** An RDB file that cannot be loaded. The message ends with where in the file that was found out. */
export class RdbError extends Error {
  override readonly name = 'RdbError';
  /** What is wrong, in Redis's words where it has some. */
  readonly reason: string;
  /** In bytes, from the beginning of the file. */
  readonly offset: number;

  /** @param file which it is, where that is known */
  constructor(reason: string, offset: number, file = 'the RDB file') {
    super(`${reason} (at byte ${offset} of ${file})`);
    this.reason = reason;
    this.offset = offset;
  }

  /** The same, of a file that has a name. */
  inFile(name: string): RdbError {
    return new RdbError(this.reason, this.offset, `the RDB file ${name}`);
  }
}
