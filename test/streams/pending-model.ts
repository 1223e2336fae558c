/**
 * What is pending in a stream, the slow and obvious way: plain lists, filtered and sorted for every question.
 *
 * Ids are `n-0` and are known here by their number. Everything that a call may answer is answered here too, in plain
 * objects.
 */

export type Counted = number | bigint;

export const LARGEST_COUNT = 2n ** 63n - 1n;

export interface PendingOfModel {
  readonly id: number;
  /** `undefined`: released. */
  owner: string | undefined;
  time: number;
  count: Counted;
  turn: number;
}

export interface ConsumerOfModel {
  seen: number;
  /** -1: never. */
  active: number;
  isActiveKnown: boolean;
}

export class GroupModel {
  lastDelivered: number;
  readonly consumers = new Map<string, ConsumerOfModel>();
  pending: PendingOfModel[] = [];
  /** Whether the count of what was read may be wrong, because somebody set the last id alone. */
  isMiscounted = false;
  startsAtZero: boolean;

  constructor(lastDelivered: number) {
    this.lastDelivered = lastDelivered;
    this.startsAtZero = lastDelivered === 0;
  }

  setId(id: number): void {
    this.lastDelivered = id;
    this.startsAtZero = id === 0;
    this.isMiscounted = false;
  }

  of(id: number): PendingOfModel | undefined {
    return this.pending.find((entry) => entry.id === id);
  }

  drop(id: number): boolean {
    const before = this.pending.length;
    this.pending = this.pending.filter((entry) => entry.id !== id);
    return this.pending.length < before;
  }

  byId(owner?: string): PendingOfModel[] {
    return this.pending
      .filter((entry) => owner === undefined || entry.owner === owner)
      .sort((a, b) => a.id - b.id);
  }

  /** The released ones first, as they were released; then those delivered longest ago. */
  byTime(): PendingOfModel[] {
    const rank = ({ owner, time }: PendingOfModel): number => (owner === undefined ? -1 : time);
    return [...this.pending].sort((a, b) => rank(a) - rank(b) || a.turn - b.turn);
  }
}

export interface Claiming {
  readonly minIdle: number;
  readonly idle?: number | undefined;
  readonly retrycount?: number | undefined;
  readonly force?: boolean;
  readonly lastId?: number | undefined;
  readonly isJustId: boolean;
}

export type ReferencesOfModel = 'keepref' | 'delref' | 'acked';

export class StreamModel {
  now: number;
  live: number[] = [];
  lastId = 0;
  readonly groups = new Map<string, GroupModel>();
  /** Whether an entry was ever deleted from between others: then it may not be known how many are left. */
  hasDeleted = false;
  /** Whether trimming left some entries that are older than what it took: nothing remembers that. */
  hasHoles = false;
  private turn = 0;

  constructor(now: number) {
    this.now = now;
  }

  // ── entries ──────────────────────────────────────────────────────────────────────────────────────────────

  add(): number {
    this.live.push(++this.lastId);
    return this.lastId;
  }

  isReferenced(id: number): boolean {
    return [...this.groups.values()].some((group) => id > group.lastDelivered || group.of(id) !== undefined);
  }

  private dropEverywhere(id: number): void {
    for (const group of this.groups.values()) group.drop(id);
  }

  private remove(id: number): boolean {
    const before = this.live.length;
    this.live = this.live.filter((other) => other !== id);
    return this.live.length < before;
  }

  delete(ids: readonly number[]): number {
    const deleted = ids.filter((id) => this.remove(id)).length;
    if (deleted > 0) this.hasDeleted = true;
    return deleted;
  }

  /** XDELEX. */
  deleteWith(ids: readonly number[], references: ReferencesOfModel): number[] {
    return ids.map((id) => {
      if (references === 'acked' && this.isReferenced(id)) return 2;
      if (references === 'delref') this.dropEverywhere(id);
      return this.delete([id]) === 1 ? 1 : -1;
    });
  }

  /** XACKDEL. */
  acknowledgeAndDelete(name: string, ids: readonly number[], references: ReferencesOfModel): number[] {
    const group = this.groups.get(name)!;
    return ids.map((id) => {
      if (!group.drop(id)) return -1;
      if (references === 'acked' && this.isReferenced(id)) return 2;
      if (references === 'delref') this.dropEverywhere(id);
      this.delete([id]);
      return 1;
    });
  }

  /** XTRIM, to so many or from an id on. */
  trim(isSurplus: (id: number, left: number) => boolean, references: ReferencesOfModel): number {
    let removed = 0;
    for (const id of [...this.live]) {
      if (!isSurplus(id, this.live.length)) break;
      if (references === 'acked' && this.isReferenced(id)) continue;
      if (this.live[0] !== id) this.hasHoles = true;
      this.remove(id);
      if (references === 'delref') this.dropEverywhere(id);
      removed++;
    }
    return removed;
  }

  // ── groups and consumers ─────────────────────────────────────────────────────────────────────────────────

  /** Whoever reads or claims is seen. */
  private see(group: GroupModel, name: string): ConsumerOfModel {
    const known = group.consumers.get(name);
    if (known !== undefined) {
      known.seen = this.now;
      return known;
    }
    const consumer = { seen: this.now, active: -1, isActiveKnown: true };
    group.consumers.set(name, consumer);
    return consumer;
  }

  private activate(consumer: ConsumerOfModel): void {
    consumer.active = this.now;
    consumer.isActiveKnown = true;
  }

  removeConsumer(name: string, consumer: string): number {
    const group = this.groups.get(name)!;
    if (!group.consumers.delete(consumer)) return 0;
    const removed = group.byId(consumer).length;
    group.pending = group.pending.filter(({ owner }) => owner !== consumer);
    return removed;
  }

