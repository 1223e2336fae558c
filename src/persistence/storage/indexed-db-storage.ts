import { answer, ChunkDatabase, type FileRow, type Tables } from './browser/chunk-database.ts';
import { BrowserStorageError, failure } from './browser/failure.ts';
import { type DbKey, indexedDbHost } from './browser/indexed-db-host.ts';
import { lockByName } from './browser/web-lock.ts';
import { splitName } from './names.ts';
import type { AppendedFile, Storage, StoredFile } from './storage.ts';

/** A file's last chunk is written anew, with what is appended, while it is smaller than this: small appends make no small rows. */
const FULL_BYTES = 4 * 1024;
/** What is appended at once is cut into chunks of so many. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Files in a database of IndexedDB, each a row with its name and size, and rows of chunks: see {@link ChunkDatabase}.
 *
 * Whatever is done is one transaction of durability `strict`: done, and on the disk, or not done. So an append leaves no half
 * behind when it fails, and a sync finds nothing to do.
 */
export class IndexedDbStorage implements Storage {
  readonly place: string;
  private readonly database: ChunkDatabase;
  private readonly isGuarded: boolean;

  /** @param isGuarded whether {@link lock} locks */
  constructor(name: string, isGuarded: boolean) {
    this.place = `indexeddb:${name}`;
    this.database = new ChunkDatabase(`lodis:${name}`);
    this.isGuarded = isGuarded;
  }

  async lock(): Promise<() => Promise<void>> {
    const release = this.isGuarded ? await lockByName(`lodis:${this.place}`, this.place) : async () => {};
    let isHeld = true;
    return async () => {
      if (!isHeld) return;
      isHeld = false;
      await this.database.close();
      await release();
    };
  }

  async list(): Promise<string[]> {
    return attempt(`list ${this.place}`, () =>
      this.database.read(async ({ files }) =>
        ((await answer(files.getAll())) as FileRow[]).map(({ name }) => name),
      ),
    );
  }

  async open(name: string): Promise<StoredFile | undefined> {
    splitName(name);
    const found = await attempt(`open ${name}`, () => this.database.read((tables) => find(tables, name)));
    return found === undefined ? undefined : new IndexedDbStoredFile(this.database, found.id, found);
  }

  async append(name: string): Promise<AppendedFile> {
    splitName(name);
    return attempt(`open ${name}`, () =>
      this.database.write(async (tables) => {
        const found = await find(tables, name);
        if (found === undefined) {
          const id = await answer(tables.files.add({ name, sizeBytes: 0 } satisfies FileRow));
          return new IndexedDbAppendedFile(this.database, id, name, 0, undefined);
        }
        const { id, sizeBytes } = found;
        return new IndexedDbAppendedFile(
          this.database,
          id,
          name,
          sizeBytes,
          await chunkAt(tables, id, sizeBytes),
        );
      }),
    );
  }

  async rename(from: string, to: string): Promise<void> {
    splitName(from);
    splitName(to);
    await attempt(`rename ${from} to ${to}`, () =>
      this.database.write(async (tables) => {
        const source = await find(tables, from);
        if (source === undefined) throw gone(from);
        if (from === to) return;
        await removeFile(tables, to);
        await answer(
          tables.files.put({ name: to, sizeBytes: source.sizeBytes } satisfies FileRow, source.id),
        );
      }),
    );
  }

  async remove(name: string): Promise<void> {
    splitName(name);
    await attempt(`remove ${name}`, () => this.database.write((tables) => removeFile(tables, name)));
  }
}

/** A run of a file's bytes, and where it begins. */
interface Chunk {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

class IndexedDbStoredFile implements StoredFile {
  readonly sizeBytes: number;
  private readonly name: string;
  private readonly id: DbKey;
  private readonly database: ChunkDatabase;

  constructor(database: ChunkDatabase, id: DbKey, { name, sizeBytes }: FileRow) {
    this.database = database;
    this.id = id;
    this.name = name;
    this.sizeBytes = sizeBytes;
  }

  async read(offset: number, lengthBytes: number): Promise<Uint8Array> {
    const end = Math.min(this.sizeBytes, offset + lengthBytes);
    if (offset >= end) return new Uint8Array(0);
    return attempt(`read ${this.name}`, () =>
      this.database.read(async (tables) => {
        const first = await chunkAt(tables, this.id, offset + 1);
        if (first === undefined) throw hole(this.name, offset);
        const isAll = first.offset + first.bytes.length >= end;
        const rest = isAll ? [] : await answer(tables.chunks.getAll(range(this.id, offset + 1, end - 1)));
        const bytes = new Uint8Array(end - offset);
        let at = 0;
        let from = offset - first.offset;
        for (const chunk of [first.bytes, ...(rest as Uint8Array[])]) {
          const part = chunk.subarray(from, from + end - offset - at);
          bytes.set(part, at);
          at += part.length;
          from = 0;
        }
        if (at < bytes.length)
          throw new BrowserStorageError('EIO', `${this.name} has a hole at ${offset + at}`);
        return bytes;
      }),
    );
  }

