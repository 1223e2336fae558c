import type { ByteString } from '../../bytes/byte-string.ts';

/** What stands in the map for text whose uses are noted: where it is in {@link TextSlots}. */
export type TextSlot = number;

const FIRST_ROOM = 16;
/** With fewer slots than this, holes do not matter. */
const FEW_SLOTS = 1024;

/**
 * The texts of a database that do not expire, while a policy asks when or how often each is used: beside each text there
 * is room to note that, which a bare string in the map has not. A map of slots costs GET a look into two arrays; an object
 * for each key would cost it a look at an object that lies anywhere, and four times the memory.
 *
 *     map      k0 → 0   k2 → 2   k3 → 3
 *     slot       0    1    2    3
 *     keys     [ k0 |    | k2 | k3 ]
 *     texts    [ t0 |    | t2 | t3 ]
 *     access   [ 17 | -1 | 93 | 40 ]       what the tracker notes; negative: free, and which one is free next
 *
 * Invariants:
 *
 * 1. For each number in the database's map, the slot of that number has its key, and every slot that is not free is in the
 *    map.
 * 2. Free slots are linked from {@link freeSlot}: `access` of each is -2 - the next one, of the last one -1.
 * 3. With {@link FEW_SLOTS} or more, at least a quarter of the slots is not free.
 */
export class TextSlots {
  readonly texts: string[] = [];
  /** What the tracker notes of each. */
  access = new Int32Array(FIRST_ROOM);
  private readonly keys: ByteString[] = [];
  private freeSlot = -1;
  /** How many texts there are. */
  size = 0;

  /** How many slots there are, free ones among them. */
  get slotCount(): number {
    return this.keys.length;
  }

  /** Puts in a text of which this was noted. The answer is its slot. O(1) amortised. */
  add(key: ByteString, text: string, access: number): TextSlot {
    let slot = this.freeSlot;
    this.size++;
    if (slot >= 0) {
      this.freeSlot = -2 - this.access[slot]!;
      this.keys[slot] = key;
      this.texts[slot] = text;
    } else {
      slot = this.keys.length;
      if (slot === this.access.length) this.grow();
      this.keys.push(key);
      this.texts.push(text);
    }
    this.access[slot] = access;
    return slot;
  }

  private grow(): void {
    const grown = new Int32Array(2 * this.access.length);
    grown.set(this.access);
    this.access = grown;
  }

  /** Frees the slot. The map, in which it stands no more, is given others for those that are left, now and then. O(1) amortised. */
  remove(slot: TextSlot, map: Map<ByteString, unknown>): void {
    this.keys[slot] = '';
    this.texts[slot] = '';
    this.access[slot] = -2 - this.freeSlot;
    this.freeSlot = slot;
    this.size--;
    if (this.slotCount >= FEW_SLOTS && this.size < this.slotCount / 4) this.compact(map);
  }

  private compact(map: Map<ByteString, unknown>): void {
    const { keys, texts, access } = this;
    let kept = 0;
    for (let slot = 0; slot < keys.length; slot++) {
      const key = keys[slot]!;
      if (access[slot]! < 0) continue;
      keys[kept] = key;
      texts[kept] = texts[slot]!;
      access[kept] = access[slot]!;
      map.set(key, kept);
      kept++;
    }
    keys.length = kept;
    texts.length = kept;
    this.access = access.slice(0, Math.max(FIRST_ROOM, 2 * kept));
    this.freeSlot = -1;
  }

  /** The key of a slot, or `undefined` if that is free. */
  keyAt(slot: TextSlot): ByteString | undefined {
    return this.access[slot]! < 0 ? undefined : this.keys[slot]!;
  }

  /** Halves what is noted of each. O(slots). */
  halveAccess(): void {
    const { access } = this;
    for (let slot = 0; slot < this.slotCount; slot++) if (access[slot]! > 0) access[slot]! >>= 1;
  }

  /** For tests: throws if an invariant does not hold. O(n). */
  checkInvariants(map: ReadonlyMap<ByteString, unknown>): void {
    let used = 0;
    this.keys.forEach((key, slot) => {
      if (this.access[slot]! < 0) return;
      used++;
      if (map.get(key) !== slot) throw new Error(`the slot ${slot} is not under its key`);
    });
    let free = 0;
    for (let slot = this.freeSlot; slot >= 0; slot = -2 - this.access[slot]!) free++;
    const numbers = [...map.values()].filter((held) => typeof held === 'number').length;
    if (used !== this.size || numbers !== used) throw new Error(`${used} slots for ${numbers} texts`);
    if (used + free !== this.slotCount) throw new Error(`${free} free slots are linked`);
  }
}
