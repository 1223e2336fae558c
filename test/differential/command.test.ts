import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registry } from '../../src/session/registry.ts';
import { toReply } from '../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { behaviours, bytes } from './support/behaviours.ts';
import { LodisSide, ServerSide } from './support/sides.ts';

behaviours('names', {
  'what there is not is quoted up to a zero byte, and up to 128 bytes': [
    ['nope', 'a'.repeat(100), 'b'.repeat(100), 'c'],
    ['nope', 'a'.repeat(125), 'b'],
    ['nope', 'é'.repeat(70), 'b'],
    ['nope', `a${'é'.repeat(70)}`],
    ['nope', bytes(0xff, 0x00, 0x41), 'b'],
    ['nope', 'a\r\nb', "'", ''],
    ['no\0pe', ...new Array<string>(60).fill('abc')],
    // Not GET: where its hash happens to fall into that of 'GET\\0', the server takes the one for the other.
    ['GEX\0', 'k'],
    ['\0'],
    [''],
    ['x'.repeat(200), 'k'],
    ['é'.repeat(70)],
    ['OBJECT', 'x'.repeat(200), 'k'],
    ['OBJECT', 'é'.repeat(70), 'k'],
    ['OBJECT', 'a\0b', 'k'],
    ['OBJECT', 'a\nb'],
  ],
  'only ASCII letters have cases': [
    ['pıng'],
    ['ſet', 'k', 'v'],
    ['FLUSHALL', 'ſync'],
    ['SET', 'k', 'v', 'perſiſt'],
    ['OBJECT', 'encodıng', 'k'],
    ['COMMAND', 'INFO', 'ſet'],
    ['COMMAND', 'GETKEYS', 'ſet', 'k', 'v'],
    ['EXPIRE', 'k', '10', 'ſx'],
    ['sEt', 'k', 'v', 'eX', '10'],
  ],
});

behaviours('COMMAND', {
  'INFO: the shape of a reply, in both protocols': [
    'COMMAND INFO get',
    'COMMAND INFO nok',
    'COMMAND INFO GET nok OBJECT|ENCODING',
    'COMMAND INFO "object encoding"',
    'COMMAND INFO object|nok',
    'COMMAND INFO object|encoding|x',
    'COMMAND INFO rename',
    'COMMAND INFO mset',
    'COMMAND INFO del',
    'COMMAND INFO echo',
    'COMMAND INFO ""',
  ],
  'DOCS of what does not exist': ['COMMAND DOCS nok', 'COMMAND DOCS nok nok2'],
  'LIST with a filter nothing passes': [
    'COMMAND LIST FILTERBY ACLCAT nok',
    'COMMAND LIST FILTERBY ACLCAT @read',
    'COMMAND LIST FILTERBY MODULE nok',
    'COMMAND LIST FILTERBY PATTERN nok*',
  ],
  'LIST FILTERBY PATTERN takes any case': [
    'COMMAND LIST FILTERBY PATTERN EXPIRETIM?',
    'COMMAND LIST filterby pattern object|e*',
  ],
  'LIST: errors': [
    'COMMAND LIST FOO',
    'COMMAND LIST FILTERBY',
    'COMMAND LIST FILTERBY FOO x',
    'COMMAND LIST FILTERBY PATTERN',
    'COMMAND LIST FILTERBY PATTERN a b',
    'COMMAND LIST FILTERBY PATTERN a FILTERBY PATTERN b',
  ],
  GETKEYS: [
    'COMMAND GETKEYS get k',
    'COMMAND GETKEYS MSET a 1 b 2',
    'COMMAND GETKEYS MSET a 1 b',
    'COMMAND GETKEYS del a b c',
    'COMMAND GETKEYS rename a b',
    'COMMAND GETKEYS copy a b DB 1',
    'COMMAND GETKEYS object encoding k',
    'COMMAND GETKEYS set k v EX 10',
  ],
  GETKEYSANDFLAGS: [
    'COMMAND GETKEYSANDFLAGS set k v',
    'COMMAND GETKEYSANDFLAGS set k v NX get',
    'COMMAND GETKEYSANDFLAGS set GET get EX 10',
    'COMMAND GETKEYSANDFLAGS mset a 1 b 2',
    'COMMAND GETKEYSANDFLAGS rename a b',
    'COMMAND GETKEYSANDFLAGS del a b',
    'COMMAND GETKEYSANDFLAGS exists a b',
  ],
  'GETKEYS: errors in order': [
    'COMMAND GETKEYS nok x',
    'COMMAND GETKEYS object nok k',
    'COMMAND GETKEYS ping x',
    'COMMAND GETKEYS echo a b c',
    'COMMAND GETKEYS get a b',
    'COMMAND GETKEYS',
    'COMMAND GETKEYSANDFLAGS nok x',
    'COMMAND GETKEYSANDFLAGS',
  ],
  'COMMAND: subcommands and arities': [
    'COMMAND NOK',
    'COMMAND nok x',
    'COMMAND COUNT x',
    'COMMAND HELP x',
    'COMMAND LIST FILTERBY MODULE',
  ],
});

