import { type Connection, connect, type Store } from '../../../src/index.ts';

/** Numbers from a seed (mulberry32): the same in every process. */
export function numbersFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What time it is at a step. Some of what expires does so while the steps go on. */
export const timeAt = (step: number): number => 1_900_000_000_000 + step * 7;

type Tokens = readonly (string | Uint8Array)[];
/** How the commands of a step are given: each one's or the transaction's return is one acknowledgement. */
type Door = 'call' | 'multi' | 'script' | 'typed' | 'transaction';

/** A step's work: what is done is the same in every process, but for which member `spops` takes. */
export interface Operation {
  readonly door: Door;
  readonly commands: readonly Tokens[];
  readonly typed: readonly ((store: Store) => unknown)[];
  /** A set of which a member is taken by chance. */
  readonly spops?: string;
}

/** The step of that number, in a run with that seed. */
export function operationOf(seed: number, step: number): Operation {
  const next = numbersFrom(Math.imul(seed, 7919) ^ Math.imul(step + 1, 104_729));
  const below = (count: number): number => Math.floor(next() * count);
  const chosen = below(100);
  if (chosen < 4) {
    const key = `set${below(3)}`;
    return { door: 'call', commands: [['SPOP', key]], typed: [], spops: key };
  }
  if (chosen < 14) {
    const door = chosen < 9 ? 'transaction' : 'typed';
    // Of several calls in a row some could be found done: each of them is acknowledged.
    const count = door === 'typed' ? 1 : 1 + below(4);
    return { door, commands: [], typed: Array.from({ length: count }, () => typedOf(below, step)) };
  }
  const count = chosen < 30 ? 2 + below(5) : 1;
  const commands = Array.from({ length: count }, () => commandOf(below, step));
  return { door: chosen < 22 ? 'multi' : chosen < 30 ? 'script' : 'call', commands, typed: [] };
}

const BINARY = Uint8Array.from([0, 255, 13, 10, 0xdc, 0x80, 36, 42]);

function commandOf(below: (count: number) => number, step: number): Tokens {
  const key = (type: string): string => `${type}${below(3)}`;
  const value = (): string => `v${step}`;
  const kinds: readonly (() => Tokens)[] = [
    () => ['SET', key('str'), value().repeat(1 + below(40))],
    () => ['SET', key('bin'), BINARY],
    () => ['SET', key('str'), value(), 'PX', String(10 + below(1000))],
    () => ['APPEND', key('str'), value()],
    () => ['INCRBY', key('num'), String(below(1000) - 500)],
    () => ['INCRBYFLOAT', key('num'), '0.1'],
    () => ['SETRANGE', key('str'), String(below(20)), value()],
    () => ['GETDEL', key('str')],
    () => ['SETBIT', key('bits'), String(below(200)), String(below(2))],
    () => ['PFADD', key('hll'), value()],
    () => ['HSET', key('hash'), `f${below(8)}`, value(), `f${below(8)}`, value()],
    () => ['HDEL', key('hash'), `f${below(8)}`],
    () => ['HPEXPIRE', key('hash'), String(10 + below(700)), 'FIELDS', '1', `f${below(8)}`],
    () => ['HINCRBY', key('hash'), 'count', '1'],
    () => ['RPUSH', key('list'), value(), value().repeat(20)],
    () => ['LPUSH', key('list'), String(step)],
    () => ['LPOP', key('list')],
    () => ['LMOVE', 'list0', 'list1', 'LEFT', 'RIGHT'],
    () => ['LTRIM', key('list'), '-40', '-1'],
    () => ['SADD', key('set'), String(below(20)), `m${below(20)}`],
    () => ['SREM', key('set'), String(below(20))],
    () => ['SMOVE', 'set0', 'set1', String(below(20))],
    () => ['ZADD', key('zset'), String(below(50) / 4), `m${below(30)}`],
    () => ['ZINCRBY', key('zset'), '1.5', `m${below(30)}`],
    () => ['ZPOPMIN', key('zset')],
    () => ['GEOADD', 'geo', String(below(170)), String(below(80)), `place${below(9)}`],
    () => ['XADD', key('stream'), 'MAXLEN', '~', '30', '*', 'field', value()],
    () => ['XGROUP', 'CREATE', key('stream'), 'group', '0', 'MKSTREAM'],
    () => ['XREADGROUP', 'GROUP', 'group', `c${below(2)}`, 'COUNT', '2', 'STREAMS', key('stream'), '>'],
    () => ['XAUTOCLAIM', key('stream'), 'group', 'c0', '20', '0'],
    () => ['XTRIM', key('stream'), 'MAXLEN', '5'],
    () => ['VADD', 'vec', 'VALUES', '3', '1', String(below(9)), '-2', `e${below(9)}`],
    () => ['VREM', 'vec', `e${below(9)}`],
    () => ['ARSET', 'array', String(below(60)), value()],
    () => ['DEL', key(['str', 'hash', 'list', 'set', 'zset', 'stream'][below(6)] as string)],
    () => ['RENAME', key('str'), key('str')],
    () => ['COPY', key('hash'), 'hash9', 'REPLACE'],
    () => ['PEXPIRE', key('list'), String(10 + below(1000))],
    () => ['PERSIST', key('list')],
    () => ['MOVE', key('str'), '1'],
    () => ['SWAPDB', '0', '1'],
    () => ['SINTERSTORE', 'set9', 'set0', 'set1'],
    () => ['SORT', key('set'), 'ALPHA', 'STORE', 'list9'],
  ];
  // Flushed now and then, and not while there is hardly anything.
  if (below(300) === 0) return ['FLUSHDB'];
  return (kinds[below(kinds.length)] as () => Tokens)();
}

