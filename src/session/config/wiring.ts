import type { ByteString } from '../../bytes/byte-string.ts';
import type { MaxMemoryPolicy } from '../../keyspace/eviction/policy.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import type { Limits } from '../../keyspace/limits.ts';
import { NOTIFICATION_LETTERS } from '../../pubsub/notification-classes.ts';
import type { Server } from '../server.ts';
import type { Config } from './config.ts';
import { Refusal } from './parameter.ts';
import type { OutputBufferLimits } from './special-parameters.ts';

/** The parameters that are limits of the keyspace, by the limit's name. */
const LIMITS: Readonly<
  Record<Exclude<keyof Limits, 'listMaxListpackSize' | 'arraySparseKmax' | 'arraySparseKmin'>, string>
> = {
  hashMaxListpackEntries: 'hash-max-listpack-entries',
  hashMaxListpackValueBytes: 'hash-max-listpack-value',
  setMaxIntsetEntries: 'set-max-intset-entries',
  setMaxListpackEntries: 'set-max-listpack-entries',
  setMaxListpackValueBytes: 'set-max-listpack-value',
  zsetMaxListpackEntries: 'zset-max-listpack-entries',
  zsetMaxListpackValueBytes: 'zset-max-listpack-value',
  hllSparseMaxBytes: 'hll-sparse-max-bytes',
  streamNodeMaxBytes: 'stream-node-max-bytes',
  streamNodeMaxEntries: 'stream-node-max-entries',
  streamIdmpDurationSeconds: 'stream-idmp-duration',
  streamIdmpMaxSize: 'stream-idmp-maxsize',
  arraySliceSize: 'array-slice-size',
  protoMaxBulkLengthBytes: 'proto-max-bulk-len',
};

/** Has the configuration speak of this keyspace. */
export function bindKeyspace(config: Config, keyspace: Keyspace): void {
  const { limits } = keyspace;
  for (const [limit, name] of Object.entries(LIMITS) as [keyof typeof LIMITS, string][]) {
    config.bind<number | bigint>(name, {
      get: () => limits[limit],
      set: (value) => {
        limits[limit] = Number(value);
      },
    });
  }
  let askedSize: number | bigint = limits.listMaxListpackSize;
  config.bind<number | bigint>('list-max-listpack-size', {
    get: () => askedSize,
    set: (value) => {
      askedSize = value;
      // As Redis takes it: 64 KiB is the largest node, and one element fits into any.
      limits.listMaxListpackSize = value === 0 ? 1 : Math.max(Number(value), -5);
    },
  });
  config.bind<number | bigint>('array-sparse-kmax', {
    get: () => limits.arraySparseKmax,
    set: (value) => {
      if (value > 0 && value <= limits.arraySparseKmin)
        throw new Refusal('array-sparse-kmax must be greater than array-sparse-kmin when non-zero');
      limits.arraySparseKmax = Number(value);
    },
  });
  config.bind<number | bigint>('array-sparse-kmin', {
    get: () => limits.arraySparseKmin,
    set: (value) => {
      if (limits.arraySparseKmax > 0 && value >= limits.arraySparseKmax)
        throw new Refusal(
          'array-sparse-kmin must be less than array-sparse-kmax when the latter is non-zero',
        );
      limits.arraySparseKmin = Number(value);
    },
  });
  const { dumps } = keyspace;
  config.bind<boolean>('rdbcompression', {
    get: () => dumps.compress,
    set: (isOn) => {
      dumps.compress = isOn;
    },
  });
  bindMemoryLimit(config, keyspace);
  config.bind('databases', { get: () => keyspace.databases.length, set: () => {} });
  config.bind<ByteString>('notify-keyspace-events', {
    get: () => keyspace.notifyKeyspaceEvents,
    set: (classes) => {
      if (!keyspace.setNotifyKeyspaceEvents(classes)) {
        throw new Refusal(`Invalid event class character. Use '${NOTIFICATION_LETTERS}'.`);
      }
    },
  });
}

/** The same of how much memory it may use. */
function bindMemoryLimit(config: Config, { memoryLimit }: Keyspace): void {
  config.bind<number | bigint>('maxmemory', {
    get: () => memoryLimit.maxBytes,
    set: (bytes) => {
      memoryLimit.maxBytes = bytes;
    },
    lastTurn: 1,
  });
  config.bind<MaxMemoryPolicy>('maxmemory-policy', {
    get: () => memoryLimit.policy,
    set: (policy) => {
      memoryLimit.policy = policy;
    },
    lastTurn: 0,
  });
  const numbers = {
    'maxmemory-samples': 'samples',
    'lfu-log-factor': 'lfuLogFactor',
    'lfu-decay-time': 'lfuDecayMinutes',
  } as const;
  for (const [name, field] of Object.entries(numbers)) {
    config.bind<number | bigint>(name, {
      get: () => memoryLimit[field],
      set: (value) => {
        memoryLimit[field] = Number(value);
      },
    });
  }
}

/** Has the configuration speak of what this server keeps of its clients' doings. */
export function bindServer(config: Config, server: Server): void {
  const { slowLog, latency, statistics } = server;
  config.bind<number | bigint>('slowlog-log-slower-than', {
    get: () =>
      slowLog.thresholdMs === Number.POSITIVE_INFINITY ? -1 : Math.round(slowLog.thresholdMs * 1000),
    set: (microseconds) => {
      slowLog.thresholdMs = microseconds < 0 ? Number.POSITIVE_INFINITY : Number(microseconds) / 1000;
      server.setNoteworthy();
    },
  });
  config.bind<number | bigint>('slowlog-max-len', {
    get: () => slowLog.maxLength,
    set: (length) => slowLog.setMaxLength(Number(length)),
  });
  config.bind<number | bigint>('latency-monitor-threshold', {
    get: () => (latency.thresholdMs === Number.POSITIVE_INFINITY ? 0 : latency.thresholdMs),
    set: (milliseconds) => {
      latency.thresholdMs = Number(milliseconds) || Number.POSITIVE_INFINITY;
      server.setNoteworthy();
    },
  });
  config.bind<boolean>('latency-tracking', {
    get: () => statistics.commands.isTracking,
    set: (isOn) => {
      statistics.commands.isTracking = isOn;
    },
  });
  const { limits, tracking } = server;
  config.bind<number | bigint>('client-query-buffer-limit', {
    get: () => limits.clientQueryBufferLimit,
    set: (bytes) => {
      limits.clientQueryBufferLimit = Number(bytes);
    },
  });
  const { normal, replica, pubsub } = limits.clientOutputBufferLimit;
  config.bind<OutputBufferLimits>('client-output-buffer-limit', {
    get: () => ({ normal: { ...normal }, slave: { ...replica }, pubsub: { ...pubsub } }),
    set: (asked) => {
      Object.assign(normal, asked.normal);
      Object.assign(replica, asked.slave);
      Object.assign(pubsub, asked.pubsub);
    },
  });
  config.bind<ByteString>('maxmemory-clients', {
    get: () => server.clients.maxmemoryClients,
    set: (limit) => {
      server.clients.maxmemoryClients = limit;
    },
  });
  config.bind<number | bigint>('tracking-table-max-keys', {
    get: () => tracking.maxKeys,
    set: (keys) => {
      tracking.maxKeys = Number(keys);
    },
  });
}
