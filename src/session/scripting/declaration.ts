import type { ByteString } from '../../bytes/byte-string.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import { engineOf } from '../../scripting/engine-of.ts';
import type { ScriptDeclaration, ScriptName } from '../../scripting/scripting.ts';
import type { Command } from '../../wire/command.ts';

/** By what the commands that run scripts name them. */
const NAMED_BY: Readonly<Record<string, ScriptName>> = {
  eval: 'source',
  eval_ro: 'source',
  evalsha: 'digest',
  evalsha_ro: 'digest',
  fcall: 'function',
  fcall_ro: 'function',
};

/** What the script, or function, that the command runs says of itself: `undefined` if it runs none, or that says nothing. */
export function declarationOf(
  keyspace: Keyspace,
  command: Command,
  tokens: readonly ByteString[],
): ScriptDeclaration | undefined {
  const by = NAMED_BY[command.fullName];
  if (by === undefined || keyspace.scripting === undefined) return undefined;
  return engineOf(keyspace).declarationOf(by, tokens[1]!);
}
