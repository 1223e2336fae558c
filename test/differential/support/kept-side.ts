import { collectingPeer } from '../../../src/session/peer.ts';
import { serverOf } from '../../../src/session/server.ts';
import { Session } from '../../../src/session/session.ts';
import type { Store } from '../../../src/store.ts';
import type { ReplyNode } from '../../../src/wire/resp/reply-node.ts';
import { ReplyParser } from '../../../src/wire/resp/reply-parser.ts';
import { RespWriter } from '../../../src/wire/resp/resp-writer.ts';
import { until } from '../../support/turns.ts';
import type { Protocol, Side, Tokens } from './sides.ts';

/** A store of ours through its wire, whose commands may wait: SAVE, DEBUG RELOAD …. */
export class KeptSide implements Side {
  readonly store: Store;
  private readonly session: Session;
  private readonly writer = new RespWriter();
  private readonly parser = new ReplyParser();

  constructor(store: Store) {
    this.store = store;
    this.session = new Session(serverOf(store.keyspace), collectingPeer(this.writer));
  }

  async run(commands: readonly Tokens[], protocol: Protocol): Promise<ReplyNode[]> {
    this.session.setProtocol(protocol);
    const replies: ReplyNode[] = [];
    for (const tokens of commands) {
      this.session.execute(tokens);
      await until(() => !this.session.isWaiting);
      this.parser.feed(this.writer.take());
      const reply = this.parser.next();
      if (reply === undefined) throw new Error(`no whole reply to ${JSON.stringify(tokens)}`);
      replies.push(reply);
    }
    return replies;
  }
}
