import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { ByteString } from '../src/bytes/byte-string.ts';
import { Store } from '../src/index.ts';
import { collectingPeer } from '../src/session/peer.ts';
import { registry } from '../src/session/registry.ts';
import { serverOf } from '../src/session/server.ts';
import { Session } from '../src/session/session.ts';
import type { Command } from '../src/wire/command.ts';
import { RequestParser } from '../src/wire/resp/request-parser.ts';
import { RespWriter } from '../src/wire/resp/resp-writer.ts';
import { type RedisServer, startRedisServer } from '../test/support/redis-server.ts';
import { compare, quartiles, type Section, type Settings } from './harness.ts';
import { DataSampler, dataCommands } from './server-data.ts';
import { formatFactor, printNote, printTable } from './table.ts';

const BATCH = 1000;
/** How many commands are made up at most to find those: some have options of which most combinations are refused. */
const MOST_SAMPLES = 20_000;
const MINUS = '-'.charCodeAt(0);
/** They wait, walk in an order of their own, or concern the server rather than its data. */
const WITHOUT = /^(FLUSH|SWAPDB|SORT|KEYS|COMMAND|INFO|TIME|OBJECT (HELP|FREQ|IDLETIME)|DEBUG|WAIT|MOVE)/;

interface Row {
  readonly name: string;
  readonly requestRatio: number;
  readonly executeRatio: number;
}

export const server: Section = {
  name: 'server',
  title: 'Every data command beside a redis-server, pipelined over a socket',
  async run(settings) {
    const redis = await startRedisServer({ required: false });
    if (redis === undefined) return;
    const link = await ServerLink.connect(redis);
    const rows: Row[] = [];
    try {
      for (const command of await shared(redis, settings)) {
        rows.push(await compareCommand(command, link, redis.version, settings));
      }
    } finally {
      link.close();
      await redis.stop();
    }
    rows.sort((a, b) => b.requestRatio - a.requestRatio);
    printTable(
      `Time of lodis ÷ time of redis-server ${redis.version}, the slowest first`,
      ['command', 'requests to replies', 'execute alone'],
      rows.map(({ name, requestRatio, executeRatio }) => [
        name,
        formatFactor(requestRatio),
        formatFactor(executeRatio),
      ]),
    );
    const slower = rows.filter((row) => row.requestRatio > 1).map((row) => row.name);
    const median = formatFactor(quartiles(rows.map((row) => row.requestRatio)).median);
    printNote(
      `${rows.length} commands, median ${median}; slower than the server: ${slower.join(', ') || 'none'}. ` +
        `The server is given ${BATCH} requests at a time, encoded beforehand, and its replies are not parsed. ` +
        '“Requests to replies” reads the same bytes and writes the bytes of the replies; “execute alone” starts from tokens.',
    );
  },
};

/** The data commands both sides know. */
async function shared(redis: RedisServer, { isQuick }: Settings): Promise<Command[]> {
  const client = await redis.connect();
  const list = await client.send(['COMMAND', 'LIST']);
  await client.close();
  if (list.type !== '*' || list.items === null) throw new Error('COMMAND LIST did not answer a list');
  const known = new Set(list.items.map((item) => (item.type === '$' ? item.value!.toLowerCase() : '')));
  const commands = registry.all.filter(
    ({ facts, fullName, flags, forms }) =>
      (facts.target === undefined || facts.target === 'commands') &&
      !facts.name.endsWith(' HELP') &&
      forms.length > 0 &&
      known.has(fullName) &&
      !WITHOUT.test(facts.name) &&
      !['blocking', 'admin', 'pubsub'].some((flag) => flags.has(flag)),
  );
  return isQuick ? commands.filter((_command, at) => at % 8 === 0) : commands;
}

