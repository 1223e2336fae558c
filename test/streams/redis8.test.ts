import { describe, expect, test } from 'vitest';
import { toBytes } from '../../src/bytes/byte-string.ts';
import { ReplyError } from '../../src/errors.ts';
import { type Connection, connect } from '../../src/session/connection.ts';
import { Store } from '../../src/store.ts';
import { tokensOf } from '../differential/support/behaviours.ts';

// What the reference server (7.0) does not know yet, as the documentation and the published tests of later versions show
// it. Which version is said beside each.

const START_MS = 1_800_000_000_000;

/** A store with a connection, on a clock that stands still until it is moved. */
class Subject {
  nowMs = START_MS;
  readonly store = new Store({ clock: { now: () => this.nowMs } });
  private readonly connection: Connection = connect(this.store);

  /** The reply, or the text of the error. */
  run(line: string): unknown {
    try {
      const [name, ...rest] = tokensOf(line).map((token) => (token.isWellFormed() ? token : toBytes(token)));
      return this.connection.call(name as string, ...rest);
    } catch (error) {
      if (error instanceof ReplyError) return `-${error.message}`;
      throw error;
    }
  }

  runAll(...lines: readonly string[]): unknown[] {
    return lines.map((line) => this.run(line));
  }

  /** Each line answers what stands beside it. */
  expect(script: Readonly<Record<string, unknown>>): void {
    for (const [line, reply] of Object.entries(script)) expect([line, this.run(line)]).toEqual([line, reply]);
    this.store.keyspace.checkInvariants();
  }

  ids(key = 'k'): string[] {
    return (this.run(`XRANGE ${key} - +`) as [string, unknown][]).map(([id]) => id);
  }

  /** Ids that are pending in a group. */
  pending(group = 'g', key = 'k'): string[] {
    return (this.run(`XPENDING ${key} ${group} - + 1000`) as [string, unknown][]).map(([id]) => id);
  }

  info(command = 'XINFO STREAM k'): Record<string, unknown> {
    return named(this.run(command));
  }

  groups(key = 'k'): Record<string, unknown>[] {
    return (this.run(`XINFO GROUPS ${key}`) as unknown[]).map(named);
  }

  fullGroup(key = 'k'): Record<string, unknown> {
    const [group] = named(this.run(`XINFO STREAM ${key} FULL`))['groups'] as unknown[];
    return named(group);
  }
}

function named(flat: unknown): Record<string, unknown> {
  const items = flat as unknown[];
  return Object.fromEntries(items.flatMap((name, at) => (at % 2 === 0 ? [[name, items[at + 1]]] : [])));
}

/** So many entries 1-0, 2-0, … under k. */
function streamOf(count: number): Subject {
  const subject = new Subject();
  for (let at = 1; at <= count; at++) subject.run(`XADD k ${at}-0 n ${at}`);
  return subject;
}

const INVALID_ID = '-ERR Invalid stream ID specified as stream command argument';
const NOT_AN_INTEGER = '-ERR value is not an integer or out of range';
const WRONG_TYPE = '-WRONGTYPE Operation against a key holding the wrong kind of value';
const SYNTAX = '-ERR syntax error';
const NO_KEY = '-ERR no such key';

