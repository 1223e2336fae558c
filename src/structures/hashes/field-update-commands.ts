import type { ByteString } from '../../bytes/byte-string.ts';
import type { Many, Pairs } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { array, bulkOrNil, integer } from '../../wire/codec.ts';
import { commandsOf, commandTable, type TypeOf } from '../../wire/command.ts';
import { flag } from '../../wire/grammar/options.ts';
import { key } from '../../wire/grammar/pieces.ts';
import { accessedFields, assignedFields, fieldsAmidOptions, fixedFields } from './field-grammar.ts';
import { fieldExpiryOptions } from './field-time-grammar.ts';
import type { FieldUpdateOperations } from './field-update-operations.ts';
import {
  HGETEX_EXPIRIES,
  type HgetexOptions,
  HSETEX_CONDITIONS,
  HSETEX_EXPIRIES,
  type HsetexOptions,
  ONLY_ONE_OF,
} from './hash-options.ts';

const { command } = commandsOf<FieldUpdateOperations<Raw>>();

/** HGETDEL and HGETEX look at what the key holds before they look at their other arguments. */
function requireHash(operations: TypeOf, tokens: readonly ByteString[]): void {
  const type = operations.typeUnder(tokens[1]!);
  if (type !== 'hash' && type !== 'none') throw errors.wrongType();
}

const [accessed, accessOptions] = fieldsAmidOptions<Many, HgetexOptions>(
  accessedFields,
  { ...fieldExpiryOptions, persist: flag('PERSIST') },
  {
    exclusive: [HGETEX_EXPIRIES],
    isRepetitionRefused: true,
    conflict: () => errors.onlyOneOf(ONLY_ONE_OF.hgetexExpiries),
  },
);

const [assigned, assignOptions] = fieldsAmidOptions<Pairs, HsetexOptions>(
  assignedFields,
  { fnx: flag('FNX'), fxx: flag('FXX'), ...fieldExpiryOptions, keepttl: flag('KEEPTTL') },
  {
    exclusive: [HSETEX_CONDITIONS, HSETEX_EXPIRIES],
    isRepetitionRefused: true,
    conflict: (name) =>
      errors.onlyOneOf(
        name === 'fnx' || name === 'fxx' ? ONLY_ONE_OF.hsetexConditions : ONLY_ONE_OF.hsetexExpiries,
      ),
  },
);

export const fieldUpdateCommands = commandTable<FieldUpdateOperations<Raw>>()([
  command({
    name: 'HGETDEL',
    summary: 'Returns the values of hash fields and deletes the fields.',
    since: '8.0.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields.',
    flags: 'write fast',
    before: requireHash,
    args: [key('RW access delete'), fixedFields()],
    method: 'hgetdel',
    reply: array(bulkOrNil),
  }),
  command({
    name: 'HGETEX',
    summary: 'Returns the values of hash fields and sets or removes their expiration time.',
    since: '8.0.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields.',
    flags: 'write fast',
    before: requireHash,
    args: [key('RW access update'), accessed, accessOptions],
    method: 'hgetex',
    reply: array(bulkOrNil),
  }),
  command({
    name: 'HSETEX',
    summary: 'Sets the values of hash fields and, optionally, their expiration time.',
    since: '8.0.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields.',
    flags: 'write denyoom fast',
    args: [key('RW update'), assigned, assignOptions],
    method: 'hsetex',
    reply: integer,
  }),
]);
