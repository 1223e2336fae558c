import { expect } from 'vitest';
import { Store } from '../../../src/store.ts';
import type { ReplyNode } from '../../../src/wire/resp/reply-node.ts';
import { tokensOf } from '../../differential/support/behaviours.ts';
import { difference } from '../../differential/support/comparison.ts';
import type { RawClient } from '../../support/raw-client.ts';
import type { RedisServer } from '../../support/redis-server.ts';
import { WaitingClient } from './waiting-client.ts';

/**
 * What one of several clients does: `A BLPOP k 0`; a transaction, `A [RPUSH k x | RPUSH l y]`; or time that passes for
 * everybody, `wait 20` milliseconds.
 */
export type Step = string;

interface Peer {
  readonly id: string;
  readonly client: RawClient;
  readonly replies: ReplyNode[];
  pending: Promise<void> | undefined;
}

/** Several connections to the real server. */
export class Peers {
  private readonly server: RedisServer;
  private readonly admin: RawClient;
  private readonly peers = new Map<string, Peer>();

  private constructor(server: RedisServer, admin: RawClient) {
    this.server = server;
    this.admin = admin;
  }

  static async connect(server: RedisServer): Promise<Peers> {
    return new Peers(server, await server.connect());
  }

  /** Empties the server, and begins anew with connections of these names. */
  async reset(names: readonly string[], protocol: 2 | 3): Promise<void> {
    for (const { client } of this.peers.values()) await client.close();
    this.peers.clear();
    for (const name of names) {
      const client = await this.server.connect();
      await client.hello(protocol);
      const id = await client.send(['CLIENT', 'ID']);
      this.peers.set(name, {
        id: String(id.type === ':' && id.value),
        client,
        replies: [],
        pending: undefined,
      });
    }
    await this.admin.send(['FLUSHALL']);
  }

  /** Sends; resolves once the server has replied or has it wait. */
  async run(name: string, commands: readonly (readonly string[])[]): Promise<void> {
    const peer = this.peers.get(name)!;
    const all = commands.length > 1 ? [['MULTI'], ...commands, ['EXEC']] : commands;
    const replied = (replies: readonly ReplyNode[]): void => {
      peer.replies.push(replies.at(-1)!);
      peer.pending = undefined;
    };
    // One who still waits when its connection is closed gets no reply.
    peer.pending = peer.client.pipeline(all).then(replied, () => {});
    let isDone = false;
    while (!isDone) {
      isDone = peer.pending === undefined || (await this.waiting()).has(name);
    }
  }

  async unblock(name: string, how: string): Promise<ReplyNode> {
    return this.admin.send(['CLIENT', 'UNBLOCK', this.peers.get(name)!.id, how]);
  }

  /** Who waits by what the server says. */
  async waiting(): Promise<Set<string>> {
    const list = await this.admin.send(['CLIENT', 'LIST']);
    const lines = list.type === '$' ? list.value!.split('\n') : [];
    const blocked = new Set(
      lines.filter((line) => / flags=\w*b/.test(line)).map((line) => /^id=(\d+)/.exec(line)![1]!),
    );
    return new Set([...this.peers].filter(([, { id }]) => blocked.has(id)).map(([name]) => name));
  }

  /** All replies to one that does not wait. */
  async repliesTo(name: string): Promise<readonly ReplyNode[]> {
    const peer = this.peers.get(name)!;
    await peer.pending;
    return peer.replies;
  }
}

const SOON_MS = 1000;

/**
 * Runs the steps on a store and on the real server, and compares after each who waits, and all replies. Steps of one who
 * waits are passed over.
 */
export async function compareInterleaving(
  peers: Peers,
  steps: readonly Step[],
  protocol: 2 | 3 = 2,
): Promise<void> {
  const names = [...new Set(steps.map((step) => step.split(' ')[0]!))].filter((name) => /^[A-Z]$/.test(name));
  await peers.reset(names, protocol);
  const store = new Store({ clock: { now: () => 1_700_000_000_000 } });
  const clients = new Map(names.map((name) => [name, new WaitingClient(store, protocol)]));
  for (const [at, step] of steps.entries()) {
    const where = `step ${at}: ${step}`;
    const [name, rest] = [step.slice(0, step.indexOf(' ')), step.slice(step.indexOf(' ') + 1)];
    if (name === 'wait') {
      store.advance(Number(rest));
    } else if (name === 'unblock') {
      const [whom, how] = rest.split(' ') as [string, string];
      if (!clients.has(whom)) continue;
      const isUnblocked = clients.get(whom)!.unblock(how.toLowerCase() as 'timeout' | 'error');
      expect(await peers.unblock(whom, how), where).toEqual({ type: ':', value: isUnblocked ? 1 : 0 });
    } else {
      if (clients.get(name)!.isWaiting) continue;
      const commands = rest.startsWith('[') ? rest.slice(1, -1).split(' | ') : [rest];
      const tokens = commands.map(tokensOf);
      if (tokens.length > 1) clients.get(name)!.exec(tokens);
      else clients.get(name)!.run(tokens[0]!);
      await peers.run(name, tokens);
    }
    const waiting = await peers.waiting();
    for (const [other, client] of clients) {
      // Time passes by itself over there: what waits only so long may be over sooner or later than here.
      const isTimed = client.timeoutMs > 0 && client.timeoutMs < SOON_MS;
      if (!isTimed) expect(waiting.has(other), `${where}: ${other} waits`).toBe(client.isWaiting);
      if (client.isWaiting) continue;
      const theirs = await peers.repliesTo(other);
      expect(client.replies.length, `${where}: replies to ${other}`).toBe(theirs.length);
      for (const [index, mine] of client.replies.entries()) {
        expect(difference(['EXEC'], mine, theirs[index]!), `${where}: to ${other}`).toBeUndefined();
      }
    }
    store.keyspace.waiters?.checkInvariants();
    store.keyspace.checkInvariants();
  }
}
