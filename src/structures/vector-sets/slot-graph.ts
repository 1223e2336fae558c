import { connectNew } from './connect.ts';
import { descend, type Restriction, searchLevel } from './level-search.ts';
import { LinkRows } from './link-rows.ts';
import { connectParts, mendLevel } from './mend.ts';
import { restoreLinks } from './restore-links.ts';
import { type Found, withSearchMemory } from './search-memory.ts';
import type { Query, Vectors } from './vectors.ts';

/**
 * A hierarchical navigable small world (Malkov and Yashunin): vectors as nodes of a graph whose links lead to near ones.
 *
 *     level 2          a ───────────── f              few nodes, long links
 *     level 1          a ──── c ────── f ── h
 *     level 0          a ─ b ─ c ─ d ─ f ─ g ─ h      all nodes, short links
 *
 * A search enters at the top, walks to the node nearest to the query, goes on from there a level below, and on level 0
 * looks around more widely. A node's highest level is drawn by lot, so that each level has a quarter of the nodes of the
 * one below.
 *
 * This is the graph alone: nodes are slots, and their vectors somebody else's.
 *
 * Invariants:
 *
 * 1. A node of a level is on all levels below.
 * 2. The entry is on the top level, which has nodes, and there are no levels above it. Without nodes there are no levels.
 * 3. Each level is connected: from each of its nodes links of the level lead to all others. Whatever links are taken away,
 *    a way around remains or is made; see connect.ts and mend.ts.
 * 4. Of each level those of link-rows.ts.
 */
export class SlotGraph {
  /** M. */
  readonly maxLinks: number;
  readonly #vectors: Vectors;
  readonly #levels: LinkRows[] = [];
  #entry = -1;
  /** Slots are below. */
  #slotCount = 0;

  constructor(vectors: Vectors, maxLinks: number) {
    this.#vectors = vectors;
    this.maxLinks = maxLinks;
  }

  /** How many levels there are. */
  get height(): number {
    return this.#levels.length;
  }

