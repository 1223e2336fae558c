import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PersistenceOptions, Store } from '../../../src/index.ts';
import { lua } from '../../../src/scripting/index.ts';
import type { Child, Program } from '../storage/child.ts';
import { numbersFrom, operationOf, Runner, timeAt } from './operations.ts';
import { stateOf } from './state.ts';

/** What a child is to do: see crash-program.ts. */
export interface ChildOrder {
  readonly folder: string;
  readonly seed: number;
  /** What time it is while it opens the store. */
  readonly step: number;
  /** It kills itself at that change of the storage; else it is killed from outside. */
  readonly dies?: { readonly at: number; readonly part: number };
  /** Whether time goes on with the steps, so that things expire. */
  readonly clock: 'runs' | 'stands';
  readonly options: PersistenceOptions;
}

/** What a chain of crashes has met. */
export interface CrashReport {
  kills: number;
  /** Steps that were acknowledged. */
  acknowledged: number;
  /** Kills after which a step was found done that had not been acknowledged. */
  inFlight: number;
  /** Kills before a child had loaded what was there. */
  whileOpening: number;
}

/**
 * A folder in which one process after another opens a store, writes with `appendfsync always`, and is killed. Each of them
 * must find all that was acknowledged, and of what was not only the one step that was under way, whole or not at all: the
 * same as a store in memory that has done so many steps.
 */
