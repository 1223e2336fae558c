import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import type { AppendFsync, PersistenceSettings } from '../../keyspace/persistence.ts';
import type { Config } from './config.ts';

/**
 * Has the configuration speak of how this store is kept, if it is; otherwise the parameters keep what they are set to. That is
 * looked at each time: a store that is being opened may have sessions before it is kept.
 */
export function bindPersistence(config: Config, keyspace: Keyspace): void {
  const bind = <T>(
    name: string,
    get: (settings: PersistenceSettings) => T,
    set: (settings: PersistenceSettings, value: T) => void = () => {},
  ): void => {
    const own = config.placeOf<T>(name);
    config.bind<T>(name, {
      get: () => {
        const { persistence } = keyspace;
        return persistence === undefined ? own.get() : get(persistence.settings);
      },
      set: (value) => {
        const { persistence } = keyspace;
        if (persistence === undefined) own.set(value);
        else set(persistence.settings, value);
      },
    });
  };
  const bindFlag = (name: string, field: Flag): void =>
    bind<boolean>(
      name,
      (settings) => settings[field],
      (settings, isOn) => {
        settings[field] = isOn;
      },
    );
  const bindNumber = (name: string, field: Figure): void =>
    bind<number | bigint>(
      name,
      (settings) => settings[field],
      (settings, value) => {
        settings[field] = Number(value);
      },
    );

  bind<PersistenceSettings['savePoints']>(
    'save',
    ({ savePoints }) => savePoints,
    (settings, points) => {
      settings.savePoints = points;
    },
  );
  bind<AppendFsync>(
    'appendfsync',
    ({ appendfsync }) => appendfsync,
    (settings, policy) => {
      settings.appendfsync = policy;
    },
  );
  bind<ByteString>('dir', ({ dir }) => dir);
  bind<ByteString>('dbfilename', ({ dbfilename }) => dbfilename);
  bind<ByteString>('appendfilename', ({ appendfilename }) => appendfilename);
  bind<ByteString>('appenddirname', ({ appenddirname }) => appenddirname);
  bind<boolean>('rdbchecksum', ({ rdbchecksum }) => rdbchecksum);
  bindFlag('stop-writes-on-bgsave-error', 'stopWritesOnBgsaveError');
  bindFlag('no-appendfsync-on-rewrite', 'noAppendfsyncOnRewrite');
  bindFlag('aof-load-truncated', 'aofLoadTruncated');
  bindFlag('aof-use-rdb-preamble', 'aofUseRdbPreamble');
  bindFlag('aof-timestamp-enabled', 'aofTimestampEnabled');
  bindNumber('auto-aof-rewrite-percentage', 'autoAofRewritePercentage');
  bindNumber('auto-aof-rewrite-min-size', 'autoAofRewriteMinSize');
  bindAppendOnly(config, keyspace);
}

type Flag =
  | 'stopWritesOnBgsaveError'
  | 'noAppendfsyncOnRewrite'
  | 'aofLoadTruncated'
  | 'aofUseRdbPreamble'
  | 'aofTimestampEnabled';
type Figure = 'autoAofRewritePercentage' | 'autoAofRewriteMinSize';

/** `appendonly` at run time: to turn it on, all that there is is written. */
function bindAppendOnly(config: Config, keyspace: Keyspace): void {
  const own = config.placeOf<boolean>('appendonly');
  config.bind<boolean>('appendonly', {
    get: () => keyspace.persistence?.settings.appendonly ?? own.get(),
    set: (isOn) => {
      const { persistence } = keyspace;
      if (persistence === undefined) return own.set(isOn);
      if (persistence.settings.appendonly === isOn) return undefined;
      return persistence.setAppendOnly(isOn).catch(() => {
        throw errors.configSetFailed('appendonly', 'Unable to turn on AOF. Check server logs.');
      });
    },
    lastTurn: 2,
  });
}
