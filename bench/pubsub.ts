import { EventEmitter } from 'node:events';
import { Store } from '../src/index.ts';
import { compileGlob } from '../src/keyspace/glob.ts';
import { PatternIndex } from '../src/pubsub/pattern-index.ts';
import { formatCount, names, visits } from './data.ts';
import { type Contestant, compare, type Section, type Settings } from './harness.ts';
import { printNote, printTable, RatioTable } from './table.ts';

const DELIVERIES = 200_000;
const CHANNELS = 100_000;
const PATTERNS = 10_000;

export const pubsub: Section = {
  name: 'pubsub',
  title: 'Pub/sub: messages beside a bare EventEmitter, patterns beside trying each',
  async run(settings) {
    const table = new RatioTable('A delivered message', ['EventEmitter']);
    for (const listeners of [1, 10, 1000]) await deliver(table, listeners, settings);
    await deliverToMany(table, settings);
    table.print();
    await matchPatterns(settings);
    subscribeMany();
  },
};

/** One channel with some listeners: the time of a message, per listener. */
async function deliver(table: RatioTable, listeners: number, settings: Settings): Promise<void> {
  const label = `one channel, ${formatCount(listeners)} listener${listeners === 1 ? '' : 's'}`;
  const store = new Store();
  const emitter = new EventEmitter().setMaxListeners(0);
  const heard = { store: 0, emitter: 0 };
  for (let at = 0; at < listeners; at++) {
    store.subscribe('channel', (message) => {
      heard.store += message.length;
    });
    emitter.on('channel', (message: string) => {
      heard.emitter += message.length;
    });
  }
  const messages = names('message', 1000);
  const rounds = Math.ceil(DELIVERIES / listeners);
  const contestants: Contestant[] = [
    {
      name: 'lodis',
      run: () => {
        for (let at = 0; at < rounds; at++) store.publish('channel', messages[at % 1000]!);
        return heard.store % 1000;
      },
    },
    {
      name: 'EventEmitter',
      run: () => {
        for (let at = 0; at < rounds; at++) emitter.emit('channel', messages[at % 1000]!);
        return heard.emitter % 1000;
      },
    },
  ];
  table.add(label, await compare(label, rounds * listeners, contestants, settings));
}

/** Many channels with one listener each, published to in no order. */
async function deliverToMany(table: RatioTable, settings: Settings): Promise<void> {
  const label = `${formatCount(CHANNELS)} channels, a listener each`;
  const channels = names('channel', CHANNELS);
  const visited = visits(channels);
  const store = new Store();
  const emitter = new EventEmitter();
  const heard = { store: 0, emitter: 0 };
  for (const channel of channels) {
    store.subscribe(channel, (message) => {
      heard.store += message.length;
    });
    emitter.on(channel, (message: string) => {
      heard.emitter += message.length;
    });
  }
  const contestants: Contestant[] = [
    {
      name: 'lodis',
      run: () => {
        for (const channel of visited) store.publish(channel, 'message');
        return heard.store % 1000;
      },
    },
    {
      name: 'EventEmitter',
      run: () => {
        for (const channel of visited) emitter.emit(channel, 'message');
        return heard.emitter % 1000;
      },
    },
  ];
  table.add(label, await compare(label, visited.length, contestants, settings));
}

/** Many patterns of which at most a few match a channel. */
async function matchPatterns(settings: Settings): Promise<void> {
  const table = new RatioTable(`Which of ${formatCount(PATTERNS)} patterns match a channel`, ['trying each']);
  const kinds: [string, (number: number) => string, (number: number) => string][] = [
    ['by their beginnings: user:17:*', (at) => `user:${at}:*`, (at) => `user:${at}:name`],
    ['by their ends: *:name:17', (at) => `*:name:${at}`, (at) => `user:name:${at}`],
    ['by both: user:*:name:17', (at) => `user:*:name:${at}`, (at) => `user:x:name:${at}`],
    ['beginnings with classes: user:17:[a-z]*', (at) => `user:${at}:[a-z]*`, (at) => `user:${at}:name`],
    ['wildcards at both ends: *:17:*', (at) => `*:${at}:*`, (at) => `user:${at}:name`],
  ];
  for (const [label, patternOf, channelOf] of kinds) {
    const patterns = Array.from({ length: PATTERNS }, (_, at) => patternOf(at));
    // Flat strings, as they come from a socket.
    const channels = names('', 200).map((_, at) => Buffer.from(channelOf(at * 49)).toString('latin1'));
    const index = new PatternIndex<string>();
    for (const pattern of patterns) index.add(pattern, pattern);
    const matchers = patterns.map((pattern) => compileGlob(pattern));
    const contestants: Contestant[] = [
      {
        name: 'lodis',
        run: () => {
          let matched = 0;
          for (const channel of channels) matched += index.match(channel).length;
          return matched;
        },
      },
      {
        name: 'trying each',
        run: () => {
          let matched = 0;
          for (const channel of channels) for (const matches of matchers) if (matches(channel)) matched++;
          return matched;
        },
      },
    ];
    table.add(label, await compare(label, channels.length, contestants, settings));
  }
  table.print();
}

/** What many subscriptions take. */
function subscribeMany(): void {
  const channels = names('channel', CHANNELS);
  const rows = (
    [
      [
        'lodis, with listeners',
        () => new Store(),
        (store: Store, name: string) => store.subscribe(name, () => {}),
      ],
      [
        'lodis, to be iterated over',
        () => new Store(),
        (store: Store, name: string) => store.subscribe(name),
      ],
    ] as const
  ).map(([label, make, subscribe]) => {
    const before = heapBytes();
    const store = make();
    for (const channel of channels) subscribe(store, channel);
    const taken = heapBytes() - before;
    store.close();
    return [label, String(Math.round(taken / CHANNELS))];
  });
  const before = heapBytes();
  const emitter = new EventEmitter();
  for (const channel of channels) emitter.on(channel, () => {});
  rows.push(['EventEmitter', String(Math.round((heapBytes() - before) / CHANNELS))]);
  printTable(`${formatCount(CHANNELS)} subscriptions to a channel each`, ['', 'bytes each'], rows);
  printNote(
    `${emitter.eventNames().length === CHANNELS ? '' : 'Some were lost. '}The names are not counted.`,
  );
}

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
