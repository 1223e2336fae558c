import type {
  AppendedFile,
  ImmediateFile,
  Storage,
  StoredFile,
} from '../../../src/persistence/storage/storage.ts';

/** Ends the process as from outside: nothing of it runs any more. */
function die(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}

/**
 * A storage whose process is killed at its so-manieth change: before it, after it, or, of a write, when so large a part of the
 * bytes was written.
 */
export class KillingStorage implements Storage {
  private readonly inner: Storage;
  private left: number;
  private readonly part: number;

  /** @param part from 0, before, to 1, after */
  constructor(inner: Storage, left: number, part: number) {
    this.inner = inner;
    this.left = left;
    this.part = part;
  }

  get place(): string {
    return this.inner.place;
  }

  lock(): Promise<() => Promise<void>> {
    return this.inner.lock();
  }

  list(): Promise<string[]> {
    return this.inner.list();
  }

  open(name: string): Promise<StoredFile | undefined> {
    return this.inner.open(name);
  }

  async append(name: string): Promise<AppendedFile> {
    const file = await this.changing(() => this.inner.append(name));
    const { now } = file;
    return {
      get sizeBytes() {
        return file.sizeBytes;
      },
      append: async (bytes) => {
        const part = this.partOf(bytes);
        if (part === undefined) return file.append(bytes);
        await file.append(part);
        return die();
      },
      sync: () => this.changing(() => file.sync()),
      truncate: (sizeBytes) => this.changing(() => file.truncate(sizeBytes)),
      close: () => file.close(),
      ...(now && { now: this.immediate(now) }),
    };
  }

  rename(from: string, to: string): Promise<void> {
    return this.changing(() => this.inner.rename(from, to));
  }

  remove(name: string): Promise<void> {
    return this.changing(() => this.inner.remove(name));
  }

  private immediate(now: ImmediateFile): ImmediateFile {
    const changing = (change: () => void): void => {
      const isLast = --this.left === 0;
      if (isLast && this.part < 0.5) die();
      change();
      if (isLast) die();
    };
    return {
      append: (bytes) => {
        const part = this.partOf(bytes);
        now.append(part ?? bytes);
        if (part !== undefined) die();
      },
      sync: () => changing(() => now.sync()),
      truncate: (sizeBytes) => changing(() => now.truncate(sizeBytes)),
    };
  }

  private async changing<Result>(change: () => Promise<Result>): Promise<Result> {
    const isLast = --this.left === 0;
    if (isLast && this.part < 0.5) die();
    const result = await change();
    return isLast ? die() : result;
  }

  private partOf(bytes: Uint8Array): Uint8Array | undefined {
    return --this.left === 0 ? bytes.subarray(0, Math.round(bytes.length * this.part)) : undefined;
  }
}
