import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MemoryStorage } from '../../../src/persistence/storage/memory-storage.ts';
import { NodeStorage } from '../../../src/persistence/storage/node-storage.ts';
import { registry } from '../../../src/session/registry.ts';
import { compareKeyspaces } from '../../differential/support/keyspace-dump.ts';
import { mutate, RandomSampler } from '../../differential/support/random-sampler.ts';
import { rewriteStreams } from '../../differential/support/rewrite-streams.ts';
import { LodisSide, ServerSide, type Tokens } from '../../differential/support/sides.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { keep } from './support.ts';

// What we append the real server loads, and what it appends we load: generated commands of all types that both know, with
// rewrites in between, and the keyspaces compared.

const SEQUENCES = 6;
const COMMANDS = 350;
const GROUPS = new Set([
  ...[
    'bitmap',
    'generic',
    'geo',
    'hash',
    'hyperloglog',
    'list',
    'set',
    'sorted_set',
    'stream',
    'string',
    'array',
    'vector_set',
  ],
]);
const OTHERS = ['SWAPDB', 'FLUSHDB', 'SELECT'];
/** They wait, talk to others, or (PFDEBUG, PFSELFTEST) look at something inside. */
const WITHOUT = /^(migrate|wait|waitaof|pfdebug|pfselftest|keys|scan)/;

let loading: RedisServer | undefined;
let writing: RedisServer | undefined;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lodis-aof-'));
  loading = await startRedisServer({ args: ['--appendonly', 'yes'] });
  writing = await startRedisServer({ args: ['--appendonly', 'yes'] });
});