function typedOf(below: (count: number) => number, step: number): (store: Store) => unknown {
  const key = (type: string): string => `${type}${below(3)}`;
  const [name, number] = [below(7), below(20)];
  const of = (type: string): string => key(type);
  const string = of('str');
  const kinds: readonly ((store: Store) => unknown)[] = [
    (store) => store.set(string, `typed ${step}`, { px: 5 + number * 50 }),
    (store) => store.hset(`hash${name % 3}`, { [`f${number % 8}`]: `typed ${step}` }),
    (store) => store.rpush(`list${name % 3}`, `typed ${step}`),
    (store) => store.zadd(`zset${name % 3}`, { [`m${number}`]: number }),
    (store) => store.sadd(`set${name % 3}`, `typed${number}`),
    (store) => store.xadd(`stream${name % 3}`, { typed: String(step) }),
    (store) => store.del(string),
  ];
  return kinds[below(kinds.length)] as (store: Store) => unknown;
}

/** A script that runs the commands that it is given, and goes on where one fails. */
const SCRIPT = `
  local i = 1
  while i <= #ARGV do
    local count = tonumber(ARGV[i])
    redis.pcall(unpack(ARGV, i + 1, i + count))
    i = i + count + 1
  end`;

/** Runs operations on a store, through one connection. */
export class Runner {
  private readonly store: Store;
  private readonly connection: Connection;

  constructor(store: Store) {
    this.store = store;
    this.connection = connect(store);
  }

  /** The store that it runs them on. */
  get on(): Store {
    return this.store;
  }

  /** Commands that fail (WRONGTYPE, no such key) are part of it. @returns what the last one answered */
  run({ door, commands, typed }: Operation): unknown {
    if (door === 'multi') {
      this.call(['MULTI']);
      for (const tokens of commands) this.call(tokens);
      return this.call(['EXEC']);
    }
    if (door === 'script') {
      const args = commands.flatMap((tokens) => [String(tokens.length), ...tokens]);
      return this.call(['EVAL', SCRIPT, '0', ...args]);
    }
    if (door === 'transaction')
      return attempt(() =>
        this.store.transaction((tx) => {
          for (const run of typed) attempt(() => run(tx as unknown as Store));
        }),
      );
    let answer: unknown;
    for (const run of typed) answer = attempt(() => run(this.store));
    for (const tokens of commands) answer = this.call(tokens);
    return answer;
  }

  call(tokens: Tokens): unknown {
    const [name, ...args] = tokens;
    return attempt(() => this.connection.call(String(name), ...args));
  }
}

/** What Redis would have answered with an error is an answer; anything else is not. */
function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ReplyError' || /^MISCONF|^OOM/.test(error.message))
      throw error;
    return undefined;
  }
}
