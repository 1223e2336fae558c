import type { Session } from '../session.ts';
import type { SlowCommand, SlowLog } from './slow-log.ts';

/** How many commands SLOWLOG GET tells of unless asked for another number. */
const DEFAULT_COUNT = 10;

/** SLOWLOG. */
export class SlowLogOperations {
  private readonly log: SlowLog;

  constructor(session: Session) {
    this.log = session.server.slowLog;
  }

  /** The latest slow commands, the latest first; -1 for all of them. */
  slowlogGet(count: number = DEFAULT_COUNT): readonly SlowCommand[] {
    return this.log.latest(count === -1 ? this.log.length : count);
  }

  /** How many there are. */
  slowlogLen(): number {
    return this.log.length;
  }

  /** Forgets them. */
  slowlogReset(): 'OK' {
    this.log.reset();
    return 'OK';
  }
}