/** What COMMAND INFO says of one command. */
interface Info {
  readonly name: string;
  readonly arity: unknown;
  readonly flags: readonly string[];
  readonly range: readonly unknown[];
  readonly categories: readonly string[];
  readonly tips: readonly string[];
  readonly keySpecs: readonly unknown[];
  readonly subcommands: readonly string[];
}

function infoFrom(reply: unknown): Info {
  const [name, arity, flags, first, last, step, categories, tips, keySpecs, subcommands] = reply as unknown[];
  return {
    name: name as string,
    arity,
    flags: sortedWords(flags),
    range: [first, last, step],
    categories: sortedWords(categories),
    tips: sortedWords(tips),
    keySpecs: (keySpecs as unknown[]).map(withoutNotes),
    subcommands: (subcommands as unknown[][]).map(([subcommand]) => subcommand as string).sort(),
  };
}

function sortedWords(words: unknown): string[] {
  return [...(words as string[])].sort();
}

/** Remarks are prose, and ours. In RESP2 they come first. */
function withoutNotes(spec: unknown): unknown {
  const flat = spec as unknown[];
  return flat[0] === 'notes' ? flat.slice(2) : flat;
}

/** What later versions than the reference server's (7.0) changed, per field. */
const CHANGED_SINCE: Readonly<Partial<Record<keyof Info, Readonly<Record<string, unknown>>>>> = {
  arity: {
    // 7.2: the command alone is enough.
    'command|getkeys': -3,
    'command|getkeysandflags': -3,
    // 7.2: WITHSCORE.
    zrank: -3,
    zrevrank: -3,
  },
  flags: {
    // 7.2 tells which commands touch keys that are not among their arguments.
    scan: ['readonly', 'touches_arbitrary_keys'],
    randomkey: ['readonly', 'touches_arbitrary_keys'],
    // 7.2: it may stand in scripts, and is known to wait.
    wait: ['blocking'],
    // Later versions tell which commands are protected.
    debug: ['admin', 'loading', 'noscript', 'protected', 'stale'],
    // 7.2: they may be asked while data are loaded.
    'cluster|shards': ['loading', 'stale'],
    'cluster|slots': ['loading', 'stale'],
    // 7.2: scripts may call them, and they do not wait there.
    blpop: ['blocking', 'write'],
    brpop: ['blocking', 'write'],
    blmove: ['blocking', 'denyoom', 'write'],
    brpoplpush: ['blocking', 'denyoom', 'write'],
    bzpopmin: ['blocking', 'fast', 'write'],
    bzpopmax: ['blocking', 'fast', 'write'],
    // 7.2 tells which commands may be passed on to replicas.
    ...Object.fromEntries(
      ['eval', 'evalsha', 'fcall'].map((name) => [
        name,
        ['may_replicate', 'movablekeys', 'no_mandatory_keys', 'noscript', 'skip_monitor', 'stale'],
      ]),
    ),
    publish: ['fast', 'loading', 'may_replicate', 'pubsub', 'stale'],
    spublish: ['fast', 'loading', 'may_replicate', 'pubsub', 'stale'],
    pfcount: ['may_replicate', 'readonly'],
  },
  categories: {
    wait: ['@blocking', '@slow'],
  },
  tips: {
    // 7.2 tells how their answers are put together.
    scan: ['nondeterministic_output', 'request_policy:special', 'response_policy:special'],
    randomkey: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
    // 7.2 tells to whom they must be said.
    'acl|setuser': ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    'acl|deluser': ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    'acl|save': ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    'config|resetstat': ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    'config|rewrite': ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    // 7.2: its answer is no longer put together from several shards.
    msetnx: [],
    // 7.2: so that proxies name the connections to all shards.
    'client|setname': ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  },
  subcommands: {
    // Valkey's SHOW.
    script: ['debug', 'exists', 'flush', 'help', 'kill', 'load', 'show'].map((name) => `script|${name}`),
    // 7.2: SETINFO and NO-TOUCH.
    client: [
      ...['client|caching', 'client|getname', 'client|getredir', 'client|help', 'client|id', 'client|info'],
      ...['client|kill', 'client|list', 'client|no-evict', 'client|no-touch', 'client|pause', 'client|reply'],
      ...['client|setinfo', 'client|setname', 'client|tracking', 'client|trackinginfo', 'client|unblock'],
      'client|unpause',
    ],
    // The rest is for clusters of several nodes.
    cluster: [
      ...[
        'cluster|help',
        'cluster|info',
        'cluster|keyslot',
        'cluster|myid',
        'cluster|nodes',
        'cluster|shards',
      ],
      'cluster|slots',
    ],
  },
  keySpecs: {
    // 7.4: the destination is overwritten, not changed.
    sinterstore: [keySpec(['OW', 'update'], 1, 0), keySpec(['RO', 'access'], 2, -1)],
  },
};

