import type { Keyspace } from '../../keyspace/keyspace.ts';
import { beginRdb, noteNeededVersion, type RdbFileOptions } from '../rdb/file/begin-rdb.ts';
import { raisedVersion } from '../rdb/file/raised-version.ts';
import type { AppendedFile, Storage, StoredFile } from '../storage/storage.ts';
import { Save, type SaveOptions } from './save.ts';

/** How an RDB file of a store is written in the background. */
export interface SaveRdbOptions extends RdbFileOptions, SaveOptions {}

/** What was written. */
export interface SavedRdb {
  readonly sizeBytes: number;
  /** How many keys. */
  readonly keys: number;
}

/**
 * Writes an RDB file of all that the store holds at the moment of the call, libraries of functions included. What happens
 * meanwhile finds the event loop free; see `Save`.
 *
 * Once this resolves, the file is there under that name, whole and synced: it can be given its real name. If it rejects,
 * there is no such file, unless the storage refused to remove it, too.
 *
 * @param name of a file that is not there, as nobody looks for it: `temp-1.rdb`. Another one may be there meanwhile, with `.new`
 * behind the name
 * @throws Error (at once) inside a transaction
 * @throws (rejecting) what the storage has thrown; the signal's reason; ReplyError if there is a vector set whose projection
 * has a matrix of more than 512 MB
 */
export function saveRdb(
  keyspace: Keyspace,
  storage: Storage,
  name: string,
  options: SaveRdbOptions = {},
): Promise<SavedRdb> {
  const writer = beginRdb(keyspace, options);
  const save = new Save(keyspace, writer, options);
  return write();

  async function write(): Promise<SavedRdb> {
    try {
      try {
        await writeFile(storage, name, (file) => save.writeTo(file));
      } finally {
        save.cancel();
      }
      noteNeededVersion(keyspace, writer.neededVersion);
      const raised = raisedVersion(writer);
      if (raised !== undefined) await replaceEnds(storage, name, raised.header, raised.checksum);
    } catch (error) {
      await storage.remove(name).catch(nothing);
      throw error;
    }
    return { sizeBytes: writer.lengthBytes, keys: save.keyCount };
  }
}

/** Writes a file from its beginning, syncs it, and closes it in any case. */
async function writeFile(
  storage: Storage,
  name: string,
  write: (file: AppendedFile) => Promise<void>,
): Promise<void> {
  const file = await storage.append(name);
  try {
    if (file.sizeBytes > 0) await file.truncate(0);
    await write(file);
    await file.sync();
  } catch (error) {
    await file.close().catch(nothing);
    throw error;
  }
  await file.close();
}

/** Files are only ever appended to: for other bytes at its ends, the file is copied. */
async function replaceEnds(
  storage: Storage,
  name: string,
  header: Uint8Array,
  footer: Uint8Array,
): Promise<void> {
  const copyName = `${name}.new`;
  const file = await storage.open(name);
  if (file === undefined) throw new Error(`${name} has been removed while it was written`);
  try {
    await writeFile(storage, copyName, (copy) => copyBetween(file, copy, header, footer));
    await file.close();
    await storage.rename(copyName, name);
  } catch (error) {
    await file.close().catch(nothing);
    await storage.remove(copyName).catch(nothing);
    throw error;
  }
}

async function copyBetween(
  from: StoredFile,
  to: AppendedFile,
  header: Uint8Array,
  footer: Uint8Array,
): Promise<void> {
  await to.append(header);
  const end = from.sizeBytes - footer.length;
  for (let at = header.length; at < end; at += COPIED_BYTES) {
    const bytes = await from.read(at, Math.min(COPIED_BYTES, end - at));
    await to.append(bytes);
  }
  await to.append(footer);
}

const COPIED_BYTES = 2 ** 20;
const nothing = (): void => {};
