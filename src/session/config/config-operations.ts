import type { ByteString } from '../../bytes/byte-string.ts';
import { type Many, manyOf, type Pairs, pairsOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import type { Tree } from '../../wire/tree-codec.ts';
import type { Session } from '../session.ts';
import { Later } from '../waits/later.ts';

/** CONFIG. Byte strings are in their inner form. */
export class ConfigOperations {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** The parameters that one of the patterns means. */
  configGet(patterns: Many): Tree {
    return this.session.server.config.get(manyOf(patterns) as ByteString[]);
  }

  /** Sets parameters, all of them or none. Where nobody can wait for what takes its time, it goes on by itself. */
  configSet(pairs: Pairs): 'OK' | Later<'OK'> {
    const begun = this.session.server.config.set([...pairsOf(pairs)] as [ByteString, ByteString][]);
    if (begun === undefined) return 'OK';
    if (this.session.mayWait) return new Later(begun.then(() => 'OK'));
    begun.catch(() => {});
    return 'OK';
  }

  /** Begins to count anew what INFO counts. */
  configResetstat(): 'OK' {
    this.session.server.resetStatistics();
    return 'OK';
  }

  /** There is no file that could be written. */
  configRewrite(): 'OK' {
    throw errors.noConfigFile();
  }
}