  async close(): Promise<void> {}
}

class IndexedDbAppendedFile implements AppendedFile {
  sizeBytes: number;
  private readonly name: string;
  private readonly id: DbKey;
  private readonly database: ChunkDatabase;
  /** The last chunk, if it is there. */
  private last: Chunk | undefined;
  private isOpen = true;

  constructor(database: ChunkDatabase, id: DbKey, name: string, sizeBytes: number, last: Chunk | undefined) {
    this.database = database;
    this.id = id;
    this.name = name;
    this.sizeBytes = sizeBytes;
    this.last = last;
  }

  async append(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    const chunks = this.chunksFor(bytes);
    await this.change('append to', this.sizeBytes + bytes.length, async (tables) => {
      await Promise.all(
        chunks.map(({ offset, bytes }) => answer(tables.chunks.put(bytes, [this.id, offset]))),
      );
      return chunks.at(-1);
    });
  }

  /** Each append was. */
  async sync(): Promise<void> {
    this.requireOpen('sync');
  }

  async truncate(sizeBytes: number): Promise<void> {
    await this.change('truncate', sizeBytes, async (tables) => {
      const last = await chunkAt(tables, this.id, sizeBytes);
      await answer(tables.chunks.delete(range(this.id, sizeBytes, Number.POSITIVE_INFINITY)));
      if (last === undefined || last.offset + last.bytes.length === sizeBytes) return last;
      const bytes = last.bytes.slice(0, sizeBytes - last.offset);
      await answer(tables.chunks.put(bytes, [this.id, last.offset]));
      return { offset: last.offset, bytes };
    });
  }

  async close(): Promise<void> {
    this.isOpen = false;
    this.last = undefined;
  }

  /** What is to be written so that these bytes stand at the end. */
  private chunksFor(bytes: Uint8Array): Chunk[] {
    const { last } = this;
    let offset = this.sizeBytes;
    let all = bytes;
    if (last !== undefined && last.bytes.length < FULL_BYTES) {
      offset = last.offset;
      all = new Uint8Array(last.bytes.length + bytes.length);
      all.set(last.bytes);
      all.set(bytes, last.bytes.length);
    }
    const chunks: Chunk[] = [];
    for (let at = 0; at < all.length; at += CHUNK_BYTES) {
      // A copy: of a part of a buffer, all of the buffer would be stored. And the caller's may change.
      chunks.push({ offset: offset + at, bytes: all.slice(at, at + CHUNK_BYTES) });
    }
    return chunks;
  }

  /** @param run answers what the last chunk is then */
  private async change(
    doing: string,
    sizeBytes: number,
    run: (tables: Tables) => Promise<Chunk | undefined>,
  ): Promise<void> {
    this.requireOpen(doing);
    await attempt(`${doing} ${this.name}`, async () => {
      this.last = await this.database.write(async (tables) => {
        const row = (await answer(tables.files.get(this.id))) as FileRow | undefined;
        if (row === undefined) throw gone(this.name);
        if (row.sizeBytes !== this.sizeBytes) {
          throw new BrowserStorageError('EIO', `${this.name} was written by somebody else`);
        }
        await answer(tables.files.put({ ...row, sizeBytes }, this.id));
        return run(tables);
      });
      this.sizeBytes = sizeBytes;
    });
  }

  private requireOpen(doing: string): void {
    if (!this.isOpen) throw new BrowserStorageError('EBADF', `cannot ${doing} ${this.name}: it is closed`);
  }
}

async function find(
  { files }: Tables,
  name: string,
): Promise<(FileRow & { readonly id: DbKey }) | undefined> {
  const id = await answer(files.index('name').getKey(name));
  if (id === undefined) return undefined;
  return { ...((await answer(files.get(id))) as FileRow), id };
}

async function removeFile(tables: Tables, name: string): Promise<void> {
  const id = await answer(tables.files.index('name').getKey(name));
  if (id === undefined) return;
  await answer(tables.files.delete(id));
  await answer(tables.chunks.delete(range(id, 0, Number.POSITIVE_INFINITY)));
}

/** The last chunk that begins before an offset. */
async function chunkAt({ chunks }: Tables, id: DbKey, offset: number): Promise<Chunk | undefined> {
  if (offset === 0) return undefined;
  const cursor = await answer(chunks.openCursor(range(id, 0, offset - 1), 'prev'));
  if (cursor === null) return undefined;
  return { offset: (cursor.key as [DbKey, number])[1], bytes: cursor.value as Uint8Array };
}

/** The chunks of a file that begin from one offset to another, both included. */
function range(id: DbKey, from: number, to: number): unknown {
  return indexedDbHost().IDBKeyRange!.bound([id, from], [id, to]);
}

function hole(name: string, offset: number): BrowserStorageError {
  return new BrowserStorageError('EIO', `${name} has a hole at ${offset}`);
}

function gone(name: string): BrowserStorageError {
  return new BrowserStorageError('ENOENT', `there is no ${name} in the storage (any longer)`);
}

async function attempt<T>(doing: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw failure(doing, error);
  }
}
