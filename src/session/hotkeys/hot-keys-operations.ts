import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Tree } from '../../wire/tree-codec.ts';
import type { Session } from '../session.ts';
import { HotKeys } from './hot-keys.ts';
import { readStart } from './start-arguments.ts';

/** HOTKEYS. */
export class HotKeysOperations {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /**
   * Begins to find out which keys are hot. What was found before is forgotten.
   *
   * @param tokens what follows the command's name
   */
  hotkeysStart(tokens: readonly ByteString[]): 'OK' {
    const { server, isClusterNode } = this.session;
    if (this.current?.isActive === true) throw errors.hotKeysStarted();
    server.setHotKeys(new HotKeys(server.keyspace, readStart(tokens, isClusterNode)));
    return 'OK';
  }

  /** Ends it; what was found stays. `null` if nothing was under way. */
  hotkeysStop(): 'OK' | null {
    const { current } = this;
    if (current?.isActive !== true) return null;
    current.stop();
    this.session.server.setHotKeys(current);
    return 'OK';
  }

  /** What was found so far; `null` if nothing was asked, or it was forgotten. */
  hotkeysGet(): Tree {
    return this.current?.report() ?? null;
  }

  /** Forgets what was found. */
  hotkeysReset(): 'OK' {
    if (this.current?.isActive === true) throw errors.hotKeysInProgress();
    this.session.server.setHotKeys(undefined);
    return 'OK';
  }

  private get current(): HotKeys | undefined {
    return this.session.server.hotKeys;
  }
}
