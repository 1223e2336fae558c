/** How a chapter is laid out: its heading, its code, and the answers beside or below the code. */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { highlight } from './highlight.ts';
import type { Answer, Chapter, Passage, Performance } from './stage.ts';
import type { Terminal } from './terminal.ts';

const MARGIN = '    ';
/** Answers stand here, counted from the margin, where the code leaves room. */
const ANSWER_COLUMN = 48;
const ARROW = '→ ';

const CODE_LINE_MS = 60;
const ANSWER_MS = 280;
const CHAPTER_MS = 1400;

/** The columns that an answer may take below its code. */
export function answerColumns(terminal: Terminal): number {
  return terminal.columns - MARGIN.length * 2 - ARROW.length;
}

/** Prints a chapter, with pauses for reading. */
export async function print(
  terminal: Terminal,
  chapter: Chapter,
  number: number,
  { passages }: Performance,
): Promise<void> {
  terminal.resume();
  await heading(terminal, chapter, number);
  for (const passage of passages) await printPassage(terminal, passage);
  terminal.line();
  await terminal.pause(CHAPTER_MS);
}

async function heading(terminal: Terminal, chapter: Chapter, number: number): Promise<void> {
  const { palette, columns } = terminal;
  const file = `examples/tour/${basename(fileURLToPath(chapter.url))}`;
  const title = `${String(number).padStart(2)}  ${chapter.title}`;
  const rule = '─'.repeat(Math.max(2, columns - title.length - file.length - 2));
  terminal.line(`${palette.strong(title)} ${palette.faint(`${rule} ${file}`)}`);
  terminal.line();
  for (const line of wrap(chapter.about, columns - MARGIN.length)) {
    terminal.line(`${MARGIN}${palette.faint(line)}`);
  }
  terminal.line();
  await terminal.pause(CHAPTER_MS / 2);
}

async function printPassage(terminal: Terminal, { code, answers }: Passage): Promise<void> {
  const { palette } = terminal;
  const last = code.at(-1)!;
  const beside = answers.length === 1 && fitsBeside(terminal, last, answers[0]!) ? answers[0] : undefined;
  for (const line of beside === undefined ? code : code.slice(0, -1)) {
    terminal.line(`${MARGIN}${highlight(line, palette)}`.trimEnd());
    if (line !== '') await terminal.pause(CODE_LINE_MS);
  }
  if (beside !== undefined) {
    const gap = ' '.repeat(ANSWER_COLUMN - last.length);
    terminal.line(`${MARGIN}${highlight(last, palette)}${gap}${answerLine(terminal, beside.lines[0]!, 0)}`);
    await terminal.pause(ANSWER_MS);
    return;
  }
  for (const { lines } of answers) {
    for (const [at, line] of lines.entries()) {
      terminal.line(`${MARGIN}${MARGIN}${answerLine(terminal, line, at)}`);
    }
    await terminal.pause(ANSWER_MS);
  }
}

function answerLine({ palette }: Terminal, line: string, at: number): string {
  const arrow = at === 0 ? palette.faint(ARROW) : ' '.repeat(ARROW.length);
  return `${arrow}${palette.answer(line)}`;
}

function fitsBeside({ columns }: Terminal, code: string, { lines, isBoard }: Answer): boolean {
  if (isBoard || lines.length > 1 || code.length >= ANSWER_COLUMN) return false;
  return MARGIN.length + ANSWER_COLUMN + ARROW.length + lines[0]!.length <= columns;
}

/** The text in lines of at most so many columns, broken at its spaces. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
