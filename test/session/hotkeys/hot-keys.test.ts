import { describe, expect, test } from 'vitest';
import { errors } from '../../../src/errors.ts';
import { connect, type Reply, Store } from '../../../src/index.ts';
import { lua } from '../../../src/scripting/index.ts';
import { CountingSink, requestBytes } from '../../../src/session/hotkeys/counting-sink.ts';
import { serverOf } from '../../../src/session/server.ts';
import { RespWriter } from '../../../src/wire/resp/resp-writer.ts';

const START_MS = 1_700_000_000_000;

function open(random = 0) {
  let nowMs = START_MS;
  const store = new Store({ clock: { now: () => nowMs }, random: () => random, scripting: lua() });
  const connection = connect(store);
  const call = (line: string): Reply => {
    const [name, ...args] = line.split(' ');
    return connection.call(name!, ...args);
  };
  /** HOTKEYS GET as an object. */
  const get = (): Record<string, Reply> => {
    const [flat] = call('HOTKEYS GET') as [Reply[]];
    const fields: Record<string, Reply> = {};
    for (let at = 0; at < flat.length; at += 2) fields[flat[at] as string] = flat[at + 1]!;
    return fields;
  };
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { store, connection, call, get, pass };
}

describe('HOTKEYS START', () => {
  test.each([
    ['HOTKEYS', "ERR wrong number of arguments for 'hotkeys' command"],
    ['HOTKEYS NOK', "ERR unknown subcommand 'NOK'. Try HOTKEYS HELP."],
    ['HOTKEYS START', 'ERR METRICS parameter is required'],
    ['HOTKEYS START METRICS', 'ERR METRICS parameter is required'],
    ['HOTKEYS START COUNT 5 METRICS 1 CPU', 'ERR METRICS parameter is required'],
    ['HOTKEYS START METRICS 0', 'ERR METRICS count must be > 0 and <= 2'],
    ['HOTKEYS START METRICS -1', 'ERR METRICS count must be > 0 and <= 2'],
    ['HOTKEYS START METRICS x CPU', 'ERR METRICS count must be > 0 and <= 2'],
    ['HOTKEYS START METRICS 3 CPU NET', 'ERR METRICS count must be > 0 and <= 2'],
    ['HOTKEYS START METRICS 2 CPU', 'ERR METRICS count does not match number of metric types provided'],
    ['HOTKEYS START METRICS 1 CPU NET', 'ERR syntax error'],
    ['HOTKEYS START METRICS 1 GPU', 'ERR METRICS no valid metrics passed. Supported: CPU|NET'],
    ['HOTKEYS START METRICS 2 GPU NYET', 'ERR METRICS no valid metrics passed. Supported: CPU|NET'],
    ['HOTKEYS START METRICS 2 cpu CPU', 'ERR METRICS CPU defined more than once!'],
    ['HOTKEYS START METRICS 2 NET NET', 'ERR METRICS NET defined more than once!'],
    ['HOTKEYS START METRICS 1 CPU COUNT 0', 'ERR COUNT must be between 1 and 64'],
    ['HOTKEYS START METRICS 1 CPU COUNT 65', 'ERR COUNT must be between 1 and 64'],
    ['HOTKEYS START METRICS 1 CPU COUNT', 'ERR syntax error'],
    ['HOTKEYS START METRICS 1 CPU DURATION 0', 'ERR DURATION must be between 1 and 1000000'],
    ['HOTKEYS START METRICS 1 CPU DURATION 1000001', 'ERR DURATION must be between 1 and 1000000'],
    ['HOTKEYS START METRICS 1 CPU SAMPLE 0', 'ERR SAMPLE ratio must be positive'],
    ['HOTKEYS START METRICS 1 CPU SLOTS 2 0 5', 'ERR SLOTS parameter cannot be used in non-cluster mode'],
    ['HOTKEYS START METRICS 1 CPU NOK 1', 'ERR syntax error'],
    ['HOTKEYS STOP x', "ERR wrong number of arguments for 'hotkeys|stop' command"],
    ['HOTKEYS GET x', "ERR wrong number of arguments for 'hotkeys|get' command"],
    ['HOTKEYS RESET x', "ERR wrong number of arguments for 'hotkeys|reset' command"],
  ])('%s', (line, message) => {
    const { call } = open();
    expect(() => call(line)).toThrow(message);
    expect(call('HOTKEYS GET')).toBeNull();
  });

  test('metrics nobody knows are passed over beside one that is known', () => {
    const { call, get } = open();
    expect(call('HOTKEYS START METRICS 2 GPU CPU')).toBe('OK');
    expect(Object.keys(get())).toContain('by-cpu-time-us');
  });

  test('one at a time; what was found stays until RESET or the next START', () => {
    const { call, get } = open();
    expect(call('HOTKEYS STOP')).toBeNull();
    expect(call('HOTKEYS RESET')).toBe('OK');
    expect(call('HOTKEYS START METRICS 1 NET')).toBe('OK');
    expect(() => call('HOTKEYS START nok')).toThrow('ERR hotkey tracking session already in progress');
    expect(() => call('HOTKEYS RESET')).toThrow(
      'ERR hotkey tracking session in progress, stop tracking first',
    );
    call('SET k v');
    expect(call('HOTKEYS STOP')).toBe('OK');
    expect(call('HOTKEYS STOP')).toBeNull();
    call('SET other v');
    expect(get()).toMatchObject({ 'tracking-active': 0, 'by-net-bytes': ['k', 32] });
    expect(call('HOTKEYS START METRICS 1 NET')).toBe('OK');
    expect(get()).toMatchObject({ 'tracking-active': 1, 'by-net-bytes': [] });
    call('HOTKEYS STOP');
    expect(call('HOTKEYS RESET')).toBe('OK');
    expect(call('HOTKEYS GET')).toBeNull();
  });

  test('a DURATION ends it, to the millisecond', () => {
    const { call, get, pass } = open();
    call('HOTKEYS START METRICS 1 NET DURATION 2');
    call('SET early v');
    pass(1999);
    expect(get()).toMatchObject({ 'tracking-active': 1, 'collection-duration-ms': 1999 });
    pass(1);
    call('SET late v');
    pass(500);
    expect(get()).toMatchObject({
      ...{ 'tracking-active': 0, 'collection-start-time-unix-ms': START_MS, 'collection-duration-ms': 2000 },
      'by-net-bytes': ['early', 36],
    });
    expect(call('HOTKEYS STOP')).toBeNull();
    expect(call('HOTKEYS RESET')).toBe('OK');
  });
});

