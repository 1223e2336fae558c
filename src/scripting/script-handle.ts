import type { Bytes } from '../bytes/byte-string.ts';
import type { Many } from '../bytes/many.ts';
import { ReplyError } from '../errors.ts';
import type { Output, Text } from '../keyspace/operations.ts';
import type { ScriptReply } from './answer-builder.ts';

/** A script that is kept, to be called with keys and arguments: see `store.script`. */
export type ScriptHandle<O extends Output = Text> = (keys?: Many, args?: Many) => ScriptReply<O>;

/** What a handle needs of a view of the store. */
interface ScriptView<O extends Output> {
  scriptLoad(script: Bytes): string;
  evalsha(sha1: Bytes, keys?: Many, args?: Many): ScriptReply<O>;
}

/** Keeps the script, and calls it by its digest. Where it was forgotten since (SCRIPT FLUSH) it is kept again. */
export function createScriptHandle<O extends Output>(view: ScriptView<O>, source: Bytes): ScriptHandle<O> {
  const digest = view.scriptLoad(source);
  // A caller's bytes may change: what is kept again has to be the same.
  const script = typeof source === 'string' ? source : source.slice();
  return (keys, args) => {
    try {
      return view.evalsha(digest, keys, args);
    } catch (error) {
      if (!(error instanceof ReplyError) || error.message !== MISSING) throw error;
      view.scriptLoad(script);
      return view.evalsha(digest, keys, args);
    }
  };
}

const MISSING = 'NOSCRIPT No matching script. Please use EVAL.';
