import type { ByteString } from '../../bytes/byte-string.ts';
import { type Many, manyOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import type { Tree } from '../../wire/tree-codec.ts';
import { infoText } from '../info/info.ts';
import type { Session } from '../session.ts';
import { art } from './lolwut.ts';
import { REDIS_VERSION } from './version.ts';

/** The commands on the server as a whole. Byte strings are in their inner form. */
export class ServerOperations {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** Figures about the server, as text: the sections of these names. */
  info(sections?: Many): string {
    const names = sections === undefined ? [] : (manyOf(sections) as ByteString[]);
    return infoText(this.session.server, names);
  }

  /** From now on the client is shown what all clients ask for. No answer to one that already is. */
  monitor(): 'OK' | undefined {
    const { session } = this;
    if (session.isRunningQueue) throw errors.monitorDenied();
    if (session.isMonitor) return undefined;
    session.monitor(true);
    return 'OK';
  }

  /** What it is to others: a master, nothing of which was replicated, to nobody. */
  role(): Tree {
    return ['master', 0, []];
  }

  /** How many replicas have what this client wrote: there are none, and none will come while one waits. */
  wait(_replicas: number, timeoutMs: number): number {
    if (timeoutMs < 0) throw errors.timeoutNegative();
    return 0;
  }

  /** Something to look at, and the version. */
  lolwut(): string {
    return `${art()}\nlodis: Redis in a program. Redis ver. ${REDIS_VERSION}\n`;
  }

  /** Flushing by slots is for clusters. */
  sflush(): never {
    throw errors.clusterDisabled();
  }
}
