import { freshString } from './data.ts';
import { fill, keyOf, lodis, type MemoryCase } from './memory-subjects.ts';

/** A value of eight bytes. */
function fieldValue(number: number, field: number): string {
  return freshString(`v${field}${String(number % 1_000_000).padStart(6, '0')}`);
}

function fieldsOf(number: number): Record<string, string> {
  return { user: fieldValue(number, 0), action: fieldValue(number, 1), page: fieldValue(number, 2) };
}

/** What one would push onto an array. */
interface PlainEntry {
  readonly id: string;
  readonly fields: Record<string, string>;
}

const plainEntry = (number: number): PlainEntry => ({
  id: freshString(`${1_700_000_000_000 + number}-0`),
  fields: fieldsOf(number),
});

const ENTRIES = 5;

/** Streams, for the table of memory. Ids are the time's, as they are by default. */
export const streamMemoryCases: readonly MemoryCase[] = [
  {
    name: 'one stream',
    unit: 'entry',
    units: 'entries of 3 fields',
    count: 1_000_000,
    lodis: lodis((store, number) => store.xadd('stream', fieldsOf(number))),
    peer: {
      name: 'array of { id, fields }',
      make: (count) => fill([] as PlainEntry[], count, (array, number) => array.push(plainEntry(number))),
    },
    server: (number) => ['XADD', 'stream', '*', ...Object.entries(fieldsOf(number)).flat()],
  },
  {
    name: 'streams of 5 entries',
    unit: 'stream',
    count: 100_000,
    parts: ENTRIES,
    lodis: lodis((store, number) => {
      for (let part = 0; part < ENTRIES; part++) store.xadd(keyOf(number), fieldsOf(number + part));
    }),
    peer: {
      name: 'Map of array of { id, fields }',
      make: (count) =>
        fill(new Map<string, PlainEntry[]>(), count, (map, number) =>
          map.set(
            keyOf(number),
            Array.from({ length: ENTRIES }, (_, part) => plainEntry(number + part)),
          ),
        ),
    },
    server: (number, part) => [
      ...['XADD', keyOf(number), '*'],
      ...Object.entries(fieldsOf(number + part)).flat(),
    ],
  },
];
