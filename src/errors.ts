/** An error that Redis would have replied with. Its `message` is Redis's own text, its `code` the first word of it. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';

  /** The error's code: `ERR`, `WRONGTYPE`, … */
  get code(): string {
    const space = this.message.indexOf(' ');
    return space < 0 ? this.message : this.message.slice(0, space);
  }
}

/** Every error text of Redis that lodis can answer with, in one place. */
export const errors = {
  wrongType: () => new ReplyError('WRONGTYPE Operation against a key holding the wrong kind of value'),
  syntax: () => new ReplyError('ERR syntax error'),
  notAnInteger: () => new ReplyError('ERR value is not an integer or out of range'),
  notAFloat: () => new ReplyError('ERR value is not a valid float'),
  outOfRange: () => new ReplyError('ERR value is out of range'),
  noSuchKey: () => new ReplyError('ERR no such key'),
} as const;
