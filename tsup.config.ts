import { defineConfig, type Options } from 'tsup';

const shared: Options = {
  target: 'es2022',
  platform: 'neutral',
  sourcemap: true,
};

export default defineConfig([
  {
    ...shared,
    format: 'esm',
    // Entries of their own become chunks of their own, which bundlers can leave out: a program that never connects
    // does not ship the wire and the command tables. Only `index` is published.
    entry: {
      index: 'src/index.ts',
      store: 'src/store.ts',
      connection: 'src/session/connection.ts',
      serve: 'src/session/serve.ts',
    },
    splitting: true,
    dts: { entry: { index: 'src/index.ts' } },
  },
  {
    ...shared,
    format: 'cjs',
    entry: { index: 'src/index.ts' },
    dts: true,
  },
]);