describe('KEEPREF, DELREF and ACKED (8.2)', () => {
  test('KEEPREF leaves what is pending, DELREF takes it', () => {
    const subject = streamOf(5);
    subject.runAll('XGROUP CREATE k g 0', 'XGROUP CREATE k h 0');
    subject.runAll('XREADGROUP GROUP g c STREAMS k >', 'XREADGROUP GROUP h c COUNT 2 STREAMS k >');
    subject.expect({ 'XTRIM k MAXLEN 4 KEEPREF': 1 });
    expect([subject.pending('g'), subject.pending('h')]).toEqual([
      ['1-0', '2-0', '3-0', '4-0', '5-0'],
      ['1-0', '2-0'],
    ]);
    subject.expect({ 'XTRIM k DELREF MAXLEN = 2': 2 });
    expect([subject.pending('g'), subject.pending('h')]).toEqual([['1-0', '4-0', '5-0'], ['1-0']]);
    subject.expect({ 'XADD k DELREF MAXLEN 1 6-0 f v': '6-0' });
    expect([subject.ids(), subject.pending('g')]).toEqual([['6-0'], ['1-0']]);
  });

  test('ACKED passes over what is pending somewhere, or not yet delivered to everybody', () => {
    const subject = streamOf(10);
    subject.run('XGROUP CREATE k g 0');
    subject.run('XREADGROUP GROUP g c COUNT 6 STREAMS k >');
    subject.expect({ 'XACK k g 1-0 3-0': 2, 'XTRIM k MAXLEN = 3 ACKED': 2 });
    expect(subject.ids()).toEqual(['2-0', '4-0', '5-0', '6-0', '7-0', '8-0', '9-0', '10-0']);
    subject.expect({ 'XACK k g 4-0': 1, 'XTRIM k ACKED MINID 7-0': 1 });
    expect(subject.ids()).toEqual(['2-0', '5-0', '6-0', '7-0', '8-0', '9-0', '10-0']);
    subject.run('XADD k MAXLEN = 1 ACKED 11-0 f v');
    expect(subject.ids()).toContain('11-0');
  });

  test('ACKED without groups trims as usual', () => {
    const subject = streamOf(5);
    subject.expect({ 'XTRIM k ACKED MAXLEN 2': 3 });
    subject.expect({ 'XADD k ACKED MAXLEN 1 6-0 f v': '6-0' });
    expect(subject.ids()).toEqual(['6-0']);
  });

  test('a group that is made later has to read everything first', () => {
    const subject = streamOf(3);
    subject.runAll('XGROUP CREATE k g 0', 'XREADGROUP GROUP g c NOACK STREAMS k >', 'XGROUP CREATE k h 1-0');
    subject.expect({ 'XTRIM k MAXLEN 0 ACKED': 1 });
    expect(subject.ids()).toEqual(['2-0', '3-0']);
    subject.run('XGROUP DESTROY k h');
    subject.expect({ 'XTRIM k MAXLEN 0 ACKED': 2 });
  });

  test('approximately, entry by entry where references are looked at (8.6)', () => {
    for (const [policy, removed] of [
      ['KEEPREF', 200],
      ['DELREF', 240],
      ['ACKED', 120],
    ] as const) {
      const subject = streamOf(250);
      subject.runAll('XGROUP CREATE k g 0', 'XREADGROUP GROUP g c COUNT 250 STREAMS k >');
      for (let at = 1; at <= 120; at++) subject.run(`XACK k g ${at}-0`);
      expect([policy, subject.run(`XTRIM k MAXLEN ~ 10 ${policy}`)]).toEqual([policy, removed]);
      subject.store.keyspace.checkInvariants();
    }
  });

  test('one of them, in any place among the options and any case', () => {
    const subject = streamOf(3);
    subject.expect({
      'XADD k keepref 4-0 f v': '4-0',
      'XADD k NOMKSTREAM delref MAXLEN ~ 100 LIMIT 5 5-0 f v': '5-0',
      'XADD k ACKED NOMKSTREAM 6-0 f v': '6-0',
      'XADD k KEEPREF DELREF 7-0 f v': INVALID_ID,
      'XADD k KEEPREF KEEPREF 7-0 f v': INVALID_ID,
      'XADD k 7-0 KEEPREF v': '7-0',
      'XTRIM k KEEPREF MAXLEN 100': 0,
      'XTRIM k MAXLEN 100 ACKED DELREF': SYNTAX,
      'XTRIM k KEEPREF': "-ERR wrong number of arguments for 'xtrim' command",
      'XTRIM k KEEPREF LIMIT 5':
        '-ERR syntax error, LIMIT cannot be used without specifying a trimming strategy',
    });
  });
});

