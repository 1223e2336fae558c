import { Disk, type DiskFile, type PowerLoss } from './disk-model.ts';
import { StorageFailure } from './failures.ts';
import { splitName } from './names.ts';
import {
  type AppendedFile,
  type ImmediateFile,
  type Storage,
  StorageLocked,
  type StoredFile,
} from './storage.ts';

/** What a storage is asked to do. `create` opens a file to be written, `open` one to be read. */
export type OperationKind =
  | 'lock'
  | 'unlock'
  | 'list'
  | 'open'
  | 'read'
  | 'create'
  | 'append'
  | 'sync'
  | 'truncate'
  | 'close'
  | 'rename'
  | 'remove';

/** One call of a storage's, or of one of its files', method. */
export interface Operation {
  /** The how-manieth it is of this storage, from 0. */
  readonly number: number;
  readonly kind: OperationKind;
  /** Of the file; of a rename, the one it had. */
  readonly name: string;
  /** Of a rename: the name it gets. */
  readonly to?: string;
  /** Of an append or a read, how many bytes; of a truncation, to how many. */
  readonly bytes?: number;
}

/** What goes wrong with an operation. */
export interface Fault {
  /** As the system calls it (`ENOSPC`, `EIO`, `EACCES`), or `dies`: the process is killed here, and does nothing more. */
  readonly code: string;
  /**
   * How much of it is done all the same: `nothing` (unless said), `all`, or so many bytes of an append. What a sync that
   * fails has done is never known: see {@link DiskFile}.
   */
  readonly done?: 'nothing' | 'all' | number;
}

/** A {@link Fault} that is the process's death. */
export const DIES = 'dies';

/** An operation and what came of it: `ok`, or the code of its failure. */
export interface LoggedOperation extends Operation {
  readonly outcome: string;
}

/** Which operations go wrong. */
export type FaultPlan = (operation: Operation) => Fault | undefined;

/** The operation of that number goes wrong, no other. */
export function failAt(number: number, fault: Fault): FaultPlan {
  return (operation) => (operation.number === number ? fault : undefined);
}

/** What any operation is answered after the process was killed: nobody is there to see it. */
export class ProcessDied extends Error {
  override readonly name = 'ProcessDied';
}

/**
 * A storage for tests, on a model of a {@link Disk}: any operation can be made to fail, before, after or in the middle of
 * it, the disk can be full, the process can die anywhere and the machine lose its power; what is found then is another such
 * storage.
 *
 * @example
 * const storage = new FaultyStorage();
 * storage.plan = failAt(7, { code: 'ENOSPC', done: 3 });   // a short write, of three bytes
 * storage.plan = failAt(7, { code: DIES, done: 3 });       // killed when three bytes were written
 * for (const found of storage.powerLosses()) …             // all that may be left of it
 */
export class FaultyStorage implements Storage {
  readonly place: string = 'faulty memory';
  /** Which operations go wrong from now on. */
  plan: FaultPlan = () => undefined;
  /** How much there is room for. What is full can be written to again when this grows, or when something is removed. */
  capacityBytes = Number.POSITIVE_INFINITY;
  /** All that was asked, in order. */
  readonly log: LoggedOperation[] = [];
  readonly disk: Disk;
  private readonly isImmediate: boolean;
  private isLocked = false;
  private isDead = false;
  private gate: { readonly opens: Promise<void>; readonly open: () => void } | undefined;

  /** @param options.immediate whether files have {@link AppendedFile.now}; true unless said otherwise */
  constructor(options: { readonly immediate?: boolean; readonly disk?: Disk } = {}) {
    this.isImmediate = options.immediate ?? true;
    this.disk = options.disk ?? new Disk();
  }

  /** Whether the process was killed. */
  get hasDied(): boolean {
    return this.isDead;
  }

  /** From now on nothing that is waited for gets done, until {@link release}. What is done at once is. */
  hold(): void {
    if (this.gate !== undefined) return;
    let open = () => {};
    const opens = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.gate = { opens, open };
  }

  release(): void {
    this.gate?.open();
    this.gate = undefined;
  }

  /** Kills the process now. */
  die(): void {
    this.isDead = true;
  }

  /** What a new process finds: all that this one had written, synced or not. */
  afterProcessDied(): FaultyStorage {
    return this.found(this.disk.afterProcessDied());
  }

