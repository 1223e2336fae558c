import { connect as connectSocket, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { Endpoint } from '../../../src/session/endpoint.ts';
import { serverOf } from '../../../src/session/server.ts';
import { Store, type StoreOptions } from '../../../src/store.ts';
import type { ReplyNode } from '../../../src/wire/resp/reply-node.ts';
import { ReplyParser } from '../../../src/wire/resp/reply-parser.ts';
import { RespWriter } from '../../../src/wire/resp/resp-writer.ts';
import type { RawClient } from '../../support/raw-client.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { turn, until } from '../../support/turns.ts';
import { tokensOf } from './behaviours.ts';
import { difference, print, show } from './comparison.ts';
import { compareKeyspaces } from './keyspace-dump.ts';
import { LodisSide, type Protocol, ServerSide, type Tokens } from './sides.ts';

/**
 * Several clients on one store. A step is what one of them says, after its name and a colon: `a: BLPOP q 0`. `{a}`
 * stands for the id of client `a`. `{ passMs }` lets time pass; `{ closes }` has a client hang up.
 */
export type Step =
  | string
  | { readonly client: string; readonly tokens: Tokens }
  /** Several commands in one chunk of bytes. */
  | { readonly client: string; readonly pipeline: readonly string[] }
  | { readonly passMs: number }
  | { readonly closes: string };

export interface InterleavingOptions {
  /** Further arguments of the server, such as `['--maxmemory', '10mb']`. */
  readonly serverArgs?: readonly string[];
  /** What lets ours begin as the server does. */
  readonly storeOptions?: StoreOptions;
  /** Commands run once before each script, on both sides, by a client of its own (CONFIG SET …). */
  readonly before?: readonly string[];
  /**
   * What a client was sent may be brought into a form in which both sides agree: times masked, what has no order
   * sorted. Default: as it is.
   */
  readonly normalise?: (received: ReplyNode, step: Step) => ReplyNode;
  /** Differences that are the older reference server's: return true to accept. Say why beside it. */
  readonly isExempt?: (
    step: Step,
    client: string,
    ours: readonly ReplyNode[],
    theirs: readonly ReplyNode[],
  ) => boolean;
  /** Default: both. */
  readonly protocols?: readonly Protocol[];
}

/** What each client was sent in consequence of one step. */
type Received = ReadonlyMap<string, readonly ReplyNode[]>;

/** One side of the comparison: a store with any number of clients. */
interface Stage {
  say(client: string, ...commands: Tokens[]): Promise<void>;
  pass(durationMs: number): Promise<void>;
  close(client: string): Promise<void>;
  /** Waits until nothing more comes, and takes what has come. */
  settle(): Promise<Received>;
  end(): Promise<void>;
}

/**
 * Hand-written interleavings of several clients, run on ours and on the real server, in RESP2 and RESP3. After each
 * step every client must have been sent the same, message by message; in the end both hold the same.
 */
export function interleavings(
  family: string,
  scripts: Readonly<Record<string, readonly Step[]>>,
  options: InterleavingOptions = {},
): void {
  describe(`${family}: interleavings, beside the real server`, () => {
    let server: RedisServer | undefined;
    beforeAll(async () => {
      server = await startRedisServer({ args: options.serverArgs ?? [] });
    });
    afterAll(async () => {
      await server?.stop();
    });
    for (const [name, script] of Object.entries(scripts)) {
      test(name, async ({ skip }) => {
        if (server === undefined) return skip();
        for (const protocol of options.protocols ?? ([2, 3] as const)) {
          await compareInterleaving(server, script, protocol, options);
        }
      });
    }
  });
}

/** Runs one interleaving on both sides. Throws at the first step after which some client was sent something else. */
export async function compareInterleaving(
  server: RedisServer,
  script: readonly Step[],
  protocol: Protocol,
  options: InterleavingOptions = {},
): Promise<void> {
  const control = await ServerSide.connect(server);
  await control.run([['SELECT', '0'], ['FLUSHALL']], 2);
  const ours = new OurStage(options, protocol);
  const theirs = await ServerStage.start(server, protocol);
  try {
    for (const line of options.before ?? []) {
      await ours.say('before', tokensOf(line));
      await theirs.say('before', tokensOf(line));
    }
    await Promise.all([ours.settle(), theirs.settle()]);
    const done: string[] = [];
    for (const step of script) {
      await perform(ours, step);
      await perform(theirs, step);
      const [mine, others] = [await ours.settle(), await theirs.settle()];
      const found = differenceOf(step, mine, others, options);
      if (found !== undefined) {
        throw new Error(`RESP${protocol}, after\n  ${done.join('\n  ')}\n${describeStep(step)}\n${found}`);
      }
      done.push(describeStep(step));
    }
    ours.store.keyspace.checkInvariants();
    await control.run([['SELECT', '0']], 2);
    await compareKeyspaces(ours.dumpSide(), control);
  } finally {
    await ours.end();
    await theirs.end();
    await control.close();
  }
}

async function perform(stage: Stage, step: Step): Promise<void> {
  if (typeof step === 'string') {
    const [, client, line] = /^(\w+): (.*)$/s.exec(step) ?? [];
    if (client === undefined || line === undefined) throw new Error(`who says ${step}?`);
    await stage.say(client, tokensOf(line));
  } else if ('tokens' in step) await stage.say(step.client, step.tokens);
  else if ('pipeline' in step) await stage.say(step.client, ...step.pipeline.map(tokensOf));
  else if ('passMs' in step) await stage.pass(step.passMs);
  else await stage.close(step.closes);
}

function describeStep(step: Step): string {
  if (typeof step === 'string') return step;
  if ('tokens' in step) return `${step.client}: ${show(step.tokens)}`;
  if ('pipeline' in step) return `${step.client}: ${step.pipeline.join(' | ')}`;
  return JSON.stringify(step);
}

/** Who speaks in this step, and what. */
function spoken(step: Step): { client: string; tokens: Tokens } | undefined {
  if (typeof step === 'string') {
    const colon = step.indexOf(':');
    return { client: step.slice(0, colon), tokens: tokensOf(step.slice(colon + 1).trim()) };
  }
  return 'tokens' in step ? step : undefined;
}

function differenceOf(
  step: Step,
  ours: Received,
  theirs: Received,
  { normalise = (node) => node, isExempt }: InterleavingOptions,
): string | undefined {
  const speaker = spoken(step);
  for (const client of new Set([...ours.keys(), ...theirs.keys()])) {
    const mine = (ours.get(client) ?? []).map((node) => normalise(node, step));
    const others = (theirs.get(client) ?? []).map((node) => normalise(node, step));
    const tokens = client === speaker?.client ? speaker.tokens : ['PUSH'];
    const isSame =
      mine.length === others.length &&
      mine.every((node, at) => difference(tokens, node, others[at]!) === undefined);
    if (isSame || isExempt?.(step, client, mine, others)) continue;
    return `  ${client} gets\n    lodis:  ${mine.map(print).join('  ')}\n    server: ${others.map(print).join('  ')}`;
  }
  return undefined;
}

/** Ours: clients are endpoints of byte streams. */
class OurStage implements Stage {
  readonly store: Store;
  private nowMs = Date.now();
  private readonly clients = new Map<string, { endpoint: Endpoint; received: Reader }>();
  private readonly protocol: Protocol;
  private readonly options: StoreOptions;

  constructor({ storeOptions = {} }: InterleavingOptions, protocol: Protocol) {
    this.options = storeOptions;
    this.protocol = protocol;
    this.store = new Store({ clock: { now: () => this.nowMs }, ...this.options });
  }

  async say(client: string, ...commands: Tokens[]): Promise<void> {
    const { endpoint } = this.client(client);
    const known = commands.map((tokens) =>
      tokens.map((token) => token.replace(/^\{(\w+)\}$/, (_, other: string) => this.idOf(other))),
    );
    endpoint.receive(encode(...known));
  }

  async pass(durationMs: number): Promise<void> {
    this.nowMs += durationMs;
    this.store.advance(0);
  }

  async close(client: string): Promise<void> {
    this.client(client).endpoint.closed();
    this.clients.delete(client);
  }

  /** A pause of the host may end a slice of the endpoints' turns before all that was said has been run. */
  async settle(): Promise<Received> {
    const { turns } = serverOf(this.store.keyspace);
    await turn();
    await until(() => ![...this.clients.values()].some(({ endpoint }) => turns.isWaiting(endpoint)));
    return taken(this.clients);
  }

  async end(): Promise<void> {
    for (const { endpoint } of this.clients.values()) endpoint.closed();
    this.store.close();
  }

  /** The same store, for a look at its keys. */
  dumpSide(): LodisSide {
    return new LodisSide({}, this.store);
  }

  private client(name: string): { endpoint: Endpoint; received: Reader } {
    let client = this.clients.get(name);
    if (client === undefined) {
      const received = new Reader();
      const endpoint = new Endpoint(this.store, {
        address: 'local:0',
        pendingBytes: 0,
        write: (bytes) => {
          received.read(bytes);
          return true;
        },
        end: () => received.ended(),
        pause: () => {},
        resume: () => {},
        destroy: () => received.ended(),
      });
      client = { endpoint, received };
      this.clients.set(name, client);
      if (this.protocol === 3) endpoint.receive(encode(['HELLO', '3']));
      received.take();
    }
    return client;
  }

  private idOf(name: string): string {
    return String(this.client(name).endpoint.id);
  }
}

interface Counts {
  readonly readBytes: number;
  readonly sentBytes: number;
  /** How many are connected. */
  readonly clients: number;
}

/** So often the server is asked for its counts before they are taken as they are. */
const MOST_LOOKS = 200;

/** The real server: clients are sockets. */
class ServerStage implements Stage {
  private readonly server: RedisServer;
  private readonly protocol: Protocol;
  private readonly clients = new Map<string, { socket: Socket; received: Reader; id: string }>();
  private readonly control: RawClient;
  /** All there ever were. */
  private readonly sockets: Socket[] = [];
  /** What of its counts is not of our sockets: of those who were there before, and what was lost on the way. */
  private others: Counts = { readBytes: 0, sentBytes: 0, clients: 0 };

  private constructor(server: RedisServer, protocol: Protocol, control: RawClient) {
    this.server = server;
    this.protocol = protocol;
    this.control = control;
  }

  static async start(server: RedisServer, protocol: Protocol): Promise<ServerStage> {
    const stage = new ServerStage(server, protocol, await server.connect());
    await stage.takeCounts();
    return stage;
  }

  async say(client: string, ...commands: Tokens[]): Promise<void> {
    const { socket } = await this.client(client);
    const known: string[][] = [];
    for (const tokens of commands) {
      const command: string[] = [];
      for (const token of tokens) {
        const [, other] = /^\{(\w+)\}$/.exec(token) ?? [];
        command.push(other === undefined ? token : (await this.client(other)).id);
      }
      known.push(command);
    }
    if (!socket.destroyed) socket.write(encode(...known));
  }

  async pass(durationMs: number): Promise<void> {
    await this.control.send(['DEBUG', 'SLEEP', String(durationMs / 1000)]);
  }

  async close(client: string): Promise<void> {
    const { socket } = await this.client(client);
    this.clients.delete(client);
    if (socket.closed) return;
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.destroy();
    });
  }

  /**
   * Bytes tell when all is over: what one connection is sent may overtake what another one is, on a host with more than
   * one processor. When the server has read all that we wrote, it has sent what follows of it by the time it reads the
   * next INFO; and then we have everything when we have as much as it has sent. What a connection loses when it is
   * closed is never counted: then the counts are taken as they are after some time.
   */
  async settle(): Promise<Received> {
    let hasReadAll = false;
    for (let times = 0; times < MOST_LOOKS; times++) {
      const before = this.counts();
      const theirs = await this.serverCounts();
      const isSettled = theirs.sentBytes === before.sentBytes && theirs.clients === before.clients;
      if (hasReadAll && isSettled) return taken(this.clients);
      hasReadAll = theirs.readBytes === this.counts().readBytes;
      await turn();
    }
    await this.takeCounts();
    return taken(this.clients);
  }

  /** What the server has read and sent, as far as we know. */
  private counts(): Counts {
    const sockets = [this.control.traffic, ...this.sockets];
    return {
      readBytes: sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, this.others.readBytes),
      sentBytes: sockets.reduce((sum, { bytesRead }) => sum + bytesRead, this.others.sentBytes),
      clients: this.sockets.filter(({ readyState }) => readyState === 'open').length + this.others.clients,
    };
  }

  /** What it says itself: all that it had sent before it was asked. */
  private async serverCounts(): Promise<Counts> {
    const reply = await this.control.send(['INFO', 'stats', 'clients']);
    const text = 'value' in reply ? String(reply.value) : '';
    const [readBytes, sentBytes, clients] = [
      'total_net_input_bytes',
      'total_net_output_bytes',
      'connected_clients',
    ].map((name) => Number(new RegExp(`${name}:(\\d+)`).exec(text)?.[1]));
    return { readBytes: readBytes!, sentBytes: sentBytes!, clients: clients! };
  }

  /** Has the counts agree as they are now. */
  private async takeCounts(): Promise<void> {
    const sentBefore = this.counts().sentBytes;
    const theirs = await this.serverCounts();
    const ours = this.counts();
    this.others = {
      readBytes: this.others.readBytes + theirs.readBytes - ours.readBytes,
      sentBytes: this.others.sentBytes + theirs.sentBytes - sentBefore,
      clients: this.others.clients + theirs.clients - ours.clients,
    };
  }

  async end(): Promise<void> {
    for (const name of [...this.clients.keys()]) await this.close(name);
    await this.control.close();
  }

  private async client(name: string): Promise<{ socket: Socket; received: Reader; id: string }> {
    const known = this.clients.get(name);
    if (known !== undefined) return known;
    const socket = connectSocket(this.server.port, '127.0.0.1');
    this.sockets.push(socket);
    socket.setNoDelay(true);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', reject);
    });
    const received = new Reader();
    socket.on('data', (chunk) => received.read(chunk));
    socket.on('error', () => {});
    socket.on('end', () => received.ended());
    const client = { socket, received, id: '' };
    this.clients.set(name, client);
    if (this.protocol === 3) socket.write(encode(['HELLO', '3']));
    socket.write(encode(['CLIENT', 'ID']));
    await this.settleOne(received, this.protocol === 3 ? 2 : 1);
    const id = received.take().at(-1);
    client.id = id?.type === ':' ? String(id.value) : '';
    return client;
  }

  private async settleOne(received: Reader, count: number): Promise<void> {
    while (received.size < count) await turn();
  }
}

/** What a client was sent, as replies. */
class Reader {
  private readonly parser = new ReplyParser({ keepAttributes: true });
  private nodes: ReplyNode[] = [];

  get size(): number {
    return this.nodes.length;
  }

  read(bytes: Uint8Array): void {
    this.parser.feed(bytes);
    for (let node = this.parser.next(); node !== undefined; node = this.parser.next()) this.nodes.push(node);
  }

  /** The connection was closed by the other side: that is told too. */
  ended(): void {
    this.nodes.push({ type: '+', value: '<closed>' });
  }

  take(): ReplyNode[] {
    const { nodes } = this;
    this.nodes = [];
    return nodes;
  }
}

function taken(clients: ReadonlyMap<string, { received: Reader }>): Received {
  return new Map(Array.from(clients, ([name, { received }]) => [name, received.take()]));
}

function encode(...commands: Tokens[]): Uint8Array {
  const writer = new RespWriter();
  for (const tokens of commands) writer.writeCommand(tokens);
  return writer.take();
}
