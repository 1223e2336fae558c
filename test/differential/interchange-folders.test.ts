import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Bytes, toBytes } from '../../src/bytes/byte-string.ts';
import { type OpenOptions, Store } from '../../src/index.ts';
import { nodeFiles } from '../../src/persistence/node.ts';
import { writeRdb } from '../../src/persistence/rdb/file/whole-rdb.ts';
import { lua } from '../../src/scripting/index.ts';
import { startRedisServer } from '../support/redis-server.ts';
import { KeptSide } from './support/kept-side.ts';
import { compareKeyspaces } from './support/keyspace-dump.ts';
import { ServerSide } from './support/sides.ts';

// Folders with append-only files, made by hand: whole, of earlier versions, torn, broken, edited. What a server makes of each,
// a store does: both hold the same, or both refuse it, in the same words.

const MANIFEST = 'appendonlydir/appendonly.aof.manifest';
const BASE = 'appendonlydir/appendonly.aof.1.base.aof';
const RDB_BASE = 'appendonlydir/appendonly.aof.1.base.rdb';
const INCREMENTAL = 'appendonlydir/appendonly.aof.1.incr.aof';
const OLD = 'appendonly.aof';

type Files = Readonly<Record<string, string | Uint8Array>>;
type Setting = 'loadTruncated' | 'appendfilename' | 'appenddirname';
interface Folder {
  readonly files: Files;
  /** What is said by both, if they refuse it. */
  readonly refusal?: string;
  /** What only the store refuses. */
  readonly ours?: string;
  readonly settings?: Readonly<Partial<Record<Setting, string>>>;
}

/** Commands as they stand in a file; each is a line, and its words the arguments. */
function commands(...lines: readonly (string | readonly Bytes[])[]): string {
  return lines
    .map((line) => {
      const tokens = (typeof line === 'string' ? line.split(' ') : line) as readonly string[];
      return `*${tokens.length}\r\n${tokens.map((token) => `$${toBytes(token).length}\r\n${token}\r\n`).join('')}`;
    })
    .join('');
}

const both = 'file appendonly.aof.1.base.aof seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n';
const base = commands('SELECT 0', 'SET k base', 'RPUSH l a b');
const incremental = commands('SELECT 0', 'APPEND k +more', 'SELECT 9', 'SADD s 1 2 x');
const good = { [BASE]: base, [INCREMENTAL]: incremental };
const withManifest = (manifest: string, files: Files = good): Files => ({ [MANIFEST]: manifest, ...files });
const withTail = (tail: string): Files =>
  withManifest(both, { [BASE]: base, [INCREMENTAL]: incremental + tail });

function rdb(): Uint8Array {
  const store = new Store();
  store.set('k', 'from the RDB file');
  store.hset('h', { f: 'v' });
  store.select(2).zadd('z', { a: 1.5 });
  return writeRdb(store);
}

function joined(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? toBytes(part) : part)));
}

const INVALID = 'Invalid AOF manifest file format';
const torn = 'Unexpected end of file reading the append only file';
const broken = 'Bad file format reading the append only file';

