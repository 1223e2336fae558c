/**
 * The graph of vector sets: how long it takes to build, how many bytes a vector takes, and for each width of the search how
 * many of the ten nearest it finds, and in which time.
 *
 *     npm run bench -- --only vector-sets
 */
import type { Quantisation } from '../src/structures/vector-sets/quantisation.ts';
import { VectorGraph } from '../src/structures/vector-sets/vector-graph.ts';
import { formatCount } from './data.ts';
import { progress, type Section } from './harness.ts';
import { usedBytes } from './heap.ts';
import { printNote, printTable } from './table.ts';

const DIMENSION = 256;
const CLUSTERS = 500;
const SPREAD = 0.6;
const QUERIES = 200;
const TURNS = 3;
const WIDTHS = [10, 50, 100, 200, 400];
const EF_CONSTRUCTION = 200;
const MAX_LINKS = 16;

type Kind = 'clustered' | 'uniform';

const CASES: readonly (readonly [Kind, Quantisation])[] = [
  ['clustered', 'int8'],
  ['clustered', 'f32'],
  ['clustered', 'bin'],
  ['uniform', 'int8'],
  ['uniform', 'f32'],
  ['uniform', 'bin'],
];

export const vectorSets: Section = {
  name: 'vector-sets',
  title: 'Vector sets: VSIM by the graph beside the exact search',
  run({ isQuick }) {
    const count = isQuick ? 2000 : 50_000;
    const built: string[][] = [];
    const searched: string[][] = [];
    for (const [kind, quantisation] of CASES) measure(kind, quantisation, count, built, searched);
    const size = `${formatCount(count)} vectors of ${DIMENSION} dimensions`;
    printTable(
      `Building, ${size}, M ${MAX_LINKS}, EF ${EF_CONSTRUCTION}`,
      ['vectors', 'µs an insertion', 'bytes a vector'],
      built,
    );
    printTable(
      `Recall at 10 (of the nearest by the kept vectors), and milliseconds a search, ${size}`,
      ['vectors', ...WIDTHS.map((ef) => `EF ${ef}`), 'exact'],
      searched,
    );
    printNote(
      'Processor time of this process. “Clustered” vectors lie around 500 centres, 0.6 of the distance between centres away; “uniform” ones lie in ' +
        'all directions alike, where nearest means little: the worst case of any such graph. Bytes include names and nodes.',
    );
  },
};

function measure(
  kind: Kind,
  quantisation: Quantisation,
  count: number,
  built: string[][],
  searched: string[][],
): void {
  const title = `${kind}, ${quantisation}`;
  progress(title);
  const random = seededRandom(1);
  const make = kind === 'uniform' ? () => direction(random) : clustered(random);
  const before = usedBytes();
  const graph = new VectorGraph({ dimension: DIMENSION, quantisation, maxLinks: MAX_LINKS, random });
  let insertedMs = 0;
  for (let at = 0; at < count; at++) {
    const vector = make();
    const started = processorMs();
    graph.insert(`element:${at}`, vector, EF_CONSTRUCTION);
    insertedMs += processorMs() - started;
  }
  const bytes = usedBytes() - before;
  built.push([title, ((insertedMs / count) * 1000).toFixed(0), (bytes / count).toFixed(0)]);

  const queries = Array.from({ length: QUERIES }, make);
  const exactMs = fastestMs(queries, (query) => graph.searchExact(query, { count: 10 }), 1);
  const truths = queries.map((query) => graph.searchExact(query, { count: 10 }).at(-1)!.similarity);
  const cells = WIDTHS.map((ef) => {
    let hits = 0;
    queries.forEach((query, at) => {
      for (const { similarity } of graph.search(query, { count: 10, ef }))
        if (similarity >= truths[at]!) hits++;
    });
    const ms = fastestMs(queries, (query) => graph.search(query, { count: 10, ef }), TURNS);
    return `${(hits / QUERIES / 10).toFixed(3)} in ${ms.toFixed(2)}`;
  });
  searched.push([title, ...cells, exactMs.toFixed(1)]);
}

function fastestMs(
  queries: readonly Float32Array[],
  search: (query: Float32Array) => unknown,
  turns: number,
): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < turns; turn++) {
    const started = processorMs();
    for (const query of queries) search(query);
    fastest = Math.min(fastest, (processorMs() - started) / queries.length);
  }
  return fastest;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The same numbers in every run. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function direction(random: () => number): Float32Array {
  return Float32Array.from({ length: DIMENSION }, () => gaussian(random));
}

function clustered(random: () => number): () => Float32Array {
  const centres = Array.from({ length: CLUSTERS }, () => direction(random));
  return () => {
    const centre = centres[Math.floor(random() * CLUSTERS)]!;
    return centre.map((component) => component + SPREAD * gaussian(random));
  };
}
