import { describe, expect, test } from 'vitest';
import { connect } from '../../src/session/connection.ts';
import { Store } from '../../src/store.ts';
import { legacyKeyRange } from '../../src/wire/key-positions.ts';
import { syntaxOf } from '../../src/wire/syntax.ts';

function call(...tokens: string[]): unknown {
  const [name, ...args] = tokens as [string, ...string[]];
  return connect(new Store(), { protocol: 3 }).call(name, ...args);
}

describe('COMMAND GETKEYS, where Redis 8 differs from the reference server', () => {
  test('one token is enough to be looked at', () => {
    expect(() => call('COMMAND', 'GETKEYS', 'ping')).toThrow('ERR The command has no key arguments');
    expect(() => call('COMMAND', 'GETKEYS', 'set')).toThrow(
      'ERR Invalid number of arguments specified for command',
    );
    expect(() => call('COMMAND', 'GETKEYS', 'nok')).toThrow('ERR Invalid command specified');
    expect(() => call('COMMAND', 'GETKEYS', 'object')).toThrow('ERR The command has no key arguments');
    expect(() => call('COMMAND', 'GETKEYSANDFLAGS', 'ping')).toThrow('ERR The command has no key arguments');
  });

  test('every key of MSETEX', () => {
    expect(call('COMMAND', 'GETKEYS', 'MSETEX', '2', 'a', '1', 'b', '2', 'EX', '10')).toEqual(['a', 'b']);
    for (const count of ['0', '3', 'x', '-1']) {
      expect(() => call('COMMAND', 'GETKEYS', 'MSETEX', count, 'a', '1', 'b', '2')).toThrow(
        'ERR Invalid arguments specified for command',
      );
    }
  });

  test('a SET that compares, reads', () => {
    const flagsOf = (...tokens: string[]) => call('COMMAND', 'GETKEYSANDFLAGS', 'SET', ...tokens);
    expect(flagsOf('k', 'v')).toEqual([['k', new Set(['OW', 'update'])]]);
    expect(flagsOf('k', 'v', 'ifeq', 'x')).toEqual([['k', new Set(['RW', 'access', 'update'])]]);
    expect(flagsOf('k', 'v', 'IFDNE', 'x')).toEqual([['k', new Set(['RW', 'access', 'update'])]]);
  });
});

describe('COMMAND LIST', () => {
  test('by category', () => {
    const dangerous = call('COMMAND', 'LIST', 'FILTERBY', 'ACLCAT', 'DANGEROUS') as string[];
    expect(dangerous).toEqual(expect.arrayContaining(['keys', 'flushall', 'flushdb', 'swapdb']));
    expect(dangerous).not.toContain('get');
    expect(call('COMMAND', 'LIST', 'FILTERBY', 'ACLCAT', 'connection')).toEqual(
      expect.arrayContaining(['ping', 'command', 'command|docs']),
    );
  });

  test('subcommands are listed by filters only', () => {
    expect(call('COMMAND', 'LIST')).not.toContain('object|encoding');
    expect((call('COMMAND', 'LIST', 'FILTERBY', 'PATTERN', 'OBJECT*') as string[]).sort()).toEqual([
      'object',
      'object|encoding',
      'object|freq',
      'object|help',
      'object|idletime',
      'object|refcount',
    ]);
  });
});

test('COMMAND DOCS shows arguments, choices and where keys are', () => {
  const docs = (call('COMMAND', 'DOCS', 'expire', 'nok') as Map<string, Map<string, unknown>>).get('expire')!;
  expect([...docs.keys()]).toEqual(['summary', 'since', 'group', 'complexity', 'history', 'arguments']);
  const [key, seconds, condition] = docs.get('arguments') as Map<string, unknown>[];
  expect(Object.fromEntries(key!)).toEqual({
    name: 'key',
    type: 'key',
    display_text: 'key',
    key_spec_index: 0,
  });
  expect(Object.fromEntries(seconds!)).toEqual({ name: 'seconds', type: 'integer', display_text: 'seconds' });
  expect([...condition!.keys()]).toEqual(['name', 'type', 'flags', 'arguments']);
  expect(
    (condition!.get('arguments') as Map<string, unknown>[]).map((choice) => choice.get('token')),
  ).toEqual(['NX', 'XX', 'GT', 'LT']);
});

test('COMMAND DOCS of a deprecated command, and of a container', () => {
  const all = call('COMMAND', 'DOCS', 'substr', 'object') as Map<string, Map<string, unknown>>;
  expect(all.get('substr')!.get('doc_flags')).toEqual(new Set(['deprecated']));
  expect(all.get('substr')!.get('deprecated_since')).toBe('2.0.0');
  expect([...(all.get('object')!.get('subcommands') as Map<string, unknown>).keys()]).toContain(
    'object|freq',
  );
});

describe('the older key range', () => {
  const range = (lastKey: number, step: number) => ({ lastKey, step, limit: 0 });
  const at = (index: number, find: ReturnType<typeof range>) => ({ begin: { index }, find, flags: [] });

  test('joins specifications that follow each other', () => {
    expect(legacyKeyRange([])).toEqual({ first: 0, last: 0, step: 0, isMovable: false });
    expect(legacyKeyRange([at(1, range(0, 1)), at(2, range(-1, 1))])).toEqual({
      first: 1,
      last: -1,
      step: 1,
      isMovable: false,
    });
    expect(legacyKeyRange([at(1, range(-1, 2))])).toEqual({ first: 1, last: -1, step: 2, isMovable: false });
  });

  test('leaves out what it cannot say', () => {
    const counted = { keyNumberIndex: 0, firstKey: 1, step: 1 };
    expect(legacyKeyRange([{ begin: { index: 1 }, find: counted, flags: [] }])).toEqual({
      first: 0,
      last: 0,
      step: 0,
      isMovable: true,
    });
    expect(legacyKeyRange([at(1, range(0, 1)), at(3, range(0, 1))]).isMovable).toBe(true);
    expect(
      legacyKeyRange([at(1, range(0, 1)), { begin: 'unknown', find: 'unknown', flags: [] }]).isMovable,
    ).toBe(true);
  });
});

test('syntax as one writes it for people', () => {
  expect(
    syntaxOf([
      { name: 'key', type: 'key', flags: ['multiple'] },
      { name: 'count', type: 'integer', token: 'COUNT', flags: ['optional'] },
      {
        name: 'condition',
        type: 'oneof',
        flags: ['optional'],
        arguments: [
          { name: 'nx', type: 'pure-token', token: 'NX' },
          { name: 'xx', type: 'pure-token', token: 'XX' },
        ],
      },
      {
        name: 'limit',
        type: 'block',
        token: 'LIMIT',
        arguments: [
          { name: 'offset', type: 'integer' },
          { name: 'count', type: 'integer' },
        ],
      },
      { name: 'pattern', type: 'pattern', token: 'GET', flags: ['optional', 'multiple', 'multiple_token'] },
    ]),
  ).toBe(
    '<key> [<key> ...] [COUNT <count>] [NX | XX] LIMIT <offset> <count> [GET <pattern> [GET <pattern> ...]]',
  );
});
