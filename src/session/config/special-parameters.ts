import type { ByteString } from '../../bytes/byte-string.ts';
import { formatDouble, parseDouble } from '../../numbers/double.ts';
import { parseInteger } from '../../numbers/integer.ts';
import { parseMemory } from '../../numbers/memory-size.ts';
import { upperCase } from '../../wire/grammar/token-reader.ts';
import type { OutputBufferLimit } from '../endpoint/connection-limits.ts';
import { flag, integer, memory, type Parameter, Refusal, splitWords } from './parameter.ts';

/** The limits of each class of clients, by the name Redis prints. */
export type OutputBufferLimits = Readonly<Record<'normal' | 'slave' | 'pubsub', Readonly<OutputBufferLimit>>>;

const CLIENT_CLASSES: Readonly<Record<string, keyof OutputBufferLimits>> = {
  NORMAL: 'normal',
  SLAVE: 'slave',
  REPLICA: 'slave',
  PUBSUB: 'pubsub',
};

/** How many indexes of an array a slice can cover, at least and at most. */
export const SLICE_SIZES = [256, 65_536] as const;

/** A power of two. */
export const arraySliceSize: Parameter<number | bigint> = (() => {
  const any = integer('array-slice-size', 4096, ...SLICE_SIZES);
  return {
    ...any,
    read: (text: ByteString, now: number | bigint) => {
      const size = Number(any.read(text, now));
      if ((size & (size - 1)) !== 0) throw new Refusal('array-slice-size must be a power of two');
      return size;
    },
  };
})();

/** `class hard soft seconds`, for one class or several; the others stay as they are. */
export const clientOutputBufferLimit: Parameter<OutputBufferLimits> = {
  name: 'client-output-buffer-limit',
  initial: {
    normal: { hardBytes: 0, softBytes: 0, softSeconds: 0 },
    slave: { hardBytes: 256 * 1024 ** 2, softBytes: 64 * 1024 ** 2, softSeconds: 60 },
    pubsub: { hardBytes: 32 * 1024 ** 2, softBytes: 8 * 1024 ** 2, softSeconds: 60 },
  },
  read: (text, now) => {
    const words = splitWords(text);
    if (words.length % 4 !== 0) throw new Refusal('Wrong number of arguments in buffer limit configuration.');
    const limits: Record<keyof OutputBufferLimits, Readonly<OutputBufferLimit>> = { ...now };
    for (let at = 0; at < words.length; at += 4) {
      const clientClass = CLIENT_CLASSES[upperCase(words[at]!)];
      if (clientClass === undefined) {
        throw new Refusal('Invalid client class specified in buffer limit configuration.');
      }
      const hardBytes = parseMemory(words[at + 1]!);
      const softBytes = parseMemory(words[at + 2]!);
      const softSeconds = parseInteger(words[at + 3]!);
      if (hardBytes === undefined || softBytes === undefined || !(Number(softSeconds) >= 0)) {
        throw new Refusal('Error in hard, soft or soft_seconds setting in buffer limit configuration.');
      }
      limits[clientClass] = {
        hardBytes: Number(hardBytes),
        softBytes: Number(softBytes),
        softSeconds: Number(softSeconds),
      };
    }
    return limits;
  },
  print: (limits) =>
    (['normal', 'slave', 'pubsub'] as const)
      .map((name) => {
        const { hardBytes, softBytes, softSeconds } = limits[name];
        return `${name} ${hardBytes} ${softBytes} ${softSeconds}`;
      })
      .join(' '),
};

/** After so many seconds, if so many keys have changed, a snapshot is written. */
export const save: Parameter<readonly (readonly [seconds: number, changes: number])[]> = {
  name: 'save',
  initial: [],
  read: (text) => {
    const numbers = splitWords(text).map((word) => parseInteger(word));
    const points: [number, number][] = [];
    for (let at = 0; at < numbers.length; at += 2) {
      const [seconds, changes] = [numbers[at], numbers[at + 1]];
      if (seconds === undefined || changes === undefined || seconds < 1 || changes < 0) {
        throw new Refusal('Invalid save parameters');
      }
      points.push([Number(seconds), Number(changes)]);
    }
    return points;
  },
  print: (points) => points.flat().join(' '),
};

/** The percentiles that INFO's `latencystats` shows. */
export const latencyPercentiles: Parameter<readonly number[]> = {
  name: 'latency-tracking-info-percentiles',
  initial: [50, 99, 99.9],
  read: (text) =>
    (text === '' ? [] : text.split(' ')).map((word) => {
      const percentile = parseDouble(word);
      if (percentile === undefined) {
        throw new Refusal('Invalid latency-tracking-info-percentiles parameters');
      }
      if (!(percentile >= 0 && percentile <= 100)) {
        throw new Refusal('latency-tracking-info-percentiles parameters should sit between [0.0,100.0]');
      }
      return percentile;
    }),
  print: (percentiles) => percentiles.map(formatDouble).join(' '),
};

/** For the kernel's out-of-memory killer: of a master, a replica and a child process. */
export const oomScoreAdjustments: Parameter<readonly number[]> = {
  name: 'oom-score-adj-values',
  initial: [0, 200, 800],
  read: (text) => {
    const words = splitWords(text);
    if (words.length !== 3) throw new Refusal('wrong number of arguments');
    const values = words.map((word) => Number(parseInteger(word)));
    if (values.some((value) => !(value >= -2000 && value <= 2000))) {
      throw new Refusal('Invalid oom-score-adj-values, elements must be between -2000 and 2000.');
    }
    return values;
  },
  print: (values) => values.join(' '),
};

/** How often a second the server would do its housework. Redis brings it into 1 … 500. */
export const hertz: Parameter<number | bigint> = (() => {
  const any = integer('hz', 10);
  return {
    ...any,
    read: (text: ByteString, now: number | bigint) => Math.min(Math.max(Number(any.read(text, now)), 1), 500),
  };
})();

const LEAST_BACKLOG_BYTES = 16 * 1024;

/** How much of what was replicated would be remembered. Redis remembers 16 KiB at least. */
export const replicationBacklog: Parameter<number | bigint> = (() => {
  const any = memory('repl-backlog-size', 1024 ** 2, 1);
  return {
    ...any,
    read: (text: ByteString, now: number | bigint) => {
      const bytes = any.read(text, now);
      return bytes < LEAST_BACKLOG_BYTES ? LEAST_BACKLOG_BYTES : bytes;
    },
  };
})();

/** Whether memory is put in order while the server runs: not here, nor with most allocators. */
export const activeDefragmentation: Parameter<boolean> = (() => {
  const any = flag('activedefrag', false);
  return {
    ...any,
    read: (text: ByteString, now: boolean) => {
      if (!any.read(text, now)) return false;
      throw new Refusal(
        'Active defragmentation cannot be enabled: it requires a Redis server compiled with a modified Jemalloc like the one shipped by default with the Redis source distribution',
      );
    },
  };
})();

/** How a node of a cluster is to be called. */
export const announcedHostname: Parameter<ByteString> = {
  name: 'cluster-announce-hostname',
  initial: '',
  read: (text) => {
    if (!/^[A-Za-z0-9.-]*$/.test(text)) {
      throw new Refusal('Hostnames may only contain alphanumeric characters, hyphens or dots');
    }
    return text;
  },
  print: (value) => value,
};

/** Which changes are published: letters. Who knows them says so by `Config.bind`. */
export const notifyKeyspaceEvents: Parameter<ByteString> = {
  name: 'notify-keyspace-events',
  initial: '',
  read: (text) => text,
  print: (value) => value,
};
