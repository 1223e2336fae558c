/** The terminal: whether it wants colour and pauses, and the keys that skip them. */
import { coloured, type Palette, plain } from './highlight.ts';

/** Where the tour is printed. */
export interface Terminal {
  readonly palette: Palette;
  /** How many columns the text may take: 80 to 100. */
  readonly columns: number;
  /** Whether somebody can press keys. */
  readonly hasKeys: boolean;
  line(text?: string): void;
  /** Waits, if this terminal has pauses and nobody has skipped them. */
  pause(durationMs: number): Promise<void>;
  /** From here on pauses count again. */
  resume(): void;
  close(): void;
}

const CONTROL_C = '\u0003';
const SKIP_KEYS: readonly string[] = ['\r', '\n', ' '];
const QUIT_KEYS: readonly string[] = ['q', CONTROL_C];

/**
 * This process's terminal. Piped, or with `NO_COLOR` or `CI` set, it is plain and never waits. While it waits,
 * Enter or space skips the pauses until the next `resume`, and q or Ctrl-C ends the process.
 */
export function openTerminal(options: { isFast: boolean }): Terminal {
  const { stdin, stdout, env } = process;
  const isLively = stdout.isTTY === true && !env['NO_COLOR'] && !env['CI'] && env['TERM'] !== 'dumb';
  const isPaced = isLively && !options.isFast;
  const hasKeys = isPaced && stdin.isTTY === true;
  let isSkipping = false;
  let wake: (() => void) | undefined;

  // Whoever reads only the first lines (`| head`) is done when they are.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });

  if (hasKeys) {
    stdin.setRawMode(true);
    stdin.resume();
    stdin.on('data', (bytes) => {
      const key = bytes.toString();
      if (SKIP_KEYS.includes(key)) {
        isSkipping = true;
        wake?.();
      } else if (QUIT_KEYS.includes(key)) {
        stdin.setRawMode(false);
        stdout.write('\n');
        process.exit(key === CONTROL_C ? 130 : 0);
      }
    });
  }

  return {
    palette: isLively ? coloured : plain,
    columns: Math.min(100, Math.max(80, stdout.columns ?? 80)),
    hasKeys,
    line: (text = '') => void stdout.write(`${text}\n`),
    pause: (durationMs) =>
      new Promise((resolve) => {
        if (!isPaced || isSkipping) return resolve();
        const timer = setTimeout(resolve, durationMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    resume: () => {
      isSkipping = false;
    },
    close: () => {
      if (!hasKeys) return;
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}
