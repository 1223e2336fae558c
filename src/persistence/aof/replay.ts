import type { ByteString } from '../../bytes/byte-string.ts';
import { ReplyError } from '../../errors.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import { nullSink } from '../../session/client/null-sink.ts';
import { collectingPeer } from '../../session/peer.ts';
import { registry } from '../../session/registry.ts';
import { serverOf } from '../../session/server.ts';
import { Session } from '../../session/session.ts';
import { RespWriter } from '../../wire/resp/resp-writer.ts';
import type { StoredFile } from '../storage/storage.ts';
import { AofCorrupt } from './aof-errors.ts';
import { AofReader } from './aof-reader.ts';

/** How the commands of a file are run. */
export interface ReplayOptions {
  /** Where they begin: behind the RDB file with which an append-only file may begin. Default: 0. */
  readonly offset?: number;
  /** Told now and then up to where the file has been replayed. */
  readonly onProgress?: (readBytes: number) => void;
  /** Resolves when the host's event loop has turned: asked every few milliseconds. */
  readonly turn: () => Promise<void>;
}

/** What was found. */
export interface Replayed {
  /** How many commands have run, those that were in transactions and not MULTI and EXEC. */
  readonly commands: number;
  /** Up to where the file is good: all of it, or where the last command or transaction begins that is not all there. */
  readonly validBytes: number;
}

/**
 * Runs all commands of a file, as if a client sent them to whom everything is allowed; nobody hears of it: no statistics, no
 * MONITOR, no slow log. A transaction runs once its EXEC is there, so that one of which the end is missing is not run at all.
 * Nothing expires meanwhile if the keyspace is loading: what was done while a key lived is done before it goes.
 *
 * O(bytes), a few milliseconds at a time.
 *
 * @throws AofCorrupt with the offset, if a command cannot be read or answers an error; what ran before it has run
 */
export async function replayFile(
  keyspace: Keyspace,
  file: StoredFile,
  name: string,
  { offset = 0, onProgress, turn }: ReplayOptions,
): Promise<Replayed> {
  const reader = new AofReader(name, offset);
  const replay = new Replay(keyspace, reader, name);
  let position = offset;
  while (position < file.sizeBytes) {
    const chunk = await file.read(position, Math.min(CHUNK_BYTES, file.sizeBytes - position));
    if (chunk.length === 0) break;
    position += chunk.length;
    reader.feed(chunk);
    try {
      while (replay.slice()) {
        onProgress?.(reader.offset);
        await turn();
      }
    } catch (error) {
      if (
        error instanceof AofCorrupt &&
        error.badOffset !== undefined &&
        (await isBlank(file, error.badOffset))
      )
        return replay.found;
      throw error;
    }
    onProgress?.(reader.offset);
  }
  return replay.found;
}

/** Whether nothing but zeros comes any more: what a machine leaves that lost power before it had written what was to be there. */
async function isBlank(file: StoredFile, offset: number): Promise<boolean> {
  for (let position = offset; position < file.sizeBytes; ) {
    const chunk = await file.read(position, Math.min(CHUNK_BYTES, file.sizeBytes - position));
    if (chunk.length === 0) return false;
    if (chunk.some((byte) => byte !== 0)) return false;
    position += chunk.length;
  }
  return true;
}

/** One file's commands on their way into the store. */
class Replay {
  private readonly keyspace: Keyspace;
  private readonly reader: AofReader;
  private readonly session: Session;
  private readonly file: string;
  /** What has come since MULTI. */
  private queue: { readonly tokens: readonly ByteString[]; readonly offset: number }[] | undefined =
    undefined;
  private commands = 0;
  private validBytes: number;

  constructor(keyspace: Keyspace, reader: AofReader, file: string) {
    this.keyspace = keyspace;
    this.reader = reader;
    this.file = file;
    this.validBytes = reader.offset;
    this.session = new Session(serverOf(keyspace), collectingPeer(new RespWriter()), 'script');
  }

  get found(): Replayed {
    return { commands: this.commands, validBytes: this.validBytes };
  }

  /** Runs what has arrived, for some milliseconds. Whether there is more of it. */
  slice(): boolean {
    return this.keyspace.atOneMoment(() => {
      const endMs = performance.now() + SLICE_MS;
      for (let count = 1; ; count++) {
        const tokens = this.reader.next();
        if (tokens === undefined) {
          // Annotations behind the last command are good, too.
          if (this.queue === undefined) this.validBytes = this.reader.offset;
          return false;
        }
        this.take(tokens, this.reader.commandOffset);
        if (this.queue === undefined) this.validBytes = this.reader.offset;
        if (count % COMMANDS_PER_LOOK === 0 && performance.now() >= endMs) return true;
      }
    });
  }

  private take(tokens: readonly ByteString[], offset: number): void {
    if (tokens.length === 1) {
      const name = tokens[0]!.toUpperCase();
      if (name === 'MULTI') {
        if (this.queue !== undefined) throw this.failed(offset, 'MULTI inside of MULTI');
        this.queue = [];
        return;
      }
      if (name === 'EXEC') {
        const { queue } = this;
        if (queue === undefined) throw this.failed(offset, 'EXEC without MULTI');
        this.queue = undefined;
        for (const one of queue) this.run(one.tokens, one.offset);
        return;
      }
    }
    if (this.queue !== undefined) this.queue.push({ tokens, offset });
    else this.run(tokens, offset);
  }

  private run(tokens: readonly ByteString[], offset: number): void {
    const { session } = this;
    const command = registry.lookup(tokens);
    if (command === undefined)
      throw this.corrupt(offset, `Unknown command '${tokens[0]}' reading the append only file ${this.file}`);
    try {
      command.run(session.targetOf(command), tokens, nullSink);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      // Old servers wrote down scripts: one that failed after it had changed something fails again, at the same place.
      if (command.facts.group !== 'scripting' || command.fullName.startsWith('function|'))
        throw this.failed(offset, `${command.facts.name} answered: ${error.message}`);
    }
    this.commands++;
  }

  private failed(offset: number, problem: string): AofCorrupt {
    return this.corrupt(offset, `Bad command in the append only file ${this.file}: ${problem}`);
  }

  private corrupt(offset: number, problem: string): AofCorrupt {
    return new AofCorrupt(`${problem} (at offset ${offset})`, this.file, offset);
  }
}

const CHUNK_BYTES = 2 ** 20;
const SLICE_MS = 5;
const COMMANDS_PER_LOOK = 64;
