import type { NativeCall } from '../values/native-call.ts';
import type { NativeResult } from '../values/native-function.ts';

/** What a script is told of a collector that is not there: JavaScript's own does the work, and takes no orders. */
export interface Collector {
  readonly liveBytes: () => number;
  pause: number;
  stepMultiplier: number;
}

/** `collectgarbage`: counts, and otherwise answers as if it obeyed. */
export function collectgarbage(call: NativeCall, collector: Collector): NativeResult {
  const option = call.optionalString(1, 'collect');
  switch (option) {
    case 'stop':
    case 'restart':
    case 'collect':
    case 'count':
    case 'step':
    case 'setpause':
    case 'setstepmul':
      break;
    default:
      throw call.argumentError(1, `invalid option '${option}'`);
  }
  const value = call.optionalInteger(2, 0) | 0;
  switch (option) {
    case 'count':
      return collector.liveBytes() / 1024;
    case 'step':
      return true;
    case 'setpause': {
      const before = collector.pause;
      collector.pause = value;
      return before;
    }
    case 'setstepmul': {
      const before = collector.stepMultiplier;
      collector.stepMultiplier = value;
      return before;
    }
    default:
      return 0;
  }
}
