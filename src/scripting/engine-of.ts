import { errors } from '../errors.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import type { ScriptEngine } from './scripting.ts';

const engines = new WeakMap<Keyspace, ScriptEngine>();

/** The engine of a store, if it has run a script. */
export function startedEngineOf(keyspace: Keyspace): ScriptEngine | undefined {
  return engines.get(keyspace);
}

/**
 * The engine of a store, made when it is first asked for.
 *
 * @throws ReplyError if the store was made without scripting
 */
export function engineOf(keyspace: Keyspace): ScriptEngine {
  let engine = engines.get(keyspace);
  if (engine === undefined) {
    const { scripting } = keyspace;
    if (scripting === undefined) throw errors.scriptingIsOff();
    engine = scripting.createEngine(keyspace);
    engines.set(keyspace, engine);
  }
  return engine;
}
