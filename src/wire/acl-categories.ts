import type { Command, CommandGroup } from './command.ts';

/** Every ACL category, in the order in which Redis gives them. */
export const ACL_CATEGORIES = [
  'keyspace',
  'read',
  'write',
  'set',
  'sortedset',
  'list',
  'hash',
  'string',
  'bitmap',
  'hyperloglog',
  'geo',
  'stream',
  'pubsub',
  'admin',
  'fast',
  'slow',
  'blocking',
  'dangerous',
  'connection',
  'transaction',
  'scripting',
  'array',
] as const;

/** The category that commands of a group are in, where the group has one. */
const OF_GROUP: Partial<Record<CommandGroup, (typeof ACL_CATEGORIES)[number]>> = {
  array: 'array',
  bitmap: 'bitmap',
  connection: 'connection',
  generic: 'keyspace',
  geo: 'geo',
  hash: 'hash',
  hyperloglog: 'hyperloglog',
  list: 'list',
  pubsub: 'pubsub',
  scripting: 'scripting',
  set: 'set',
  sorted_set: 'sortedset',
  stream: 'stream',
  string: 'string',
  transactions: 'transaction',
};

/** The ACL categories a command is in, without their `@`: those its flags and its group imply, and those it names. */
export function aclCategories({ facts, flags }: Command): string[] {
  const found = new Set<string>(facts.categories?.split(' '));
  const ofGroup = facts.hasNoGroupCategory ? undefined : OF_GROUP[facts.group];
  if (ofGroup !== undefined) found.add(ofGroup);
  if (flags.has('write')) found.add('write');
  // A script that only reads may be run by who may run scripts.
  if (flags.has('readonly') && facts.group !== 'scripting') found.add('read');
  if (flags.has('admin')) found.add('admin').add('dangerous');
  if (flags.has('pubsub')) found.add('pubsub');
  if (flags.has('blocking')) found.add('blocking');
  found.add(flags.has('fast') ? 'fast' : 'slow');
  return ACL_CATEGORIES.filter((category) => found.has(category));
}

/** Whether there is a category of this name, given in lower case and without its `@`. */
export function isAclCategory(name: string): boolean {
  return (ACL_CATEGORIES as readonly string[]).includes(name);
}
