/** Errors of browsers by the code that a system would give. */
const CODES: Readonly<Record<string, string>> = {
  QuotaExceededError: 'ENOSPC',
  NotFoundError: 'ENOENT',
  NotAllowedError: 'EACCES',
  SecurityError: 'EACCES',
  NoModificationAllowedError: 'EBUSY',
  InvalidModificationError: 'EBUSY',
};

/** The error of a storage in a browser: with a `code`, as Node's have one, and the browser's own as its `cause`. */
export class BrowserStorageError extends Error {
  override readonly name = 'BrowserStorageError';
  /** `ENOSPC` where the browser gives the site no more room, `EIO` where it does not say what was wrong, … */
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** @param doing what failed: `append to appendonlydir/appendonly.aof.1.incr.aof` */
export function failure(doing: string, cause: unknown): BrowserStorageError {
  if (cause instanceof BrowserStorageError) return cause;
  const { name = 'Error', message = String(cause) } = (cause ?? {}) as { name?: string; message?: string };
  return new BrowserStorageError(CODES[name] ?? 'EIO', `cannot ${doing}: ${name}: ${message}`, cause);
}

/** Whether it is the browser's own error of that name. */
export function isNamed(error: unknown, name: string): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === name;
}
