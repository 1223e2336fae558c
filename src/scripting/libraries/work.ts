import { allocation } from '../lua/values/allocation.ts';
import { LuaError } from '../lua/values/lua-error.ts';
import type { MachineServices } from '../lua/values/native-call.ts';

/** No string may be longer, in bytes: a little less than what the shortest-stringed of the common engines can hold. */
const LONGEST_STRING = 2 ** 29 - 64;

/** So many steps and bytes are told to the machine at a time. */
const LUMP_STEPS = 1024;
const LUMP_BYTES = 65_536;
/** Copying so many bytes is one step: as a shift. */
const BYTES_PER_STEP_BITS = 6;

/**
 * What one run of a library function costs, told to the machine in lumps: telling each small piece would cost more than the
 * work itself.
 */
export class Work {
  private readonly machine: MachineServices;
  private steps = 0;
  private bytes = 0;

  constructor(machine: MachineServices) {
    this.machine = machine;
  }

  /**
   * One step done, which read or made so many bytes.
   *
   * @throws Interruption if the run must end
   */
  add(bytes: number): void {
    this.bytes += bytes;
    this.steps += 1 + (bytes >>> BYTES_PER_STEP_BITS);
    if (this.steps >= LUMP_STEPS || this.bytes >= LUMP_BYTES) this.tell();
  }

  /**
   * Before a string gets so long.
   *
   * @throws LuaError if no string can
   */
  makeString(length: number): void {
    if (length > LONGEST_STRING) throw new LuaError('not enough memory');
  }

  /** Tells the rest. */
  finish(): void {
    allocation.bytes += this.bytes;
    this.bytes = 0;
    this.machine.spend(this.steps);
    this.steps = 0;
  }

  private tell(): void {
    const { steps, bytes } = this;
    this.steps = 0;
    this.bytes = 0;
    this.machine.spend(steps);
    this.machine.allocate(bytes);
  }
}
