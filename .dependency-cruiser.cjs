// The directions in which imports may go: see "The house" in docs/design.md. A test runs this.

/** Rooms of pure data structures: they know nothing of Redis. */
const CONTAINERS =
  '^src/(structures/(dense-table|packed-strings|warm-containers|listpack-limits|listpack-size|sample-positions|[^/]+/(raw-string|xxh3|lcs|quick-list|ring|chunks|hash-table|field-expiries|member-set|integer-member|sorted-set|set-outcome|small-sorted-set|large-sorted-set|score-tree|balanced-nodes|node-rows|vectors|float-vectors|byte-vectors|sign-vectors|quantisation|projection|slot-layout|link-rows|search-memory|level-search|connect|restore-links|mend|slot-graph|graph-node|vector-graph|geohash|great-circle|search-area|search-cells|nearest-first|point-collector|distance-digits|bit-count|bit-position|bit-operation|bit-range|bit-field|element-place|dense-registers|sparse-registers|estimate|hyperloglog|c-number|unescape|attribute-reader|filter|filter-tokens|filter-value|name-order|float-bytes|vector-set|array-slot|array-slice|slice-directory|sparse-array|regex-syntax|byte-regex|array-aggregates))|streams/(stream-id|sorted-by-id|stream-log|log-entry|log-block|entry-shape|packed-entries|header-numbers|radix-nodes|consumer-group|consumer|pending-entry|pending-by-time|idempotency|content-iid))\\.ts$';
/** Files that declare commands: tables, and pieces of grammar used by one type only. */
const COMMAND_TABLES = '-(commands|grammar|codecs)\\.ts$';

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
        path: '^src/(store\\.ts|keyspace/|structures/|streams/|ttl/|pubsub/|transactions/|blocking/|persistence/rdb/)',
        pathNot: COMMAND_TABLES,
      },
      to: { path: ['^src/(wire|session)/', COMMAND_TABLES] },
    },
    {
      name: 'keyspace-knows-no-structures',
      comment:
        'Types of values come to the keyspace as kinds. It names only the strings, which it keeps bare.',
      severity: 'error',
      from: { path: '^src/keyspace/' },
      to: { path: '^src/structures/', pathNot: '^src/structures/strings/string-value\\.ts$' },
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
      to: { path: '^src/(session/|store\\.ts|index\\.ts)' },
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