async function compareCommand(
  command: Command,
  link: ServerLink,
  version: string,
  settings: Settings,
): Promise<Row> {
  const { name, group } = command.facts;
  const sampler = new DataSampler(group, name, version);
  const data = dataCommands();
  const dataRequest = encode(data);
  const local = new LocalEnd();
  local.executeAll(data);
  const batch = local.accepted(() => command.sample(sampler));
  const request = encode(batch);
  const isWrite = command.flags.has('write');
  // Reads leave the data as it is.
  const prepareLocal = () => {
    if (isWrite) local.executeAll(data);
  };
  const prepareServer = async () => {
    if (isWrite) await link.send(dataRequest);
  };
  local.executeAll(data);
  await link.send(dataRequest);
  const requests = { name: 'requests', prepare: prepareLocal, run: () => local.answer(request) };
  const execute = { name: 'execute', prepare: prepareLocal, run: () => local.executeAll(batch) };
  const remote = { name: 'server', isWaiting: true, prepare: prepareServer, run: () => link.send(request) };
  const budget = { ...settings, isBrief: true };
  const { fastestNs } = await compare(name, batch.length, [requests, execute, remote], budget);
  return {
    name,
    requestRatio: fastestNs.get('requests')! / fastestNs.get('server')!,
    executeRatio: fastestNs.get('execute')! / fastestNs.get('server')!,
  };
}

function encode(commands: readonly (readonly ByteString[])[]): Uint8Array {
  const writer = new RespWriter();
  for (const tokens of commands) writer.writeCommand(tokens);
  return writer.take();
}

/** A store of ours behind its wire, without a socket. */
class LocalEnd {
  private readonly parser = new RequestParser();
  private readonly writer = new RespWriter();
  private readonly server = serverOf(new Store().keyspace);
  private readonly session = new Session(this.server, collectingPeer(this.writer));

  /** Reads requests, and writes the replies. Returns how many bytes they are. */
  answer(request: Uint8Array): number {
    this.parser.feed(request);
    this.server.inSuccession(() => {
      for (let tokens = this.parser.next(); tokens !== undefined; tokens = this.parser.next()) {
        this.session.execute(tokens, false);
      }
    });
    return this.writer.take().length;
  }

  executeAll(commands: readonly (readonly ByteString[])[]): number {
    this.server.inSuccession(() => {
      for (const tokens of commands) this.session.execute(tokens, false);
    });
    return this.writer.take().length;
  }

  /** A batch of commands that follow on each other and are not refused. */
  accepted(sample: () => ByteString[]): ByteString[][] {
    const batch: ByteString[][] = [];
    for (let tried = 0; tried < MOST_SAMPLES && batch.length < BATCH; tried++) {
      const tokens = sample();
      this.session.execute(tokens, false);
      if (this.writer.take()[0] !== MINUS) batch.push(tokens);
    }
    return batch;
  }
}

/** A socket that costs as little as one can: bytes out, and a look for the last reply's bytes. */
class ServerLink {
  private readonly socket: Socket;
  private number = 0;

  private constructor(socket: Socket) {
    this.socket = socket;
  }

  static async connect({ port }: RedisServer): Promise<ServerLink> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.setNoDelay(true);
    return new ServerLink(socket);
  }

  /** Sends requests, and resolves to the number of bytes replied when the last one's reply has come. */
  send(request: Uint8Array): Promise<number> {
    const mark = `end of batch ${this.number++}`;
    const ending = Buffer.from(`$${mark.length}\r\n${mark}\r\n`);
    return new Promise((resolve) => {
      let length = 0;
      let tail: Buffer = Buffer.alloc(0);
      const read = (chunk: Buffer) => {
        length += chunk.length;
        tail =
          chunk.length >= ending.length
            ? chunk.subarray(-ending.length)
            : Buffer.concat([tail, chunk]).subarray(-ending.length);
        if (!tail.equals(ending)) return;
        this.socket.off('data', read);
        resolve(length);
      };
      this.socket.on('data', read);
      this.socket.cork();
      this.socket.write(request);
      this.socket.write(encode([['ECHO', mark]]));
      this.socket.uncork();
    });
  }

  close(): void {
    this.socket.destroy();
  }
}
