import { fromBytes, toBytes, toText } from '../../bytes/byte-string.ts';
import { quoted } from '../../bytes/quoted.ts';
import { splitInlineCommand } from '../../wire/resp/inline-command.ts';
import { AofCorrupt } from './aof-errors.ts';

// The manifest says which files the append-only file consists of, in the order in which they are read:
//
//     file appendonly.aof.2.base.rdb seq 2 type b      the state at one moment
//     file appendonly.aof.1.incr.aof seq 1 type h      no longer needed, not deleted yet
//     file appendonly.aof.2.incr.aof seq 2 type i      what was done since
//     file appendonly.aof.3.incr.aof seq 3 type i      and since, and since …
//
// It is replaced as a whole, by a new file of its name: what is in force is always what one manifest says.

/** What a file of the append-only file is for. */
export type AofFileType = 'base' | 'history' | 'incremental';

/** One line of the manifest. */
export interface AofFile {
  /** Without its folder. */
  readonly name: string;
  /** Counted by type, from 1. */
  readonly sequence: number;
  readonly type: AofFileType;
  /** Keys and values that later versions of Redis add, kept as they were. */
  readonly more: readonly string[];
}

/** All files of which the append-only file consists. Immutable. */
export interface Manifest {
  readonly base: AofFile | undefined;
  /** To be deleted: what they hold is in the base. */
  readonly history: readonly AofFile[];
  /** In the order in which they are read; what is done now goes to the last. */
  readonly incremental: readonly AofFile[];
  /** The numbers used last, 0 if none were. */
  readonly baseSequence: number;
  readonly incrementalSequence: number;
}

/** The manifest of nothing. */
export const EMPTY_MANIFEST: Manifest = {
  base: undefined,
  history: [],
  incremental: [],
  baseSequence: 0,
  incrementalSequence: 0,
};

/** What `aofNaming('appendonly.aof')` knows. */
export interface AofNaming {
  /** Of the manifest, and of the file that becomes it. */
  readonly manifest: string;
  readonly temporaryManifest: string;
  base(sequence: number, isRdb: boolean): string;
  incremental(sequence: number): string;
  /** Of a name that {@link incremental} makes. */
  incrementalSequence(name: string): number | undefined;
}

/** What the files are called of which the names begin with this: `appendfilename`. */
export function aofNaming(prefix: string): AofNaming {
  return {
    manifest: `${prefix}.manifest`,
    temporaryManifest: `temp-${prefix}.manifest`,
    base: (sequence, isRdb) => `${prefix}.${sequence}.base.${isRdb ? 'rdb' : 'aof'}`,
    incremental: (sequence) => `${prefix}.${sequence}.incr.aof`,
    incrementalSequence: (name) => {
      if (!name.startsWith(`${prefix}.`)) return undefined;
      const digits = /^(\d{1,15})\.incr\.aof$/.exec(name.slice(prefix.length + 1))?.[1];
      return digits === undefined ? undefined : Number(digits);
    },
  };
}

// ── changing ───────────────────────────────────────────────────────────────────────────────────────────────

/** With one incremental file more, which is the last. */
export function withIncremental(manifest: Manifest, naming: AofNaming): Manifest {
  const sequence = manifest.incrementalSequence + 1;
  const file = fileOf(naming.incremental(sequence), sequence, 'incremental');
  return { ...manifest, incremental: [...manifest.incremental, file], incrementalSequence: sequence };
}

/** The base that {@link withBase} would have. */
export function nextBaseName(manifest: Manifest, naming: AofNaming, isRdb: boolean): string {
  return naming.base(manifest.baseSequence + 1, isRdb);
}

/**
 * With a new base, in which all is that the old one holds and the incremental files before the last `kept`: those become
 * history, the one deleted last being the first of them.
 */
export function withBase(manifest: Manifest, naming: AofNaming, isRdb: boolean, kept: number): Manifest {
  const sequence = manifest.baseSequence + 1;
  const from = Math.max(0, manifest.incremental.length - kept);
  const rewritten = [...(manifest.base === undefined ? [] : [manifest.base])];
  return {
    base: fileOf(naming.base(sequence, isRdb), sequence, 'base'),
    history: [...[...manifest.incremental.slice(0, from), ...rewritten].map(asHistory), ...manifest.history],
    incremental: manifest.incremental.slice(from),
    baseSequence: sequence,
    incrementalSequence: manifest.incrementalSequence,
  };
}

/** With a file of any name as its only base: an append-only file of before Redis 7. */
export function takenOver(name: string): Manifest {
  return { ...EMPTY_MANIFEST, base: fileOf(name, 1, 'base'), baseSequence: 1 };
}

/** Without the files that are to be deleted. */
export function withoutHistory(manifest: Manifest): Manifest {
  return { ...manifest, history: [] };
}

function fileOf(name: string, sequence: number, type: AofFileType): AofFile {
  return { name, sequence, type, more: [] };
}

function asHistory(file: AofFile): AofFile {
  return { ...file, type: 'history' };
}

// ── printing ───────────────────────────────────────────────────────────────────────────────────────────────

