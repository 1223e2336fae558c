/**
 * What went wrong with a storage, as C's strerror says it: Redis puts these texts into its log and its errors, whatever the
 * host calls them.
 */
const TEXTS: Readonly<Record<string, string>> = {
  EPERM: 'Operation not permitted',
  ENOENT: 'No such file or directory',
  EINTR: 'Interrupted system call',
  EIO: 'Input/output error',
  ENXIO: 'No such device or address',
  EBADF: 'Bad file descriptor',
  EAGAIN: 'Resource temporarily unavailable',
  ENOMEM: 'Cannot allocate memory',
  EACCES: 'Permission denied',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  EXDEV: 'Invalid cross-device link',
  ENODEV: 'No such device',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EINVAL: 'Invalid argument',
  ENFILE: 'Too many open files in system',
  EMFILE: 'Too many open files',
  ETXTBSY: 'Text file busy',
  EFBIG: 'File too large',
  ENOSPC: 'No space left on device',
  EROFS: 'Read-only file system',
  EMLINK: 'Too many links',
  ENAMETOOLONG: 'File name too long',
  ENOSYS: 'Function not implemented',
  ENOTEMPTY: 'Directory not empty',
  ELOOP: 'Too many levels of symbolic links',
  EDQUOT: 'Disk quota exceeded',
  ESTALE: 'Stale file handle',
  ENOTSUP: 'Operation not supported',
  EOPNOTSUPP: 'Operation not supported',
  ETIMEDOUT: 'Connection timed out',
  // What a browser throws, by its name.
  QuotaExceededError: 'No space left on device',
  NotAllowedError: 'Permission denied',
  NoModificationAllowedError: 'Device or resource busy',
  NotFoundError: 'No such file or directory',
};

/**
 * The text of a failure as Redis would say it: that of its code (`ENOSPC`: `No space left on device`), or of its name where
 * it comes from a browser; else its own message.
 */
export function failureText(failure: unknown): string {
  if (typeof failure !== 'object' || failure === null) return String(failure);
  const { code, name, message } = failure as { code?: unknown; name?: unknown; message?: unknown };
  for (const known of [code, name])
    if (typeof known === 'string' && Object.hasOwn(TEXTS, known)) return TEXTS[known] as string;
  return typeof message === 'string' && message !== '' ? message : String(failure);
}

/** A failure of a storage that is no system's: with a code and a text as a system's. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure';
  /** As the system calls it: `ENOSPC`. */
  readonly code: string;

  constructor(code: string, operation: string, file: string) {
    super(`${code}: ${(TEXTS[code] ?? 'Unknown error').toLowerCase()}, ${operation} '${file}'`);
    this.code = code;
  }
}
