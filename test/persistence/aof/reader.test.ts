import { expect, test } from 'vitest';
import { toBytes } from '../../../src/bytes/byte-string.ts';
import { AofCorrupt } from '../../../src/persistence/aof/aof-errors.ts';
import { AofReader } from '../../../src/persistence/aof/aof-reader.ts';
import { EffectEncoder } from '../../../src/persistence/aof/effect-encoder.ts';
import { MemoryStorage } from '../../../src/persistence/storage/memory-storage.ts';
import { keep } from './support.ts';

const PLACE = 'appendonlydir/appendonly.aof.1.incr.aof';

function read(bytes: Uint8Array, chunk = bytes.length): { tokens: string[][]; reader: AofReader } {
  const reader = new AofReader('f');
  const tokens: string[][] = [];
  for (let at = 0; at < bytes.length; at += chunk) {
    reader.feed(bytes.subarray(at, at + chunk));
    for (let next = reader.next(); next !== undefined; next = reader.next()) tokens.push(next);
  }
  return { tokens, reader };
}

test('what the encoder writes is read back, however it is cut', () => {
  const encoder = new EffectEncoder();
  const texts = ['', 'x', 'é', '\u{1f600}', '\udcff\udc80', 'a'.repeat(48), 'b'.repeat(49), 'ü'.repeat(60)];
  texts.push('c'.repeat(99), 'd'.repeat(100), `${'e'.repeat(95)}é`, `${'f'.repeat(60)}\udcff`);
  encoder.write(0, ['SET', ...texts], 1_700_000_000);
  encoder.write(0, ['DEL', 'k'], 1_700_000_000);
  encoder.begin();
  encoder.write(3, ['ALONE', new Uint8Array([0, 13, 10, 255])]);
  encoder.end();
  encoder.begin();
  encoder.begin();
  encoder.write(1, ['FIRST'], 1_700_000_001);
  encoder.end();
  encoder.write(1, ['SECOND']);
  encoder.write(0, ['THIRD']);
  encoder.end();
  const bytes = encoder.take();
  const expected = [
    ['SELECT', '0'],
    ['SET', ...texts],
    ['DEL', 'k'],
    ['SELECT', '3'],
    ['ALONE', '\0\r\n\udcff'],
    ['MULTI'],
    ['SELECT', '1'],
    ['FIRST'],
    ['SECOND'],
    ['SELECT', '0'],
    ['THIRD'],
    ['EXEC'],
  ];
  for (const chunk of [1, 2, 3, 7, 64, bytes.length]) {
    const { tokens, reader } = read(bytes, chunk);
    expect(tokens).toEqual(expected);
    expect(reader.isComplete).toBe(true);
    expect(reader.offset).toBe(bytes.length);
    expect(reader.annotatedSeconds).toBe(1_700_000_001);
  }
  for (let at = 0; at < bytes.length; at++) {
    const { reader } = read(bytes.subarray(0, at));
    expect(reader.isComplete).toBe(reader.offset === at);
  }
});

