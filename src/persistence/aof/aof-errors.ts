import { ReplyError } from '../../errors.ts';

/** The append-only file, or its manifest, is not what it should be. Nothing is dropped silently: loading ends here. */
export class AofCorrupt extends Error {
  override readonly name = 'AofCorrupt';
  /** The file, without its folder. */
  readonly file: string;
  /** Where in it, in bytes: where the command begins that cannot be read. */
  readonly offset: number;
  /** Where the first byte is that cannot be right, if it is one that is wrong and not what it means. */
  readonly badOffset: number | undefined;

  constructor(message: string, file: string, offset: number, badOffset?: number) {
    super(message);
    this.badOffset = badOffset;
    this.file = file;
    this.offset = offset;
  }
}

/** What is refused while nothing can be written to the append-only file. */
export function aofNotWritable(cause: unknown): ReplyError {
  return new ReplyError(`MISCONF Errors writing to the AOF file: ${reasonOf(cause)}`);
}

/** What the system calls its errors, in the words in which Redis passes them on. */
const SYSTEM_TEXTS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EBADF: 'Bad file descriptor',
  EBUSY: 'Device or resource busy',
  EDQUOT: 'Disk quota exceeded',
  EFBIG: 'File too large',
  EINTR: 'Interrupted system call',
  EINVAL: 'Invalid argument',
  EIO: 'Input/output error',
  EISDIR: 'Is a directory',
  EMFILE: 'Too many open files',
  ENFILE: 'Too many open files in system',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  EPERM: 'Operation not permitted',
  EROFS: 'Read-only file system',
  ESTALE: 'Stale file handle',
  QuotaExceededError: 'No space left on device',
};

/** What went wrong, in a few words on one line. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'Input/output error';
  const { code } = cause as { code?: unknown };
  const text = SYSTEM_TEXTS[typeof code === 'string' ? code : cause.name];
  return text ?? cause.message.replace(/[\r\n]+/g, ' ');
}