const folders: Readonly<Record<string, Folder>> = {
  'base and incremental': { files: withManifest(both) },
  'a base alone': { files: withManifest(`${both.split('\n')[0]!}\n`, { [BASE]: base }) },
  'an incremental file alone': { files: withManifest(`${both.split('\n')[1]!}\n`) },
  'lines in another order': { files: withManifest(`${both.split('\n').slice(0, 2).reverse().join('\n')}\n`) },
  'words in another order': { files: withManifest(both.replace('seq 1 type b', 'type b seq 1')) },
  'a remark': { files: withManifest(`# by hand\n${both}`) },
  'words of later versions': { files: withManifest(both.replace('type b', 'type b newkey newvalue')) },
  'names in quotes': {
    files: withManifest(both.replace('appendonly.aof.1.incr.aof', '"appendonly\\x2eaof.1.incr.aof"')),
  },
  'history, which goes': {
    files: withManifest(`${both}file old.aof seq 1 type h\n`, { ...good, 'appendonlydir/old.aof': base }),
  },
  'an empty manifest': { files: withManifest(''), refusal: 'Found an empty AOF manifest' },
  'a blank line': { files: withManifest(both.replace('\n', '\n\n')), refusal: INVALID },
  'no end of the last line': {
    files: withManifest(both.slice(0, -1)),
    refusal: 'The AOF manifest file contains too long line',
  },
  'a line that is too long': {
    files: withManifest(`${both}file ${'x'.repeat(2000)}\n`),
    refusal: 'The AOF manifest file contains too long line',
  },
  'a line without a type': { files: withManifest(both.replace(' type b', '')), refusal: INVALID },
  'a word without a value': { files: withManifest(both.replace('type b', 'type')), refusal: INVALID },
  'a type that is none': {
    files: withManifest(both.replace('type b', 'type x')),
    refusal: 'Unknown AOF file type',
  },
  'two bases': {
    files: withManifest(`${both}file appendonly.aof.2.base.aof seq 2 type b\n`),
    refusal: 'Found duplicate base file information',
  },
  'numbers that do not rise': {
    files: withManifest(`${both}file a seq 1 type i\n`),
    refusal: 'Found a non-monotonic sequence number',
  },
  'a path': {
    files: withManifest(both.replace('appendonly.aof.1.incr.aof', 'a/b')),
    refusal: "File can't be a path, just a filename",
  },
  'no name at the beginning': { files: withManifest(both.replace('file ', 'flie ')), refusal: INVALID },
  'a sequence of zero': {
    files: withManifest(both.replace('seq 1 type i', 'seq 0 type i')),
    refusal: INVALID,
  },
  'lines that end as on Windows': { files: withManifest(both.replaceAll('\n', '\r\n')) },
  'an incremental file that is not there': {
    files: withManifest(both, { [BASE]: base }),
    refusal: 'No such file or directory',
  },
  'a base that is not there': {
    files: withManifest(both, { [INCREMENTAL]: incremental }),
    refusal: 'No such file or directory',
  },
  // A server begins with nothing, and appends to the file that is there.
  'files without a manifest': { files: good, ours: 'is not in the manifest' },
  'an empty base of commands': { files: withManifest(both, { ...good, [BASE]: '' }) },
  'two empty files': { files: withManifest(both, { [BASE]: '', [INCREMENTAL]: '' }) },
  'an old file': { files: { [OLD]: base } },
  'an old file that is torn': { files: { [OLD]: base + commands('SET k torn').slice(0, -4) } },
  'an old file that begins as an RDB file': { files: { [OLD]: joined(rdb(), incremental) } },
  'an old file, and new ones': { files: { ...withManifest(both), [OLD]: commands('SET k old') } },
  'an old file, and an RDB file': { files: { [OLD]: base, 'dump.rdb': rdb() } },
  'new files, and an RDB file': { files: { ...withManifest(both), 'dump.rdb': rdb() } },
  'an old file that was about to be taken over': {
    files: { [MANIFEST]: 'file appendonly.aof seq 1 type b\n', [OLD]: base },
  },
  'an old file that was taken over': {
    files: { [MANIFEST]: 'file appendonly.aof seq 1 type b\n', 'appendonlydir/appendonly.aof': base },
  },
  'an RDB file as base': {
    files: withManifest(both.replace('base.aof', 'base.rdb'), {
      [RDB_BASE]: rdb(),
      [INCREMENTAL]: incremental,
    }),
  },
  'an RDB file as base that is cut': {
    files: withManifest(both.replace('base.aof', 'base.rdb'), {
      [RDB_BASE]: rdb().subarray(0, -20),
      [INCREMENTAL]: incremental,
    }),
    refusal: 'Unexpected EOF reading RDB file',
  },
  'a torn command': { files: withTail(commands('SET k torn').slice(0, -3)) },
  'a torn command, where that is refused': {
    files: withTail(commands('SET k torn').slice(0, -3)),
    settings: { loadTruncated: 'no' },
    refusal: torn,
  },
  'a torn length': { files: withTail('*3\r\n$3\r\nSET\r\n$1') },
  'a torn count': { files: withTail('*') },
  'a torn remark': { files: withTail('#TS:17000') },
  'a transaction without its end': { files: withTail(commands('MULTI', 'SET k torn', 'SET m 1')) },
  'a transaction without its end, where that is refused': {
    files: withTail(commands('MULTI', 'SET k torn')),
    settings: { loadTruncated: 'no' },
    refusal: torn,
  },
  'a base that is torn, with more behind it': {
    files: withManifest(both, { ...good, [BASE]: base.slice(0, -4) }),
    // A server cuts it all the same, and starts when it is started again.
    ours: 'the truncated file is not the last file',
  },
  // A base is synced before it has its name: what is missing was not lost by dying. A server cuts it.
  'a base that is torn, with nothing behind it': {
    files: withManifest(both, { [BASE]: base.slice(0, -4), [INCREMENTAL]: '' }),
    ours: 'the truncated file is not the last file',
  },
  'what is no command': { files: withTail('SET k v\r\n'), refusal: broken },
  'an argument that is longer than it says': {
    files: withTail('*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nlonger\r\n'),
    refusal: broken,
  },
  'a count of none': { files: withTail('*0\r\n'), refusal: broken },
  'a command that nobody knows': {
    files: withTail(commands('NOSUCH a b')),
    refusal: "Unknown command 'NOSUCH' reading the append only file",
  },
  remarks: {
    files: withTail(
      `#TS:1700000000\r\n${commands('SET a 1')}#TS:1700000001\r\n#anything\r\n${commands('MULTI')}#TS:1700000002\r\n${commands('SET b 2', 'EXEC')}`,
    ),
  },
  'names in lower case': { files: withTail(commands('multi', 'select 3', 'set a 1', 'exec', 'set b 2')) },
  'scripts, and what they do': {
    files: withTail(
      commands(
        ['EVAL', "redis.call('SET', KEYS[1], ARGV[1])", '1', 'scripted', 'v'],
        ['FUNCTION', 'LOAD', '#!lua name=l\nredis.register_function("f", function() return 1 end)'],
      ),
    ),
  },
  'times that are over': {
    files: withTail(
      commands(
        'SET gone v PXAT 1',
        'SET stays v',
        'PEXPIREAT stays 1',
        'SET stays v',
        'SETEX relative 100000 v',
      ),
    ),
  },
  'an RDB file amid all': {
    files: withManifest(both, { [BASE]: base, [INCREMENTAL]: joined(rdb().subarray(0, 0), incremental) }),
  },
  'names with spaces': {
    files: {
      'append only dir/a b.aof.manifest':
        'file "a b.aof.1.base.aof" seq 1 type b\nfile "a b.aof.1.incr.aof" seq 1 type i\n',
      'append only dir/a b.aof.1.base.aof': base,
      'append only dir/a b.aof.1.incr.aof': incremental,
    },
    settings: { appendfilename: 'a b.aof', appenddirname: 'append only dir' },
  },
};

