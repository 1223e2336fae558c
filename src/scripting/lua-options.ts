import type { OnLog } from './redis-library.ts';
import type { ScriptLimits } from './script-machine.ts';

/** How scripts run, everything settled. */
export interface LuaOptions extends ScriptLimits {
  /** Is given what scripts log. */
  readonly onLog: OnLog | undefined;
  /** For `os.clock`: how long the host has run, in seconds. */
}
