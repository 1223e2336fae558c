import type { LatencySeries } from './latency-monitor.ts';

const WIDTH = 80;
const ROWS = 4;
/** What is drawn in a row by how high a column reaches into it. */
const LEVELS = ['_', 'o', '#'] as const;

/**
 * The spikes of an event as columns, each over the time that has passed since:
 *
 *     command - high 500 ms, low 101 ms (all time high 500 ms)
 *     ----------------------------------------------------------
 *        #_
 *       _||
 *      _|||
 *     _||||
 *
 *     11186
 *     542ss
 *     sss
 */
export function latencyGraph({ event, samples, maxMs }: LatencySeries, nowSeconds: number): string {
  const shown = samples.slice(-WIDTH);
  const values = shown.map(({ latencyMs }) => latencyMs);
  const high = Math.max(...values);
  const low = Math.min(...values);
  const lines = [
    `${event} - high ${high} ms, low ${low} ms (all time high ${maxMs} ms)`,
    '-'.repeat(WIDTH),
    ...columns(values, low, high),
    '',
    ...timeLabels(shown.map(({ atSeconds }) => nowSeconds - atSeconds)),
  ];
  return `${lines.join('\n')}\n`;
}

/** Rows from the top down. The lowest value is the lowest mark, the highest the highest. */
function columns(values: readonly number[], low: number, high: number): string[] {
  const steps = ROWS * LEVELS.length;
  const heights = values.map((value) =>
    high === low ? 0 : Math.min(Math.floor(((value - low) / (high - low)) * steps), steps - 1),
  );
  return Array.from({ length: ROWS }, (_, at) => {
    const row = ROWS - 1 - at;
    return heights
      .map((height) => {
        const top = Math.floor(height / LEVELS.length);
        if (row > top) return ' ';
        return row === top ? LEVELS[height % LEVELS.length]! : '|';
      })
      .join('')
      .trimEnd();
  });
}

/** How long ago, written downwards. */
function timeLabels(agesSeconds: readonly number[]): string[] {
  const labels = agesSeconds.map(ageText);
  const length = Math.max(...labels.map((label) => label.length));
  return Array.from({ length }, (_, row) =>
    labels
      .map((label) => label[row] ?? ' ')
      .join('')
      .trimEnd(),
  );
}

function ageText(seconds: number): string {
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}
