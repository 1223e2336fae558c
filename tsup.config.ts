import { defineConfig, type Options } from 'tsup';

/** What is published: one entry per subpath of the package. */
const published = {
  index: 'src/index.ts',
  ioredis: 'src/clients/ioredis.ts',
  'node-redis': 'src/clients/node-redis.ts',
  browser: 'src/persistence/browser.ts',
  node: 'src/persistence/node.ts',
  persistence: 'src/persistence/index.ts',
  scripting: 'src/scripting/index.ts',
};

// Entries share what they have in common as chunks, in CommonJS too: a store from 'lodis' and a connector from
// 'lodis/ioredis' must know the same sessions, and be of the same types.
const shared: Options = {
  target: 'es2022',
  platform: 'neutral',
  external: [/^node:/],
  removeNodeProtocol: false,
  sourcemap: true,
  splitting: true,
  tsconfig: 'tsconfig.all.json',
};

export default defineConfig([
  {
    ...shared,
    format: 'esm',
    // Entries of their own become chunks of their own, which bundlers can leave out: a program that never connects
    // does not ship the wire and the command tables, nor does one that only asks for a store's bytes.
    entry: {
      ...published,
      store: 'src/store.ts',
      connection: 'src/session/connection.ts',
      serve: 'src/session/serve.ts',
      'whole-rdb': 'src/persistence/rdb/file/whole-rdb.ts',
    },
  },
  // Without `treeshake` the chunks are made CommonJS by a tool that also rewrites `?.` and `??`, which costs dearly.
  { ...shared, format: 'cjs', treeshake: true, entry: published },
  { ...shared, format: ['esm', 'cjs'], entry: published, dts: { only: true, entry: published } },
]);
