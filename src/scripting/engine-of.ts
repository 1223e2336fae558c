import { errors } from '../errors.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import type { ScriptEngine } from './scripting.ts';

/** The engine of a store, if it has run a script. */
export function startedEngineOf(keyspace: Keyspace): ScriptEngine | undefined {
  return keyspace.scriptEngine;
}

/**
 * The engine of a store, made when it is first asked for.
 *
 * @throws ReplyError if the store was made without scripting
 */
export function engineOf(keyspace: Keyspace): ScriptEngine {
  if (keyspace.scriptEngine === undefined) {
    const { scripting } = keyspace;
    if (scripting === undefined) throw errors.scriptingIsOff();
    keyspace.scriptEngine = scripting.createEngine(keyspace);
  }
  return keyspace.scriptEngine;
}
