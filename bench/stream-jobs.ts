import type { ByteString } from '../src/bytes/byte-string.ts';
import type { Store } from '../src/index.ts';
import { freshString } from './data.ts';

/** Something that is done with streams: by commands, the same on both sides, and by methods. */
export interface StreamJob {
  readonly name: string;
  /** How many operations {@link batch} is, and a {@link run}. */
  readonly operations: number;
  /** What has to be there. */
  readonly data: readonly ByteString[][];
  /** What is put back before each round. */
  readonly again?: readonly ByteString[][];
  readonly batch: readonly ByteString[][];
  readonly fill: (store: Store) => void;
  readonly fillAgain?: (store: Store) => void;
  readonly run: (store: Store) => number;
}

const BATCH = 2000;
const LENGTH = 10_000;
const PENDING = 1000;

const turns = Array.from({ length: BATCH }, (_, turn) => turn);

/** Entries of three fields, with values of some eight bytes. */
const entries = Array.from({ length: LENGTH }, (_, at) => ({
  user: freshString(`u${String(at).padStart(7, '0')}`),
  action: freshString(`a${String(at % 100).padStart(7, '0')}`),
  page: freshString(`p${String(at % 997).padStart(7, '0')}`),
}));

function addCommand(at: number, id: string, ...options: string[]): ByteString[] {
  const { user, action, page } = entries[at]!;
  return ['XADD', 's', ...options, id, 'user', user, 'action', action, 'page', page];
}

/** Ids 1-0 to 10000-0. */
const numbered = entries.map((_entry, at) => addCommand(at, `${at + 1}-0`));
const GROUP = ['XGROUP', 'CREATE', 's', 'workers', '0'];

function fillNumbered(store: Store): void {
  for (const [at, entry] of entries.entries()) store.xadd('s', entry, { id: `${at + 1}-0` });
}

function makeGroup(store: Store): void {
  store.xgroupCreate('s', 'workers', '0');
}

function idAt(at: number): string {
  return freshString(`${1 + (at % LENGTH)}-0`);
}

const adding = (name: string, ...options: string[]): Pick<StreamJob, 'name' | 'operations' | 'batch'> => ({
  name,
  operations: BATCH,
  batch: turns.map((turn) => addCommand(turn, '*', ...options)),
});

/** From an empty stream, in each round. */
const growing: StreamJob = {
  ...adding('XADD, 3 fields'),
  data: [],
  again: [['DEL', 's']],
  fill: () => {},
  fillAgain: (store) => store.del('s'),
  run: (store) => {
    let sum = 0;
    for (const turn of turns) sum += store.xadd('s', entries[turn]!).length;
    return sum;
  },
};

const trimming = (sign: '~' | '='): StreamJob => ({
  ...adding(`XADD MAXLEN ${sign} 1,000`, 'MAXLEN', sign, '1000'),
  data: numbered.slice(0, PENDING),
  fill: (store) => {
    for (const entry of entries.slice(0, PENDING)) store.xadd('s', entry);
  },
  run: (store) => {
    let sum = 0;
    for (const turn of turns) {
      sum += store.xadd('s', entries[turn]!, { maxlen: 1000, approximate: sign === '~' }).length;
    }
    return sum;
  },
});

/** Reads of `count` entries from anywhere. */
const ranging = (count: number, operations: number): StreamJob => {
  const starts = turns.slice(0, operations).map((turn) => idAt((turn * 7919) % (LENGTH - count)));
  return {
    name: `XRANGE of ${count}`,
    operations,
    data: numbered,
    batch: starts.map((start) => ['XRANGE', 's', start, '+', 'COUNT', String(count)]),
    fill: fillNumbered,
    run: (store) => {
      let sum = 0;
      for (const start of starts) sum += store.xrange('s', start, '+', { count }).length;
      return sum;
    },
  };
};

const reading: StreamJob = {
  name: 'XREAD of 10',
  operations: BATCH,
  data: numbered,
  batch: turns.map((turn) => ['XREAD', 'COUNT', '10', 'STREAMS', 's', idAt(turn * 7)]),
  fill: fillNumbered,
  run: (store) => {
    let sum = 0;
    for (const turn of turns) sum += store.xread([['s', idAt(turn * 7)]], { count: 10 }).length;
    return sum;
  },
};