export async function crashChain(program: Program, seed: number, kills: number): Promise<CrashReport> {
  const folder = await mkdtemp(join(tmpdir(), 'lodis-crash-'));
  const report: CrashReport = { kills: 0, acknowledged: 0, inFlight: 0, whileOpening: 0 };
  const next = numbersFrom(seed);
  let step = 0;
  const model = new Store({ clock: { now: () => timeAt(step) }, scripting: lua() });
  const runner = new Runner(model);
  try {
    while (report.kills < kills) {
      const isFromOutside = next() < 0.5;
      const options: PersistenceOptions = {
        appendonly: true,
        appendfsync: 'always',
        save: false,
        aofUseRdbPreamble: next() < 0.7,
      };
      const order: ChildOrder = {
        folder,
        seed,
        step,
        options,
        clock: 'runs',
        ...(!isFromOutside && { dies: { at: 1 + Math.floor(next() ** 2 * 80), part: next() } }),
      };
      const child = program.start([JSON.stringify(order)]);
      report.kills++;
      if (isFromOutside && next() < 0.1) child.kill();
      const found = await child.line();
      if (found !== undefined) {
        const held = stateOf(model);
        if (found !== held) {
          finishStep(seed, step, runner, held, found);
          report.inFlight++;
          step++;
        }
        child.say(String(step));
        const patience = isFromOutside ? Math.floor(next() * 40) : Number.POSITIVE_INFINITY;
        const answers = await acknowledged(child, step, patience);
        for (const answer of answers) {
          doStep(seed, step, runner, answer);
          step++;
          report.acknowledged++;
        }
      } else report.whileOpening++;
      const { code, signal, complaint } = await child.ended;
      if (signal !== 'SIGKILL' || complaint !== '')
        throw new Error(`a child ended with ${signal ?? code}: ${complaint}`);
    }
  } catch (error) {
    throw new Error(`seed ${seed}, kill ${report.kills}, step ${step}: ${(error as Error).message}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return report;
}

/** What the child says until it is dead; it is killed after so many lines. */
async function acknowledged(child: Child, first: number, patience: number): Promise<string[]> {
  return (await said(child, first, patience)).answers;
}

/** The same, with the last step of which the child has said that it is sure to be found. */
async function said(
  child: Child,
  first: number,
  patience: number,
): Promise<{ readonly answers: string[]; readonly sure: number }> {
  const answers: string[] = [];
  let sure = first - 1;
  if (patience === 0) child.kill();
  for (let line = await child.line(); line !== undefined; line = await child.line()) {
    const [step, ...rest] = line.split(' ');
    if (step === 'sure') {
      sure = Number(rest[0]);
      continue;
    }
    if (Number(step) !== first + answers.length) throw new Error(`step ${step} after ${answers.length}`);
    if (answers.push(rest.join(' ')) === patience) child.kill();
  }
  return { answers, sure };
}

/**
 * The same where not every step is sure to be found: with RDB files those before a save that has succeeded are, with `everysec`
 * those before the last turn of the event loop. What is found is the state after some step, not before those.
 *
 * Nothing expires here: what is found is an earlier state, and nobody goes back in time.
 */
export async function looseCrashChain(
  program: Program,
  seed: number,
  kills: number,
  appendonly: boolean,
): Promise<CrashReport> {
  const folder = await mkdtemp(join(tmpdir(), 'lodis-crash-'));
  const report: CrashReport = { kills: 0, acknowledged: 0, inFlight: 0, whileOpening: 0 };
  const next = numbersFrom(seed);
  /** What the child has said of each step, and how many of them are sure to be found. */
  const answers: string[] = [];
  let sure = 0;
  try {
    while (report.kills < kills) {
      const isFromOutside = next() < 0.5;
      const options: PersistenceOptions = { appendonly, appendfsync: 'everysec', save: false };
      const order: ChildOrder = {
        folder,
        seed,
        step: sure,
        options,
        clock: 'stands',
        ...(!isFromOutside && { dies: { at: 1 + Math.floor(next() ** 2 * 60), part: next() } }),
      };
      const child = program.start([JSON.stringify(order)]);
      report.kills++;
      const found = await child.line();
      if (found === undefined) report.whileOpening++;
      else {
        const step = stepsDone(seed, answers, sure, found);
        if (step < answers.length) report.inFlight++;
        answers.length = step;
        sure = step;
        child.say(String(step));
        const patience = isFromOutside ? Math.floor(next() * 100) : 150;
        const more = await said(child, step, patience);
        answers.push(...more.answers);
        sure = Math.max(sure, more.sure + 1);
        report.acknowledged += more.answers.length;
      }
      const { code, signal, complaint } = await child.ended;
      if (signal !== 'SIGKILL' || complaint !== '')
        throw new Error(`a child ended with ${signal ?? code}: ${complaint}`);
    }
  } catch (error) {
    throw new Error(
      `seed ${seed}, kill ${report.kills}, step ${answers.length}: ${(error as Error).message}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return report;
}

/** After how many steps the state was that was found: the most that it can have been, and not less than are sure. */
function stepsDone(seed: number, answers: readonly string[], sure: number, found: string): number {
  const model = new Store({ clock: { now: () => timeAt(0) }, scripting: lua() });
  const runner = new Runner(model);
  let done = -1;
  let latest = '';
  for (let step = 0; step <= answers.length; step++) {
    if (step > 0) doStep(seed, step - 1, runner, answers[step - 1] as string);
    if (step < sure) continue;
    latest = stateOf(model);
    if (latest === found) done = step;
  }
  // One more was under way when it was killed.
  const operation = operationOf(seed, answers.length);
  if (done < 0 && operation.spops === undefined) {
    runner.run(operation);
    throw new Error(
      stateOf(model) === found
        ? 'found what nobody was told of'
        : `found the state after no step\n${firstDifference(found, latest)}`,
    );
  }
  return done;
}

/** Does a step as the child has. */
function doStep(seed: number, step: number, runner: Runner, answer: string): void {
  const operation = operationOf(seed, step);
  if (operation.spops === undefined) runner.run(operation);
  else if (answer !== 'null') runner.call(['SREM', operation.spops, JSON.parse(answer) as string]);
}

/** Does the step that was under way; then the model must hold what was found. */
function finishStep(seed: number, step: number, runner: Runner, held: string, found: string): void {
  const operation = operationOf(seed, step);
  const { spops } = operation;
  if (spops === undefined) runner.run(operation);
  else {
    // Which member was taken nobody has said: one that was there, and is not any more.
    const members = runner.call(['SMEMBERS', spops]) as string[];
    const left = membersIn(found, spops);
    const taken = members.filter((member) => !left.has(member));
    if (taken.length !== 1) throw new Error(`SPOP took ${taken.length} members`);
    runner.call(['SREM', spops, taken[0] as string]);
  }
  const expected = stateOf(runner.on);
  if (expected !== found)
    throw new Error(
      `found neither what was acknowledged nor that and the step under way\n${JSON.stringify(operation.commands)} ${operation.door}\nfound ${firstDifference(found, held)}\nor    ${firstDifference(found, expected)}`,
    );
}

function membersIn(state: string, key: string): Set<string> {
  for (const [database, name, , , content] of JSON.parse(state) as [
    string,
    string,
    string,
    string,
    string[],
  ][])
    if (database === '0' && name === key) return new Set(content);
  return new Set();
}

/** Where two states part, with what is there. */
function firstDifference(found: string, expected: string): string {
  let at = 0;
  while (at < found.length && found[at] === expected[at]) at++;
  return `…${found.slice(Math.max(0, at - 100), at + 100)}…\nwhere …${expected.slice(Math.max(0, at - 100), at + 100)}…`;
}
