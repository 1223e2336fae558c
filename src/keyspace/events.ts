/** A change as keyspace notifications name it: the event, and the letter of its class in `notify-keyspace-events`. */
export interface KeyEvent {
  readonly name: string;
  /** Empty where Redis notifies nobody of it, though the key has changed. */
  readonly category: 'g' | '$' | 'l' | 's' | 'h' | 'z' | 't' | 'a' | 'x' | 'e' | 'n' | 'd' | 'o' | 'c' | '';
  /** Whether it is no reason to look at those who wait for the key, whatever they wait for. */
  readonly wakesNobody?: true;
  /** Whether the key counts as unchanged all the same: to WATCH, and to clients that have a copy. */
  readonly leavesValue?: true;
}

const of =
  (category: KeyEvent['category']) =>
  (name: string): KeyEvent => ({ name, category });

/** An event after which those who wait find nothing that was not there before. */
export function wakingNobody(event: KeyEvent): KeyEvent {
  return { ...event, wakesNobody: true };
}

/** An event that tells of something beside the value of the key, such as who reads it. */
export function leavingValue(event: KeyEvent): KeyEvent {
  return { ...event, leavesValue: true };
}

const generic = of('g');
const string = of('$');

/** Every event of the keyspace and of strings; the other types name theirs beside their operations. */
export const events = {
  del: generic('del'),
  expire: wakingNobody(generic('expire')),
  persist: wakingNobody(generic('persist')),
  renameFrom: generic('rename_from'),
  renameTo: generic('rename_to'),
  moveFrom: generic('move_from'),
  moveTo: generic('move_to'),
  copyTo: generic('copy_to'),
  restore: generic('restore'),
  flush: generic('flush'),
  sortStore: of('l')('sortstore'),
  expired: of('x')('expired'),
  evicted: of('e')('evicted'),
  /** Nobody is told of it: what `Database.changedSilently` is of. */
  silent: of('')('silent'),
  /** The key holds again what it did when a snapshot was taken. */
  broughtBack: of('')('broughtback'),
  new: of('n')('new'),
  overwritten: of('o')('overwritten'),
  typeChanged: of('c')('type_changed'),
  set: string('set'),
  append: string('append'),
  setRange: string('setrange'),
  setBit: string('setbit'),
  incrBy: string('incrby'),
  incrByFloat: string('incrbyfloat'),
} as const;

/** For the types that name their own events. */
export const eventsOf = of;