/** A key specification as RESP2 gives it. */
function keySpec(flags: readonly string[], index: number, lastKey: number): unknown[] {
  return [
    ...['flags', flags],
    ...['begin_search', ['type', 'index', 'spec', ['index', index]]],
    ...['find_keys', ['type', 'range', 'spec', ['lastkey', lastKey, 'keystep', 1, 'limit', 0]]],
  ];
}

/** Said to have come with the release for which it was made, since 7.2. */
const SINCE_LATER = new Set(['client|pause']);
/** Called deprecated since 7.2. */
const DEPRECATED_LATER = new Set(['setnx', 'setex', 'psetex', 'quit']);

describe('COMMAND, beside the real server', () => {
  let server: RedisServer | undefined;
  let theirs: ServerSide;
  const ours = new LodisSide();
  beforeAll(async () => {
    server = await startRedisServer();
    if (server !== undefined) theirs = await ServerSide.connect(server);
  });
  afterAll(async () => {
    await server?.stop();
  });

  const commands = registry.all;

  test.for(commands.map(({ fullName }) => fullName))('INFO %s', async (name, { skip }) => {
    if (server === undefined) return skip();
    const request = [['COMMAND', 'INFO', name]];
    const [[mine], [other]] = [await ours.run(request, 2), await theirs.run(request, 2)];
    const [reply] = toReply(mine!) as unknown[];
    const [otherReply] = toReply(other!) as unknown[];
    expect(reply).not.toBeNull();
    // The reference server does not know it.
    if (otherReply === null) return;
    const expected: Record<string, unknown> = { ...infoFrom(otherReply) };
    for (const [field, changes] of Object.entries(CHANGED_SINCE)) {
      if (name in changes) expected[field] = changes[name];
    }
    expect(infoFrom(reply)).toEqual(expected);
  });

  test.for(commands.map(({ fullName }) => fullName))('DOCS %s', async (name, { skip }) => {
    if (server === undefined) return skip();
    const request = [['COMMAND', 'DOCS', name]];
    const [[mine], [other]] = [await ours.run(request, 3), await theirs.run(request, 3)];
    const docs = (toReply(mine!) as Map<string, Map<string, unknown>>).get(name)!;
    const otherDocs = (toReply(other!) as Map<string, Map<string, unknown>>).get(name);
    expect(docs.get('summary')).toMatch(/^[A-Z].*\.$/);
    expect(docs.get('complexity')).toBeTruthy();
    if (otherDocs === undefined) return;
    for (const field of ['since', 'group', 'deprecated_since']) {
      if (field === 'since' && SINCE_LATER.has(name)) continue;
      if (field === 'deprecated_since' && DEPRECATED_LATER.has(name)) continue;
      expect([field, docs.get(field)]).toEqual([field, otherDocs.get(field)]);
    }
  });

  test('COMMAND, INFO without names, COUNT, LIST and DOCS agree on what there is', async () => {
    const [all, info, count, list, docs] = await ours.run(
      [['COMMAND'], ['COMMAND', 'INFO'], ['COMMAND', 'COUNT'], ['COMMAND', 'LIST'], ['COMMAND', 'DOCS']],
      3,
    );
    expect(all).toEqual(info);
    const names = (toReply(all!) as string[][]).map(([name]) => name);
    expect(toReply(count!)).toBe(names.length);
    expect(toReply(list!)).toEqual(names);
    expect([...(toReply(docs!) as Map<string, unknown>).keys()]).toEqual(names);
    expect(new Set(names).size).toBe(names.length);
  });

  test.for(['COMMAND', 'ACL', 'CONFIG', 'LATENCY', 'SLOWLOG', 'OBJECT'])(
    '%s HELP begins and ends as the real one',
    async (container, { skip }) => {
      if (server === undefined) return skip();
      for (const protocol of [2, 3] as const) {
        const request = [[container, 'HELP']];
        const [[mine], [other]] = [await ours.run(request, protocol), await theirs.run(request, protocol)];
        if (mine?.type !== '*' || other?.type !== '*') throw new Error('HELP answers an array');
        expect(mine.items?.[0]).toEqual(other.items?.[0]);
        expect(mine.items?.slice(-2)).toEqual(other.items?.slice(-2));
        const subcommandsIn = (items: readonly unknown[] | null | undefined) =>
          (items ?? [])
            .map((item) => (item as { value: string }).value.split(' ')[0]!)
            .filter((word) => /^[A-Z]+$/.test(word))
            .sort();
        expect(subcommandsIn(mine.items)).toEqual(subcommandsIn(other.items));
      }
    },
  );
});
