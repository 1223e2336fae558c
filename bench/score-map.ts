import { default as BTreeModule } from 'sorted-btree';

type Key = [score: number, member: string];

// Compiled as CommonJS: the class is the default export or a property of it, depending on the loader.
const BTree = (BTreeModule as unknown as { default?: typeof BTreeModule }).default ?? BTreeModule;

/** A sorted set as one would write it around `sorted-btree`: the tree, and a Map from members to their scores. */
export class ScoreMap {
  readonly tree = new BTree<Key, undefined>(undefined, ([x, a], [y, b]) =>
    x < y ? -1 : x > y ? 1 : a < b ? -1 : a > b ? 1 : 0,
  );
  readonly scores = new Map<string, number>();

  set(member: string, score: number): void {
    const old = this.scores.get(member);
    if (old === score) return;
    if (old !== undefined) this.tree.delete([old, member]);
    this.scores.set(member, score);
    this.tree.set([score, member], undefined);
  }

  delete(member: string): void {
    const score = this.scores.get(member);
    if (score === undefined) return;
    this.scores.delete(member);
    this.tree.delete([score, member]);
  }

  /** A BTree knows no ranks: one walks. */
  rank(member: string): number {
    const score = this.scores.get(member)!;
    let rank = 0;
    for (const [at, name] of this.tree.keys()) {
      if (at === score && name === member) return rank;
      rank++;
    }
    return -1;
  }

  /** The members of ranks `start` to `stop`. */
  range(start: number, stop: number): string[] {
    const members: string[] = [];
    let rank = 0;
    for (const [, member] of this.tree.keys()) {
      if (rank > stop) break;
      if (rank++ >= start) members.push(member);
    }
    return members;
  }

  /** `count` members from this score on. */
  from(score: number, count: number): string[] {
    const members: string[] = [];
    for (const [, member] of this.tree.keys([score, ''])) {
      members.push(member);
      if (members.length === count) break;
    }
    return members;
  }
}