  /** Adds the node whose vector is in the slot, up to this level. O(ef × log(size)) distances, about. */
  insert(slot: number, level: number, ef: number): void {
    if (slot >= this.#slotCount) this.#slotCount = slot + 1;
    const top = this.#levels.length - 1;
    const vectors = this.#vectors;
    if (top >= 0) {
      withSearchMemory((memory) => {
        const query = vectors.queryAt(slot);
        let nearest = this.#entry;
        for (let at = top; at > level; at--) nearest = descend(vectors, this.#levels[at]!, query, nearest);
        for (let at = Math.min(top, level); at >= 0; at--) {
          const links = this.#levels[at]!;
          const found = searchLevel(vectors, links, query, nearest, ef, memory, this.#slotCount);
          links.add(slot);
          connectNew(vectors, links, slot, found, this.maxLinks, memory, this.#slotCount);
          nearest = found.slots[0]!;
        }
      });
    }
    if (level <= top) return;
    for (let at = top + 1; at <= level; at++) this.#addLevel().add(slot);
    this.#entry = slot;
  }

  /** Takes the node out, whose highest level this is; the slot may be used again. */
  remove(slot: number, level: number): void {
    let next = -1;
    withSearchMemory((memory) => {
      for (let at = level; at >= 0; at--) {
        const links = this.#levels[at]!;
        const orphans = links.linksOf(slot);
        for (const orphan of orphans) links.unlink(slot, orphan);
        links.remove(slot);
        mendLevel(this.#vectors, links, orphans, memory, this.#slotCount);
        if (next < 0 && orphans.length > 0) next = orphans[0]!;
      }
    });
    // On the highest level where the node was not alone there are nodes left, which are on no level above.
    if (slot === this.#entry) this.#entry = next;
    while (this.#levels.at(-1)?.size === 0) this.#levels.pop();
  }

  search(query: Query<unknown>, ef: number, restriction?: Restriction): Found {
    if (this.#levels.length === 0) return { slots: new Int32Array(0), distances: new Float64Array(0) };
    const vectors = this.#vectors;
    let nearest = this.#entry;
    for (let at = this.#levels.length - 1; at > 0; at--) {
      nearest = descend(vectors, this.#levels[at]!, query, nearest);
    }
    return withSearchMemory((memory) =>
      searchLevel(vectors, this.#levels[0]!, query, nearest, ef, memory, this.#slotCount, restriction),
    );
  }

  /** The slots that are linked with this one on a level it is on, in the order in which they came. */
  linksOf(slot: number, level: number): Int32Array {
    return this.#levels[level]!.linksOf(slot);
  }

  /** About what the links take of the host's memory. O(levels). */
  get heapBytes(): number {
    let bytes = 0;
    for (const links of this.#levels) bytes += links.heapBytes;
    return bytes;
  }

  clone(vectors: Vectors): SlotGraph {
    const copy = new SlotGraph(vectors, this.maxLinks);
    for (const links of this.#levels) copy.#levels.push(links.clone());
    copy.#entry = this.#entry;
    copy.#slotCount = this.#slotCount;
    return copy;
  }

  /**
   * Makes a graph of links read from elsewhere: of the nodes 0…count-1, with each one's links by level. Parts that are not
   * connected are joined.
   *
   * @throws RangeError if a link leads to no node of the level, to the node itself or twice to the same, or not back, or if
   * there are many too many.
   */
  restore(links: readonly (readonly (readonly number[])[])[]): void {
    const count = links.length;
    this.#slotCount = count;
    links.forEach((levels, slot) => {
      while (this.#levels.length < levels.length) {
        this.#addLevel();
        this.#entry = slot;
      }
      for (let level = 0; level < levels.length; level++) this.#levels[level]!.add(slot);
    });
    this.#levels.forEach((rows, level) => {
      const members = links.flatMap((levels, slot) => (levels.length > level ? [slot] : []));
      restoreLinks(this.#vectors, rows, members, links, level, this.maxLinks);
      this.#connectLevel(rows, members);
    });
  }

  checkInvariants(levelOf: ReadonlyMap<number, number>): void {
    if (this.#levels.length === 0) {
      if (levelOf.size > 0 || this.#entry !== -1) throw new Error('slot graph: nodes without levels');
      return;
    }
    if (levelOf.get(this.#entry) !== this.#levels.length - 1) {
      throw new Error('slot graph: the entry is not on top');
    }
    this.#levels.forEach((links, level) => {
      const members = [...levelOf].filter(([, top]) => top >= level).map(([slot]) => slot);
      if (members.length !== links.size) throw new Error(`slot graph: level ${level} has other nodes`);
      checkLevel(links, new Set(members), level);
      links.checkMemory();
    });
  }

  #addLevel(): LinkRows {
    const isLowest = this.#levels.length === 0;
    const links = isLowest ? LinkRows.ofAll(2 * this.maxLinks) : LinkRows.ofSome(this.maxLinks);
    this.#levels.push(links);
    return links;
  }

  #connectLevel(links: LinkRows, members: readonly number[]): void {
    const seen = new Set<number>();
    for (const member of members) {
      if (seen.has(member)) continue;
      if (seen.size > 0) {
        withSearchMemory((memory) => connectParts(links, members[0]!, member, memory, this.#slotCount));
      }
      reach(links, member, seen);
    }
  }
}

/** Adds all that can be reached from the slot. */
function reach(links: LinkRows, slot: number, seen: Set<number>): void {
  const queue = [slot];
  seen.add(slot);
  for (const from of queue) {
    for (const next of links.linksOf(from)) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
}

function checkLevel(links: LinkRows, members: ReadonlySet<number>, level: number): void {
  const fail = (what: string): never => {
    throw new Error(`slot graph: level ${level}: ${what}`);
  };
  for (const slot of members) {
    if (!links.has(slot)) fail('a node is missing');
    const own = links.linksOf(slot);
    if (own.length > links.limit) fail('too many links');
    if (new Set(own).size !== own.length) fail('a link twice');
    for (const other of own) {
      if (!members.has(other) || other === slot) fail('a link to nowhere');
      if (!links.isLinked(other, slot)) fail('a link that does not lead back');
    }
  }
  const seen = new Set<number>();
  for (const slot of members) {
    reach(links, slot, seen);
    break;
  }
  if (seen.size !== members.size) fail('not connected');
}
