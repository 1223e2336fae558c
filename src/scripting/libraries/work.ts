import { LONGEST_STRING } from '../lua/library/string-builder.ts';
import { allocation } from '../lua/values/allocation.ts';
import { LuaError } from '../lua/values/lua-error.ts';
import type { MachineServices } from '../lua/values/native-call.ts';

/** So many steps are told to the machine at a time. */
const LUMP_STEPS = 1024;
/** From so many bytes on the machine is asked whether the run may have them. */
const FIRST_LIMIT_BYTES = 65_536;
/** And again whenever they have grown so much. */
const GROWTH = 1.5;
/** Copying so many bytes is one step: as a shift. */
const BYTES_PER_STEP_BITS = 6;

/**
 * What one run of a library function costs, told to the machine in lumps: telling each small piece would cost more than the
 * work itself.
 *
 * What the function makes is out of the machine's sight until it returns, and none of it is garbage. So the machine
 * is told how much it is in all, tables it fills included, each time it has grown by half.
 */
export class Work {
  private readonly machine: MachineServices;
  private steps = 0;
  /** What was allocated when the run began; later what the machine was told is added, since it counts that itself. */
  private before = allocation.bytes;
  private limitBytes = FIRST_LIMIT_BYTES;

  constructor(machine: MachineServices) {
    this.machine = machine;
  }

  /**
   * One step, which reads or makes so many bytes. To be called before they are made.
   *
   * @throws Interruption if the run must end, or may not have that much memory
   */
  add(bytes: number): void {
    allocation.bytes += bytes;
    this.steps += 1 + (bytes >>> BYTES_PER_STEP_BITS);
    if (this.steps >= LUMP_STEPS) this.tell();
  }

  /**
   * To be called before a string gets so long.
   *
   * @throws LuaError if no string can
   */
  makeString(length: number): void {
    if (length > LONGEST_STRING) throw new LuaError('not enough memory');
  }

  /** Tells what has not been told. */
  finish(): void {
    this.machine.spend(this.steps);
    this.steps = 0;
  }

  private tell(): void {
    this.finish();
    const bytes = allocation.bytes - this.before;
    if (bytes <= this.limitBytes) return;
    this.limitBytes = bytes * GROWTH;
    this.machine.allocate(bytes);
    // The machine has counted them a second time.
    this.before = allocation.bytes - bytes;
  }
}
