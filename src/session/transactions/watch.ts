import type { ByteString } from '../../bytes/byte-string.ts';
import { textBytes } from '../../bytes/text-bytes.ts';
import { type Watcher, watchedKeysOf } from '../../keyspace/watched-keys.ts';
import type { Session } from '../session.ts';

/** The places of a watched key: among all, with those who watch it, and among the client's. */
const WATCHED_KEY_BYTES = 260;

/** The keys that a client watches: WATCH. Costs nothing while there are none. */
export class Watch implements Watcher {
  /** Set when a watched key has changed. */
  touched = false;
  private readonly session: Session;
  private isEmpty = true;
  private addedBytes = 0;

  constructor(session: Session) {
    this.session = session;
  }

  /** EXEC is to do nothing if this key of the selected database changes until then. */
  add(key: ByteString): void {
    this.isEmpty = false;
    const before = this.size;
    this.keys.watch(this.session.view.selected, key, this);
    if (this.size > before) this.addedBytes += WATCHED_KEY_BYTES + textBytes(key);
  }

  /** Watches nothing any more. */
  clear(): void {
    if (this.isEmpty) return;
    this.isEmpty = true;
    this.addedBytes = 0;
    this.keys.unwatchAll(this);
  }

  /** How many keys are watched. */
  get size(): number {
    return this.isEmpty ? 0 : this.keys.countOf(this);
  }

  /** What the watched keys take, about. O(1). */
  get bytes(): number {
    return this.size === 0 ? 0 : this.addedBytes;
  }

  /** Whether a watched key has changed. */
  get isTouched(): boolean {
    return !this.isEmpty && this.keys.isTouched(this);
  }

  private get keys() {
    return watchedKeysOf(this.session.server.keyspace);
  }
}
