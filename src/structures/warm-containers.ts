/**
 * Which small containers are kept ready for work, and which are packed away.
 *
 * A packed container (see packed-strings.ts) is a third of the size, and a ready one several times as fast. Most small
 * containers are idle at any moment, so only the few worked on lately are kept ready:
 *
 *     growth, or every 31st touch
 *          packed  ──────────────────→  warm        it enters the ring …
 *          packed  ←──────────────────  warm        … and is packed when the ring comes round to it
 *
 * Reading or replacing a value warms a container only now and then: who is used often soon is warm, and a pass over a
 * great many containers, each touched once, is not spent on unpacking and packing them.
 *
 * Invariants:
 *
 * 1. A container is in the ring at most once, and only while it is unpacked and can be packed.
 * 2. At most {@link CAPACITY} containers are in it, so that removed ones it still holds on to are few, and small.
 */
export interface Packable {
  /** Packs the container; called by the ring alone, having let go of it. */
  cool(): void;
}

/** About 1.5 MB when full of hashes of five fields; a working set of this many small containers runs at full speed. */
const CAPACITY = 2048;
const ring: (Packable | undefined)[] = [];
let hand = 0;

/** A prime, lest it falls into step with some regular pattern of use. */
const TOUCHES_PER_WARMING = 31;
let touches = 0;

/** Takes in a container that has just been unpacked; another may be packed for it. */
export function enterRing(container: Packable): void {
  const evicted = ring[hand];
  ring[hand] = container;
  hand = (hand + 1) % CAPACITY;
  evicted?.cool();
}

/** Lets go of a container that can no longer be packed. O(capacity). */
export function leaveRing(container: Packable): void {
  // It mostly is a new one that grew, so look from the hand backwards first.
  const recent = ring.lastIndexOf(container, hand - 1);
  const slot = recent >= 0 ? recent : ring.indexOf(container);
  if (slot >= 0) ring[slot] = undefined;
}

/** Whether this touch of a packed container should warm it. */
export function touchWarms(): boolean {
  if (++touches < TOUCHES_PER_WARMING) return false;
  touches = 0;
  return true;
}
