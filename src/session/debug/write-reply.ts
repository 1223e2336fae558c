import type { ReplySink } from '../../wire/resp/reply-sink.ts';

/** Writes the reply. */
export type WriteReply = (sink: ReplySink) => void;

/** The answer of most subcommands. */
export const writeOk: WriteReply = (sink) => sink.simple('OK');
