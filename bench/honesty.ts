import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { formatCount } from './data.ts';
import { progress, type Section } from './harness.ts';
import { churnName, churns } from './honesty-churn.ts';
import { mixed, subjects } from './honesty-subjects.ts';
import { formatFactor, printTable } from './table.ts';

const MIXES = [1, 2, 3, 4, 5, 6];

export const honesty: Section = {
  name: 'honesty',
  title: 'What lodis says it takes of memory, beside what it takes',
  run: ({ isQuick }) => {
    const rows: string[][] = [];
    const mixes = MIXES.slice(0, isQuick ? 2 : MIXES.length);
    const named = subjects.map(({ name, count }) => ({ name, title: name, count }));
    for (const seed of mixes)
      named.push({ name: `mix ${seed}`, title: mixed(seed).name, count: mixed(seed).count });
    for (const { name, title, count } of named) {
      progress(title);
      const [bytes, estimate] = measured(name);
      rows.push([
        title,
        formatCount(count),
        (bytes / count).toFixed(0),
        (estimate / count).toFixed(0),
        formatFactor(estimate / bytes),
      ]);
    }
    printTable(
      'Bytes for each key, its name included',
      ['data', 'keys', 'taken', 'as lodis says', 'said ÷ taken'],
      rows,
    );
    printTable(
      'Megabytes of a store at its limit, when five times its keys have gone',
      ['policy and data', 'limit', 'taken', 'as lodis says', 'said ÷ taken'],
      churns.map((churn) => {
        const name = churnName(churn);
        progress(name);
        const [bytes, estimate] = measured(name);
        return [
          name,
          (churn.maxBytes / MB).toFixed(0),
          (bytes / MB).toFixed(2),
          (estimate / MB).toFixed(2),
          formatFactor(estimate / bytes),
        ];
      }),
    );
  },
};

const MB = 1_000_000;

/** In a process of its own: what the subject takes of the heap and beside it, and what lodis says. */
function measured(name: string): [bytes: number, estimate: number] {
  const file = fileURLToPath(new URL('./honesty-child.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, file, name], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  return (JSON.parse(stdout) as [number, number][])[0]!;
}
