import { errors } from '../errors.ts';
import { integer } from '../wire/codec.ts';
import { commandsOf, commandTable } from '../wire/command.ts';
import { flag, options } from '../wire/grammar/options.ts';
import { key, time } from '../wire/grammar/pieces.ts';
import type { ExpiryOperations } from './expiry-operations.ts';
import type { ExpireOptions } from './key-options.ts';
import type { Raw } from './operations.ts';

const { command } = commandsOf<ExpiryOperations<Raw>>();

/** NX, XX, GT and LT. Which of them exclude each other is said by the method, once all have been read. */
const conditions = options<ExpireOptions>(
  { nx: flag('NX'), xx: flag('XX'), gt: flag('GT'), lt: flag('LT') },
  { unknown: errors.unsupportedOption, title: 'condition' },
);
const CONDITIONS_ADDED = ['7.0.0', 'Conditions: `NX`, `XX`, `GT` and `LT`.'] as const;

export const expiryCommands = commandTable<ExpiryOperations<Raw>>()([
  command({
    name: 'EXPIRE',
    summary: 'Sets the expiration time of a key in seconds.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'write fast',
    history: [CONDITIONS_ADDED],
    args: [key('RW update'), time('seconds', { isLate: true }), conditions],
    method: 'expire',
    reply: integer,
  }),
  command({
    name: 'PEXPIRE',
    summary: 'Sets the expiration time of a key in milliseconds.',
    since: '2.6.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'write fast',
    history: [CONDITIONS_ADDED],
    args: [key('RW update'), time('milliseconds', { isLate: true }), conditions],
    method: 'pexpire',
    reply: integer,
  }),
  command({
    name: 'EXPIREAT',
    summary: 'Sets the expiration time of a key to a Unix timestamp.',
    since: '1.2.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'write fast',
    history: [CONDITIONS_ADDED],
    args: [key('RW update'), time('unix-time-seconds', { isLate: true, docType: 'unix-time' }), conditions],
    method: 'expireat',
    reply: integer,
  }),
  command({
    name: 'PEXPIREAT',
    summary: 'Sets the expiration time of a key to a Unix milliseconds timestamp.',
    since: '2.6.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'write fast',
    history: [CONDITIONS_ADDED],
    args: [
      key('RW update'),
      time('unix-time-milliseconds', { isLate: true, docType: 'unix-time' }),
      conditions,
    ],
    method: 'pexpireat',
    reply: integer,
  }),
  command({
    name: 'TTL',
    summary: 'Returns the expiration time in seconds of a key.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'readonly fast',
    tips: ['nondeterministic_output'],
    history: [['2.8.0', 'Answers -2 for a key that does not exist.']],
    args: [key('RO access')],
    method: 'ttl',
    reply: integer,
  }),
  command({
    name: 'PTTL',
    summary: 'Returns the expiration time in milliseconds of a key.',
    since: '2.6.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'readonly fast',
    tips: ['nondeterministic_output'],
    history: [['2.8.0', 'Answers -2 for a key that does not exist.']],
    args: [key('RO access')],
    method: 'pttl',
    reply: integer,
  }),
  command({
    name: 'EXPIRETIME',
    summary: 'Returns the expiration time of a key as a Unix timestamp.',
    since: '7.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO access')],
    method: 'expiretime',
    reply: integer,
  }),
  command({
    name: 'PEXPIRETIME',
    summary: 'Returns the expiration time of a key as a Unix milliseconds timestamp.',
    since: '7.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO access')],
    method: 'pexpiretime',
    reply: integer,
  }),
  command({
    name: 'PERSIST',
    summary: 'Removes the expiration time of a key.',
    since: '2.2.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'write fast',
    args: [key('RW update')],
    method: 'persist',
    reply: integer,
  }),
]);
