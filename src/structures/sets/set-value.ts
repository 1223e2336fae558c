import type { ByteString } from '../../bytes/byte-string.ts';
import type { ValueKind } from '../../keyspace/entry.ts';
import { MemberSet } from './member-set.ts';

/** The set type. */
export const SET: ValueKind<MemberSet> = {
  type: 'set',
  isEmpty: (set) => set.size === 0,
  size: (set) => set.size,
  clone: (set) => set.clone(),
  save: (set) => set.save(),
  heapBytes: (set) => set.heapBytes,
  encoding: (set) => set.encoding,
  elements: (set) => {
    const members: ByteString[] = [];
    set.forEach((member) => {
      members.push(member);
    });
    return members;
  },
};

/** An empty set, about to be filled. */
export function createSet(): MemberSet {
  return new MemberSet();
}
