import { byteLength } from '../../bytes/byte-string.ts';
import type { Transaction } from './transaction.ts';

/** How much the commands hold that MULTI has queued: counted as they come, each once. */
export class QueuedBytes {
  private transaction: Transaction | undefined = undefined;
  private counted = 0;
  private bytes = 0;

  /** In bytes, about. Amortised over the commands queued since it was last asked. */
  of(transaction: Transaction | undefined): number {
    if (transaction !== this.transaction) {
      this.transaction = transaction;
      this.counted = 0;
      this.bytes = 0;
    }
    if (transaction === undefined) return 0;
    const { queue } = transaction;
    for (; this.counted < queue.length; this.counted++) {
      this.bytes += COMMAND_OVERHEAD_BYTES;
      for (const token of queue[this.counted]!.tokens) this.bytes += byteLength(token) + TOKEN_OVERHEAD_BYTES;
    }
    return this.bytes;
  }
}

/** What a queued command holds beside its arguments, about. */
const COMMAND_OVERHEAD_BYTES = 120;
/** What a short argument holds beside its bytes, about. */
const TOKEN_OVERHEAD_BYTES = 24;