describe('XADD … IDMP and IDMPAUTO (8.6)', () => {
  test('a message of the same name is added once, and answers the id of the first', () => {
    const subject = new Subject();
    const id = `${START_MS}-0`;
    subject.expect({
      'XADD k IDMP p1 i1 * f v': id,
      'XADD k IDMP p1 i1 * f other': id,
      'xadd k idmp p1 i1 MAXLEN 0 * g w': id,
      'XLEN k': 1,
      'XADD k IDMP p1 i2 * f v': `${START_MS}-1`,
      'XADD k IDMP p2 i1 * f v': `${START_MS}-2`,
      'XADD k NOMKSTREAM IDMP p2 i1 * f v': `${START_MS}-2`,
      'XLEN k ': 3,
    });
    expect(subject.info()).toMatchObject({
      'entries-added': 3,
      'pids-tracked': 2,
      'iids-tracked': 3,
      'iids-added': 3,
      'iids-duplicates': 3,
    });
  });

  test('the id is answered even if the entry is gone', () => {
    const subject = new Subject();
    const id = `${START_MS}-0`;
    subject.expect({
      'XADD k IDMP p i * f v': id,
      [`XDEL k ${id}`]: 1,
      'XADD k IDMP p i * f w': id,
      'XLEN k': 0,
    });
  });

  test('a name may be any bytes', () => {
    const subject = new Subject();
    subject.expect({
      'XADD k IDMP p * * f v': `${START_MS}-0`,
      'XADD k IDMP p * * f w': `${START_MS}-0`,
      'XADD k IDMP "\\xff" "\\x00" * f v': `${START_MS}-1`,
      'XADD k IDMP "\\xff" "\\x00" * f w': `${START_MS}-1`,
      'XADD k IDMP "\\xfe" "\\x00" * f w': `${START_MS}-2`,
      'XADD k IDMP IDMP IDMPAUTO * f w': `${START_MS}-3`,
    });
  });

  test('IDMPAUTO: the content is its name, whatever the order of the fields', () => {
    const subject = new Subject();
    subject.expect({
      'XADD k IDMPAUTO p * f1 a f2 b': `${START_MS}-0`,
      'XADD k IDMPAUTO p * f1 a f2 b ': `${START_MS}-0`,
      'XADD k IDMPAUTO p * f2 b f1 a': `${START_MS}-0`,
      'XADD k IDMPAUTO p * f1 b f2 a': `${START_MS}-1`,
      'XADD k IDMPAUTO q * f1 a f2 b': `${START_MS}-2`,
      'XADD k IDMPAUTO p * f1 a f1 a': `${START_MS}-3`,
      'XADD k IDMPAUTO p * f1 b f1 b': `${START_MS}-4`,
      'XADD k IDMPAUTO p * f1 a f1 a ': `${START_MS}-3`,
      'XADD k IDMPAUTO p * f1af 2b': `${START_MS}-5`,
    });
  });

  test('errors in order', () => {
    const subject = streamOf(1);
    subject.run('SET s v');
    const onlyAutomatic = '-ERR IDMP/IDMPAUTO can be used only with auto-generated IDs';
    subject.expect({
      'XADD k IDMP p i 5-5 f v': onlyAutomatic,
      'XADD k IDMP p i 5-* f v': onlyAutomatic,
      'XADD k IDMPAUTO p 5 f v': onlyAutomatic,
      'XADD k IDMP p i abc f v': INVALID_ID,
      'XADD k IDMP p * f v': INVALID_ID,
      'XADD k IDMP "" i * f v': '-ERR IDMP requires a non-empty producer ID',
      'XADD k IDMP p "" * f v': '-ERR IDMP requires a non-empty idempotent ID',
      'XADD k IDMPAUTO "" * f v': '-ERR IDMPAUTO requires a non-empty producer ID',
      'XADD k IDMP p i IDMP p j * f v': '-ERR IDMP/IDMPAUTO specified multiple times',
      'XADD k IDMPAUTO p IDMP p i * f v': '-ERR IDMP/IDMPAUTO specified multiple times',
      'XADD k IDMP p i IDMPAUTO p * f v': '-ERR IDMP/IDMPAUTO specified multiple times',
      'XADD k IDMP p i * f': "-ERR wrong number of arguments for 'xadd' command",
      'XADD k IDMP p i MAXLEN 5 LIMIT 5 * f v':
        '-ERR syntax error, LIMIT cannot be used without the special ~ option',
      'XADD s IDMP p i * f v': WRONG_TYPE,
      'XADD none NOMKSTREAM IDMP p i * f v': null,
      'XLEN k': 1,
    });
    expect(subject.info()).toMatchObject({ 'pids-tracked': 0, 'iids-tracked': 0, 'iids-added': 0 });
  });

  test('names are forgotten when their time is over', () => {
    const subject = new Subject();
    subject.run('XADD k IDMP p i * f v');
    subject.expect({ 'XCFGSET k IDMP-DURATION 10': 'OK', 'XADD k IDMP p i * f v': `${START_MS}-1` });
    subject.nowMs += 9_999;
    subject.expect({ 'XADD k IDMP p i * f v': `${START_MS}-1` });
    subject.nowMs += 1;
    expect(subject.info()).toMatchObject({ 'pids-tracked': 0, 'iids-tracked': 0 });
    subject.expect({ 'XADD k IDMP p i * f v': `${START_MS + 10_000}-0`, 'XLEN k': 3 });
  });

  test('so many names of each producer; the oldest goes', () => {
    const subject = streamOf(1);
    subject.expect({ 'XCFGSET k IDMP-MAXSIZE 2': 'OK' });
    subject.runAll('XADD k IDMP p a * f v', 'XADD k IDMP p b * f v', 'XADD k IDMP p a * f v');
    subject.runAll('XADD k IDMP p c * f v', 'XADD k IDMP q a * f v');
    expect(subject.info()).toMatchObject({ 'pids-tracked': 2, 'iids-tracked': 3 });
    subject.expect({
      'XADD k IDMP p c * f v': `${START_MS}-2`,
      'XADD k IDMP p b * f v': `${START_MS}-1`,
      'XADD k IDMP p a * f v': `${START_MS}-4`,
    });
  });

  test('COPY and RENAME take them along', () => {
    const subject = new Subject();
    subject.runAll('XADD k IDMP p i * f v', 'XCFGSET k IDMP-MAXSIZE 100', 'COPY k l', 'RENAME l m');
    subject.expect({ 'XADD m IDMP p i * f v': `${START_MS}-0`, 'XLEN m': 1 });
    subject.expect({ 'XADD m IDMP p j * f v': `${START_MS}-1`, 'XADD k IDMP p j * f v': `${START_MS}-1` });
  });
});

describe('XCFGSET (8.6)', () => {
  test('sets, and XINFO STREAM tells', () => {
    const subject = streamOf(1);
    expect(subject.info()).toMatchObject({ 'idmp-duration': 100, 'idmp-maxsize': 100 });
    subject.expect({
      'XCFGSET k IDMP-DURATION 86400 IDMP-MAXSIZE 10000': 'OK',
      'xcfgset k idmp-maxsize 1': 'OK',
    });
    expect(subject.info()).toMatchObject({ 'idmp-duration': 86_400, 'idmp-maxsize': 1 });
  });

  test('another value forgets all names, the same one none', () => {
    const subject = new Subject();
    subject.runAll('XADD k IDMP p i * f v', 'XADD k IDMP p i * f v', 'XCFGSET k IDMP-DURATION 100');
    expect(subject.info()).toMatchObject({ 'iids-tracked': 1 });
    subject.run('XCFGSET k IDMP-MAXSIZE 50');
    expect(subject.info()).toMatchObject({
      ...{ 'pids-tracked': 0, 'iids-tracked': 0, 'iids-added': 1, 'iids-duplicates': 1, length: 1 },
    });
    subject.expect({ 'XADD k IDMP p i * f v': `${START_MS}-1` });
  });

  test('errors', () => {
    const subject = streamOf(1);
    subject.run('SET s v');
    subject.expect({
      'XCFGSET none IDMP-DURATION 5': NO_KEY,
      'XCFGSET s IDMP-DURATION 5': WRONG_TYPE,
      'XCFGSET k': '-ERR At least one parameter must be specified',
      'XCFGSET k NOSUCH 5': SYNTAX,
      'XCFGSET k IDMP-DURATION': SYNTAX,
      'XCFGSET k IDMP-DURATION abc': NOT_AN_INTEGER,
      'XCFGSET k IDMP-DURATION 0': '-ERR IDMP-DURATION must be between 1 and 86400 seconds',
      'XCFGSET k IDMP-DURATION 86401': '-ERR IDMP-DURATION must be between 1 and 86400 seconds',
      'XCFGSET k IDMP-MAXSIZE 0': '-ERR IDMP-MAXSIZE must be between 1 and 10000 entries',
      'XCFGSET k IDMP-DURATION 5 IDMP-MAXSIZE 10001': '-ERR IDMP-MAXSIZE must be between 1 and 10000 entries',
    });
    expect(subject.info()).toMatchObject({ 'idmp-duration': 100, 'idmp-maxsize': 100 });
  });
});

