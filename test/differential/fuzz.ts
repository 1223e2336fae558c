import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

// npm run fuzz -- [--seed N] [--commands N] [--only family]
// The generated comparisons with fresh seeds, as long as one likes. A failure prints its seed and shrinks to the
// fewest commands that still differ.

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    commands: { type: 'string', default: '200000' },
    only: { type: 'string', default: '' },
  },
});
for (const name of ['seed', 'commands'] as const) {
  if (!/^\d+$/.test(values[name]))
    throw new RangeError(`--${name} takes a whole number, not ${values[name]}`);
}

console.log(`seed ${values.seed}, ${values.commands} commands per family`);
const vitest = spawn(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    `test/differential/${values.only}`,
    '-t',
    'generated (commands|programs)',
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, LODIS_FUZZ_SEED: values.seed, LODIS_FUZZ_COMMANDS: values.commands },
  },
);
vitest.on('exit', (code) => process.exit(code ?? 1));
