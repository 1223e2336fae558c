import { type ByteString, byteLength, sliceBytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { parseInteger } from '../../numbers/integer.ts';
import { parseMemory } from '../../numbers/memory-size.ts';
import { upperCase } from '../../wire/grammar/token-reader.ts';
import type { ReplySink } from '../../wire/resp/reply-sink.ts';
import { RawView } from '../raw-view.ts';
import type { Session } from '../session.ts';
import type { Later } from '../waits/later.ts';
import { datasetDigest, valueDigest } from './digest.ts';
import { writeExample } from './protocol-examples.ts';
import { loadAppendOnly, reload } from './reload.ts';
import { type WriteReply, writeOk } from './write-reply.ts';

/** A subcommand of DEBUG. */
interface Subcommand {
  /** How to write what follows its name. */
  readonly syntax?: string;
  readonly summary: string;
  /** How many arguments it takes at least, and at most. Default: none. */
  readonly arguments?: readonly [least: number, most: number];
  /** Runs it; without an answer, it is OK. */
  readonly run?: (
    session: Session,
    args: readonly ByteString[],
  ) => WriteReply | Later<WriteReply> | undefined;
}

const ANY_NUMBER = Number.POSITIVE_INFINITY;
const MOST_PACKED = 4 * 1024 ** 3;
/** The longest sleep, in milliseconds: the year 287396 is far enough. */
const LONGEST_SLEEP_MS = 2 ** 52;

/** What is harmless where a store lives in the process of its clients, and what is nothing here but may be asked for. */
const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  'AOF-FLUSH-SLEEP': { syntax: '<microseconds>', summary: 'Does nothing here.', arguments: [1, 1] },
  'CHANGE-REPL-ID': {
    summary: 'Takes another replication id.',
    run: (session) => {
      session.server.changeReplicationId();
      return undefined;
    },
  },
  'DICT-RESIZING': { syntax: '<0|1>', summary: 'Does nothing here.', arguments: [1, 1] },
  DIGEST: {
    summary: 'Tells a digest of everything the store holds.',
    run: ({ server: { keyspace } }) => {
      const digest = datasetDigest(keyspace.databases.map(({ index }) => new RawView(keyspace, index)));
      return (sink) => sink.simple(digest.hex);
    },
  },
  'DIGEST-VALUE': {
    syntax: '<key> [<key> ...]',
    summary: 'Tells a digest of what each of the keys holds.',
    arguments: [0, ANY_NUMBER],
    run: ({ view }, keys) => {
      const digests = keys.map((key) => valueDigest(view, key).hex);
      return (sink) => {
        sink.array(digests.length);
        for (const digest of digests) sink.simple(digest);
      };
    },
  },
  ERROR: {
    syntax: '<message>',
    summary: 'Answers this error.',
    arguments: [1, 1],
    run: (_session, [message]) => {
      throw errors.asked(message!);
    },
  },
  HTSTATS: {
    syntax: '<database> [full]',
    summary: 'Tells how many keys a database has, and how many of them expire.',
    arguments: [1, 2],
    run: ({ server: { keyspace } }, [index]) => {
      const number = parseInteger(index!);
      if (number === undefined) throw errors.notAnInteger();
      const database = keyspace.databases[Number(number)];
      if (database === undefined) throw errors.databaseOfStatistics();
      const { size, expiringCount } = database;
      return (sink) =>
        sink.verbatim(
          'txt',
          `[Dictionary HT]\n number of elements: ${size}\n[Expires HT]\n number of elements: ${expiringCount}\n`,
        );
    },
  },
  'HTSTATS-KEY': {
    syntax: '<key> [full]',
    summary: 'Tells how many elements a hash table has.',
    arguments: [1, 2],
    run: ({ view }, [key]) => {
      const encoding = requireEncoding(view, key!);
      if (encoding !== 'hashtable' && encoding !== 'skiplist') throw errors.notAHashTable();
      const type = view.type(key!);
      const size = type === 'hash' ? view.hlen(key!) : type === 'set' ? view.scard(key!) : view.zcard(key!);
      return (sink) => sink.verbatim('txt', `[Hash table]\n number of elements: ${size}\n`);
    },
  },
  JMAP: { summary: 'Does nothing here.' },
  LISTPACK: {
    syntax: '<key>',
    summary: 'Tells whether what a key holds is a listpack; shows nothing.',
    arguments: [1, 1],
    run: ({ view }, [key]) => {
      if (requireEncoding(view, key!) !== 'listpack') throw errors.notAListpack();
      return (sink) => sink.simple('Listpack structure printed on stdout');
    },
  },
  LOADAOF: {
    summary: 'Writes out the append-only file, and loads it.',
    arguments: [0, ANY_NUMBER],
    run: loadAppendOnly,
  },
  LOG: { syntax: '<message>', summary: 'Does nothing here: there is no log.', arguments: [1, 1] },
  OBJECT: {
    syntax: '<key> [fast]',
    summary: 'Tells how what a key holds is kept.',
    arguments: [1, 2],
    run: ({ view, server: { keyspace } }, [key]) => {
      const encoding = requireEncoding(view, key!);
      const lru = Math.floor(keyspace.now() / 1000) % 2 ** 24;
      const line = `Value at:0x0 refcount:1 encoding:${encoding} serializedlength:0 lru:${lru} lru_seconds_idle:0`;
      return (sink) => sink.simple(line);
    },
  },
  'PAUSE-CRON': { syntax: '<0|1>', summary: 'Does nothing here.', arguments: [1, 1] },
  POPULATE: {
    syntax: '<count> [<prefix>] [<size>]',
    summary:
      'Creates so many keys prefix:<n> (key:<n>) that hold value:<n>, cut or filled up to a size in bytes.',
    arguments: [1, 3],
    run: ({ view }, args) => {
      populate(view, args);
      return undefined;
    },
  },
  PROTOCOL: {
    syntax: '<type>',
    summary:
      'Answers an example of a type: string, integer, double, bignum, null, array, set, map, attrib, push, verbatim, true, false.',
    arguments: [1, 1],
    run:
      (_session, [type]) =>
      (sink) =>
        writeExample(type!, sink),
  },
  'QUICKLIST-PACKED-THRESHOLD': {
    syntax: '<size>',
    summary: 'Does nothing here.',
    arguments: [1, 1],
    run: (_session, [size]) => {
      const bytes = parseMemory(size!);
      if (bytes === undefined || bytes > MOST_PACKED) throw errors.packedThreshold();
      return undefined;
    },
  },
  RELOAD: {
    syntax: '[MERGE] [NOFLUSH] [NOSAVE]',
    summary:
      'Saves, and loads what was saved (in memory, if the store has no storage). NOSAVE: loads what was saved before. NOFLUSH: keys that are not in the file stay; MERGE: those that are become what they are there.',
    arguments: [0, ANY_NUMBER],
    run: reload,
  },
  REPLYBUFFER: {
    syntax: '<PEAK-RESET-TIME|RESIZING> <value>',
    summary: 'Does nothing here.',
    arguments: [2, 2],
    run: (_session, [what]) => {
      if (!['PEAK-RESET-TIME', 'RESIZING'].includes(upperCase(what!))) throw unknown('replybuffer');
      return undefined;
    },
  },
  'SET-ACTIVE-EXPIRE': {
    syntax: '<0|1>',
    summary: 'With 0, keys and fields whose time is over go only when somebody comes by them.',
    arguments: [1, 1],
    run: ({ server: { keyspace } }, [isOn]) => {
      keyspace.expiresActively = numberAtStart(isOn!) !== 0;
      return undefined;
    },
  },
  'SET-DISABLE-DENY-SCRIPTS': { syntax: '<0|1>', summary: 'Does nothing here.', arguments: [1, 1] },
  'SET-SKIP-CHECKSUM-VALIDATION': {
    syntax: '<0|1>',
    summary: 'With 1, RESTORE takes payloads whatever their checksums.',
    arguments: [1, 1],
    run: ({ server: { keyspace } }, [isOn]) => {
      keyspace.dumps.checksChecksums = numberAtStart(isOn!) === 0;
      return undefined;
    },
  },
  SLEEP: {
    syntax: '<seconds>',
    summary: "Has so much time pass on the store's clock, at once. Nothing is held up.",
    arguments: [1, 1],
    run: ({ server: { keyspace } }, [seconds]) => {
      const durationMs = Math.round(numberAtStart(seconds!) * 1000);
      if (durationMs > 0) keyspace.advance(Math.min(durationMs, LONGEST_SLEEP_MS));
      return undefined;
    },
  },
};

