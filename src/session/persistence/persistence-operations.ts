import { errors } from '../../errors.ts';
import type { Persistence } from '../../keyspace/persistence.ts';
import { afterTurn } from '../../ttl/host-turn.ts';
import type { Tree } from '../../wire/tree-codec.ts';
import type { Session } from '../session.ts';
import { Later } from '../waits/later.ts';
import { failedBecause, requireWaiting } from './long-work.ts';

/** What SHUTDOWN is asked for. NOW is nothing here: there are no replicas to wait for. */
export interface ShutdownOptions {
  /** Whether to save first. Default: if there are save points. */
  readonly save?: boolean;
  /** To end though it could not be saved. */
  readonly force?: boolean;
  readonly abort?: boolean;
}

/** The commands on the files of a store. */
export class PersistenceOperations {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** Writes everything to the RDB file: the state at this moment. */
  save(): Later<'OK'> {
    const persistence = this.keptBy('SAVE');
    requireWaiting(this.session, 'SAVE');
    const saved = persistence.save().then((): 'OK' => 'OK');
    return new Later(failedBecause(saved, errors.saveFailed));
  }

  /** The same without waiting for it. */
  bgsave(isPutOff: boolean): string {
    const persistence = this.keptBy('BGSAVE');
    const isPossible = !persistence.status.isSaving;
    if (this.session.isRunningQueue && isPossible) {
      this.afterTransaction(() => persistence.backgroundSave(true));
      return 'Background saving scheduled';
    }
    return `Background saving ${persistence.backgroundSave(isPutOff)}`;
  }

  /** Writes the append-only file anew. */
  bgrewriteaof(): string {
    const persistence = this.keptBy('BGREWRITEAOF');
    if (this.session.isRunningQueue && !persistence.status.isRewriting) {
      this.afterTransaction(() => persistence.rewrite());
      return 'Background append only file rewriting scheduled';
    }
    return `Background append only file rewriting ${persistence.rewrite()}`;
  }

  /** When all was last saved, in Unix seconds. */
  lastsave(): number {
    return this.session.server.lastSaveSeconds;
  }

  /** How many files, here and at replicas, have what this client wrote: waits for ours, for there are no replicas. */
  waitaof(local: number, _replicas: number, timeoutMs: number): Tree | Later<Tree> {
    if (timeoutMs < 0) throw errors.timeoutNegative();
    const { session } = this;
    const { persistence } = session.server.keyspace;
    const { appendonly, appendfsync } = persistence?.settings ?? { appendonly: false, appendfsync: 'no' };
    if (local > 0 && !appendonly) throw errors.noAppendOnly();
    if (persistence === undefined || !appendonly) return NOWHERE;
    if (!session.mayWait) return appendfsync === 'always' && session.isRunningQueue ? HERE : NOWHERE;
    // If nobody need have it, it is only looked at: nobody waits for replicas that will not come.
    const answer = persistence
      .syncedWithin(local > 0 ? timeoutMs : undefined)
      .then((isSynced) => (isSynced ? HERE : NOWHERE));
    return new Later(answer, () => NOWHERE);
  }

  /** Saves, or not, and ends all connections of the store, this one included. What has a storage is closed then. */
  shutdown({ save, force, abort }: ShutdownOptions): undefined | Later<undefined> {
    if (abort === true) throw errors.noShutdown();
    const { server } = this.session;
    const { persistence } = server.keyspace;
    if (persistence === undefined) {
      server.shutDown();
      return undefined;
    }
    requireWaiting(this.session, 'SHUTDOWN');
    const answer = this.end(persistence, save ?? persistence.settings.savePoints.length > 0, force === true);
    return new Later<undefined>(failedBecause(answer, errors.shutdownFailed));
  }

  /** Saves, if so, and closes. If it cannot be saved the store goes on, unless that is forced to end. */
  private async end(persistence: Persistence, isSaved: boolean, isForced: boolean): Promise<undefined> {
    const { server } = this.session;
    // What is written from now on is in no save: nobody is to be told that it was done.
    server.pause.begin(FOR_EVER_MS, 'write');
    try {
      if (isSaved) await saveAfterOthers(persistence);
    } catch (error) {
      if (!isForced) {
        server.pause.end();
        throw error;
      }
    }
    // What fails now is told by the storage's own warnings: there is no way back.
    await persistence.close({ save: false }).catch(() => {});
    server.shutDown();
    return undefined;
  }

  private keptBy(command: string): Persistence {
    const { persistence } = this.session.server.keyspace;
    if (persistence === undefined) throw errors.noStorage(command);
    return persistence;
  }

  /** Once EXEC has run all: what is saved is the state after it. If it cannot begin then it is nobody's error. */
  private afterTransaction(begin: () => unknown): void {
    this.session.server.afterServing(() => {
      try {
        begin();
      } catch {
        // As in Redis, where the scheduled work is simply tried.
      }
    });
  }
}

const HERE: Tree = [1, 0];
const NOWHERE: Tree = [0, 0];

/** Longer than anybody waits. */
const FOR_EVER_MS = 2 ** 45;

/** Saves, once the save is over that may be under way: what came after that began is in this one. */
async function saveAfterOthers(persistence: Persistence): Promise<void> {
  while (persistence.status.isSaving) await turned();
  await persistence.save();
}

/** The host's event loop has turned. */
function turned(): Promise<void> {
  return new Promise((resolve) => {
    afterTurn(resolve);
  });
}
