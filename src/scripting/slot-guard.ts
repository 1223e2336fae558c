import type { ByteString } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import { slotsOf } from '../session/cluster/cluster-gate.ts';
import type { Session } from '../session/session.ts';
import type { Command } from '../wire/command.ts';

/**
 * What a node of a cluster asks of the commands of one run of a script: each of them may touch keys of one slot; and all of
 * them those of the slot of the keys that it was called with, unless it says otherwise, or nothing of itself.
 */
export class SlotGuard {
  private readonly caller: Session;
  /** Whether all commands must touch the same slot. */
  private readonly isOfOneSlot: boolean;

  constructor(caller: Session, isOfOneSlot: boolean) {
    this.caller = caller;
    this.isOfOneSlot = isOfOneSlot;
  }

  /** @throws ReplyError if the command touches another slot than it may */
  requireSlot(command: Command, tokens: readonly ByteString[]): void {
    const slots = slotsOf(command, tokens);
    if (slots.size > 1) throw errors.scriptCommandCrossSlot(command.fullName);
    if (!this.isOfOneSlot) return;
    const { caller } = this;
    for (const slot of slots) {
      caller.slot ??= slot;
      if (slot !== caller.slot) throw errors.scriptCrossSlot();
    }
  }
}
