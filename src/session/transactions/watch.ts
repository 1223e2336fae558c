import type { ByteString } from '../../bytes/byte-string.ts';
import { type Watcher, watchedKeysOf } from '../../keyspace/watched-keys.ts';
import type { Session } from '../session.ts';

/** The keys that a client watches: WATCH. Costs nothing while there are none. */
export class Watch implements Watcher {
  /** Set when a watched key has changed. */
  touched = false;
  private readonly session: Session;
  private isEmpty = true;

  constructor(session: Session) {
    this.session = session;
  }

  /** EXEC is to do nothing if this key of the selected database changes until then. */
  add(key: ByteString): void {
    this.isEmpty = false;
    this.keys.watch(this.session.view.selected, key, this);
  }

  /** Watches nothing any more. */
  clear(): void {
    if (this.isEmpty) return;
    this.isEmpty = true;
    this.keys.unwatchAll(this);
  }

  /** How many keys are watched. */
  get size(): number {
    return this.isEmpty ? 0 : this.keys.countOf(this);
  }

  /** Whether a watched key has changed. */
  get isTouched(): boolean {
    return !this.isEmpty && this.keys.isTouched(this);
  }

  private get keys() {
    return watchedKeysOf(this.session.server.keyspace);
  }
}