/** Three entries; group g has 1-0 and 2-0 pending with alice and 3-0 unread, group h has 1-0 pending. */
function twoGroups(): Subject {
  const subject = streamOf(3);
  subject.runAll('XGROUP CREATE k g 0', 'XGROUP CREATE k h 0', 'SET s v');
  subject.runAll(
    'XREADGROUP GROUP g alice COUNT 2 STREAMS k >',
    'XREADGROUP GROUP h bob COUNT 1 STREAMS k >',
  );
  return subject;
}

describe('XDELEX (8.2)', () => {
  test('KEEPREF deletes and leaves what is pending', () => {
    const subject = twoGroups();
    subject.expect({ 'XDELEX k IDS 3 1-0 9-9 3-0': [1, -1, 1], 'XDELEX k KEEPREF IDS 2 1-0 2-0': [-1, 1] });
    expect([subject.ids(), subject.pending('g'), subject.pending('h')]).toEqual([
      [],
      ['1-0', '2-0'],
      ['1-0'],
    ]);
    expect(subject.info()).toMatchObject({ 'max-deleted-entry-id': '3-0' });
  });

  test('DELREF takes it from all groups', () => {
    const subject = twoGroups();
    subject.run('XDEL k 2-0');
    subject.expect({ 'XDELEX k DELREF IDS 2 1-0 2-0': [1, -1] });
    expect([subject.ids(), subject.pending('g'), subject.pending('h')]).toEqual([['3-0'], [], []]);
  });

  test('ACKED only deletes what nobody has to do with', () => {
    const subject = twoGroups();
    subject.run('XACK k g 1-0 2-0');
    subject.expect({ 'XDELEX k ACKED IDS 3 1-0 2-0 3-0': [2, 2, 2] });
    subject.runAll('XREADGROUP GROUP h bob STREAMS k >', 'XACK k h 1-0 2-0 3-0');
    subject.expect({ 'XDELEX k ACKED IDS 4 1-0 2-0 3-0 1-0': [1, 1, 2, -1] });
    expect(subject.ids()).toEqual(['3-0']);
  });

  test('errors in order', () => {
    const subject = twoGroups();
    subject.expect({
      'XDELEX k IDS 1': "-ERR wrong number of arguments for 'xdelex' command",
      'XDELEX s IDS x y': WRONG_TYPE,
      'XDELEX none IDS 2 bad bad': [-1, -1],
      'XDELEX k IDS 2 1-0 bad': INVALID_ID,
      'XDELEX k IDS 1 -': INVALID_ID,
      'XDELEX k IDS 0 1-0': '-ERR Number of IDs must be a positive integer',
      'XDELEX k IDS -1 1-0': '-ERR Number of IDs must be a positive integer',
      'XDELEX k IDS abc 1-0': '-ERR Number of IDs must be a positive integer',
      'XDELEX none IDS abc 1-0': '-ERR Number of IDs must be a positive integer',
      'XDELEX k IDS 3 1-0 2-0': '-ERR The `numids` parameter must match the number of arguments',
      'XDELEX k IDS 1 1-0 2-0': SYNTAX,
      'XDELEX k KEEPREF DELREF IDS 1 1-0': SYNTAX,
      'XDELEX k 1 1-0 1-0': SYNTAX,
      'XLEN k': 3,
    });
  });
});

describe('XACKDEL (8.2)', () => {
  test('KEEPREF acknowledges here, and deletes', () => {
    const subject = twoGroups();
    subject.expect({ 'XACKDEL k g IDS 3 1-0 3-0 1-0': [1, -1, -1] });
    expect([subject.ids(), subject.pending('g'), subject.pending('h')]).toEqual([
      ['2-0', '3-0'],
      ['2-0'],
      ['1-0'],
    ]);
  });

  test('DELREF acknowledges everywhere', () => {
    const subject = twoGroups();
    subject.expect({ 'XACKDEL k g DELREF IDS 2 1-0 2-0': [1, 1] });
    expect([subject.ids(), subject.pending('g'), subject.pending('h')]).toEqual([['3-0'], [], []]);
  });

  test('ACKED deletes when the last group has done with it', () => {
    const subject = twoGroups();
    subject.expect({ 'XACKDEL k g ACKED IDS 2 1-0 2-0': [2, 2] });
    expect([subject.ids(), subject.pending('g')]).toEqual([['1-0', '2-0', '3-0'], []]);
    subject.expect({ 'XACKDEL k h ACKED IDS 1 1-0': [1] });
    subject.run('XREADGROUP GROUP h bob STREAMS k >');
    subject.expect({ 'XACKDEL k h ACKED IDS 2 2-0 3-0': [1, 2] });
    expect(subject.ids()).toEqual(['3-0']);
  });

  test('errors in order; a key or group that is not there is none', () => {
    const subject = twoGroups();
    subject.expect({
      'XACKDEL s g IDS x y': WRONG_TYPE,
      'XACKDEL none g IDS 2 bad bad': [-1, -1],
      'XACKDEL k none IDS 1 bad': [-1],
      'XACKDEL k g IDS 2 1-0 bad': INVALID_ID,
      'XACKDEL k g IDS 0 1-0': '-ERR Number of IDs must be a positive integer',
      'XACKDEL k g IDS 2 1-0': '-ERR The `numids` parameter must match the number of arguments',
      'XACKDEL k g ACKED ACKED IDS 1 1-0': SYNTAX,
      'XACKDEL k g IDS 1 1-0 2-0': SYNTAX,
      'XACKDEL k g IDS 1': "-ERR wrong number of arguments for 'xackdel' command",
      'XPENDING k g': [2, '1-0', '2-0', [['alice', '2']]],
    });
  });
});

