import type { ByteString } from '../../bytes/byte-string.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import { engineOf } from '../../scripting/engine-of.ts';
import type { ScriptName } from '../../scripting/scripting.ts';
import type { Command } from '../../wire/command.ts';

/** By what the commands that run scripts name them. */
const NAMED_BY: Readonly<Record<string, ScriptName>> = {
  eval: 'source',
  evalsha: 'digest',
  fcall: 'function',
};

/** Whether the command runs a script, or a function, that says of itself that it does not write. */
export function isReadonlyScript(
  keyspace: Keyspace,
  command: Command,
  tokens: readonly ByteString[],
): boolean {
  const by = NAMED_BY[command.fullName];
  if (by === undefined || keyspace.scripting === undefined) return false;
  return engineOf(keyspace).onlyReads(by, tokens[1]!);
}