/** DEBUG. Byte strings are in their inner form. */
export class DebugOperations {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** Runs a subcommand. */
  debug([name, ...args]: readonly ByteString[]): WriteReply | Later<WriteReply> {
    const asked = upperCase(name!);
    if (asked === 'HELP') return writeHelp;
    const subcommand = Object.hasOwn(SUBCOMMANDS, asked) ? SUBCOMMANDS[asked] : undefined;
    const [least, most] = subcommand?.arguments ?? [0, 0];
    if (subcommand === undefined || args.length < least || args.length > most) throw unknown(name!);
    return subcommand.run?.(this.session, args) ?? writeOk;
  }
}

function unknown(name: ByteString): Error {
  return errors.subcommandSyntax(name, 'DEBUG');
}

function writeHelp(sink: ReplySink): void {
  const lines = ['DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:'];
  for (const [name, { syntax, summary }] of Object.entries(SUBCOMMANDS)) {
    lines.push(syntax === undefined ? name : `${name} ${syntax}`, `    ${summary}`);
  }
  lines.push('HELP', '    Prints this help.');
  sink.array(lines.length);
  for (const line of lines) sink.simple(line);
}

function requireEncoding(view: RawView, key: ByteString): string {
  const encoding = view.objectEncoding(key);
  if (encoding === null) throw errors.noSuchKey();
  return encoding;
}

/** The number a text begins with, as C's strtod reads it; 0 if it does not begin with one. */
function numberAtStart(text: ByteString): number {
  return Number.parseFloat(text) || 0;
}

function populate(view: RawView, [countText, prefix = 'key', sizeText]: readonly ByteString[]): void {
  const count = requirePositive(countText!);
  const size = sizeText === undefined ? 0 : requirePositive(sizeText);
  for (let at = 0; at < count; at++) {
    const value = `value:${at}`;
    const length = byteLength(value);
    const sized =
      size === 0 ? value : size <= length ? sliceBytes(value, 0, size) : value + '\0'.repeat(size - length);
    view.setnx(`${prefix}:${at}`, sized);
  }
}

function requirePositive(text: ByteString): number {
  const value = parseInteger(text);
  if (value === undefined || value < 0) throw errors.mustBePositive();
  return Number(value);
}
