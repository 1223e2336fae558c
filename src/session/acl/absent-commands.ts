/**
 * Commands that Redis has and an in-process store has no use for (docs/differences.md). Rules name them all the same,
 * and the rules of a real deployment must be accepted: such a rule is kept and shown, and there is nothing it could
 * allow.
 */
const ABSENT = new Set([
  ...['asking', 'failover', 'migrate', 'psync', 'replconf', 'replicaof'],
  ...['restore-asking', 'slaveof', 'sync', 'pfselftest', 'pfdebug'],
]);
/** Those with subcommands, whichever they name. */
const ABSENT_CONTAINERS = new Set(['cluster', 'module']);

/** Whether the name, in lower case, is that of a command of Redis which lodis does not have. */
export function isAbsentCommand(name: string): boolean {
  if (ABSENT.has(name)) return true;
  const [container, subcommand, ...more] = name.split('|') as [string, ...string[]];
  return ABSENT_CONTAINERS.has(container) && subcommand !== '' && more.length === 0;
}
