import { describe, expect, test } from 'vitest';
import type { Bytes } from '../../../src/bytes/byte-string.ts';
import { connect, ReplyError, Store } from '../../../src/index.ts';

function elements(count: number, prefix = 'user'): string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}:${at}`);
}

describe('HyperLogLogs', () => {
  test('count what was added, and what was added to any of several', () => {
    const store = new Store();
    expect(store.pfadd('visitors', ['ada', 'bob', 'ada'])).toBe(1);
    expect(store.pfadd('visitors', 'ada')).toBe(0);
    expect(store.pfadd('empty')).toBe(1);
    expect(store.pfadd('empty', [])).toBe(0);
    expect(store.pfcount('visitors')).toBe(2);
    store.pfadd('others', ['bob', 'cid']);
    expect(store.pfcount(['visitors', 'others', 'missing'])).toBe(3);
    expect(store.pfmerge('all', ['visitors', 'others'])).toBe('OK');
    expect(store.pfcount('all')).toBe(3);
    expect(store.pfcount('missing')).toBe(0);
  });

  test('take bytes for what they are, as text or as bytes', () => {
    const store = new Store();
    store.pfadd('k', ['é', Uint8Array.of(0xff)]);
    expect(store.pfadd('k', [new TextEncoder().encode('é'), Uint8Array.of(0xff)])).toBe(0);
    // A lone surrogate has no UTF-8 form: U+FFFD is written for it.
    expect(store.pfadd('k', '\ud800')).toBe(1);
    expect(store.pfadd('k', '\ufffd')).toBe(0);
    expect(store.bytes.pfcount('k')).toBe(3);
    expect(store.bigints.pfcount('k')).toBe(3n);
  });

  test('are carried by GET and SET as bytes', () => {
    const [here, there] = [new Store(), new Store()];
    here.pfadd('k', elements(5000));
    there.set('k', here.bytes.get('k')!);
    expect(there.pfcount('k')).toBe(here.pfcount('k'));
    expect(there.pfadd('k', elements(5000))).toBe(0);
  });

  test('of which an estimate was forged are not rounded', () => {
    const store = new Store();
    store.pfadd('k', 'a');
    store.setrange('k', 8, Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f));
    expect(() => store.pfcount('k')).toThrow(RangeError);
    expect(store.bigints.pfcount('k')).toBe(2n ** 63n - 1n);
  });

  test('stay what they were when the arguments are none, or a transaction is undone', () => {
    const store = new Store();
    const untyped = store as unknown as Record<string, (...args: unknown[]) => unknown>;
    store.pfadd('few', ['a', 'b']);
    store.pfadd('many', elements(3000));
    store.pfcount('few');
    const contents = () => ['few', 'many', 'none'].map((key) => store.bytes.get(key));
    const before = contents();
    expect(() => untyped['pfadd']!('few', ['c', 5])).toThrow(TypeError);
    expect(() => untyped['pfadd']!('none', [undefined])).toThrow(TypeError);
    expect(() => untyped['pfadd']!('few', null)).toThrow(TypeError);
    expect(() => untyped['pfmerge']!('few', ['many', 5])).toThrow(TypeError);
    expect(() => untyped['pfcount']!(undefined)).toThrow(TypeError);
    expect(() => store.pfcount([])).toThrow(ReplyError);
    expect(() =>
      store.transaction((tx) => {
        tx.pfadd('few', ['c', 'd']);
        tx.pfadd('none', 'e');
        tx.pfmerge('few', 'many');
        tx.pfadd('many', elements(100, 'new'));
        tx.pfcount('many');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(contents()).toEqual(before);
    store.keyspace.checkInvariants();
  });

  test('of damaged ones nothing is changed, whichever of several elements fails', () => {
    const store = new Store();
    // Sixteen registers, and none behind them.
    const damaged = Uint8Array.of(
      ...new TextEncoder().encode('HYLL'),
      1,
      ...new Array<number>(11).fill(0),
      15,
    );
    store.set('k', damaged);
    const effects: (readonly Bytes[])[] = [];
    store.keyspace.observe({ effect: (_database, command) => effects.push(command) });
    expect(() => store.pfadd('k', elements(20_000))).toThrow('INVALIDOBJ Corrupted HLL object detected');
    expect(() => store.pfmerge('d', 'k')).toThrow('INVALIDOBJ');
    expect(store.bytes.get('k')).toEqual(damaged);
    expect(store.exists('d')).toBe(0);
    expect(effects).toEqual([]);
  });

  test('tell effects that repeat what was done: PFCOUNT only where it has remembered something', () => {
    const store = new Store();
    const effects: string[] = [];
    const events: string[] = [];
    store.keyspace.observe({
      effect: (_database, command) => effects.push(command.join(' ')),
      changed: (_database, key, event) => {
        if (event.category !== 'n') events.push(`${event.name} ${key}`);
      },
    });
    store.pfadd('k', ['a', 'b']);
    store.pfadd('k', 'a');
    store.pfcount('k');
    store.pfcount('k');
    store.pfcount(['k', 'l']);
    store.pfmerge('l', 'k');
    connect(store).call('PFDEBUG', 'TODENSE', 'l');
    expect(effects).toEqual(['PFADD k a b', 'PFCOUNT k', 'PFMERGE l k', 'PFDEBUG TODENSE l']);
    expect(events).toEqual(['pfadd k', 'pfcount k', 'pfadd l']);
  });

  test('notify of pfadd, and of nothing where an estimate is remembered', () => {
    const store = new Store({ notifyKeyspaceEvents: 'KEA' });
    const told: string[] = [];
    store.keyspace.hub.subscribe('pattern', '__keyevent@0__:*', {
      deliver: (_kind, channel, content) => told.push(`${channel.slice(15)} ${content}`),
    });
    store.pfadd('k', 'a');
    store.pfcount('k');
    store.pfmerge('l', 'k');
    expect(told).toEqual(['pfadd k', 'pfadd l']);
  });

  test('that are counted are changed, to those who watch them', () => {
    const store = new Store();
    store.pfadd('k', 'a');
    const first = store.watch('k');
    store.pfcount('k');
    expect(first.multi().set('x', '1').exec()).toBeNull();
    const second = store.watch('k');
    store.pfcount('k');
    expect(second.multi().set('x', '1').exec()).toEqual(['OK']);
  });

  test('are as long as the limit lets them be before they are dense', () => {
    const store = new Store({ limits: { hllSparseMaxBytes: 100 } });
    const connection = connect(store);
    store.pfadd('k', elements(10));
    expect(connection.call('PFDEBUG', 'ENCODING', 'k')).toBe('sparse');
    store.pfadd('k', elements(60));
    expect(connection.call('PFDEBUG', 'ENCODING', 'k')).toBe('dense');
    expect(store.strlen('k')).toBe(12_304);
    expect(connection.call('CONFIG', 'GET', 'hll-sparse-max-bytes')).toEqual(['hll-sparse-max-bytes', '100']);
  });

  test('PFDEBUG SIMD says that there is none; Redis 8 knows it, 7.0 does not', () => {
    const connection = connect(new Store());
    expect(connection.call('PFDEBUG', 'SIMD', 'on')).toBe('disabled');
    expect(connection.call('PFDEBUG', 'simd', 'OFF')).toBe('disabled');
    expect(() => connection.call('PFDEBUG', 'SIMD', 'maybe')).toThrow('ERR Argument must be ON or OFF');
    expect(connection.call('PFSELFTEST')).toBe('OK');
  });
});
