/**
 * The letters of `notify-keyspace-events`, in the order in which CONFIG GET prints them: classes of events, then the
 * kinds of channels they are published to. One of each is needed for anything to be published.
 */
const LETTERS = [
  'g', // generic commands
  '$', // strings
  'l', // lists
  's', // sets
  'h', // hashes
  'z', // sorted sets
  'x', // expired keys
  'e', // evicted keys
  't', // streams
  'd', // types of modules
  'a', // arrays
  'n', // new keys
  'o', // overwritten keys
  'c', // keys of another type than before
  'K', // __keyspace@<db>__:<key>
  'E', // __keyevent@<db>__:<event>
  'm', // keys that were not found
  'S', // __subkeyspace@<db>__:<key>
  'T', // __subkeyevent@<db>__:<event>
  'I', // __subkeyspaceitem@<db>__:<key>\n<subkey>
  'V', // __subkeyspaceevent@<db>__:<event>|<key>
] as const;

/** A letter of `notify-keyspace-events`. */
export type NotificationLetter = (typeof LETTERS)[number];

/** What the letter `A` stands for. */
const ALL = 'g$lshzxetda';
/** Printed only where `A` is not, though they are no part of it: so Redis has it. */
const HIDDEN_BY_ALL = 'noc';

/** Redis's text for a value that is none, for whoever sets it: these letters there are. */
export const NOTIFICATION_LETTERS = 'Ag$lshzxeKEtmdnocaSTIV';

const known: ReadonlySet<string> = new Set(LETTERS);

/** What a value of `notify-keyspace-events` asks for; `undefined` if it has a letter that means nothing. */
export function parseNotificationClasses(text: string): ReadonlySet<NotificationLetter> | undefined {
  const letters = new Set<string>(text.replaceAll('A', () => ALL));
  for (const letter of letters) if (!known.has(letter)) return undefined;
  return letters as ReadonlySet<string> as ReadonlySet<NotificationLetter>;
}

/** The value as CONFIG GET prints it: in an order of its own, and `A` where it says all that `A` means. */
export function printNotificationClasses(letters: ReadonlySet<NotificationLetter>): string {
  const all = [...ALL].every((letter) => letters.has(letter as NotificationLetter));
  const printed = LETTERS.filter((letter) => {
    return letters.has(letter) && !(all && (ALL.includes(letter) || HIDDEN_BY_ALL.includes(letter)));
  });
  return (all ? 'A' : '') + printed.join('');
}