afterAll(async () => {
  await loading?.stop();
  await writing?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Each type has keys of its own, that most commands do something; all meet on those of all types. */
async function commandsOf(sequence: number, theirs: ServerSide, mayWait: boolean): Promise<Tokens[]> {
  return sample(sequence, await theirs.commandNames(), theirs.version, mayWait);
}

function sample(
  sequence: number,
  known: { has(name: string): boolean },
  version: string,
  mayWait: boolean,
): Tokens[] {
  const candidates = registry.all.filter(
    ({ facts, fullName, forms, flags, mayWait: waits }) =>
      forms.length > 0 &&
      known.has(fullName) &&
      (flags.has('write') || facts.name === 'SELECT') &&
      (mayWait || !waits) &&
      !WITHOUT.test(fullName) &&
      (GROUPS.has(facts.group) || OTHERS.includes(facts.name)),
  );
  const groups = [...GROUPS];
  const samplerOf = new Map(
    groups.map((group, at) => {
      const keys = group === 'generic' ? groups.map((name) => `${name}1`) : [`${group}1`, `${group}2`];
      return [group, new RandomSampler(sequence * groups.length + at, version, keys)];
    }),
  );
  const chance = new RandomSampler(sequence, version);
  return Array.from({ length: COMMANDS }, () => {
    const command = candidates[chance.below(candidates.length)]!;
    // Now and then is enough of what empties everything.
    if (/^(flush|swap|del|unlink|rename|move)/.test(command.fullName) && chance.below(6) > 0)
      return ['INCR', 'calm'];
    if (command.fullName === 'select') return ['SELECT', String(chance.below(2))];
    const tokens = command.sample(samplerOf.get(command.facts.group) ?? chance);
    return rewriteStreams(mayWait && chance.below(12) === 0 ? mutate(tokens, chance) : tokens);
  });
}

test('a real server loads what we append', async ({ skip }) => {
  if (loading === undefined) return skip();
  const theirs = await ServerSide.connect(loading);
  let told = 0;
  for (let sequence = 0; sequence < SEQUENCES; sequence++) {
    const place = join(folder, `ours-${sequence}`);
    const storage = new NodeStorage(place);
    const kept = await keep(storage, {
      appendfsync: 'no',
      aofTimestampEnabled: sequence % 3 === 1,
      aofUseRdbPreamble: sequence % 4 !== 2,
    });
    const ours = new LodisSide({}, kept.store);
    kept.store.keyspace.observe({ effect: () => told++ });
    for (const [at, tokens] of (await commandsOf(sequence, theirs, true)).entries()) {
      kept.aof.begin();
      ours.runNow([tokens], 2);
      kept.aof.end();
      if (at % 100 === 50) await kept.aof.rewriter.start();
    }
    ours.runNow([['SELECT', '0']], 2);
    await kept.aof.stop();
    expect(kept.warnings).toEqual([]);
    const manifest = join(place, 'appendonlydir', 'appendonly.aof.manifest');
    expect(execFileSync('redis-check-aof', [manifest], { encoding: 'utf8' })).toContain(
      'All AOF files and manifest are valid',
    );
    await rm(join(loading.dir, 'appendonlydir'), { recursive: true });
    await cp(join(place, 'appendonlydir'), join(loading.dir, 'appendonlydir'), { recursive: true });
    const [reply] = await theirs.run([['DEBUG', 'LOADAOF']], 2);
    expect(reply).toEqual({ type: '+', value: 'OK' });
    await compareKeyspaces(ours, theirs, { withHistory: false });
  }
  expect(told).toBeGreaterThan(SEQUENCES * 100);
  await theirs.close();
});

test('we load what a real server appends', async ({ skip }) => {
  if (writing === undefined) return skip();
  const theirs = await ServerSide.connect(writing);
  for (let sequence = 0; sequence < SEQUENCES; sequence++) {
    const commands = await commandsOf(1000 + sequence, theirs, false);
    await theirs.run([['CONFIG', 'SET', 'aof-use-rdb-preamble', sequence % 2 === 0 ? 'yes' : 'no']], 2);
    for (let at = 0; at < commands.length; at += 50) {
      const some = commands.slice(at, at + 50);
      await theirs.run(at % 100 === 0 ? some : [['MULTI'], ...some, ['EXEC']], 2);
      if (at === 200) await theirs.run([['BGREWRITEAOF']], 2);
    }
    await theirs.run([['DISCARD'], ['SELECT', '0'], ['SET', 'last', String(sequence)]], 2);
    for (;;) {
      const [info] = await theirs.run([['INFO', 'persistence']], 2);
      if (info?.type === '$' && /aof_rewrite_in_progress:0/.test(info.value ?? '')) break;
    }
    const place = join(folder, `theirs-${sequence}`);
    await cp(join(writing.dir, 'appendonlydir'), join(place, 'appendonlydir'), { recursive: true });
    const kept = await keep(new NodeStorage(place), { appendfsync: 'no' });
    expect(kept.warnings).toEqual([]);
    expect(kept.store.get('last')).toBe(String(sequence));
    await compareKeyspaces(new LodisSide({}, kept.store), theirs, { withHistory: false });
    await kept.aof.stop();
  }
  await theirs.close();
});

test('we load what we append, of all commands there are', async () => {
  const told = new Set<string>();
  for (let sequence = 0; sequence < SEQUENCES; sequence++) {
    const storage = new MemoryStorage();
    const kept = await keep(storage, { appendfsync: 'no', aofUseRdbPreamble: sequence % 2 === 0 });
    const ours = new LodisSide({}, kept.store);
    kept.store.keyspace.observe({ effect: (_database, [name]) => told.add(String(name)) });
    for (const [at, tokens] of sample(2000 + sequence, { has: () => true }, '99.0.0', true).entries()) {
      kept.aof.begin();
      ours.runNow([tokens], 2);
      kept.aof.end();
      if (at === 150) await kept.aof.rewriter.start();
    }
    ours.runNow([['SELECT', '0']], 2);
    await kept.aof.stop();
    expect(kept.warnings).toEqual([]);
    const again = await keep(storage);
    expect(again.warnings).toEqual([]);
    again.store.keyspace.checkInvariants();
    await compareKeyspaces(ours, new LodisSide({}, again.store), { withHistory: false });
    await again.aof.stop();
  }
  expect([...told]).toEqual(
    expect.arrayContaining(['SET', 'HSETEX', 'ARSET', 'VADD', 'XADD', 'ZADD', 'PFADD']),
  );
});