test.each([
  ['*1\r\n$4\r\nPING\r\nx', 14],
  ['*1\r\n$4\r\nPING\r\n*0\r\n', 14],
  ['*1\r\n$4\r\nPINGxx', 0],
  ['*1\r\n$4\r\nPING\rx', 0],
  ['*01\r\n', 0],
  ['*-1\r\n', 0],
  ['*\r\n', 0],
  ['*1\n', 0],
  ['*1\r\n:4\r\n', 0],
  ['*1\r\n$99999999999\r\n', 0],
  [`#${'x'.repeat(2000)}\r\n`, 0],
])('%j is broken, at offset %i', (text, offset) => {
  for (const chunk of [1, text.length]) {
    let error: unknown;
    try {
      read(toBytes(text), chunk);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(AofCorrupt);
    expect((error as AofCorrupt).message).toMatch(
      /^Bad file format reading the append only file f: make a backup/,
    );
    expect((error as AofCorrupt).offset).toBe(offset);
  }
});

/** A file of commands and of groups, and how much is in the store after each. */
async function sample(): Promise<{ bytes: Uint8Array; states: { end: number; length: number }[] }> {
  const storage = new MemoryStorage();
  const kept = await keep(storage);
  const states = [{ end: 0, length: 0 }];
  for (let at = 0; at < 6; at++) {
    kept.run((store) => {
      store.rpush('l', `value ${at}`);
      if (at % 2 === 1) store.rpush('l', 'of one group');
    });
    states.push({ end: kept.aof.log.fileBytes, length: kept.store.llen('l') });
  }
  await kept.aof.stop();
  const file = (await storage.open(PLACE))!;
  return { bytes: await file.read(0, file.sizeBytes), states };
}

async function opened(bytes: Uint8Array, changes = {}) {
  const storage = new MemoryStorage();
  const empty = await keep(storage);
  await empty.aof.stop();
  const file = await storage.append(PLACE);
  await file.append(bytes);
  await file.close();
  return keep(storage, changes);
}

test('cut at every byte, whole commands and groups are there', async () => {
  const { bytes, states } = await sample();
  for (let cut = 0; cut <= bytes.length; cut++) {
    const kept = await opened(bytes.subarray(0, cut));
    const state = states.findLast(({ end }) => end <= cut)!;
    expect(kept.store.llen('l')).toBe(state.length);
    const isWhole = state.end === cut || kept.warnings.length === 0;
    expect(kept.warnings.length).toBe(isWhole ? 0 : 1);
    // SELECT is a command of its own, and nothing to lose.
    if (kept.warnings.length === 0) expect([state.end, 23]).toContain(cut);
    kept.run((store) => store.rpush('l', 'behind it'));
    await kept.aof.stop();
  }
});

test('a torn tail is refused where that is asked for, and zeros are one', async () => {
  const { bytes, states } = await sample();
  await expect(opened(bytes.subarray(0, bytes.length - 3), { aofLoadTruncated: false })).rejects.toThrow(
    'Unexpected end of file reading the append only file appendonly.aof.1.incr.aof',
  );
  for (const cut of [states[2]!.end, states[2]!.end + 5, states[3]!.end - 4]) {
    const zeroed = new Uint8Array(bytes.length + 100);
    zeroed.set(bytes.subarray(0, cut));
    const kept = await opened(zeroed);
    expect(kept.store.llen('l')).toBe(states[2]!.length);
    expect(kept.warnings).toHaveLength(1);
    await kept.aof.stop();
  }
});

test('a flipped bit is refused, cuts the tail with a warning, or changes nothing but a text', async () => {
  const { bytes, states } = await sample();
  const whole = states.at(-1)!.length;
  let refused = 0;
  for (let at = 0; at < bytes.length; at++) {
    const flipped = bytes.slice();
    flipped[at] = flipped[at]! ^ (1 << (at % 7));
    let kept: Awaited<ReturnType<typeof keep>>;
    try {
      kept = await opened(flipped);
    } catch (error) {
      expect(error).toBeInstanceOf(AofCorrupt);
      refused++;
      continue;
    }
    const inKeys = kept.store.keys('*').reduce((sum, key) => sum + kept.store.llen(key), 0);
    const inAll = inKeys + [1, 2, 4, 8].reduce((sum, db) => sum + kept.store.select(db).dbsize(), 0);
    // Another key, database or end of the list, where one valid command has become another: no format without a checksum can tell.
    if (kept.warnings.length === 0) expect(inAll).toBe(whole);
    await kept.aof.stop();
  }
  expect(refused).toBeGreaterThan(bytes.length / 2);
});

test('commands that answer errors, or are unknown, are refused with their offset', async () => {
  const encoder = new EffectEncoder();
  encoder.write(0, ['SET', 'k', 'v']);
  const offset = encoder.lengthBytes;
  encoder.write(0, ['LPUSH', 'k', 'v']);
  await expect(opened(encoder.take())).rejects.toThrow(
    `LPUSH answered: WRONGTYPE Operation against a key holding the wrong kind of value (at offset ${offset})`,
  );
  for (const [command, problem] of [
    [['NOSUCH'], "Unknown command 'NOSUCH' reading the append only file"],
    [['EXEC'], 'EXEC without MULTI'],
  ] as const) {
    encoder.startFile();
    encoder.write(0, command);
    await expect(opened(encoder.take())).rejects.toThrow(problem);
  }
});

test.each([false, true])(
  'an append-only file of before Redis 7 is taken over (RDB preamble: %s)',
  async (isRdb) => {
    const encoder = new EffectEncoder();
    encoder.write(0, ['APPEND', 'k', 'v']);
    const storage = new MemoryStorage();
    const file = await storage.append('appendonly.aof');
    if (isRdb) {
      const source = new MemoryStorage();
      const kept = await keep(source);
      kept.run((store) => store.set('k', 'base and '));
      await kept.aof.rewriter.start();
      await kept.aof.stop();
      const base = (await source.open('appendonlydir/appendonly.aof.2.base.rdb'))!;
      await file.append(await base.read(0, base.sizeBytes));
    }
    await file.append(encoder.written);
    await file.close();
    const kept = await keep(storage);
    const text = isRdb ? 'base and v' : 'v';
    expect(kept.store.get('k')).toBe(text);
    kept.run((store) => store.append('k', 'w'));
    await kept.aof.stop();
    expect((await storage.list()).sort()).toEqual([
      'appendonlydir/appendonly.aof',
      PLACE,
      'appendonlydir/appendonly.aof.manifest',
    ]);
    const again = await keep(storage);
    expect(again.store.get('k')).toBe(`${text}w`);
    await again.aof.rewriter.start();
    await again.aof.stop();
    expect(await storage.list()).not.toContain('appendonlydir/appendonly.aof');
  },
);
