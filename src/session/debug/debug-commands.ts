import type { ByteString } from '../../bytes/byte-string.ts';
import type { Codec } from '../../wire/codec.ts';
import { commandsOf, commandTable } from '../../wire/command.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { later } from '../waits/later.ts';
import type { DebugOperations } from './debug-operations.ts';
import type { WriteReply } from './write-reply.ts';

const { command } = commandsOf<DebugOperations>();

/** All that follows, as it is: the subcommands have their own ways. */
const anything: Piece<readonly ByteString[]> = {
  read: (reader) => {
    const tokens: ByteString[] = [];
    while (reader.remaining > 0) tokens.push(reader.next());
    return tokens;
  },
  write: (tokens, out) => {
    out.push(...tokens);
  },
  sample: (_sampler, out) => out.push('JMAP'),
  docs: [],
  minTokens: 1,
  isVariable: true,
};

const written: Codec<WriteReply> = { write: (write, sink) => write(sink), read: (reply) => reply };

/** DEBUG: one command, whose subcommands are none of their own. */
export const debugCommands = commandTable<DebugOperations>()([
  command({
    name: 'DEBUG',
    summary: 'Holds what is of use in tests only.',
    since: '1.0.0',
    group: 'server',
    complexity: 'Depends on subcommand.',
    flags: 'admin noscript loading stale protected',
    waits: true,
    target: 'debug',
    args: [anything],
    method: 'debug',
    reply: later(written),
  }),
]);
