/** How values look when the tour prints them: as one would write them in TypeScript. */
import { inspect } from 'node:util';

/** Names with their numbers: from a sorted set, or a hash of counters. */
export type Board =
  | readonly { readonly member: string; readonly score: number }[]
  | Readonly<Record<string, string>>;

const BAR_COLUMNS = 32;

/** The lines of a value, none of them longer than so many columns if that can be. */
export function valueLines(value: unknown, widthColumns: number): string[] {
  const records = asRecords(value);
  if (records !== undefined) return recordLines(records);
  if (isFlat(value)) return filledLines(value, widthColumns);
  return inspect(withPrototypes(value), {
    breakLength: widthColumns,
    compact: 3,
    depth: 4,
    maxArrayLength: 24,
  }).split('\n');
}

/** The rows of a bar chart, as wide as the largest number asks. */
export function boardLines(board: Board): string[] {
  const rows = isRows(board)
    ? [...board]
    : Object.entries(board)
        .map(([member, count]) => ({ member, score: Number(count) }))
        .sort((one, other) => other.score - one.score);
  const largest = Math.max(...rows.map((row) => row.score));
  const names = Math.max(...rows.map((row) => row.member.length));
  const numbers = Math.max(...rows.map((row) => count(row.score).length));
  return rows.map(({ member, score }) => {
    const bar = '▇'.repeat(Math.max(1, Math.round((score / largest) * BAR_COLUMNS)));
    return `${member.padEnd(names)}  ${count(score).padStart(numbers)}  ${bar}`;
  });
}

/** A number with its thousands set apart. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

function isRows(board: Board): board is Extract<Board, readonly unknown[]> {
  return Array.isArray(board);
}

type Flat = Readonly<Record<string, string | number | boolean | null>>;

/** The records of an array of two or more that have the same fields, or `undefined` if it is anything else. */
function asRecords(value: unknown): readonly Flat[] | undefined {
  if (!Array.isArray(value) || value.length < 2) return undefined;
  const shapes = value.map((item) =>
    typeof item === 'object' && item !== null && !Array.isArray(item) ? Object.keys(item).join() : '',
  );
  if (shapes[0] === '' || shapes.some((shape) => shape !== shapes[0])) return undefined;
  return value as readonly Flat[];
}

/** One record to a line, their fields one below the other. */
function recordLines(records: readonly Flat[]): string[] {
  const fields = Object.keys(records[0]!);
  const cells = records.map((record) => fields.map((field) => `${field}: ${inspect(record[field])}`));
  const widths = fields.map((_, at) => Math.max(...cells.map((row) => row[at]!.length)));
  return cells.map((row) => {
    // The comma stands at its value, the padding after it.
    const padded = row.map((cell, at) => (at < row.length - 1 ? `${cell},`.padEnd(widths[at]! + 1) : cell));
    return `{ ${padded.join(' ')} }`;
  });
}

function isFlat(value: unknown): value is readonly unknown[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => typeof item !== 'object' || item === null)
  );
}

/** An array of simple things, as many to a line as there is room for. */
function filledLines(items: readonly unknown[], widthColumns: number): string[] {
  const lines: string[] = [];
  let line = '[';
  for (const [at, item] of items.entries()) {
    const text = ` ${inspect(item)}${at < items.length - 1 ? ',' : ''}`;
    if (line.length + text.length > widthColumns - 2 && line.length > 1) {
      lines.push(line);
      line = ' ';
    }
    line += text;
  }
  return [...lines, `${line} ]`];
}

/** The same value with ordinary objects for those without a prototype, which `inspect` would remark upon. */
function withPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPrototypes);
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withPrototypes(item)]));
  }
  return value;
}