describe('XNACK (8.8)', () => {
  test('gives entries back; they are first in line for whoever claims', () => {
    const subject = twoGroups();
    subject.nowMs += 1000;
    subject.expect({
      'XNACK k g FAIL IDS 2 2-0 9-9': 1,
      'XPENDING k g - + 10': [
        ['1-0', 'alice', 1000, 1],
        ['2-0', '', -1, 1],
      ],
      'XPENDING k g - + 10 alice': [['1-0', 'alice', 1000, 1]],
      'XPENDING k g': [2, '1-0', '2-0', [['alice', '1']]],
      'XREADGROUP GROUP g alice STREAMS k 0': [['k', [['1-0', ['n', '1']]]]],
    });
    expect(subject.fullGroup()).toMatchObject({
      ...{ 'pel-count': 2, 'nacked-count': 1 },
      pending: [
        ['1-0', 'alice', START_MS + 1000, 2],
        ['2-0', '', 0, 1],
      ],
    });
    subject.expect({
      'XAUTOCLAIM k g bob 100000 0': ['0-0', [['2-0', ['n', '2']]], []],
      'XPENDING k g - + 10': [
        ['1-0', 'alice', 0, 2],
        ['2-0', 'bob', 0, 2],
      ],
    });
  });

  test('what the modes and RETRYCOUNT make of the number of deliveries', () => {
    const subject = streamOf(5);
    subject.runAll(
      'XGROUP CREATE k g 0',
      'XREADGROUP GROUP g c STREAMS k >',
      'XREADGROUP GROUP g c STREAMS k 0',
    );
    subject.expect({
      'XNACK k g SILENT IDS 1 1-0': 1,
      'XNACK k g fail IDS 1 2-0': 1,
      'XNACK k g FATAL IDS 1 3-0': 1,
      'XNACK k g FAIL IDS 1 4-0 RETRYCOUNT 7': 1,
      'XNACK k g FATAL RETRYCOUNT 0 IDS 1 5-0': 1,
      'XNACK k g SILENT IDS 3 1-0 1-0 1-0': 3,
    });
    const counts = (subject.run('XPENDING k g - + 10') as unknown[][]).map((row) => row[3]);
    expect(counts.map(String)).toEqual(['0', '2', '9223372036854775807', '7', '0']);
  });

  test('FORCE makes pending what is in the stream', () => {
    const subject = streamOf(3);
    subject.run('XGROUP CREATE k g 0');
    subject.expect({
      'XNACK k g FAIL IDS 1 1-0': 0,
      'XNACK k g FAIL IDS 2 1-0 9-9 FORCE': 1,
      'XNACK k g FATAL FORCE IDS 1 2-0': 1,
      'XNACK k g SILENT IDS 1 3-0 FORCE RETRYCOUNT 4': 1,
    });
    const counts = (subject.run('XPENDING k g - + 10') as unknown[][]).map(([id, name, idle, count]) => [
      ...[id, name, idle],
      String(count),
    ]);
    expect(counts).toEqual([
      ['1-0', '', -1, '0'],
      ['2-0', '', -1, '9223372036854775807'],
      ['3-0', '', -1, '4'],
    ]);
    expect(subject.groups()).toMatchObject([{ pending: 3, consumers: 0, 'last-delivered-id': '0-0' }]);
  });

  test('others take them as any other: XACK, XACKDEL, XDELEX, XCLAIM', () => {
    const subject = streamOf(5);
    subject.runAll('XGROUP CREATE k g 0', 'XREADGROUP GROUP g c STREAMS k >');
    subject.expect({
      'XNACK k g FAIL IDS 5 1-0 2-0 3-0 4-0 5-0': 5,
      'XPENDING k g': [5, '1-0', '5-0', []],
      'XACK k g 1-0': 1,
      'XACKDEL k g IDS 1 2-0': [1],
      'XDELEX k DELREF IDS 1 3-0': [1],
      'XCLAIM k g d 1000000 4-0 JUSTID': ['4-0'],
      'XGROUP DELCONSUMER k g c': 0,
      'XPENDING k g ': [2, '4-0', '5-0', [['d', '1']]],
    });
    expect(subject.fullGroup()).toMatchObject({ 'nacked-count': 1 });
  });

  test('errors in order', () => {
    const subject = twoGroups();
    subject.expect({
      'XNACK k g FAIL IDS 1': "-ERR wrong number of arguments for 'xnack' command",
      'XNACK s g NOSUCH IDS 1 1-0': WRONG_TYPE,
      'XNACK none g NOSUCH IDS 1 1-0': "-NOGROUP No such key 'none' or consumer group 'g'",
      'XNACK k none NOSUCH IDS 1 1-0': "-NOGROUP No such key 'k' or consumer group 'none'",
      'XNACK k g NOSUCH IDS 1 1-0': '-ERR mode must be SILENT, FAIL, or FATAL',
      'XNACK k g FAIL IDS 0 1-0': '-ERR numids must be a positive integer',
      'XNACK k g FAIL IDS abc 1-0': '-ERR numids must be a positive integer',
      'XNACK k g FAIL IDS 2 1-0': "-ERR number of IDs doesn't match numids",
      'XNACK k g FAIL IDS 1 1-0 RETRYCOUNT abc': NOT_AN_INTEGER,
      'XNACK k g FAIL IDS 1 1-0 RETRYCOUNT -1': '-ERR Invalid RETRYCOUNT value, must be >= 0',
      'XNACK k g FAIL RETRYCOUNT 1 FORCE': '-ERR syntax error, expected IDS keyword',
      'XNACK k g FAIL RETRYCOUNT 1 RETRYCOUNT 2': '-ERR syntax error, expected IDS keyword',
      'XNACK k g FAIL IDS 2 1-0 bad': INVALID_ID,
      'XPENDING k g - + 10': [
        ['1-0', 'alice', 0, 1],
        ['2-0', 'alice', 0, 1],
      ],
    });
    expect(subject.run('XNACK k g FAIL IDS 1 1-0 2-0')).toMatch(/^-ERR Unrecognized XNACK option/);
  });
});