/** A worker who reads so many at a time, and acknowledges them. */
const working = (count: number): StreamJob => {
  const operations = Math.min(BATCH, LENGTH / count);
  const batches = turns
    .slice(0, operations)
    .map((turn) => Array.from({ length: count }, (_, at) => idAt(turn * count + at)));
  return {
    name: `XREADGROUP COUNT ${count} and XACK of ${count === 1 ? 'it' : 'them'}`,
    operations,
    data: [...numbered, GROUP],
    again: [['XGROUP', 'DESTROY', 's', 'workers'], GROUP],
    batch: batches.flatMap((ids) => [
      ['XREADGROUP', 'GROUP', 'workers', 'alice', 'COUNT', String(count), 'STREAMS', 's', '>'],
      ['XACK', 's', 'workers', ...ids],
    ]),
    fill: (store) => {
      fillNumbered(store);
      makeGroup(store);
    },
    fillAgain: (store) => {
      store.xgroupDestroy('s', 'workers');
      makeGroup(store);
    },
    run: (store) => {
      let sum = 0;
      for (let turn = 0; turn < operations; turn++) {
        const [read] = store.xreadgroup('workers', 'alice', 's', { count });
        sum += store.xack(
          's',
          'workers',
          read!.entries.map(({ id }) => id),
        );
      }
      return sum;
    },
  };
};

/** A thousand entries pending with alice. */
const pending: Pick<StreamJob, 'operations' | 'data' | 'fill'> = {
  operations: BATCH,
  data: [
    ...numbered,
    GROUP,
    ['XREADGROUP', 'GROUP', 'workers', 'alice', 'COUNT', String(PENDING), 'STREAMS', 's', '>'],
  ],
  fill: (store) => {
    fillNumbered(store);
    makeGroup(store);
    store.xreadgroup('workers', 'alice', 's', { count: PENDING });
  },
};
const pendingIds = turns.map((turn) => idAt((turn * 31) % (PENDING - 10)));
const claimers = turns.map((turn) => (turn % 2 === 0 ? 'bob' : 'alice'));

const looking: StreamJob = {
  ...pending,
  name: 'XPENDING, 10 from anywhere',
  batch: pendingIds.map((id) => ['XPENDING', 's', 'workers', id, '+', '10']),
  run: (store) => {
    let sum = 0;
    for (const id of pendingIds) sum += store.xpendingRange('s', 'workers', id, '+', 10).length;
    return sum;
  },
};

const claiming: StreamJob = {
  ...pending,
  name: 'XCLAIM of one',
  batch: pendingIds.map((id, turn) => ['XCLAIM', 's', 'workers', claimers[turn]!, '0', id]),
  run: (store) => {
    let sum = 0;
    for (const turn of turns) {
      sum += store.xclaim('s', 'workers', claimers[turn]!, 0, pendingIds[turn]!).length;
    }
    return sum;
  },
};

const autoclaiming: StreamJob = {
  ...pending,
  name: 'XAUTOCLAIM of 10',
  batch: pendingIds.map((id, turn) => [
    'XAUTOCLAIM',
    's',
    'workers',
    claimers[turn]!,
    '0',
    id,
    'COUNT',
    '10',
  ]),
  run: (store) => {
    let sum = 0;
    for (const turn of turns) {
      const found = store.xautoclaim('s', 'workers', claimers[turn]!, 0, pendingIds[turn]!, { count: 10 });
      sum += found.entries.length;
    }
    return sum;
  },
};

const telling: StreamJob = {
  ...pending,
  name: 'XINFO STREAM',
  batch: turns.map(() => ['XINFO', 'STREAM', 's']),
  run: (store) => {
    let sum = 0;
    for (let turn = 0; turn < BATCH; turn++) sum += store.xinfoStream('s').length;
    return sum;
  },
};

/** All of them, in the order of the table. */
export const streamJobs: readonly StreamJob[] = [
  growing,
  trimming('~'),
  trimming('='),
  ranging(100, 50),
  ranging(10, BATCH),
  reading,
  working(10),
  working(1),
  looking,
  claiming,
  autoclaiming,
  telling,
];