describe('HOTKEYS GET', () => {
  test('has its fields in order, those of a metric only if that was asked for', () => {
    const { call, get } = open();
    const common = [
      ...['tracking-active', 'sample-ratio', 'selected-slots', 'all-commands-all-slots-us'],
      ...['net-bytes-all-commands-all-slots', 'collection-start-time-unix-ms', 'collection-duration-ms'],
    ];
    const ofTime = ['total-cpu-time-user-ms', 'total-cpu-time-sys-ms'];
    for (const [metrics, fields] of [
      ['1 CPU', [...common, ...ofTime, 'by-cpu-time-us']],
      ['1 NET', [...common, 'total-net-bytes', 'by-net-bytes']],
      ['2 NET CPU', [...common, ...ofTime, 'total-net-bytes', 'by-cpu-time-us', 'by-net-bytes']],
    ] as const) {
      call(`HOTKEYS START METRICS ${metrics} SAMPLE 3`);
      call('SET k v');
      call('HOTKEYS STOP');
      expect(Object.keys(get())).toEqual(fields);
      expect(get()).toMatchObject({ 'sample-ratio': 3, 'selected-slots': [[0, 16_383]] });
    }
  });

  test('is an array of a map in RESP3, whose lists are flat', () => {
    const { store, call } = open();
    const resp3 = connect(store, { protocol: 3 });
    expect(resp3.call('HOTKEYS', 'GET')).toBeNull();
    call('HOTKEYS START METRICS 2 CPU NET');
    call('SET testkey testvalue');
    const [fields] = resp3.call('HOTKEYS', 'GET') as [Map<string, Reply>];
    expect(fields).toBeInstanceOf(Map);
    expect(fields.get('by-net-bytes')).toEqual(['testkey', 46]);
  });

  test('counts what goes over the wire, both ways, and shares it between the keys', () => {
    const { call, get } = open();
    call('HOTKEYS START METRICS 1 NET');
    call('PING');
    call('DBSIZE');
    expect(get()['by-net-bytes']).toEqual([]);
    call('SET a 0123456789');
    expect(get()['by-net-bytes']).toEqual(['a', 37 + 5]);
    call('GET a');
    expect(get()['by-net-bytes']).toEqual(['a', 42 + 20 + 17]);
    call('MGET a b');
    // 28 bytes there, and back 4 for the array, 17 for the value, 5 for nil.
    expect(get()).toMatchObject({ 'by-net-bytes': ['a', 79 + 27, 'b', 27], 'total-net-bytes': 79 + 54 });
    expect(() => call('LPUSH a b')).toThrow('WRONGTYPE');
    expect(get()['total-net-bytes']).toBe(133 + 29 + 68);
  });

  test('commands of EXEC count by themselves, those of a script as the script', () => {
    const { connection, call, get } = open();
    call('HOTKEYS START METRICS 1 NET');
    call('MULTI');
    call('SET a 1');
    call('SET b 1');
    call('SET a 2');
    call('EXEC');
    expect(get()['by-net-bytes']).toEqual(['a', 64, 'b', 32]);
    connection.call('EVAL', "return redis.call('SET', 'hidden', 'x')", '1', 'named');
    const list = get()['by-net-bytes'] as Reply[];
    expect(list[0]).toBe('named');
    expect(list).not.toContain('hidden');
  });

  test('tells of so many keys, the hottest first', () => {
    const { call, get } = open();
    call('HOTKEYS START METRICS 1 NET COUNT 3');
    for (let at = 1; at <= 30; at++) call(`SET key${at} ${'v'.repeat(at)}`);
    expect((get()['by-net-bytes'] as Reply[]).filter((_, at) => at % 2 === 0)).toEqual([
      'key30',
      'key29',
      'key28',
    ]);
  });

  test('of time: each command by itself, though many come at once', () => {
    const { store, call, get } = open();
    const server = serverOf(store.keyspace);
    call('HOTKEYS START METRICS 2 CPU NET');
    server.inSuccession(() => {
      for (let at = 0; at < 50; at++) call(at % 2 === 0 ? 'SET a 1' : 'GET b');
    });
    const fields = get();
    const total = fields['all-commands-all-slots-us'] as number;
    const list = fields['by-cpu-time-us'] as (string | number)[];
    expect(list.filter((_, at) => at % 2 === 0).every((key) => key === 'a' || key === 'b')).toBe(true);
    const told = list.filter((_, at) => at % 2 === 1).reduce<number>((sum, us) => sum + Number(us), 0);
    expect(total - told).toBeGreaterThanOrEqual(0);
    expect(total - told).toBeLessThanOrEqual(2);
    expect(fields['by-net-bytes']).toEqual(['a', 25 * 32, 'b', 25 * 25]);
  });

  test('SAMPLE looks at some commands, and counts all', () => {
    const skipped = open(0.5);
    skipped.call('HOTKEYS START METRICS 1 NET SAMPLE 2');
    skipped.call('SET a 1');
    expect(skipped.get()).toMatchObject({ 'by-net-bytes': [], 'total-net-bytes': 32 });
    const looked = open(0.49);
    looked.call('HOTKEYS START METRICS 1 NET SAMPLE 2');
    looked.call('SET a 1');
    expect(looked.get()).toMatchObject({ 'by-net-bytes': ['a', 32], 'total-net-bytes': 32 });
  });
});

