import { errors } from '../errors.ts';
import type { Raw } from '../keyspace/operations.ts';
import { ok } from '../wire/codec.ts';
import { commandsOf, commandTable } from '../wire/command.ts';
import { options, valued } from '../wire/grammar/options.ts';
import type { Piece } from '../wire/grammar/piece.ts';
import { key, string, integer as whole } from '../wire/grammar/pieces.ts';
import type { IdempotencyOperations } from './idempotency-operations.ts';
import { idText, requireStream } from './stream-grammar.ts';
import type { XcfgsetOptions } from './stream-options.ts';

const { command } = commandsOf<IdempotencyOperations<Raw>>();

const settings = options<XcfgsetOptions>({
  idmpDuration: valued('IDMP-DURATION', whole('idmp-duration')),
  idmpMaxsize: valued('IDMP-MAXSIZE', whole('idmp-maxsize')),
});

/** Nothing is said of as many options as there are none. */
const requiredSettings: Piece<XcfgsetOptions> = {
  ...settings,
  read: (reader) => {
    const read = settings.read(reader);
    if (read === undefined) throw errors.cfgsetNothing();
    return read;
  },
};

/** How streams remember which messages were added. */
export const idempotencyCommands = commandTable<IdempotencyOperations<Raw>>()([
  command({
    name: 'XCFGSET',
    summary: 'Sets the IDMP configuration parameters for a stream.',
    since: '8.6.0',
    group: 'stream',
    complexity: 'O(1)',
    flags: 'write fast',
    before: requireStream,
    args: [key('RW update'), requiredSettings],
    method: 'xcfgset',
    reply: ok,
  }),
  command({
    name: 'XIDMPRECORD',
    summary: 'An internal command for setting IDMP metadata on an existing stream message.',
    since: '8.8.0',
    group: 'stream',
    complexity: 'O(1)',
    flags: 'write denyoom fast',
    args: [key('RW update'), string('pid'), string('iid'), idText('stream-id')],
    method: 'xidmprecord',
    reply: ok,
  }),
]);
