/**
 * What lodis costs, beside the things one would use instead, measured in one run on one machine.
 *
 *     npm run bench                      everything
 *     npm run bench -- --only strings    one section, or several separated by commas
 *     npm run bench -- --quick           fewer rounds and smaller data
 *
 * Every section runs in a process of its own, so that none inherits another's heap, nor an engine that has already
 * made up its mind about the code. Within a section, those who are compared share one process.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { aof } from './aof.ts';
import { arrays } from './arrays.ts';
import { bitmaps } from './bitmaps.ts';
import { clients } from './clients.ts';
import { counting } from './counting.ts';
import { eviction } from './eviction.ts';
import { expiry } from './expiry.ts';
import { geo } from './geo.ts';
import { growth } from './growth.ts';
import { endProgress, type Section } from './harness.ts';
import { hashes } from './hashes.ts';
import { printHeader } from './header.ts';
import { hitRates } from './hit-rates.ts';
import { honesty } from './honesty.ts';
import { hyperloglogs } from './hyperloglogs.ts';
import { lists } from './lists.ts';
import { memory } from './memory.ts';
import { pubsub } from './pubsub.ts';
import { rdb } from './rdb.ts';
import { rdbFiles } from './rdb-files.ts';
import { saving } from './saving.ts';
import { scripting } from './scripting.ts';
import { serving } from './serve.ts';
import { server } from './server.ts';
import { sets } from './sets.ts';
import { snapshots } from './snapshots.ts';
import { sortedSets } from './sorted-sets.ts';
import { streams } from './streams.ts';
import { strings } from './strings.ts';
import { vectorSets } from './vector-sets.ts';

const sections: readonly Section[] = [
  strings,
  bitmaps,
  hashes,
  lists,
  sets,
  sortedSets,
  streams,
  arrays,
  rdb,
  rdbFiles,
  saving,
  aof,
  geo,
  vectorSets,
  hyperloglogs,
  snapshots,
  memory,
  honesty,
  counting,
  expiry,
  eviction,
  hitRates,
  growth,
  pubsub,
  server,
  scripting,
  serving,
  clients,
];

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    section: { type: 'string' },
  },
});
const settings = { isQuick: options.quick };

function named(name: string): Section {
  const section = sections.find((candidate) => candidate.name === name);
  if (section === undefined)
    throw new Error(`no section ${name}: there are ${sections.map((each) => each.name).join(', ')}`);
  return section;
}

if (globalThis.gc === undefined) throw new Error('run with --expose-gc, as `npm run bench` does');
if (options.section !== undefined) {
  await named(options.section).run(settings);
  endProgress();
} else {
  const chosen = options.only === undefined ? sections : options.only.split(',').map(named);
  await printHeader(settings);
  for (const { name, title } of chosen) {
    console.log(`\n## ${title}`);
    const { status } = spawnSync(
      process.execPath,
      [
        ...process.execArgv,
        fileURLToPath(import.meta.url),
        ...['--section', name],
        ...(settings.isQuick ? ['--quick'] : []),
      ],
      { stdio: 'inherit' },
    );
    if (status !== 0) process.exitCode = 1;
  }
}
