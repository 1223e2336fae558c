import { GrowingBytes } from './growing-bytes.ts';

/**
 * A model of a disk under an operating system, for tests: what was written is seen by everybody at once, but stands on the
 * disk only when it has been synced. When the machine loses its power, of all that was not synced any part may be there.
 *
 * A file ({@link DiskFile}) is its content as everybody sees it, the content that is on the disk for sure, and the steps from
 * one to the other. Names are another such pair: a map of what is seen, one of what is on the disk, and the changes between
 * them, each of which comes to the disk as a whole or not at all.
 *
 *     content  0123456789ab          names    dump.rdb → #2
 *     durable  0123456               durable  dump.rdb → #1, temp.rdb → #2
 *     steps           +789 +ab       changes  { temp.rdb → none, dump.rdb → #2 }
 *
 * 1. The durable content and all steps, in their order, make the content.
 * 2. The durable names and all changes, in their order, make the names.
 * 3. A file whose sync has failed once is doubtful: from then on no sync makes anything of it durable. (Linux forgets
 *    which pages failed: the next sync succeeds, and they are not on the disk.)
 */
export class Disk {
  readonly names = new Map<string, DiskFile>();
  private readonly durable = new Map<string, DiskFile>();
  private changes: NameChange[] = [];

  /** What all files hold, in bytes. */
  get usedBytes(): number {
    let used = 0;
    for (const file of new Set(this.names.values())) used += file.content.sizeBytes;
    return used;
  }

  /** The changes of names that are not synced. */
  get unsyncedNames(): readonly NameChange[] {
    return this.changes;
  }

  /** All files that somebody may find after a crash, with what of them is not synced. */
  get files(): readonly DiskFile[] {
    return [...new Set([...this.names.values(), ...this.durable.values()])];
  }

  /** All names with what they hold, as a text that is the same for the same. */
  describe(): string {
    const files = [...this.names].map(([name, { content }]) => [name, ...content.read(0, content.sizeBytes)]);
    return JSON.stringify(files.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
  }

  /** The file of that name, made if there is none. */
  create(name: string): DiskFile {
    const found = this.names.get(name);
    if (found !== undefined) return found;
    const made = new DiskFile(name);
    this.change(new Map([[name, made]]));
    return made;
  }

  rename(from: string, to: string): void {
    if (from === to) return;
    this.change(
      new Map([
        [from, undefined],
        [to, this.names.get(from)],
      ]),
    );
  }

  remove(name: string): void {
    if (this.names.has(name)) this.change(new Map([[name, undefined]]));
  }

  /** Brings all changes of this name to the disk, and those of other names that they build on. */
  syncName(name: string): void {
    const names = new Set([name]);
    const kept: NameChange[] = [];
    const synced: NameChange[] = [];
    for (const change of this.changes.toReversed()) {
      const isMeant = [...change.keys()].some((changed) => names.has(changed));
      (isMeant ? synced : kept).push(change);
      if (isMeant) for (const changed of change.keys()) names.add(changed);
    }
    for (const change of synced.reverse()) assign(this.durable, change);
    this.changes = kept.reverse();
  }

  /** Brings the file's content and the names it has to the disk. */
  sync(file: DiskFile): void {
    file.sync();
    for (const [name, named] of this.names) if (named === file) this.syncName(name);
  }

  /** What another process finds if this one dies. */
  afterProcessDied(): Disk {
    const disk = new Disk();
    const copies = new Map(this.files.map((file) => [file, file.copy()]));
    for (const [name, file] of this.durable) disk.durable.set(name, copies.get(file) as DiskFile);
    for (const [name, file] of this.names) disk.names.set(name, copies.get(file) as DiskFile);
    disk.changes = this.changes.map(
      (change) => new Map([...change].map(([name, file]) => [name, file && copies.get(file)])),
    );
    return disk;
  }

  /** What is found when the machine has lost its power and comes back. */
  afterPowerLoss(choice: PowerLoss): Disk {
    const disk = new Disk();
    const names = new Map(this.durable);
    for (const [index, change] of this.changes.entries()) if (choice.names(index)) assign(names, change);
    const found = new Map<DiskFile, DiskFile>();
    for (const file of names.values())
      found.set(file, file.afterPowerLoss(choice.content(file), choice.tail));
    for (const [name, file] of names) {
      disk.names.set(name, found.get(file) as DiskFile);
      disk.durable.set(name, found.get(file) as DiskFile);
    }
    return disk;
  }

  /** @internal For tests: throws if an invariant does not hold. */
  checkInvariants(): void {
    const names = new Map(this.durable);
    for (const change of this.changes) assign(names, change);
    const isSame =
      names.size === this.names.size && [...names].every(([name, file]) => this.names.get(name) === file);
    if (!isSame) throw new Error('invariant 2: names are not what is durable and what changed since');
    for (const file of this.files) file.checkInvariants();
  }

  private change(change: NameChange): void {
    this.changes.push(change);
    assign(this.names, change);
  }
}

/** What is left of what was not synced. */
export interface PowerLoss {
  /** How many units of the file's steps are there: see {@link DiskFile.unsyncedUnits}. */
  readonly content: (file: DiskFile) => number;
  /** Whether this of the {@link Disk.unsyncedNames} is there. */
  readonly names: (index: number) => boolean;
  /**
   * What stands where appended bytes are not there: nothing, as the file is shorter; or zeros, as its length came to the disk
   * before its content.
   */
  readonly tail: 'cut' | 'zeros';
}

/** Names that change as one: each is then that file, or none. */
export type NameChange = ReadonlyMap<string, DiskFile | undefined>;

function assign(names: Map<string, DiskFile>, change: NameChange): void {
  for (const [name, file] of change)
    if (file === undefined) names.delete(name);
    else names.set(name, file);
}

/** Bytes that were appended, or the size to which was truncated. */
type Step = Uint8Array | number;

/** A file on a {@link Disk}. */
export class DiskFile {
  /** The first name it had. */
  readonly firstName: string;
  readonly content = new GrowingBytes();
  private readonly durable = new GrowingBytes();
  private steps: Step[] = [];
  private doubtful = false;

