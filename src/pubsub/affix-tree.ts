/**
 * A map from literal beginnings (or endings) of strings to values, which finds at once all values whose beginning (or
 * ending) a given subject has: a radix tree.
 *
 *     '' ─┬─ 'user:' ─┬─ '1:'         a subject `user:1:name` meets '', `user:`, `user:1:`
 *         │           └─ '2:'
 *         └─ 'order:'
 *
 * An ending is kept from its last unit to its first, and a subject is then walked from its end.
 *
 * Invariants:
 *
 * 1. The labels on the way from the root to a node, joined, are the affix of the node's value.
 * 2. A child's label is not empty and begins with the unit it is filed under.
 * 3. A node without a value has at least two children, unless it is the root.
 */
export class AffixTree<T> {
  private readonly isBackward: boolean;
  private readonly root: Node<T> = newNode('');
  /** How many affixes have a value. */
  size = 0;

  /** @param end at which end of a subject affixes are looked for */
  constructor(end: 'start' | 'end') {
    this.isBackward = end === 'end';
  }

  /** The value of the affix; what `create` makes, if there is none yet. O(affix). */
  getOrCreate(affix: string, create: () => T): T {
    const node = this.nodeFor(this.turned(affix));
    if (node.value === undefined) {
      node.value = create();
      this.size++;
    }
    return node.value;
  }

  /** Takes out the affix and its value. O(affix). */
  delete(affix: string): void {
    if (remove(this.root, this.turned(affix), 0)) this.size--;
  }

  /** Adds to `found` the values of all affixes that the subject has, shortest first. O(subject). */
  collect(subject: string, found: T[]): void {
    let node: Node<T> = this.root;
    let at = 0;
    for (;;) {
      if (node.value !== undefined) found.push(node.value);
      if (node.children === undefined || at === subject.length) return;
      const child = node.children.get(this.unit(subject, at));
      if (child === undefined || !this.continues(subject, at, child.label)) return;
      at += child.label.length;
      node = child;
    }
  }

  private unit(subject: string, at: number): number {
    return subject.charCodeAt(this.isBackward ? subject.length - 1 - at : at);
  }

  /** Whether the subject goes on with the label, of which the first unit is known to fit. */
  private continues(subject: string, from: number, label: string): boolean {
    if (from + label.length > subject.length) return false;
    for (let at = 1; at < label.length; at++) {
      if (this.unit(subject, from + at) !== label.charCodeAt(at)) return false;
    }
    return true;
  }

  private turned(affix: string): string {
    return this.isBackward ? affix.split('').reverse().join('') : affix;
  }

  /** The node of this path, made if there is none: an edge is parted where the path leaves it. */
  private nodeFor(path: string): Node<T> {
    let node = this.root;
    let at = 0;
    while (at < path.length) {
      const first = path.charCodeAt(at);
      node.children ??= new Map();
      const child = node.children.get(first);
      if (child === undefined) {
        const leaf = newNode<T>(path.slice(at));
        node.children.set(first, leaf);
        return leaf;
      }
      const common = commonLength(path, at, child.label);
      if (common < child.label.length) {
        const between = newNode<T>(child.label.slice(0, common));
        child.label = child.label.slice(common);
        between.children = new Map([[child.label.charCodeAt(0), child]]);
        node.children.set(first, between);
        node = between;
      } else {
        node = child;
      }
      at += common;
    }
    return node;
  }

  /** For tests: throws if an invariant does not hold. */
  checkInvariants(): void {
    const values = countValues(this.root, true);
    if (values !== this.size) throw new Error(`size ${this.size}, but ${values} values`);
  }
}

interface Node<T> {
  label: string;
  value: T | undefined;
  children: Map<number, Node<T>> | undefined;
}

function newNode<T>(label: string): Node<T> {
  return { label, value: undefined, children: undefined };
}

function commonLength(path: string, from: number, label: string): number {
  let length = 0;
  while (
    length < label.length &&
    from + length < path.length &&
    label.charCodeAt(length) === path.charCodeAt(from + length)
  ) {
    length++;
  }
  return length;
}

/** Takes the value out of the node at the end of the path; nodes that no longer part anything go. */
function remove<T>(node: Node<T>, path: string, at: number): boolean {
  if (at === path.length) {
    const had = node.value !== undefined;
    node.value = undefined;
    return had;
  }
  const first = path.charCodeAt(at);
  const child = node.children?.get(first);
  if (child === undefined || !path.startsWith(child.label, at)) return false;
  if (!remove(child, path, at + child.label.length)) return false;
  if (child.value !== undefined) return true;
  const grandchildren = child.children;
  if (grandchildren === undefined || grandchildren.size === 0) {
    node.children!.delete(first);
  } else if (grandchildren.size === 1) {
    const [only] = grandchildren.values();
    only!.label = child.label + only!.label;
    node.children!.set(first, only!);
  }
  return true;
}

function countValues<T>(node: Node<T>, isRoot: boolean): number {
  let count = node.value === undefined ? 0 : 1;
  if (!isRoot && count === 0 && (node.children?.size ?? 0) < 2) throw new Error('a node parts nothing');
  for (const [first, child] of node.children ?? []) {
    if (child.label.charCodeAt(0) !== first) throw new Error(`${child.label} is filed under another unit`);
    count += countValues(child, false);
  }
  return count;
}
