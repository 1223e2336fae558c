import { describe, expect, test } from 'vitest';
import { ReplyError } from '../../src/errors.ts';
import { Store } from '../../src/store.ts';
import { MultiError } from '../../src/transactions/multi.ts';
import { recordedStore } from '../structures/hashes/support.ts';

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('multi()', () => {
  test('runs nothing before exec(), then all in order', () => {
    const store = new Store();
    const multi = store.multi().set('k', '5').incr('k').incrby('k', 2).get('k');
    expect(store.dbsize()).toBe(0);
    expect(multi.exec()).toEqual(['OK', 6, 8, '8']);
    expect(store.get('k')).toBe('8');
  });

  test('takes commands one by one as well', () => {
    const store = new Store();
    const multi = store.multi();
    multi.set('k', 'v');
    multi.rpush('l', ['1', '2']);
    expect(multi.exec()).toEqual(['OK', 2]);
  });

  test('of nothing answers nothing', () => {
    expect(new Store().multi().exec()).toEqual([]);
    expect(new Store().multi().execSettled()).toEqual([]);
  });

  test('runs on the database and in the form of the view it was begun on', () => {
    const store = new Store();
    store.select(1).multi().set('k', '9007199254740993').exec();
    expect(store.exists('k')).toBe(0);
    expect(store.select(1).bytes.multi().get('k').strlen('k').exec()).toEqual([
      new TextEncoder().encode('9007199254740993'),
      16,
    ]);
    expect(store.select(1).bigints.multi().incr('k').exec()).toEqual([9007199254740994n]);
  });

  test('tells each change as it is made', () => {
    const { store, events, effects } = recordedStore();
    store.multi().set('a', '1').rpush('b', ['1', '2']).del('a').exec();
    expect(events()).toEqual(['set a', 'rpush b', 'del a']);
    expect(effects()).toEqual(['SET a 1', 'RPUSH b 1 2', 'DEL a']);
  });

  test('runs at one moment', () => {
    let nowMs = 1_700_000_000_000;
    const store = new Store({ clock: { now: () => nowMs++ } });
    const [first, second] = store.multi().time().time().exec();
    expect(first).toEqual(second);
    expect(store.time()).not.toEqual(first);
  });

  test('does not undo what ran when a command fails, and says which failed', () => {
    const store = new Store();
    const error = thrownBy(() =>
      store.multi().set('k', 'abc').incr('k').append('k', 'd').lpush('k', 'x').exec(),
    );
    expect(error).toBeInstanceOf(MultiError);
    const { message, replies, errorIndexes, cause } = error as MultiError;
    expect(replies).toEqual([
      'OK',
      new ReplyError('ERR value is not an integer or out of range'),
      4,
      new ReplyError('WRONGTYPE Operation against a key holding the wrong kind of value'),
    ]);
    expect(errorIndexes).toEqual([1, 3]);
    expect(cause).toBe(replies[1]);
    expect(message).toBe('2 commands failed; command 2 of 4: ERR value is not an integer or out of range');
    expect(store.get('k')).toBe('abcd');
  });

  test('execSettled() answers errors in their places', () => {
    const store = new Store();
    const [set, incr, get] = store.multi().set('k', 'abc').incr('k').get('k').execSettled();
    expect(set).toEqual({ status: 'fulfilled', value: 'OK' });
    expect(incr).toEqual({
      status: 'rejected',
      reason: new ReplyError('ERR value is not an integer or out of range'),
    });
    expect(get).toEqual({ status: 'fulfilled', value: 'abc' });
  });

  test('checks arguments as the methods do, when they run', () => {
    const store = new Store();
    const multi = store.multi();
    // As a caller without types might.
    (multi as unknown as { set: (key: string, value: unknown) => void }).set('k', 5);
    const error = thrownBy(() => multi.set('l', 'v').exec());
    expect((error as MultiError).replies[0]).toBeInstanceOf(TypeError);
    expect((error as MultiError).message).toContain('command 1 of 2');
    expect(store.keys('*')).toEqual(['l']);
  });

  test('can be discarded, and is used once', () => {
    const store = new Store();
    const discarded = store.multi().set('k', 'v');
    discarded.discard();
    const executed = store.multi().set('l', 'v');
    executed.exec();
    for (const over of [discarded, executed]) {
      const message = 'this multi() was executed or discarded';
      expect(() => over.exec()).toThrow(message);
      expect(() => over.execSettled()).toThrow(message);
      expect(() => over.discard()).toThrow(message);
      expect(() => over.get('k')).toThrow(message);
    }
    expect(store.keys('*')).toEqual(['l']);
  });

  test('is over too once its exec() has thrown', () => {
    const store = new Store();
    const multi = store.multi().incr('n').lpush('n', 'x');
    expect(() => multi.exec()).toThrow(MultiError);
    expect(() => multi.exec()).toThrow('this multi() was executed or discarded');
    expect(store.get('n')).toBe('1');
  });

  test('has iterators of nobody, and no subscriptions', () => {
    const multi = new Store().multi() as unknown as Record<string, unknown>;
    expect(multi['scan']).toBeTypeOf('function');
    expect(multi['scanIterator']).toBeUndefined();
    expect(multi['subscribe']).toBeUndefined();
  });
});
