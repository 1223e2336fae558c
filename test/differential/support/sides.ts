import type { ByteString } from '../../../src/bytes/byte-string.ts';
import { collectingPeer } from '../../../src/session/peer.ts';
import { serverOf } from '../../../src/session/server.ts';
import { Session } from '../../../src/session/session.ts';
import { Store, type StoreOptions } from '../../../src/store.ts';
import type { ReplyNode } from '../../../src/wire/resp/reply-node.ts';
import { ReplyParser } from '../../../src/wire/resp/reply-parser.ts';
import { RespWriter } from '../../../src/wire/resp/resp-writer.ts';
import type { RawClient } from '../../support/raw-client.ts';
import type { RedisServer } from '../../support/redis-server.ts';

/** A command, in the inner form of byte strings. */
export type Tokens = readonly ByteString[];
export type Protocol = 2 | 3;

/** Something that answers commands. */
export interface Side {
  /** Answers the commands in order, in this protocol. */
  run(commands: readonly Tokens[], protocol: Protocol): Promise<ReplyNode[]>;
}

/** A store of ours, through its wire. */
export class LodisSide implements Side {
  readonly store: Store;
  private readonly session: Session;
  private readonly writer = new RespWriter();
  private readonly parser = new ReplyParser();

  constructor(options: StoreOptions = {}, store = new Store(options)) {
    this.store = store;
    this.session = new Session(serverOf(this.store.keyspace), collectingPeer(this.writer));
  }

  run(commands: readonly Tokens[], protocol: Protocol): Promise<ReplyNode[]> {
    return Promise.resolve(this.runNow(commands, protocol));
  }

  /** From now on it answers as the only node of a cluster. */
  becomeClusterNode(): void {
    this.session.becomeClusterNode();
  }

  runNow(commands: readonly Tokens[], protocol: Protocol): ReplyNode[] {
    this.session.setProtocol(protocol);
    for (const tokens of commands) this.session.execute(tokens, false);
    this.parser.feed(this.writer.take());
    return commands.map((tokens) => {
      const reply = this.parser.next();
      if (reply === undefined) throw new Error(`no whole reply to ${JSON.stringify(tokens)}`);
      return reply;
    });
  }
}

/** The real server. */
export class ServerSide implements Side {
  readonly version: string;
  private readonly client: RawClient;
  private protocol: Protocol = 2;

  private constructor(client: RawClient, version: string) {
    this.client = client;
    this.version = version;
  }

  static async connect(server: RedisServer): Promise<ServerSide> {
    return new ServerSide(await server.connect(), server.version);
  }

  async run(commands: readonly Tokens[], protocol: Protocol): Promise<ReplyNode[]> {
    if (protocol !== this.protocol) {
      await this.client.hello(protocol);
      this.protocol = protocol;
    }
    return this.client.pipeline(commands);
  }

  /** The full names of all commands it knows, in lower case: `get`, `object|encoding`. */
  async commandNames(): Promise<Set<string>> {
    const [list] = await this.run([['COMMAND', 'LIST']], 2);
    if (list?.type !== '*' || list.items === null) throw new Error('COMMAND LIST did not answer a list');
    return new Set(list.items.map((item) => (item.type === '$' ? item.value!.toLowerCase() : '')));
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