describe('XREADGROUP … CLAIM (8.4)', () => {
  test('first what others have left lying, the longest idle first, then what is new', () => {
    const subject = streamOf(5);
    subject.runAll('XGROUP CREATE k g 0', 'XREADGROUP GROUP g alice COUNT 1 STREAMS k >');
    subject.nowMs += 100;
    subject.run('XREADGROUP GROUP g bob COUNT 2 STREAMS k >');
    subject.nowMs += 50;
    subject.run('XREADGROUP GROUP g alice COUNT 1 STREAMS k 0');
    subject.nowMs += 50;
    subject.expect({
      'XREADGROUP GROUP g c CLAIM 1000 COUNT 1 STREAMS k >': [['k', [['4-0', ['n', '4'], 0, 0]]]],
      'XREADGROUP GROUP g c CLAIM 60 COUNT 10 STREAMS k >': [
        [
          'k',
          [
            ['2-0', ['n', '2'], 100, 1],
            ['3-0', ['n', '3'], 100, 1],
            ['5-0', ['n', '5'], 0, 0],
          ],
        ],
      ],
      'XPENDING k g - + 10': [
        ['1-0', 'alice', 50, 2],
        ['2-0', 'c', 0, 2],
        ['3-0', 'c', 0, 2],
        ['4-0', 'c', 0, 1],
        ['5-0', 'c', 0, 1],
      ],
      'XREADGROUP CLAIM 50 GROUP g bob STREAMS k >': [['k', [['1-0', ['n', '1'], 50, 2]]]],
      'XREADGROUP GROUP g bob CLAIM 50 STREAMS k >': null,
    });
  });

  test('released ones come before all others', () => {
    const subject = streamOf(3);
    subject.runAll('XGROUP CREATE k g 0', 'XREADGROUP GROUP g a STREAMS k >');
    subject.nowMs += 1000;
    subject.runAll('XNACK k g FAIL IDS 1 3-0', 'XNACK k g FAIL IDS 1 2-0');
    const [[, entries]] = subject.run('XREADGROUP GROUP g b CLAIM 500 STREAMS k >') as [
      [string, unknown[][]],
    ];
    expect(entries.map(([id, , , count]) => [id, count])).toEqual([
      ['3-0', 1],
      ['2-0', 1],
      ['1-0', 1],
    ]);
  });

  test('COUNT is for both together; deleted ones are not answered', () => {
    const subject = streamOf(6);
    subject.runAll('XGROUP CREATE k g 0', 'XREADGROUP GROUP g a COUNT 3 STREAMS k >', 'XDEL k 2-0');
    const read = (line: string) => {
      const reply = subject.run(line) as [string, [string][]][] | null;
      return reply?.[0]?.[1].map(([id]) => id) ?? null;
    };
    expect(read('XREADGROUP GROUP g b COUNT 3 CLAIM 0 STREAMS k >')).toEqual(['1-0', '3-0', '4-0']);
    subject.nowMs += 10;
    expect(read('XREADGROUP GROUP g c CLAIM 20 COUNT 1 STREAMS k >')).toEqual(['5-0']);
  });

  test('NOACK: what is new is not made pending, what is claimed stays', () => {
    const subject = streamOf(2);
    subject.runAll('XGROUP CREATE k g 0', 'XREADGROUP GROUP g a COUNT 1 STREAMS k >');
    subject.expect({
      'XREADGROUP GROUP g b NOACK CLAIM 0 STREAMS k >': [
        [
          'k',
          [
            ['1-0', ['n', '1'], 0, 1],
            ['2-0', ['n', '2'], 0, 0],
          ],
        ],
      ],
      'XPENDING k g - + 10': [['1-0', 'b', 0, 2]],
    });
  });

  test('has no say in reading what is pending', () => {
    const subject = streamOf(1);
    subject.runAll('XGROUP CREATE k g 0', 'XREADGROUP GROUP g a STREAMS k >');
    subject.expect({
      'XREADGROUP GROUP g a CLAIM 0 STREAMS k 0': [['k', [['1-0', ['n', '1']]]]],
      'XREADGROUP GROUP g b CLAIM 0 STREAMS k 0': [['k', []]],
    });
  });

  test('errors', () => {
    const subject = streamOf(1);
    subject.run('XGROUP CREATE k g 0');
    for (const bad of ['abc', '5.5', '+10', 'STREAMS', '9223372036854775808']) {
      expect(subject.run(`XREADGROUP GROUP g a CLAIM ${bad} STREAMS k >`)).toMatch(
        /^-ERR min-idle-time is not an integer/,
      );
    }
    expect(subject.run('XREADGROUP GROUP g a CLAIM -1 STREAMS k >')).toBe(
      '-ERR min-idle-time must be a positive integer',
    );
    expect(subject.run('XREAD CLAIM 5 STREAMS k 0')).toMatch(
      /^-ERR The CLAIM option is only supported by XREADGROUP/,
    );
    expect(subject.pending()).toEqual([]);
  });
});

