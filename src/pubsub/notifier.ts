import { type ByteString, byteLength } from '../bytes/byte-string.ts';
import type { Database } from '../keyspace/database.ts';
import type { KeyEvent } from '../keyspace/events.ts';
import type { Observer, Subkeys } from '../keyspace/observer.ts';
import type { Hub } from './hub.ts';
import type { NotificationLetter } from './notification-classes.ts';

/**
 * Publishes what happens to keys, as Redis's keyspace notifications:
 *
 *     __keyspace@0__:user:1          hset           K   to those who watch a key
 *     __keyevent@0__:hset            user:1         E   to those who watch for an event
 *
 * and, with the fields of hashes to which it happened, as its subkey notifications:
 *
 *     __subkeyspace@0__:user:1       hset|4:name,3:age         S
 *     __subkeyevent@0__:hset         6:user:1|4:name,3:age     T
 *     __subkeyspaceitem@0__:user:1\nname   hset                I   one for each field
 *     __subkeyspaceevent@0__:hset|user:1   4:name,3:age        V
 *
 * Lengths are in bytes. Where a name has the very letter that ends it, that channel is left out.
 */
export class Notifier implements Observer {
  private readonly hub: Hub;
  private readonly classes: ReadonlySet<string>;
  private readonly hasKeyspace: boolean;
  private readonly hasKeyevent: boolean;
  private readonly hasSubkeys: boolean;
  /** There only if somebody wants to know: while nobody does, nobody tells. */
  readonly missed: ((database: Database, key: ByteString) => void) | undefined;

  constructor(hub: Hub, classes: ReadonlySet<NotificationLetter>) {
    this.hub = hub;
    this.classes = classes;
    this.hasKeyspace = classes.has('K');
    this.hasKeyevent = classes.has('E');
    this.hasSubkeys = SUBKEY_CHANNELS.some((letter) => classes.has(letter));
    this.missed = classes.has('m') ? (database, key) => this.publish(database, key, 'keymiss') : undefined;
  }

  /** Whether anything could be published at all. */
  get isOn(): boolean {
    return this.hasKeyspace || this.hasKeyevent || this.hasSubkeys;
  }

  changed(database: Database, key: ByteString, event: KeyEvent, subkeys?: Subkeys): void {
    if (!this.classes.has(event.category) || !this.hub.hasSubscribers) return;
    this.publish(database, key, event.name);
    if (!this.hasSubkeys || subkeys === undefined) return;
    const several = typeof subkeys === 'string' ? [subkeys] : subkeys;
    if (several.length > 0) this.notifySubkeys(database.index, key, event.name, several);
  }

  private publish({ index }: Database, key: ByteString, event: string): void {
    const { hub } = this;
    if (!hub.hasSubscribers) return;
    if (this.hasKeyspace) hub.notify(`__keyspace@${index}__:${key}`, event);
    if (this.hasKeyevent) hub.notify(`__keyevent@${index}__:${event}`, key);
  }

  private notifySubkeys(index: number, key: ByteString, event: string, subkeys: readonly ByteString[]): void {
    const { hub, classes } = this;
    const listed = subkeys.map(withLength).join(',');
    const isPlain = !event.includes('|');
    if (classes.has('S') && isPlain) hub.notify(`__subkeyspace@${index}__:${key}`, `${event}|${listed}`);
    if (classes.has('T')) hub.notify(`__subkeyevent@${index}__:${event}`, `${withLength(key)}|${listed}`);
    if (classes.has('I') && !key.includes('\n')) {
      for (const subkey of subkeys) hub.notify(`__subkeyspaceitem@${index}__:${key}\n${subkey}`, event);
    }
    if (classes.has('V') && isPlain) hub.notify(`__subkeyspaceevent@${index}__:${event}|${key}`, listed);
  }
}

const SUBKEY_CHANNELS = ['S', 'T', 'I', 'V'] as const;

/** What is joined with it is ASCII, so that no bytes of different parts can become one character. */
function withLength(name: ByteString): ByteString {
  return `${byteLength(name)}:${name}`;
}
