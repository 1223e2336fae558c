import { type Comparison, endProgress, type Ratio } from './harness.ts';

/** Prints a table in Markdown, its columns aligned, so that it reads well here and can be pasted into a page. */
export function printTable(
  title: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  endProgress();
  const widths = header.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => pad(cells[column] ?? '', width, column)).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  console.log(`\n### ${title}\n`);
  console.log([line(header), rule, ...rows.map(line)].join('\n'));
}

/** Names to the left, figures to the right. */
function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

export function printNote(text: string): void {
  console.log(`\n${text}`);
}

/** `1.21`, with the quartiles where they are far apart: `1.21 (1.10–1.40)`. */
export function formatRatio(ratio: Ratio | undefined): string {
  if (ratio === undefined) return '';
  const { median, lowerQuartile, upperQuartile } = ratio;
  const spread = (upperQuartile - lowerQuartile) / median;
  const figure = formatFactor(median);
  return spread < 0.1 ? figure : `${figure} (${formatFactor(lowerQuartile)}–${formatFactor(upperQuartile)})`;
}

export function formatFactor(factor: number): string {
  if (factor >= 100) return factor.toFixed(0);
  return factor >= 0.1 ? factor.toFixed(2) : factor.toPrecision(2);
}

/** A table that is filled comparison by comparison: a row each, a column for each peer. */
export class RatioTable {
  private readonly title: string;
  private readonly peers: readonly string[];
  private readonly rows: string[][] = [];

  constructor(title: string, peers: readonly string[]) {
    this.title = title;
    this.peers = peers;
  }

  add(name: string, ...comparisons: readonly Comparison[]): void {
    const ratios = new Map(comparisons.flatMap((comparison) => [...comparison.ratios]));
    this.rows.push([name, ...this.peers.map((peer) => formatRatio(ratios.get(peer)))]);
  }

  /** `time of lodis ÷ time of the peer`: below 1, lodis is the faster. */
  print(): void {
    printTable(this.title, ['time of lodis ÷ time of', ...this.peers], this.rows);
  }
}
