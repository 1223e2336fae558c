import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Program, program } from '../storage/child.ts';
import { crashChain, looseCrashChain } from './crash.ts';

let crashProgram: Program;

beforeAll(async () => {
  crashProgram = await program(join(import.meta.dirname, 'crash-program.ts'));
});
afterAll(() => crashProgram.remove());

/** More, with seeds of one's own: `CRASH_KILLS=5000 CRASH_SEED=7 npx vitest run test/persistence/crash`. */
const KILLS = Number(process.env['CRASH_KILLS'] ?? 200);
const SEED = Number(process.env['CRASH_SEED'] ?? 20_260_101);
const CHAINS = 4;

it.concurrent(`whatever was acknowledged is found after ${KILLS} kills, and nothing else`, async () => {
  const chains = Array.from({ length: CHAINS }, (_, i) =>
    crashChain(crashProgram, SEED + i, Math.ceil(KILLS / CHAINS)),
  );
  const reports = await Promise.all(chains);
  const total = (name: keyof (typeof reports)[number]): number =>
    reports.reduce((sum, report) => sum + report[name], 0);
  expect(total('kills')).toBeGreaterThanOrEqual(KILLS);
  // It would prove little if the kills had not met all sorts of moments.
  expect(total('acknowledged')).toBeGreaterThan(KILLS);
  expect(total('inFlight')).toBeGreaterThan(0);
  expect(total('whileOpening')).toBeGreaterThan(0);
}, 600_000);

it.concurrent.each([
  ['a save', false],
  ['the event loop turned, with everysec', true],
])(
  'whatever was done before %s is found, and a state that there was',
  async (_, appendonly) => {
    const kills = Math.ceil(KILLS / 10);
    const report = await looseCrashChain(crashProgram, SEED, kills, appendonly);
    expect(report.kills).toBe(kills);
    expect(report.acknowledged).toBeGreaterThan(kills);
  },
  600_000,
);
