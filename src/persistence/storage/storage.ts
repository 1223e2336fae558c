/**
 * Where files live: a folder of the host, of the browser, or of nothing but memory. Names are relative and may have one
 * folder before the file (`appendonlydir/appendonly.aof.manifest`); folders come to be with their first file.
 *
 * Everything may fail: each method rejects with an Error, of which `code` is that of the system where there is one
 * (`ENOSPC`), and what it would have done is then not done, or half done where it says so.
 */
export interface Storage {
  /** Where it is, for people: a path, or a name. What CONFIG GET dir answers. */
  readonly place: string;
  /**
   * Takes the place for this process (tab, worker) alone, until it is released or the process dies.
   *
   * @returns what releases it
   * @throws StorageLocked if somebody else has it
   */
  lock(): Promise<() => Promise<void>>;
  /** The names of all files. */
  list(): Promise<string[]>;
  /** The file to be read, or `undefined` if there is none. */
  open(name: string): Promise<StoredFile | undefined>;
  /** The file to be written at its end; an empty one, if there is none. */
  append(name: string): Promise<AppendedFile>;
  /**
   * Gives a file another name, in one step: whoever looks finds the old file of that name or the new one, whole. Once this
   * resolves, that survives the machine. (The content must have been synced before.) If it fails it is one or the other.
   */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file. None is fine. */
  remove(name: string): Promise<void>;
}

/** A file that is read. It does not change while it is open. */
export interface StoredFile {
  readonly sizeBytes: number;
  /** So many bytes from there, fewer only where the file ends. */
  read(offset: number, lengthBytes: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A file that is written at its end. Calls do not overlap: each is awaited before the next is made. */
export interface AppendedFile {
  /** What is in it, with all that was appended. */
  readonly sizeBytes: number;
  /**
   * Puts the bytes behind what is there. Once this resolves they survive the process. If it rejects, a part of them may be
   * there: {@link truncate} takes it away.
   */
  append(bytes: Uint8Array): Promise<void>;
  /** Once this resolves, all that was appended survives the machine, the file's name too. If it rejects, nothing is known of that. */
  sync(): Promise<void>;
  /** Cuts off what is behind so many bytes. */
  truncate(sizeBytes: number): Promise<void>;
  close(): Promise<void>;
  /**
   * The same without waiting, where the place can: it throws instead of rejecting. May be used while {@link sync} is under
   * way.
   */
  readonly now?: ImmediateFile;
}

/** See {@link AppendedFile.now}. */
export interface ImmediateFile {
  append(bytes: Uint8Array): void;
  sync(): void;
  truncate(sizeBytes: number): void;
}

/** Somebody else uses the storage: see {@link Storage.lock}. */
export class StorageLocked extends Error {
  override readonly name = 'StorageLocked';
}
