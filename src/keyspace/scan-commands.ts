import { array, bulk, bulkOrNil, scanned } from '../wire/codec.ts';
import { commandsOf, commandTable } from '../wire/command.ts';
import { options } from '../wire/grammar/options.ts';
import { pattern } from '../wire/grammar/pieces.ts';
import { cursor, scanOptions, typeOption, unknownScanOption } from '../wire/grammar/scan.ts';
import type { ScanOptions } from './key-options.ts';
import type { Raw } from './operations.ts';
import type { ScanOperations } from './scan-operations.ts';

const { command } = commandsOf<ScanOperations<Raw>>();

export const scanCommands = commandTable<ScanOperations<Raw>>()([
  command({
    name: 'KEYS',
    summary: 'Returns all key names that match a pattern.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(N) where N is the number of keys in the database.',
    flags: 'readonly',
    categories: 'dangerous',
    tips: ['request_policy:all_shards', 'nondeterministic_output_order'],
    args: [pattern()],
    method: 'keys',
    reply: array(bulk),
  }),
  command({
    name: 'SCAN',
    summary: 'Iterates over the key names in the database.',
    since: '2.8.0',
    group: 'generic',
    complexity: 'O(1) for each step, O(N) for all of them, where N is the number of keys in the database.',
    flags: 'readonly touches_arbitrary_keys',
    tips: ['nondeterministic_output', 'request_policy:special', 'response_policy:special'],
    history: [['6.0.0', 'Option: `TYPE`.']],
    args: [
      cursor(),
      options<ScanOptions>({ ...scanOptions, type: typeOption }, { unknown: unknownScanOption }),
    ],
    method: 'scan',
    reply: scanned(array(bulk)),
  }),
  command({
    name: 'RANDOMKEY',
    summary: 'Returns a random key name from the database.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'readonly touches_arbitrary_keys',
    tips: ['request_policy:all_shards', 'response_policy:special', 'nondeterministic_output'],
    args: [],
    method: 'randomkey',
    reply: bulkOrNil,
  }),
]);