  constructor(firstName: string) {
    this.firstName = firstName;
  }

  /** Whether a sync has failed. */
  get isDoubtful(): boolean {
    return this.doubtful;
  }

  /** How many states there are between what is on the disk for sure and what is seen, less one: each byte, each truncation. */
  get unsyncedUnits(): number {
    let units = 0;
    for (const step of this.steps) units += typeof step === 'number' ? 1 : step.length;
    return units;
  }

  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.content.append(bytes);
    this.steps.push(bytes.slice());
  }

  truncate(sizeBytes: number): void {
    if (sizeBytes >= this.content.sizeBytes) return;
    this.content.truncate(sizeBytes);
    this.steps.push(sizeBytes);
  }

  sync(): void {
    if (this.doubtful) return;
    for (const step of this.steps) take(this.durable, step);
    this.steps = [];
  }

  failSync(): void {
    this.doubtful = true;
  }

  /** The same, as another process finds it. */
  copy(): DiskFile {
    const copy = new DiskFile(this.firstName);
    copy.content.append(this.content.read(0, this.content.sizeBytes));
    copy.durable.append(this.durable.read(0, this.durable.sizeBytes));
    copy.steps = [...this.steps];
    copy.doubtful = this.doubtful;
    return copy;
  }

  /** The same with only so many units of its steps, all of it durable. */
  afterPowerLoss(units: number, tail: 'cut' | 'zeros'): DiskFile {
    const left = new DiskFile(this.firstName);
    left.content.append(this.durable.read(0, this.durable.sizeBytes));
    let remaining = units;
    for (const step of this.steps) {
      const cost = typeof step === 'number' ? 1 : step.length;
      if (remaining >= cost) take(left.content, step);
      else if (typeof step !== 'number') {
        take(left.content, step.subarray(0, remaining));
        if (tail === 'zeros') take(left.content, new Uint8Array(cost - remaining));
      }
      remaining -= cost;
      if (remaining < 0) break;
    }
    left.durable.append(left.content.read(0, left.content.sizeBytes));
    return left;
  }

  /** @internal For tests: throws if an invariant does not hold. */
  checkInvariants(): void {
    const bytes = this.durable.read(0, this.durable.sizeBytes);
    const made = new GrowingBytes();
    made.append(bytes);
    for (const step of this.steps) take(made, step);
    const isSame =
      made.sizeBytes === this.content.sizeBytes &&
      made.read(0, made.sizeBytes).every((byte, i) => byte === this.content.read(i, 1)[0]);
    if (!isSame) throw new Error('invariant 1: the content is not what is durable and what was done since');
  }
}

function take(bytes: GrowingBytes, step: Step): void {
  if (typeof step === 'number') bytes.truncate(step);
  else bytes.append(step);
}
