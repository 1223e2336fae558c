import type { ByteString } from '../../bytes/byte-string.ts';
import type { Stored } from '../../keyspace/entry.ts';
import { NEVER } from '../../keyspace/entry.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import { startedEngineOf } from '../../scripting/engine-of.ts';
import { byteStringOf, STRING, stringOf } from '../../structures/strings/string-value.ts';
import { type KeyWriter, Save } from '../instant/save.ts';
import { ByteWriter } from '../rdb/byte-writer.ts';
import { sealPayload } from '../rdb/payload.ts';
import { writeValue } from '../rdb/values.ts';
import type { AppendedFile, Storage } from '../storage/storage.ts';
import { EffectEncoder } from './effect-encoder.ts';

/**
 * Writes what is in the store as commands: the beginning of an append-only file where `aof-use-rdb-preamble` is off. The
 * moment is that of the call.
 */
export function writeCommandBase(
  keyspace: Keyspace,
  storage: Storage,
  name: string,
  isAnnotated: boolean,
): Promise<void> {
  const writer = new CommandWriter(keyspace, isAnnotated ? Math.floor(keyspace.clock.now() / 1000) : -1);
  const file = new FileToCome(storage, name);
  return file.end(new Save(keyspace, writer).writeTo(file));
}

/** One command for each key: SET for strings, and for all else RESTORE with what DUMP would answer. */
class CommandWriter implements KeyWriter {
  private readonly keyspace: Keyspace;
  private readonly encoder = new EffectEncoder();
  private readonly value = new ByteWriter();

  constructor(keyspace: Keyspace, nowSeconds: number) {
    this.keyspace = keyspace;
    if (nowSeconds >= 0) this.encoder.annotate(nowSeconds);
    for (const { code } of startedEngineOf(keyspace)?.libraries() ?? [])
      this.encoder.write(0, ['FUNCTION', 'LOAD', code]);
  }

  key(databaseIndex: number, key: ByteString, stored: Stored, expiresAtMs: number): void {
    const { encoder, value, keyspace } = this;
    const expiry = expiresAtMs === NEVER ? '0' : String(Math.floor(expiresAtMs));
    if (typeof stored === 'string' || stored.kind === STRING) {
      const text = byteStringOf(stringOf(stored));
      encoder.write(databaseIndex, ['SET', key, text, ...(expiry === '0' ? [] : ['PXAT', expiry])]);
      return;
    }
    const version = writeValue(value, stored, {
      compress: keyspace.dumps.compress,
      limits: keyspace.limits,
    });
    const payload = sealPayload(value, version);
    encoder.write(databaseIndex, ['RESTORE', key, expiry, payload, ...(expiry === '0' ? [] : ['ABSTTL'])]);
  }

  end(): void {}

  get bufferedBytes(): number {
    return this.encoder.lengthBytes;
  }

  take(): Uint8Array {
    return this.encoder.take();
  }
}

/** A file that is made anew when the first bytes come, so that nothing has to be waited for before. */
class FileToCome {
  private readonly storage: Storage;
  private readonly name: string;
  private file: AppendedFile | undefined = undefined;

  constructor(storage: Storage, name: string) {
    this.storage = storage;
    this.name = name;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await (await this.open()).append(bytes);
  }

  private async open(): Promise<AppendedFile> {
    if (this.file === undefined) {
      await this.storage.remove(this.name);
      this.file = await this.storage.append(this.name);
    }
    return this.file;
  }

  async end(written: Promise<void>): Promise<void> {
    try {
      await written;
      await (await this.open()).sync();
    } finally {
      await this.file?.close();
    }
  }
}
