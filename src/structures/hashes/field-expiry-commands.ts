import type { ByteString } from '../../bytes/byte-string.ts';
import type { Many } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { array, integer } from '../../wire/codec.ts';
import { commandsOf, commandTable, type TypeOf } from '../../wire/command.ts';
import { flag } from '../../wire/grammar/options.ts';
import { key } from '../../wire/grammar/pieces.ts';
import type { FieldExpiryOperations } from './field-expiry-operations.ts';
import { expiringFields, fieldsAmidOptions, fixedFields } from './field-grammar.ts';
import { fieldTimePiece } from './field-time-grammar.ts';
import type { FieldExpireOptions } from './hash-options.ts';

const { command } = commandsOf<FieldExpiryOperations<Raw>>();

/** These commands look at what the key holds before they look at their arguments. */
function requireHash(operations: TypeOf, tokens: readonly ByteString[]): void {
  const type = operations.typeUnder(tokens[1]!);
  if (type !== 'hash' && type !== 'none') throw errors.wrongType();
}

/** The same for those that read. */
function requireHashToRead(operations: TypeOf, tokens: readonly ByteString[]): void {
  const type = operations.typeToRead(tokens[1]!);
  if (type !== 'hash' && type !== 'none') throw errors.wrongType();
}

/** Two different conditions are refused by the methods, once all has been read. */
const [fields, conditions] = fieldsAmidOptions<Many, FieldExpireOptions>(
  expiringFields,
  { nx: flag('NX'), xx: flag('XX'), gt: flag('GT'), lt: flag('LT') },
  { title: 'condition' },
);

export const fieldExpiryCommands = commandTable<FieldExpiryOperations<Raw>>()([
  command({
    name: 'HEXPIRE',
    summary: 'Sets the expiration time of hash fields in seconds.',
    since: '7.4.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields.',
    flags: 'write fast',
    before: requireHash,
    args: [key('RW update'), fieldTimePiece('ex'), fields, conditions],
    method: 'hexpire',
    reply: array(integer),
  }),
  command({
    name: 'HPEXPIRE',
    summary: 'Sets the expiration time of hash fields in milliseconds.',
    since: '7.4.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields.',
    flags: 'write fast',
    before: requireHash,
    args: [key('RW update'), fieldTimePiece('px'), fields, conditions],
    method: 'hpexpire',
    reply: array(integer),
  }),
  command({
    name: 'HEXPIREAT',
    summary: 'Sets the expiration time of hash fields to a Unix timestamp in seconds.',
    since: '7.4.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields.',
    flags: 'write fast',
    before: requireHash,
    args: [key('RW update'), fieldTimePiece('exat'), fields, conditions],
    method: 'hexpireat',
    reply: array(integer),
  }),
  command({
    name: 'HPEXPIREAT',
    summary: 'Sets the expiration time of hash fields to a Unix timestamp in milliseconds.',
    since: '7.4.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields.',
    flags: 'write fast',
    before: requireHash,
    args: [key('RW update'), fieldTimePiece('pxat'), fields, conditions],
    method: 'hpexpireat',
    reply: array(integer),
  }),
  command({
    name: 'HTTL',
    summary: 'Returns the remaining time to live of hash fields in seconds.',
    since: '7.4.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields.',
    flags: 'readonly fast',
    tips: ['nondeterministic_output'],
    before: requireHashToRead,
    args: [key('RO access'), fixedFields()],
    method: 'httl',
    reply: array(integer),
  }),
  command({
    name: 'HPTTL',
    summary: 'Returns the remaining time to live of hash fields in milliseconds.',
    since: '7.4.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields.',
    flags: 'readonly fast',
    tips: ['nondeterministic_output'],
    before: requireHashToRead,
    args: [key('RO access'), fixedFields()],
    method: 'hpttl',
    reply: array(integer),
  }),
  command({
    name: 'HEXPIRETIME',
    summary: 'Returns the expiration time of hash fields as a Unix timestamp in seconds.',
    since: '7.4.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields.',
    flags: 'readonly fast',
    before: requireHashToRead,
    args: [key('RO access'), fixedFields()],
    method: 'hexpiretime',
    reply: array(integer),
  }),
  command({
    name: 'HPEXPIRETIME',
    summary: 'Returns the expiration time of hash fields as a Unix timestamp in milliseconds.',
    since: '7.4.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields.',
    flags: 'readonly fast',
    before: requireHashToRead,
    args: [key('RO access'), fixedFields()],
    method: 'hpexpiretime',
    reply: array(integer),
  }),
  command({
    name: 'HPERSIST',
    summary: 'Removes the expiration time of hash fields.',
    since: '7.4.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields.',
    flags: 'write fast',
    before: requireHash,
    args: [key('RW update'), fixedFields()],
    method: 'hpersist',
    reply: array(integer),
  }),
]);