describe('HOTKEYS in a cluster', () => {
  /** A client of a cluster of one node. */
  const openCluster = () => {
    const opened = open();
    const { session } = opened.connection as unknown as { session: { becomeClusterNode(): void } };
    session.becomeClusterNode();
    return opened;
  };

  test.each([
    ['SLOTS 2 0', 'ERR not enough slot numbers provided'],
    ['SLOTS 0', 'ERR SLOTS count must be between 1 and 16384'],
    ['SLOTS 16385 1', 'ERR SLOTS count must be between 1 and 16384'],
    ['SLOTS 2 0 0', 'ERR duplicate slot number'],
    ['SLOTS 1 0 SLOTS 1 5', 'ERR SLOTS parameter already specified'],
    ['SLOTS 1 -1', 'ERR Invalid or out of range slot'],
    ['SLOTS 1 16384', 'ERR Invalid or out of range slot'],
    ['SLOTS 1 abc', 'ERR Invalid or out of range slot'],
  ])('%s', (slots, message) => {
    expect(() => openCluster().call(`HOTKEYS START METRICS 1 CPU ${slots}`)).toThrow(message);
  });

  test('slots are told in order, as numbers and ranges', () => {
    const { call, get } = openCluster();
    call('HOTKEYS START METRICS 1 CPU SLOTS 6 10 5 1 0 6 2');
    expect(get()['selected-slots']).toEqual([[0, 2], [5, 6], [10]]);
  });

  test('only keys of these slots are told of', () => {
    const { call, get } = openCluster();
    const slot = call('CLUSTER KEYSLOT {06S}key') as number;
    call(`HOTKEYS START METRICS 1 NET SAMPLE 2 SLOTS 1 ${slot}`);
    call('SET {06S}key v');
    call('SET {zzz}key v');
    expect(get()).toMatchObject({
      ...{ 'net-bytes-sampled-commands-selected-slots': 39, 'net-bytes-all-commands-selected-slots': 39 },
      ...{ 'net-bytes-all-commands-all-slots': 78, 'by-net-bytes': ['{06S}key', 39] },
    });
    call('HOTKEYS STOP');
    call(`HOTKEYS START METRICS 1 NET SLOTS 1 ${slot}`);
    expect(Object.keys(get())).not.toContain('net-bytes-sampled-commands-selected-slots');
    expect(Object.keys(get())).toContain('net-bytes-all-commands-selected-slots');
  });
});

