import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

/** A program written in TypeScript, made into one file that Node starts at once. */
export interface Program {
  start(args?: readonly string[], options?: StartOptions): Child;
  remove(): Promise<void>;
}

export interface StartOptions {
  readonly uid?: number;
  /** A program that starts Node, with its arguments. */
  readonly under?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A running program that says something line by line. */
export interface Child {
  readonly process: ChildProcess;
  /** The next line that it says, or `undefined` once it has ended. */
  line(): Promise<string | undefined>;
  say(line: string): void;
  kill(signal?: NodeJS.Signals): void;
  /** How it ended: its exit code, or the signal. With what it has complained about. */
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly complaint: string;
  }>;
}

export async function program(source: string): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'lodis-program-'));
  const outfile = join(folder, 'program.mjs');
  // Somebody else may be the one to run it.
  await chmod(folder, 0o755);
  await build({
    entryPoints: [source],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outfile,
    logLevel: 'silent',
  });
  return {
    start: (args = [], options = {}) => start(outfile, args, options),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function start(file: string, args: readonly string[], { uid, under = [], env }: StartOptions): Child {
  const [command = '', ...before] = [...under, process.execPath];
  const child = spawn(command, [...before, file, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(uid !== undefined && { uid, gid: uid }),
  });
  child.stdin.on('error', () => {});
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaint += chunk;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    line: async () => {
      const next = await lines.next();
      return next.done ? undefined : next.value;
    },
    say: (line) => void child.stdin.write(`${line}\n`),
    kill: (signal = 'SIGKILL') => void child.kill(signal),
    ended: new Promise((resolve) =>
      child.on('close', (code, signal) => resolve({ code, signal, complaint })),
    ),
  };
}
