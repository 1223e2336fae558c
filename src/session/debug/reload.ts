import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Persistence } from '../../keyspace/persistence.ts';
import { KeyspaceTarget, readContextOf } from '../../persistence/rdb/file/keyspace-target.ts';
import { RdbError } from '../../persistence/rdb/file/rdb-error.ts';
import { RdbReader } from '../../persistence/rdb/file/rdb-reader.ts';
import { writeRdb } from '../../persistence/rdb/file/whole-rdb.ts';
import { startedEngineOf } from '../../scripting/engine-of.ts';
import { isKeyword } from '../../wire/grammar/token-reader.ts';
import { failedBecause, requireWaiting } from '../persistence/long-work.ts';
import type { Session } from '../session.ts';
import { Later } from '../waits/later.ts';
import { type WriteReply, writeOk } from './write-reply.ts';

// DEBUG RELOAD and DEBUG LOADAOF. While they are under way other clients are told LOADING: what they wrote would be lost.

/** DEBUG RELOAD. */
export function reload(session: Session, words: readonly ByteString[]): Later<WriteReply> | undefined {
  const options = { save: true, flush: true, merge: false };
  for (const word of words) {
    if (isKeyword(word, 'MERGE')) options.merge = true;
    else if (isKeyword(word, 'NOFLUSH')) options.flush = false;
    else if (isKeyword(word, 'NOSAVE')) options.save = false;
    else throw errors.reloadOption();
  }
  const { persistence } = session.server.keyspace;
  if (persistence === undefined) return reloadInMemory(session, options);
  requireWaiting(session, 'DEBUG RELOAD');
  return loading(session, persistence.reload(options), errors.reloadFailed);
}

/**
 * The same for a store that has no storage: all that it holds becomes the bytes of an RDB file, and is read back from them.
 * O(n), at once.
 */
function reloadInMemory(
  { server: { keyspace }, view }: Session,
  { save, flush, merge }: { readonly save: boolean; readonly flush: boolean; readonly merge: boolean },
): undefined {
  if (!save) throw errors.noStorage('DEBUG RELOAD NOSAVE');
  const { dirty } = keyspace;
  const bytes = writeRdb(view);
  if (flush) {
    keyspace.flush(keyspace.databases);
    startedEngineOf(keyspace)?.deleteLibraries();
  }
  const target = new KeyspaceTarget(keyspace, { replaces: merge });
  const reader = new RdbReader(target, readContextOf(keyspace), { totalBytes: bytes.length });
  try {
    reader.push(bytes);
    reader.end();
  } catch (error) {
    throw error instanceof RdbError ? errors.reloadFailed(error.message) : error;
  }
  // It is what it was.
  keyspace.dirty = dirty;
}

/** DEBUG LOADAOF. Whatever follows its name. */
export function loadAppendOnly(session: Session): Later<WriteReply> | undefined {
  const persistence: Persistence | undefined = session.server.keyspace.persistence;
  if (persistence === undefined) throw errors.noStorage('DEBUG LOADAOF');
  requireWaiting(session, 'DEBUG LOADAOF');
  return loading(session, persistence.loadAppendOnly(), errors.loadAppendOnlyFailed);
}

function loading(
  { server }: Session,
  work: Promise<void>,
  failure: typeof errors.reloadFailed,
): Later<WriteReply> {
  server.isReloading = true;
  const loaded = work
    .finally(() => {
      server.isReloading = false;
    })
    .then(() => writeOk);
  return new Later(failedBecause(loaded, failure));
}