  /** How many entries the group is still to be given. */
  left(group: GroupModel): number {
    return this.live.filter((id) => id > group.lastDelivered).length;
  }

  // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────

  private hand(group: GroupModel, id: number, owner: string | undefined, time: number, count: Counted): void {
    group.drop(id);
    group.pending.push({ id, owner, time, count, turn: this.turn++ });
  }

  /** XREADGROUP of what is new. */
  readNew(name: string, reader: string, most: number, isAcknowledged: boolean): number[] {
    const group = this.groups.get(name)!;
    const consumer = this.see(group, reader);
    const ids = this.live.filter((id) => id > group.lastDelivered).slice(0, most);
    for (const id of ids) {
      group.lastDelivered = id;
      if (!isAcknowledged) this.hand(group, id, reader, this.now, 1);
    }
    if (ids.length > 0) this.activate(consumer);
    return ids;
  }

  /** XREADGROUP of what the reader has already: `null` for what is in the stream no longer. */
  readAgain(name: string, reader: string, after: number, most: number): [id: number, isThere: boolean][] {
    const group = this.groups.get(name)!;
    this.see(group, reader);
    const mine = group.byId(reader).filter(({ id }) => id > after);
    return mine.slice(0, most).map(({ id, count }) => {
      const isThere = this.live.includes(id);
      if (isThere) this.hand(group, id, reader, this.now, oneMore(count));
      return [id, isThere];
    });
  }

  idleOf({ owner, time }: PendingOfModel): number {
    return owner === undefined ? -1 : Math.max(0, this.now - time);
  }

  private isIdle(entry: PendingOfModel, minIdle: number): boolean {
    return entry.owner === undefined || this.idleOf(entry) >= minIdle;
  }

  /** XREADGROUP with CLAIM, but without what is new: id, and how often it was delivered before. */
  claimOldest(name: string, reader: string, minIdle: number, most: number): PendingOfModel[] {
    const group = this.groups.get(name)!;
    const consumer = this.see(group, reader);
    const idle = group
      .byTime()
      .filter((entry) => this.live.includes(entry.id) && this.isIdle(entry, minIdle));
    const claimed = idle.slice(0, most);
    for (const { id, count } of claimed) this.hand(group, id, reader, this.now, oneMore(count));
    if (claimed.length > 0) this.activate(consumer);
    return claimed;
  }

  // ── claiming and releasing ───────────────────────────────────────────────────────────────────────────────

  private claimOne(group: GroupModel, taker: string, entry: PendingOfModel, claiming: Claiming): void {
    const { idle = 0, retrycount, isJustId } = claiming;
    const time = this.now - idle < 0 || idle < 0 ? this.now : this.now - idle;
    const count = retrycount ?? (isJustId ? entry.count : oneMore(entry.count));
    this.hand(group, entry.id, taker, time, count);
    this.activate(group.consumers.get(taker)!);
  }

  /** XCLAIM: the ids that were claimed. */
  claim(name: string, taker: string, ids: readonly number[], claiming: Claiming): number[] {
    const group = this.groups.get(name)!;
    if (claiming.lastId !== undefined && claiming.lastId > group.lastDelivered) {
      group.lastDelivered = claiming.lastId;
      group.isMiscounted = true;
    }
    this.see(group, taker);
    return ids.filter((id) => {
      const known = group.of(id);
      if (!this.live.includes(id)) {
        group.drop(id);
        return false;
      }
      if (known === undefined && claiming.force !== true) return false;
      if (known !== undefined && !this.isIdle(known, claiming.minIdle)) return false;
      const entry = known ?? { id, owner: undefined, time: 0, count: 1, turn: 0 };
      this.claimOne(group, taker, entry, claiming);
      return true;
    });
  }

  /** XAUTOCLAIM: where to go on (0: nowhere), what was claimed, and what was found deleted. */
  autoclaim(
    name: string,
    taker: string,
    start: number,
    most: number,
    claiming: Claiming,
  ): { cursor: number; claimed: number[]; deleted: number[] } {
    const group = this.groups.get(name)!;
    this.see(group, taker);
    const claimed: number[] = [];
    const deleted: number[] = [];
    let seen = 0;
    const from = group.byId().filter(({ id }) => id >= start);
    for (const entry of from) {
      if (claimed.length + deleted.length === most || seen === most * 10) {
        return { cursor: entry.id, claimed, deleted };
      }
      seen++;
      if (!this.live.includes(entry.id)) {
        group.drop(entry.id);
        deleted.push(entry.id);
      } else if (this.isIdle(entry, claiming.minIdle)) {
        this.claimOne(group, taker, entry, claiming);
        claimed.push(entry.id);
      }
    }
    return { cursor: 0, claimed, deleted };
  }

  /** XNACK. */
  release(
    name: string,
    mode: 'silent' | 'fail' | 'fatal',
    ids: readonly number[],
    retrycount: number | undefined,
    force: boolean,
  ): number {
    const group = this.groups.get(name)!;
    let released = 0;
    for (const id of ids) {
      const known = group.of(id);
      if (known === undefined && !(force && this.live.includes(id))) continue;
      const before = known?.count ?? 0;
      this.hand(group, id, undefined, 0, retrycount ?? releasedCount(mode, before));
      released++;
    }
    return released;
  }
}

/** The greatest count stays. */
function oneMore(count: Counted): Counted {
  return typeof count === 'number' ? count + 1 : LARGEST_COUNT;
}

function releasedCount(mode: 'silent' | 'fail' | 'fatal', before: Counted): Counted {
  if (mode === 'fatal') return LARGEST_COUNT;
  if (mode === 'fail' || before === 0) return before;
  return typeof before === 'number' ? before - 1 : before - 1n;
}
