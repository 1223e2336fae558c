import type { Raw } from '../../keyspace/operations.ts';
import { array, integer, integerOrNil } from '../../wire/codec.ts';
import { commandsOf, commandTable } from '../../wire/command.ts';
import { key, keys, integer as whole } from '../../wire/grammar/pieces.ts';
import type { BitfieldOperations } from './bitfield-operations.ts';
import {
  bitfieldOperations,
  bitfieldReads,
  bitOperation,
  bitRange,
  bitRangeOrStart,
  bitSought,
  bitValue,
  onlyReads,
} from './bitmap-grammar.ts';
import type { BitmapOperations } from './bitmap-operations.ts';

const bits = commandsOf<BitmapOperations<Raw>>();
const fields = commandsOf<BitfieldOperations<Raw>>();

/** The commands on single bits, and on all of them. */
const bitCommands = commandTable<BitmapOperations<Raw>>()([
  bits.command({
    name: 'SETBIT',
    summary: "Sets or clears the bit at offset of the string value. Creates the key if it doesn't exist.",
    since: '2.2.0',
    group: 'bitmap',
    complexity: 'O(1)',
    flags: 'write denyoom',
    args: [key('RW access update'), whole('offset', { isLate: true }), bitValue],
    method: 'setbit',
    reply: integer,
  }),
  bits.command({
    name: 'GETBIT',
    summary: 'Returns a bit value by offset.',
    since: '2.2.0',
    group: 'bitmap',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO access'), whole('offset', { isLate: true })],
    method: 'getbit',
    reply: integer,
  }),
  bits.command({
    name: 'BITCOUNT',
    summary: 'Counts the number of set bits (population counting) in a string.',
    since: '2.6.0',
    group: 'bitmap',
    complexity: 'O(N) where N is the length of the part that is counted.',
    flags: 'readonly',
    history: [['7.0.0', 'Added the `BYTE|BIT` option.']],
    args: [key('RO access'), bitRange],
    method: 'bitcount',
    reply: integer,
  }),
  bits.command({
    name: 'BITPOS',
    summary: 'Finds the first set (1) or clear (0) bit in a string.',
    since: '2.8.7',
    group: 'bitmap',
    complexity: 'O(N) where N is the length of what is passed over.',
    flags: 'readonly',
    history: [['7.0.0', 'Added the `BYTE|BIT` option.']],
    args: [key('RO access'), bitSought, bitRangeOrStart],
    method: 'bitpos',
    reply: integer,
  }),
  bits.command({
    name: 'BITOP',
    summary: 'Performs bitwise operations on multiple strings, and stores the result.',
    since: '2.6.0',
    group: 'bitmap',
    complexity: 'O(N) where N is the length of all strings together.',
    flags: 'write denyoom',
    history: [['8.2.0', 'Added the `DIFF`, `DIFF1`, `ANDOR`, and `ONE` operations.']],
    args: [bitOperation, key('OW update', 'destkey'), keys('RO access')],
    method: 'bitop',
    reply: integer,
  }),
]);

/** The commands on fields of bits. */
const fieldCommands = commandTable<BitfieldOperations<Raw>>()([
  fields.command({
    name: 'BITFIELD',
    summary: 'Performs arbitrary bitfield integer operations on strings.',
    since: '3.2.0',
    group: 'bitmap',
    complexity: 'O(1) for each subcommand specified',
    flags: 'write denyoom',
    args: [
      key('RW access update variable_flags', 'key', {
        notes: 'Both reads and changes the key, unless all operations are GET',
        flagsOf: (tokens) => (onlyReads(tokens) ? ['RO', 'access'] : ['RW', 'access', 'update']),
      }),
      bitfieldOperations,
    ],
    method: 'bitfield',
    reply: array(integerOrNil),
  }),
  fields.command({
    name: 'BITFIELD_RO',
    summary: 'Performs arbitrary read-only bitfield integer operations on strings.',
    since: '6.0.0',
    group: 'bitmap',
    complexity: 'O(1) for each subcommand specified',
    flags: 'readonly fast',
    args: [key('RO access'), bitfieldReads],
    method: 'bitfieldRo',
    reply: array(integer),
  }),
]);

/** The commands on bitmaps. */
export const bitmapCommands = [bitCommands, fieldCommands];