test('nothing is told while it is not under way', () => {
  const { store, call } = open();
  const server = serverOf(store.keyspace);
  expect(server.activeHotKeys).toBeUndefined();
  call('HOTKEYS START METRICS 1 CPU');
  expect(server.activeHotKeys).toBeDefined();
  call('HOTKEYS STOP');
  expect(server.activeHotKeys).toBeUndefined();
});

describe.each([2, 3] as const)('bytes of a reply in RESP%i', (protocol) => {
  test('are counted as they are written', () => {
    const writer = new RespWriter(protocol);
    const sink = new CountingSink(writer);
    const writes: ((to: CountingSink) => void)[] = [
      (to) => to.simple('OK'),
      (to) => to.error(errors.syntax()),
      (to) => to.integer(-12),
      (to) => to.integer(2n ** 62n),
      (to) => to.bulk('héé😀'),
      (to) => to.bulk('x'.repeat(1000)),
      (to) => to.bulk('\udcff'),
      (to) => to.bytes(Uint8Array.of(1, 2, 3)),
      (to) => to.nil(),
      (to) => to.nilArray(),
      (to) => to.array(12),
      (to) => to.map(7),
      (to) => to.set(3),
      (to) => to.push(4),
      (to) => to.double(1.5),
      (to) => to.double(Number.NEGATIVE_INFINITY),
      (to) => to.boolean(true),
      (to) => to.bigNumber('-123456789012345678901234567890'),
      (to) => to.verbatim('txt', 'né'),
    ];
    for (const write of writes) {
      write(sink);
      expect(sink.count, String(write)).toBe(writer.pendingLength);
    }
  });
});

test('bytes of a request', () => {
  const writer = new RespWriter();
  writer.writeCommand(['SET', 'ключ', '\udc80']);
  expect(requestBytes(['SET', 'ключ', '\udc80'])).toBe(writer.pendingLength);
});
