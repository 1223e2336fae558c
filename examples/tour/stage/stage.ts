/**
 * Where a chapter plays. What the tour prints as code is the source text of the `play` function that is running, read
 * from its own file; every answer is put under the line that asked for it. Neither is ever written down twice, so
 * the code shown cannot differ from the code that ran.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Board, boardLines, valueLines } from './answers.ts';

/** What a chapter is given to speak to its audience. */
export interface Stage {
  /** Prints a value beside the line that asked for it. */
  show(value: unknown): void;
  /** Prints names with numbers as a bar chart. */
  board(rows: Board): void;
}

/** A file of the tour: a short program that can be read, and copied, by itself. */
export interface Chapter {
  readonly title: string;
  /** A sentence or two on what it is for. */
  readonly about: string;
  /** The `import.meta.url` of the file that `play` stands in. */
  readonly url: string;
  /** A chapter may wait for what it does itself, and for nothing else. */
  play(stage: Stage): void | Promise<void>;
}

/** What was printed at one statement of a chapter. */
export interface Answer {
  readonly lines: readonly string[];
  /** Whether it stays below its statement even where there is room beside it. */
  readonly isBoard: boolean;
}

/** A piece of a chapter's code, and what it answered. */
export interface Passage {
  readonly code: readonly string[];
  readonly answers: readonly Answer[];
}

/** What a chapter did: all of its code, in order, and how long the code took. */
export interface Performance {
  readonly passages: readonly Passage[];
  readonly elapsedMs: number;
}

/**
 * Plays a chapter from its first line to its last, without a pause (pauses are for the one who watches, and would
 * eat into the seconds that keys have to live), and returns what it did.
 */
export async function perform(chapter: Chapter, widthColumns: number): Promise<Performance> {
  const path = fileURLToPath(chapter.url);
  const body = playBody(readFileSync(path, 'utf8'), path);
  const passages: { code: string[]; answers: Answer[] }[] = [];
  let shownLines = 0;
  let elapsedMs = 0;

  const showThrough = (line: number): void => {
    if (line <= shownLines) return;
    passages.push({ code: body.lines.slice(shownLines, line), answers: [] });
    shownLines = line;
  };
  const answer = (lines: readonly string[], isBoard: boolean): void => {
    showThrough(statementEnd(body.lines, lineThatAsked(chapter.url, path) - body.firstLine));
    passages.at(-1)!.answers.push({ lines, isBoard });
  };
  // Only the chapter's own code is on the clock.
  const offTheClock = (speak: () => void): void => {
    elapsedMs += performance.now() - startedMs;
    speak();
    startedMs = performance.now();
  };

  let startedMs = performance.now();
  await chapter.play({
    show: (value) => offTheClock(() => answer(valueLines(value, widthColumns), false)),
    board: (rows) => offTheClock(() => answer(boardLines(rows), true)),
  });
  elapsedMs += performance.now() - startedMs;
  showThrough(body.lines.length);
  return { passages, elapsedMs };
}

interface Body {
  /** The lines between the braces, as far to the left as they go. */
  readonly lines: readonly string[];
  /** The number in the file of the first of them, from 1. */
  readonly firstLine: number;
}

/** The body of `play`, which is the top-level function of that name. */
function playBody(source: string, path: string): Body {
  const lines = source.split(/\r?\n/);
  const start = lines.findIndex((line) => /^export (async )?function play\(/.test(line));
  const open = lines.findIndex((line, at) => at >= start && line.endsWith('{'));
  const end = lines.indexOf('}', open);
  if (start < 0 || open < 0 || end < 0) throw new Error(`there is no function play in ${path}`);
  return {
    lines: lines.slice(open + 1, end).map((line) => line.replace(/^ {2}/, '')),
    firstLine: open + 2,
  };
}

/**
 * The line of the chapter's file that is being executed, seen from the outside: where `play` called a function
 * of its own that asked, it is the line of that call.
 */
function lineThatAsked(url: string, path: string): number {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = limit;
  const frame = stack.split('\n').findLast((line) => line.includes(`${path}:`) || line.includes(`${url}:`));
  const line = frame?.match(/:(\d+):\d+\)?$/)?.[1];
  if (line === undefined) throw new Error(`nothing in ${path} asked for this:\n${stack}`);
  return Number(line);
}

/** The index after the statement that the line at `index` belongs to: its end is back at the margin. */
function statementEnd(lines: readonly string[], index: number): number {
  let end = index + 1;
  while (end < lines.length && /^(\s+\S|[)}\]])/.test(lines[end]!)) end += 1;
  return end;
}
