/**
 * Which small containers are kept ready for work, and which are packed away.
 *
 * A packed container (see packed-strings.ts) is a third of the size, and a ready one several times as fast. Most small
 * containers are idle at any moment, so only the few worked on lately are kept ready:
 *
 *     change, or now and then a read
 *          packed  ──────────────────→  warm        it enters the ring …
 *          packed  ←──────────────────  warm        … and is packed when the ring comes round to it
 *
 * Reads warm a container only now and then: who is read often soon is warm, and a pass over a great many containers,
 * each read once, is not spent on unpacking and packing them.
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

const CAPACITY = 512;
const ring: (Packable | undefined)[] = [];
let hand = 0;

/** A prime, lest it falls into step with some regular pattern of reads. */
const READS_PER_WARMING = 13;
let reads = 0;

/** Takes in a container that has just been unpacked; another may be packed for it. */
export function enterRing(container: Packable): void {
  const evicted = ring[hand];
  ring[hand] = container;
  hand = (hand + 1) % CAPACITY;
  evicted?.cool();
}

/** Lets go of a container that can no longer be packed. O(capacity). */
export function leaveRing(container: Packable): void {
  const slot = ring.indexOf(container);
  if (slot >= 0) ring[slot] = undefined;
}

/** Whether the read that asks should warm its container. */
export function readWarms(): boolean {
  if (++reads < READS_PER_WARMING) return false;
  reads = 0;
  return true;
}
