import type { ByteString } from '../../bytes/byte-string.ts';
import { compareIntegerMembers } from './integer-member.ts';
import { MemberSet, type SetLimits } from './member-set.ts';

/**
 * Intersections, unions and differences of sets, where `undefined` is an empty one.
 *
 * The same set may occur several times. None of the sets is changed, and nothing here lives longer than the call.
 */
export type Operand = MemberSet | undefined;

/** Visits the members that all sets have; ends once `visit` returns `false`. O(smallest · sets). */
function visitIntersection(sets: readonly Operand[], visit: (member: ByteString) => boolean): void {
  if (!sets.every((set) => set !== undefined)) return;
  const [smallest, ...others] = distinct(sets).sort((a, b) => a.size - b.size);
  for (const member of smallest!) {
    if (others.every((other) => other.has(member)) && !visit(member)) return;
  }
}

function distinct(sets: readonly Operand[]): MemberSet[] {
  return [...new Set(sets.filter((set) => set !== undefined))];
}

/** The members that all sets have. O(smallest · sets). */
export function intersection(sets: readonly Operand[]): ByteString[] {
  const members: ByteString[] = [];
  visitIntersection(sets, (member) => {
    members.push(member);
    return true;
  });
  return members;
}

/** How many members all sets have, at most `limit`. O(smallest · sets). */
export function intersectionSize(sets: readonly Operand[], limit: number): number {
  let count = 0;
  if (limit > 0) visitIntersection(sets, () => ++count < limit);
  return count;
}

/** What makes a union's result, one set after the other; of intsets, in ascending order. O(members of all). */
export function union(sets: readonly Operand[]): Iterable<ByteString> {
  const operands = distinct(sets);
  if (operands.length <= 1) return operands[0] ?? [];
  const members = new Set<ByteString>();
  for (const set of operands) for (const member of set) members.add(member);
  if (operands.some((set) => set.encoding !== 'intset')) return members;
  return [...members].sort(compareIntegerMembers);
}

/** How many members the sets have together, at most `limit`. O(members of all · sets), without copying any. */
export function unionSize(sets: readonly Operand[], limit: number): number {
  const [largest, ...others] = distinct(sets).sort((a, b) => b.size - a.size);
  if (largest === undefined) return 0;
  let count = Math.min(largest.size, limit);
  const seen = [largest];
  for (const set of others) {
    if (count >= limit) break;
    for (const member of set) {
      if (!seen.some((other) => other.has(member)) && ++count >= limit) break;
    }
    seen.push(set);
  }
  return count;
}

/** Visits the members of the first set that no other has; ends once `visit` returns `false`. O(first · sets). */
function visitDifference(sets: readonly Operand[], visit: (member: ByteString) => boolean): void {
  const [first, ...rest] = sets;
  if (first === undefined) return;
  // A member that goes is found soonest in a large set.
  const others = distinct(rest).sort((a, b) => b.size - a.size);
  if (others.includes(first)) return;
  for (const member of first) {
    if (!others.some((other) => other.has(member)) && !visit(member)) return;
  }
}

/** The members of the first set that no other has. O(first · sets), or O(members of all) where that is less. */
export function difference(sets: readonly Operand[]): Iterable<ByteString> {
  const first = sets[0];
  if (first !== undefined && !sets.includes(first, 1) && isRemovalCheaper(sets)) {
    const members = new Set(first);
    for (const set of sets.slice(1)) {
      for (const member of set ?? []) members.delete(member);
      if (members.size === 0) break;
    }
    return members;
  }
  const members: ByteString[] = [];
  visitDifference(sets, (member) => {
    members.push(member);
    return true;
  });
  return members;
}

/** How many members the first set has that no other has, at most `limit`. O(first · sets). */
export function differenceSize(sets: readonly Operand[], limit: number): number {
  let count = 0;
  if (limit > 0) visitDifference(sets, () => ++count < limit);
  return count;
}

/**
 * Whether going through every set, removing, is less work than looking each member of the first one up in the others:
 * Redis's reckoning, in which a look-up costs half as much.
 */
function isRemovalCheaper(sets: readonly Operand[]): boolean {
  const firstSize = sets[0]?.size ?? 0;
  let lookups = 0;
  let removals = 0;
  for (const set of sets) {
    if (set === undefined) continue;
    lookups += firstSize;
    removals += set.size;
  }
  return Math.floor(lookups / 2) > removals;
}

/** The set that SINTERSTORE stores: its encoding follows from the members alone. */
export function storedIntersection(sets: readonly Operand[], limits: SetLimits): MemberSet {
  return MemberSet.of(intersection(sets), limits);
}

/** The set that SUNIONSTORE stores: encoded as it grows member by member. */
export function storedUnion(sets: readonly Operand[], limits: SetLimits): MemberSet {
  const result = new MemberSet();
  for (const set of distinct(sets)) set.forEach((member) => void result.add(member, limits));
  return result;
}

/** The set that SDIFFSTORE stores: encoded as it grows member by member, by those that go again too. */
export function storedDifference(sets: readonly Operand[], limits: SetLimits): MemberSet {
  const result = new MemberSet();
  const first = sets[0];
  if (first === undefined || sets.includes(first, 1)) return result;
  if (!isRemovalCheaper(sets)) {
    for (const member of difference(sets)) result.add(member, limits);
    return result;
  }
  first.forEach((member) => void result.add(member, limits));
  for (const set of sets.slice(1)) {
    if (result.size === 0) break;
    set?.forEach((member) => void result.delete(member));
  }
  return result;
}
