import { registry } from '../src/session/registry.ts';
import type { Command } from '../src/wire/command.ts';
import { type RedisServer, startRedisServer } from '../test/support/redis-server.ts';
import { encode, LocalEnd, ServerLink } from './ends.ts';
import { compare, quartiles, type Section, type Settings } from './harness.ts';
import { DataSampler, dataCommands } from './server-data.ts';
import { formatFactor, printNote, printTable } from './table.ts';

const BATCH = 1000;
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
    /** Whatever is made up of them is refused. */
    const unmeasured: string[] = [];
    try {
      for (const command of await shared(redis, settings)) {
        const row = await compareCommand(command, link, redis.version, settings);
        if (row === undefined) unmeasured.push(command.facts.name);
        else rows.push(row);
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
        `Not measured: ${unmeasured.join(', ') || 'none'}. ` +
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
): Promise<Row | undefined> {
  const { name, group } = command.facts;
  const sampler = new DataSampler(group, name, version);
  const data = dataCommands(group);
  const dataRequest = encode(data);
  const local = new LocalEnd();
  local.executeAll(data);
  const batch = local.accepted(BATCH, () => command.sample(sampler));
  if (batch.length === 0) return undefined;
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
