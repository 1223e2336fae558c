// The directions in which imports may go: see "The house" in docs/design.md. A test runs this.

/** Pure data structures and algorithms, by folder: they know nothing of Redis. */
const CONTAINER_FILES = {
  streams: [
    'consumer',
    'consumer-group',
    'content-iid',
    'entry-shape',
    'header-numbers',
    'idempotency',
    'log-block',
    'log-entry',
    'packed-entries',
    'pending-by-time',
    'pending-entry',
    'radix-nodes',
    'sorted-by-id',
    'stream-id',
    'stream-log',
  ],
  structures: [
    'dense-table',
    'host-bytes',
    'listpack-limits',
    'listpack-size',
    'map-room',
    'packed-strings',
    'sample-positions',
    'warm-containers',
  ],
  'structures/arrays': [
    'array-aggregates',
    'array-slice',
    'array-slot',
    'byte-regex',
    'regex-syntax',
    'slice-directory',
    'slice-statistics',
    'sparse-array',
  ],
  'structures/bitmaps': ['bit-count', 'bit-field', 'bit-operation', 'bit-position', 'bit-range'],
  'structures/geo': [
    'distance-digits',
    'geohash',
    'great-circle',
    'nearest-first',
    'point-collector',
    'search-area',
    'search-cells',
  ],
  'structures/hashes': ['field-expiries', 'hash-table'],
  'structures/hyperloglogs': [
    'dense-registers',
    'element-place',
    'estimate',
    'hyperloglog',
    'sparse-registers',
  ],
  'structures/lists': ['chunks', 'quick-list', 'ring'],
  'structures/sets': ['integer-member', 'member-set'],
  'structures/sorted-sets': [
    'balanced-nodes',
    'large-sorted-set',
    'node-rows',
    'score-tree',
    'set-outcome',
    'small-sorted-set',
    'sorted-set',
  ],
  'structures/strings': ['lcs', 'raw-string', 'xxh3'],
  'structures/vector-sets': [
    'attribute-reader',
    'byte-vectors',
    'c-number',
    'connect',
    'filter',
    'filter-tokens',
    'filter-value',
    'float-bytes',
    'float-vectors',
    'graph-node',
    'level-search',
    'link-rows',
    'mend',
    'restore-links',
    'name-order',
    'projection',
    'quantisation',
    'search-memory',
    'sign-vectors',
    'restore-links',
    'slot-graph',
    'slot-layout',
    'unescape',
    'vector-graph',
    'vector-set',
    'vectors',
  ],
};
const CONTAINERS = `^src/(${Object.entries(CONTAINER_FILES)
  .map(([folder, names]) => `${folder}/(${names.join('|')})`)
  .join('|')})\\.ts$`;
/** Files that declare commands: tables, and pieces of grammar used by one type only. */
const COMMAND_TABLES = '-(commands|grammar|codecs)\\.ts$';

/** What a store knows of scripts: all that a program without `lodis/scripting` ships. */
const SCRIPTING_FACE =
  '^src/scripting/(scripting|scripting-operations|engine-of|answer-builder|script-handle)\\.ts$';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Data flows one way. (Types may refer to each other.)',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing reaches is dead.',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$'] },
      to: {},
    },
    {
      name: 'core-knows-no-node',
      comment: 'The core runs anywhere: Node built-ins only where files and clients are.',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/(persistence/(?!rdb/)|clients/)' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'bytes-and-numbers-stand-alone',
      severity: 'error',
      from: { path: '^src/(bytes|numbers)/' },
      to: { path: '^src/', pathNot: '^src/(bytes|numbers)/' },
    },
    {
      name: 'ttl-stands-alone',
      severity: 'error',
      from: { path: '^src/ttl/' },
      to: { path: '^src/', pathNot: '^src/ttl/' },
    },
    {
      name: 'containers-know-nothing-of-redis',
      severity: 'error',
      from: { path: CONTAINERS },
      to: { path: '^src/', pathNot: [CONTAINERS, '^src/(bytes|numbers|ttl)/'] },
    },
    {
      name: 'store-and-operations-know-no-wire',
      comment:
        'A program that only uses typed methods must not ship the wire, the command tables or sessions.',
      severity: 'error',
      from: {
        path: [
          '^src/(store\\.ts|views/|keyspace/|structures/|streams/|ttl/|pubsub/|transactions/|blocking/|persistence/rdb/)',
          SCRIPTING_FACE,
        ],
        pathNot: COMMAND_TABLES,
      },
      to: { path: ['^src/(wire|session)/', COMMAND_TABLES] },
    },
    {
      name: 'only-lodis-scripting-has-the-engine',
      comment: 'A program that runs no scripts must not ship what runs them.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/scripting/' },
      to: { path: '^src/scripting/', pathNot: SCRIPTING_FACE },
    },
    {
      name: 'the-face-of-scripting-has-no-engine',
      severity: 'error',
      from: { path: SCRIPTING_FACE },
      to: { path: '^src/scripting/', pathNot: SCRIPTING_FACE },
    },
    {
      name: 'only-entries-have-the-engine-of-persistence',
      comment: 'A program that keeps nothing must not ship what keeps it. Stores know it by its type only.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/persistence/' },
      to: {
        path: '^src/persistence/(engine|aof|storage)/|^src/persistence/[^/]+\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'storages-stand-alone',
      comment: 'Where files live, and nothing of what is in them.',
      severity: 'error',
      from: { path: '^src/persistence/storage/' },
      to: { path: '^src/', pathNot: '^src/(persistence/storage|bytes)/|^src/keyspace/arguments\\.ts$' },
    },
    {
      name: 'lua-stands-alone',
      comment: 'The engine knows nothing of Redis.',
      severity: 'error',
      from: { path: '^src/scripting/lua/' },
      to: { path: '^src/', pathNot: '^src/(scripting/lua|bytes|numbers)/' },
    },
    {
      name: 'lua-libraries-know-lua-only',
      severity: 'error',
      from: { path: '^src/scripting/libraries/' },
      to: { path: '^src/', pathNot: '^src/(scripting/(lua|libraries)|bytes|numbers)/' },
    },
    {
      name: 'keyspace-knows-no-structures',
      comment:
        'Types of values come to the keyspace as kinds. It names only the strings, which it keeps bare, and what a Map takes.',
      severity: 'error',
      from: { path: '^src/keyspace/' },
      to: { path: '^src/structures/', pathNot: '^src/structures/(strings/string-value|map-room)\\.ts$' },
    },
    {
      name: 'types-meet-in-few-places',
      comment: 'A structure uses another only through its value or container.',
      severity: 'error',
      from: { path: '^src/structures/([^/]+)/', pathNot: COMMAND_TABLES },
      to: { path: '^src/structures/[^/]+/[^/]*-operations\\.ts$', pathNot: '^src/structures/$1/' },
    },
    {
      name: 'command-tables-know-no-session',
      severity: 'error',
      from: { path: '^src/(keyspace|structures|streams|blocking|persistence/rdb)/.*-commands\\.ts$' },
      to: { path: '^src/(session/|store\\.ts|views/|index\\.ts)' },
    },
    {
      name: 'wire-knows-no-commands',
      severity: 'error',
      from: { path: '^src/wire/' },
      to: { path: '^src/', pathNot: '^src/(wire|bytes|numbers|errors\\.ts|keyspace/expiry-options\\.ts)' },
    },
    {
      name: 'nobody-imports-the-face',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/index\\.ts$' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.d.ts'] },
  },
};
