import { describe } from '../../bytes/byte-string.ts';
import { requireOptions } from '../../keyspace/arguments.ts';
import { keyspaceOptionNames } from '../../keyspace/keyspace.ts';
import type { AppendFsync, PersistenceOptions, PersistenceSettings } from '../../keyspace/persistence.ts';

/** As Redis saves unless it is told otherwise. */
const DEFAULT_SAVE_POINTS: PersistenceSettings['savePoints'] = [
  [3600, 1],
  [300, 100],
  [60, 10_000],
];
const POLICIES: ReadonlySet<unknown> = new Set<AppendFsync>(['always', 'everysec', 'no']);
const DEFAULT_REWRITE_SIZE = 64 * 1024 * 1024;

/** Of the engine itself: others only read what is said to be read. */
export interface Settings extends PersistenceSettings {
  appendonly: boolean;
}

const OWN_NAMES = [
  'save',
  'appendonly',
  'appendfsync',
  'dbfilename',
  'appendfilename',
  'appenddirname',
  'rdbcompression',
  'rdbchecksum',
  'aofLoadTruncated',
  'aofUseRdbPreamble',
  'aofTimestampEnabled',
  'autoAofRewritePercentage',
  'autoAofRewriteMinSize',
  'noAppendfsyncOnRewrite',
  'stopWritesOnBgsaveError',
  'onLoadProgress',
  'onWarning',
] satisfies (keyof PersistenceOptions)[];
/** All that `Store.open` takes, for the error that names them. */
const KNOWN: ReadonlySet<string> = new Set(['storage', ...OWN_NAMES, ...keyspaceOptionNames]);

/**
 * The settings that the options ask for; what they do not name is as in Redis.
 *
 * @param dir where the files are, for people
 * @throws TypeError or RangeError if an option is not known or of no use
 */
export function settingsOf(options: PersistenceOptions, dir: string): Settings {
  requireOptions(options, KNOWN);
  const { save, appendfsync, autoAofRewritePercentage = 100, autoAofRewriteMinSize } = options;
  for (const name of FLAGS) requireFlag(name, options[name]);
  for (const name of FILES) requireName(name, options[name]);
  for (const name of CALLBACKS) requireCallback(name, options[name]);
  if (appendfsync !== undefined && !POLICIES.has(appendfsync))
    throw new RangeError(`appendfsync must be 'always', 'everysec' or 'no', got ${shown(appendfsync)}`);
  requireWhole('autoAofRewritePercentage', autoAofRewritePercentage);
  if (autoAofRewriteMinSize !== undefined)
    requireWhole('autoAofRewriteMinSize, in bytes,', autoAofRewriteMinSize);
  return {
    savePoints: savePointsOf(save),
    stopWritesOnBgsaveError: options.stopWritesOnBgsaveError ?? true,
    dir,
    dbfilename: options.dbfilename ?? 'dump.rdb',
    rdbchecksum: options.rdbchecksum ?? true,
    appendonly: options.appendonly ?? false,
    appendfilename: options.appendfilename ?? 'appendonly.aof',
    appenddirname: options.appenddirname ?? 'appendonlydir',
    appendfsync: appendfsync ?? 'everysec',
    noAppendfsyncOnRewrite: options.noAppendfsyncOnRewrite ?? false,
    autoAofRewritePercentage,
    autoAofRewriteMinSize: autoAofRewriteMinSize ?? DEFAULT_REWRITE_SIZE,
    aofLoadTruncated: options.aofLoadTruncated ?? true,
    aofUseRdbPreamble: options.aofUseRdbPreamble ?? true,
    aofTimestampEnabled: options.aofTimestampEnabled ?? false,
  };
}

const FLAGS = [
  'appendonly',
  'rdbcompression',
  'rdbchecksum',
  'aofLoadTruncated',
  'aofUseRdbPreamble',
  'aofTimestampEnabled',
  'noAppendfsyncOnRewrite',
  'stopWritesOnBgsaveError',
] as const;
const FILES = ['dbfilename', 'appendfilename', 'appenddirname'] as const;
const CALLBACKS = ['onLoadProgress', 'onWarning'] as const;

function savePointsOf(save: PersistenceOptions['save']): PersistenceSettings['savePoints'] {
  if (save === undefined) return DEFAULT_SAVE_POINTS;
  if (save === false) return [];
  const isList = Array.isArray(save) && save.every((point) => Array.isArray(point) && point.length === 2);
  if (!isList)
    throw new TypeError(
      `save must be pairs of seconds and changes, such as [[60, 1]], or false, got ${shown(save)}`,
    );
  for (const [seconds, changes] of save) {
    requireWhole('the seconds of a save point', seconds, 1);
    requireWhole('the changes of a save point', changes);
  }
  return save.map(([seconds, changes]) => [seconds, changes] as const);
}

function requireFlag(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean')
    throw new TypeError(`${name} must be true or false, got ${shown(value)}`);
}

function requireCallback(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function')
    throw new TypeError(`${name} must be a function, got ${shown(value)}`);
}

/** As in Redis, a name and no path. */
function requireName(name: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string, got ${shown(value)}`);
  if (value === '' || value === '.' || value === '..' || /[/\\\0]/.test(value))
    throw new RangeError(`${name} can't be a path, just a name, got ${shown(value)}`);
}

function requireWhole(name: string, value: unknown, least = 0): void {
  if (!Number.isSafeInteger(value) || (value as number) < least)
    throw new RangeError(`${name} must be a whole number from ${least}, got ${shown(value)}`);
}

/** What is set is no secret: it is told as it was written. */
function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : describe(value);
}
