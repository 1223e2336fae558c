import type { RandomState } from './lua/library/random.ts';
import type { OnLog } from './redis-library.ts';
import type { ScriptLimits } from './script-machine.ts';

/** How scripts run, everything settled. */
export interface LuaOptions extends ScriptLimits {
  /** Is given what scripts log. */
  readonly onLog: OnLog | undefined;
  /** The random numbers of all scripts of a store. */
  readonly random: RandomState;
}