describe('MAXCOUNT and MAXSIZE (8.10)', () => {
  const bothStreams = (): Subject => {
    const subject = streamOf(3);
    subject.runAll('XADD l 7-0 n 7', 'XADD l 8-0 n 8', 'XGROUP CREATE k g 0', 'XGROUP CREATE l g 0');
    return subject;
  };
  const idsIn = (reply: unknown) =>
    (reply as [string, [string][]][] | null)?.map(([key, entries]) => [key, ...entries.map(([id]) => id)]) ??
    null;

  test('MAXCOUNT counts over all streams', () => {
    const subject = bothStreams();
    const read = (options: string) => idsIn(subject.run(`XREAD ${options} STREAMS k l 0 0`));
    expect(read('MAXCOUNT 4')).toEqual([
      ['k', '1-0', '2-0', '3-0'],
      ['l', '7-0'],
    ]);
    expect(read('MAXCOUNT 3')).toEqual([['k', '1-0', '2-0', '3-0']]);
    expect(read('COUNT 2 MAXCOUNT 3')).toEqual([
      ['k', '1-0', '2-0'],
      ['l', '7-0'],
    ]);
    expect(read('MAXCOUNT 100')).toHaveLength(2);
  });

  test('MAXSIZE 1 is one entry', () => {
    const subject = bothStreams();
    expect(idsIn(subject.run('XREAD MAXSIZE 1 STREAMS k l 0 0'))).toEqual([['k', '1-0']]);
    expect(idsIn(subject.run('XREAD MAXSIZE 1 STREAMS k l 3-0 0'))).toEqual([['l', '7-0']]);
    expect(idsIn(subject.run('XREAD MAXSIZE 1000000 STREAMS k l 0 0'))).toHaveLength(2);
  });

  test('only what was answered is pending', () => {
    const subject = bothStreams();
    const read = (options: string) => idsIn(subject.run(`XREADGROUP GROUP g c ${options} STREAMS k l > >`));
    expect(read('MAXSIZE 1')).toEqual([['k', '1-0']]);
    expect(read('MAXCOUNT 3')).toEqual([
      ['k', '2-0', '3-0'],
      ['l', '7-0'],
    ]);
    expect([subject.pending('g', 'k'), subject.pending('g', 'l')]).toEqual([['1-0', '2-0', '3-0'], ['7-0']]);
    expect(subject.groups('l')).toMatchObject([{ 'last-delivered-id': '7-0', 'entries-read': 1, lag: 1 }]);
  });

  test('errors', () => {
    const subject = bothStreams();
    subject.expect({
      'XREAD MAXCOUNT 0 STREAMS k 0': '-ERR MAXCOUNT must be a positive integer',
      'XREAD MAXCOUNT -1 STREAMS k 0': '-ERR MAXCOUNT must be a positive integer',
      'XREAD MAXSIZE 0 STREAMS k 0': '-ERR MAXSIZE must be a positive integer',
      'XREAD COUNT 5 MAXCOUNT 4 STREAMS k 0': '-ERR MAXCOUNT must be greater than or equal to COUNT',
      'XREADGROUP GROUP g c MAXCOUNT 4 COUNT 5 STREAMS k >':
        '-ERR MAXCOUNT must be greater than or equal to COUNT',
      'XREADGROUP GROUP g c MAXSIZE 0 STREAMS k >': '-ERR MAXSIZE must be a positive integer',
    });
  });
});

describe('XREAD … + (7.4)', () => {
  test('the last entry that is there', () => {
    const subject = streamOf(3);
    subject.expect({
      'XREAD STREAMS k +': [['k', [['3-0', ['n', '3']]]]],
      'XREAD COUNT 2 STREAMS k none + +': [['k', [['3-0', ['n', '3']]]]],
      'XDEL k 3-0': 1,
      'XREAD STREAMS k + ': [['k', [['2-0', ['n', '2']]]]],
      'XTRIM k MAXLEN 0': 2,
      'XREAD STREAMS k +  ': null,
      'XREAD STREAMS none +': null,
    });
  });

  test('is nothing for XREADGROUP', () => {
    const subject = streamOf(1);
    subject.run('XGROUP CREATE k g 0');
    expect(subject.run('XREADGROUP GROUP g c STREAMS k +')).toMatch(
      /^-ERR The \+ ID is meaningless in the context of XREADGROUP/,
    );
  });

  test('the lists that do not balance', () => {
    const subject = new Subject();
    subject.expect({
      'XREAD STREAMS k l 0':
        "-ERR Unbalanced 'xread' list of streams: for each stream key an ID, '+', or '$' must be specified.",
      'XREADGROUP GROUP g c STREAMS k l >':
        "-ERR Unbalanced 'xreadgroup' list of streams: for each stream key an ID or '>' must be specified.",
    });
  });
});