const TYPE_LETTERS = { base: 'b', history: 'h', incremental: 'i' } as const;
const TYPES = new Map(
  Object.entries(TYPE_LETTERS).map(([type, letter]) => [letter as string, type as AofFileType]),
);

/** The manifest's text, as bytes. */
export function printManifest({ base, history, incremental }: Manifest): Uint8Array {
  const files = [...(base === undefined ? [] : [base]), ...history, ...incremental];
  return toBytes(files.map(printFile).join(''));
}

function printFile({ name, sequence, type, more }: AofFile): string {
  const words = ['file', quoteIfNeeded(name), 'seq', String(sequence), 'type', TYPE_LETTERS[type]];
  return `${[...words, ...more.map(quoteIfNeeded)].join(' ')}\n`;
}

/** A word that is read back as itself: quoted, where it holds anything but visible ASCII without quotes and backslashes. */
function quoteIfNeeded(word: string): string {
  if (word !== '' && /^[!#-&(-[\]-~]*$/.test(word)) return word;
  return quoted(word);
}

// ── reading ────────────────────────────────────────────────────────────────────────────────────────────────

/** The most bytes of one line, as in Redis. */
const LONGEST_LINE = 1024;
const LF = 0x0a;
const HASH = 0x23;
/** `file name seq 1 type i`: later versions may say more. */
const LEAST_WORDS = 6;

/**
 * What a manifest says.
 *
 * @param name of the file, for what is thrown
 * @throws AofCorrupt with Redis's text, the line and its number, if it cannot be read
 */
export function parseManifest(bytes: Uint8Array, name: string): Manifest {
  if (bytes.length === 0) throw unreadable(name, 0, 0, '', 'Found an empty AOF manifest');
  const parser = new ManifestParser(name);
  let lineNumber = 0;
  for (let start = 0; start < bytes.length; ) {
    lineNumber++;
    const end = bytes.indexOf(LF, start);
    const lineEnd = end < 0 ? bytes.length : end;
    const line = toText(fromBytes(bytes, start, lineEnd)).trim();
    const problem =
      bytes[start] === HASH && lineEnd - start < LONGEST_LINE
        ? undefined
        : end < 0 || end - start >= LONGEST_LINE
          ? 'The AOF manifest file contains too long line'
          : parser.take(splitInlineCommand(bytes, start, end));
    if (problem !== undefined) throw unreadable(name, start, lineNumber, line, problem);
    start = lineEnd + 1;
  }
  const { manifest } = parser;
  // What is history has been replaced by a base, since when something is appended to another file.
  if (manifest.history.length > 0 && (manifest.base === undefined || manifest.incremental.length === 0))
    throw unreadable(name, 0, lineNumber, '', 'Found history files, and not what has replaced them');
  return manifest;
}

function unreadable(
  file: string,
  offset: number,
  lineNumber: number,
  line: string,
  problem: string,
): AofCorrupt {
  const where = `Reading the manifest file, at line ${lineNumber}\n>>> '${line}'\n${problem}`;
  return new AofCorrupt(`${file}: ${where}`, file, offset);
}

/** Takes one line after the other. */
class ManifestParser {
  manifest = EMPTY_MANIFEST;
  /** Named so far, or never to be: what is in use must not be deleted as history, nor read twice. */
  private readonly names: Set<string>;

  constructor(name: string) {
    this.names = new Set([name]);
  }

  /** What is wrong with it, if anything is. */
  take(words: readonly string[] | undefined): string | undefined {
    if (words === undefined || words.length < LEAST_WORDS || words.length % 2 === 1)
      return 'Invalid AOF manifest file format';
    let name = '';
    let sequence = 0;
    let letter = '';
    const more: string[] = [];
    for (let at = 0; at < words.length; at += 2) {
      const value = words[at + 1]!;
      switch (words[at]!.toLowerCase()) {
        case 'file':
          name = value;
          if (/[/\\]|^\.\.?$/.test(name)) return "File can't be a path, just a filename";
          break;
        case 'seq':
          sequence = /^\d{1,15}$/.test(value) ? Number(value) : 0;
          break;
        case 'type':
          letter = value;
          break;
        default:
          more.push(words[at]!, value);
      }
    }
    if (name === '' || sequence === 0 || letter === '') return 'Invalid AOF manifest file format';
    if (this.names.has(name)) return 'Found a file name twice';
    this.names.add(name);
    const type = TYPES.get(letter);
    return type === undefined ? 'Unknown AOF file type' : this.add({ name, sequence, type, more });
  }

  private add(file: AofFile): string | undefined {
    const { manifest } = this;
    switch (file.type) {
      case 'base':
        if (manifest.base !== undefined) return 'Found duplicate base file information';
        this.manifest = { ...manifest, base: file, baseSequence: file.sequence };
        return undefined;
      case 'history':
        this.manifest = { ...manifest, history: [...manifest.history, file] };
        return undefined;
      case 'incremental':
        if (file.sequence <= manifest.incrementalSequence) return 'Found a non-monotonic sequence number';
        this.manifest = {
          ...manifest,
          incremental: [...manifest.incremental, file],
          incrementalSequence: file.sequence,
        };
        return undefined;
    }
  }
}
