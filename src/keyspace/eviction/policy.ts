/** What goes when there is no room, as Redis's `maxmemory-policy`. */
export type MaxMemoryPolicy =
  | 'noeviction'
  | 'allkeys-lru'
  | 'allkeys-lfu'
  | 'allkeys-lrm'
  | 'allkeys-random'
  | 'volatile-lru'
  | 'volatile-lfu'
  | 'volatile-lrm'
  | 'volatile-random'
  | 'volatile-ttl';

/** In the order in which Redis names them. */
export const policies: readonly MaxMemoryPolicy[] = [
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
  'volatile-lrm',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'allkeys-lrm',
  'noeviction',
];

/** Which of the keys that may go goes first: the one not used, or not written, for longest; … */
export type Ranking = 'lru' | 'lfu' | 'lrm' | 'random' | 'ttl';

/** What a policy chooses by. */
export function rankingOf(policy: MaxMemoryPolicy): Ranking | undefined {
  return policy === 'noeviction' ? undefined : (policy.slice(policy.indexOf('-') + 1) as Ranking);
}

/** Whether only keys that expire may go. */
export function isVolatile(policy: MaxMemoryPolicy): boolean {
  return policy.startsWith('volatile-');
}
