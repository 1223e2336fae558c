import { integerOrNil } from '../../wire/codec.ts';
import { commandsOf, commandTable } from '../../wire/command.ts';
import { options, valued } from '../../wire/grammar/options.ts';
import { integer, key } from '../../wire/grammar/pieces.ts';
import type { Raw } from '../operations.ts';
import type { MemoryOperations, MemoryUsageOptions } from './memory-operations.ts';

const { command } = commandsOf<MemoryOperations<Raw>>();

/** MEMORY USAGE. The other subcommands speak of the server as a whole. */
export const memoryUsageCommands = commandTable<MemoryOperations<Raw>>()([
  command({
    name: 'MEMORY USAGE',
    summary: 'Estimates the memory usage of a key.',
    since: '4.0.0',
    group: 'server',
    complexity: 'O(N) where N is the number of samples.',
    flags: 'readonly',
    args: [key('RO'), options<MemoryUsageOptions>({ samples: valued('SAMPLES', integer('count')) })],
    method: 'memoryUsage',
    reply: integerOrNil,
  }),
]);