describe('consumers (7.2)', () => {
  test('who reads or claims is a consumer, whether there was something or not', () => {
    const subject = streamOf(1);
    subject.runAll(
      'XGROUP CREATE k g $',
      'XREADGROUP GROUP g a STREAMS k >',
      'XREADGROUP GROUP g b STREAMS k 0',
    );
    subject.runAll('XCLAIM k g c 0 1-0', 'XAUTOCLAIM k g d 0 0', 'XCLAIM k g e 0 abc', 'XACK k g 1-0');
    const names = (subject.run('XINFO CONSUMERS k g') as unknown[]).map(
      (consumer) => named(consumer)['name'],
    );
    expect(names).toEqual(['a', 'b', 'c', 'd']);
  });

  test('idle is since the last attempt, inactive since the last success', () => {
    const subject = streamOf(2);
    subject.runAll('XGROUP CREATE k g 0', 'XGROUP CREATECONSUMER k g a');
    subject.nowMs += 10;
    subject.expect({ 'XINFO CONSUMERS k g': [['name', 'a', 'pending', 0, 'idle', 10, 'inactive', -1]] });
    subject.run('XREADGROUP GROUP g a STREAMS k >');
    subject.nowMs += 20;
    subject.expect({ 'XINFO CONSUMERS k g': [['name', 'a', 'pending', 2, 'idle', 20, 'inactive', 20]] });
    subject.run('XREADGROUP GROUP g a STREAMS k >');
    subject.nowMs += 5;
    subject.expect({ 'XINFO CONSUMERS k g': [['name', 'a', 'pending', 2, 'idle', 5, 'inactive', 25]] });
    const [consumer] = subject.fullGroup()['consumers'] as unknown[];
    expect(named(consumer)).toMatchObject({ 'seen-time': START_MS + 30, 'active-time': START_MS + 10 });
  });
});

describe('how far a group has come (7.4)', () => {
  test('nothing is left to read of an empty stream', () => {
    const subject = streamOf(3);
    subject.runAll('XGROUP CREATE k g 0', 'XREADGROUP GROUP g c COUNT 1 STREAMS k >', 'XDEL k 1-0 2-0 3-0');
    expect(subject.groups()).toMatchObject([{ lag: 0, 'entries-read': 1 }]);
  });

  test('what was trimmed away unread is not behind', () => {
    const subject = streamOf(5);
    subject.runAll('XGROUP CREATE k g 0', 'XREADGROUP GROUP g c COUNT 1 STREAMS k >', 'XTRIM k MAXLEN 1');
    expect(subject.groups()).toMatchObject([{ lag: 1, 'entries-read': 1 }]);
    subject.run('XREADGROUP GROUP g c STREAMS k >');
    expect(subject.groups()).toMatchObject([{ lag: 0, 'entries-read': 5 }]);
  });

  test('what was deleted right at its place is not counted over', () => {
    const subject = streamOf(5);
    subject.runAll('XGROUP CREATE k g 0', 'XREADGROUP GROUP g c STREAMS k >', 'XDEL k 5-0');
    subject.runAll('XADD k 6-0 f v', 'XADD k 7-0 f v', 'XREADGROUP GROUP g c COUNT 1 STREAMS k >');
    expect(subject.groups()).toMatchObject([{ lag: null, 'entries-read': null }]);
    subject.run('XREADGROUP GROUP g c COUNT 1 STREAMS k >');
    expect(subject.groups()).toMatchObject([{ lag: 0, 'entries-read': 7 }]);
  });

  test('no group has read more than was added (8.2.3)', () => {
    const subject = streamOf(3);
    subject.run('XGROUP CREATE k g 0 ENTRIESREAD 100');
    expect(subject.groups()).toMatchObject([{ 'entries-read': 3 }]);
    subject.run('XGROUP SETID k g 1-0 ENTRIESREAD 9223372036854775807');
    expect(subject.groups()).toMatchObject([{ 'entries-read': 3 }]);
  });
});

describe('XINFO (8.8)', () => {
  test('all fields in their order', () => {
    const subject = streamOf(1);
    subject.runAll('XGROUP CREATE k g 0', 'XREADGROUP GROUP g c STREAMS k >');
    const facts = [
      ...['length', 'radix-tree-keys', 'radix-tree-nodes', 'last-generated-id', 'max-deleted-entry-id'],
      ...['entries-added', 'recorded-first-entry-id', 'idmp-duration', 'idmp-maxsize', 'pids-tracked'],
      ...['iids-tracked', 'iids-added', 'iids-duplicates'],
    ];
    expect(Object.keys(subject.info())).toEqual([...facts, 'groups', 'first-entry', 'last-entry']);
    expect(Object.keys(subject.info('XINFO STREAM k FULL'))).toEqual([...facts, 'entries', 'groups']);
    const group = subject.fullGroup();
    expect(Object.keys(group)).toEqual([
      ...[
        'name',
        'last-delivered-id',
        'entries-read',
        'lag',
        'pel-count',
        'nacked-count',
        'pending',
        'consumers',
      ],
    ]);
    expect(Object.keys(named((group['consumers'] as unknown[])[0]))).toEqual([
      ...['name', 'seen-time', 'active-time', 'pel-count', 'pending'],
    ]);
  });
});