  /** What is found when the machine comes back. Unless said otherwise, nothing that was not synced is. */
  afterPowerLoss(choice: Partial<PowerLoss> = {}): FaultyStorage {
    return this.found(
      this.disk.afterPowerLoss({
        content: choice.content ?? (() => 0),
        names: choice.names ?? (() => false),
        tail: choice.tail ?? 'cut',
      }),
    );
  }

  /**
   * All that may be found when the machine comes back: each file cut at each of its unsynced bytes while the others are whole
   * or not there, with each subset of unsynced names (of many: all, none and each alone). Each state once.
   *
   * @param tails what may stand where bytes are not there; see {@link PowerLoss.tail}
   */
  *powerLosses(tails: readonly PowerLoss['tail'][] = ['cut', 'zeros']): Generator<FaultyStorage> {
    const seen = new Set<string>();
    for (const names of subsets(this.disk.unsyncedNames.length))
      for (const content of this.contents())
        for (const tail of tails) {
          const found = this.afterPowerLoss({ content, names, tail });
          const state = found.disk.describe();
          if (!seen.has(state)) yield found;
          seen.add(state);
        }
  }

  // ── what every storage can do ────────────────────────────────────────────────────────────────────────────

  async lock(): Promise<() => Promise<void>> {
    await this.wait({ kind: 'lock', name: '' }, () => {
      if (this.isLocked) throw new StorageLocked('This memory is used by another store: close that first');
      this.isLocked = true;
    });
    let isReleased = false;
    return () =>
      this.wait({ kind: 'unlock', name: '' }, () => {
        if (isReleased) return;
        isReleased = true;
        this.isLocked = false;
      });
  }

  list(): Promise<string[]> {
    return this.wait({ kind: 'list', name: '' }, () => [...this.disk.names.keys()]);
  }

  open(name: string): Promise<StoredFile | undefined> {
    return this.wait({ kind: 'open', name }, () => {
      splitName(name);
      const file = this.disk.names.get(name);
      return file && this.readable(file, name);
    });
  }

  append(name: string): Promise<AppendedFile> {
    return this.wait({ kind: 'create', name }, () => {
      splitName(name);
      return this.writable(this.disk.create(name), name);
    });
  }

  async rename(from: string, to: string): Promise<void> {
    await this.wait(
      { kind: 'rename', name: from, to },
      () => {
        splitName(from);
        splitName(to);
        if (!this.disk.names.has(from)) throw new StorageFailure('ENOENT', 'rename', from);
        this.disk.rename(from, to);
      },
      // Only once it has succeeded it is sure to survive.
      () => this.disk.syncName(to),
    );
  }

  remove(name: string): Promise<void> {
    return this.wait({ kind: 'remove', name }, () => {
      splitName(name);
      this.disk.remove(name);
    });
  }

  // ── files ────────────────────────────────────────────────────────────────────────────────────────────────

  private readable(file: DiskFile, name: string): StoredFile {
    let isOpen = true;
    return {
      sizeBytes: file.content.sizeBytes,
      read: (offset, bytes) =>
        this.wait({ kind: 'read', name, bytes }, () => {
          if (!isOpen) throw new StorageFailure('EBADF', 'read', name);
          return file.content.read(offset, bytes);
        }),
      close: () =>
        this.wait({ kind: 'close', name }, () => {
          isOpen = false;
        }),
    };
  }