const available = await startRedisServer();
await available?.stop();
const places: string[] = [];
afterAll(async () => {
  for (const place of places) await rm(place, { recursive: true, force: true });
});

async function place(files: Files): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'lodis-folder-'));
  places.push(path);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), typeof content === 'string' ? toBytes(content) : content);
  }
  return path;
}

describe.skipIf(available === undefined)('what a server makes of a folder, a store does', () => {
  test.each(Object.entries(folders))('%s', async (_name, { files, refusal, ours, settings = {} }) => {
    const { loadTruncated = 'yes', appendfilename = OLD, appenddirname = 'appendonlydir' } = settings;
    const theirs = await place(files);
    const args = [
      ...['--dir', theirs, '--appendonly', 'yes', '--aof-load-truncated', loadTruncated],
      ...['--appendfilename', appendfilename, '--appenddirname', appenddirname],
    ];
    const options: OpenOptions = {
      storage: nodeFiles(await place(files)),
      scripting: lua(),
      appendonly: true,
      save: false,
      onWarning: () => {},
      aofLoadTruncated: loadTruncated === 'yes',
      appendfilename,
      appenddirname,
    };
    if (ours !== undefined) {
      await expect(Store.open(options)).rejects.toThrow(ours);
      return;
    }
    if (refusal !== undefined) {
      await expect(startRedisServer({ args })).rejects.toThrow(refusal);
      await expect(Store.open(options)).rejects.toThrow(refusal);
      return;
    }
    const server = (await startRedisServer({ args }))!;
    const side = await ServerSide.connect(server);
    try {
      const store = await Store.open(options);
      try {
        await compareKeyspaces(new KeptSide(store), side, { databases: [0, 2, 3, 9], withHistory: false });
      } finally {
        await store.close();
      }
    } finally {
      await side.close();
      await server.stop();
    }
  });
});