  private writable(file: DiskFile, name: string): AppendedFile {
    let isOpen = true;
    // What a failed append has left stays there until it is cut off, and is in nobody's size.
    let size = file.content.sizeBytes;
    const opened = (operation: string): void => {
      if (!isOpen) throw new StorageFailure('EBADF', operation, name);
    };
    const now: ImmediateFile = {
      append: (bytes) => {
        const operation = this.begin({ kind: 'append', name, bytes: bytes.length });
        const fault = this.plan(operation);
        const room = Math.max(0, this.capacityBytes - this.disk.usedBytes);
        const isFull = bytes.length > room;
        const allowed = Math.min(bytes.length, room, doneBytes(fault, bytes.length));
        this.finish(operation, fault ?? (isFull ? { code: 'ENOSPC' } : undefined), () => {
          opened('write');
          file.append(bytes.subarray(0, allowed));
          if (fault === undefined && !isFull) size = file.content.sizeBytes;
        });
      },
      sync: () => {
        const operation = this.begin({ kind: 'sync', name });
        const fault = this.plan(operation);
        this.finish(operation, fault, () => {
          opened('sync');
          if (fault === undefined || (fault.code === DIES && fault.done === 'all')) this.disk.sync(file);
          else if (fault.code !== DIES) file.failSync();
        });
      },
      truncate: (sizeBytes) => {
        const operation = this.begin({ kind: 'truncate', name, bytes: sizeBytes });
        const fault = this.plan(operation);
        this.finish(operation, fault, () => {
          opened('truncate');
          if (sizeBytes > size) throw new StorageFailure('EINVAL', 'truncate', name);
          if (fault !== undefined && fault.done !== 'all') return;
          file.truncate(sizeBytes);
          if (fault === undefined) size = sizeBytes;
        });
      },
    };
    const later = async (run: () => void): Promise<void> => {
      await this.gate?.opens;
      run();
    };
    return {
      get sizeBytes() {
        return size;
      },
      append: (bytes) => later(() => now.append(bytes)),
      sync: () => later(() => now.sync()),
      truncate: (sizeBytes) => later(() => now.truncate(sizeBytes)),
      close: () =>
        this.wait({ kind: 'close', name }, () => {
          isOpen = false;
        }),
      ...(this.isImmediate && { now }),
    };
  }

  // ── operations ───────────────────────────────────────────────────────────────────────────────────────────

  /** Does what is waited for, or a part of it, as it was planned. */
  private async wait<Result>(
    asked: Omit<Operation, 'number'>,
    effect: () => Result,
    success?: () => void,
  ): Promise<Result> {
    await this.gate?.opens;
    const operation = this.begin(asked);
    const fault = this.plan(operation);
    let result: Result | undefined;
    this.finish(operation, fault, () => {
      if (fault !== undefined && fault.done !== 'all') return;
      result = effect();
      if (fault === undefined) success?.();
    });
    return result as Result;
  }

  private begin(asked: Omit<Operation, 'number'>): Operation {
    if (this.isDead) throw new ProcessDied(`killed before ${asked.kind} ${asked.name}`);
    return { number: this.log.length, ...asked };
  }

  /** Has the effect, logs what came of it, and fails if it is to fail. */
  private finish(operation: Operation, fault: Fault | undefined, effect: () => void): void {
    try {
      effect();
    } catch (failure) {
      const code = (failure as { code?: unknown }).code;
      this.log.push({ ...operation, outcome: typeof code === 'string' ? code : String(failure) });
      throw failure;
    }
    this.log.push({ ...operation, outcome: fault?.code ?? 'ok' });
    if (fault === undefined) return;
    if (fault.code !== DIES) throw new StorageFailure(fault.code, operation.kind, operation.name);
    this.isDead = true;
    throw new ProcessDied(`killed at ${operation.kind} ${operation.name}`);
  }

  private found(disk: Disk): FaultyStorage {
    return new FaultyStorage({ immediate: this.isImmediate, disk });
  }

  /** How much of each file is left: each file at each cut, the others with nothing and with all. */
  private *contents(): Generator<(file: DiskFile) => number> {
    yield () => 0;
    yield (file) => file.unsyncedUnits;
    for (const cut of this.disk.files)
      for (let units = 1; units < cut.unsyncedUnits; units++)
        for (const areOthersWhole of [false, true])
          yield (file) => (file === cut ? units : areOthersWhole ? file.unsyncedUnits : 0);
  }
}

function doneBytes(fault: Fault | undefined, bytes: number): number {
  if (fault === undefined || fault.done === 'all') return bytes;
  return typeof fault.done === 'number' ? fault.done : 0;
}

/** Of so few, every subset is tried. */
const ALL_SUBSETS_UP_TO = 4;

function* subsets(count: number): Generator<(index: number) => boolean> {
  if (count <= ALL_SUBSETS_UP_TO) {
    for (let bits = 0; bits < 1 << count; bits++) yield (index) => ((bits >> index) & 1) === 1;
    return;
  }
  yield () => false;
  yield () => true;
  for (let alone = 0; alone < count; alone++) {
    yield (index) => index === alone;
    yield (index) => index !== alone;
  }
}
