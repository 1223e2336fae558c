import { describe, expect, test } from 'vitest';
import { parse } from '../../../src/scripting/lua/syntax/parser.ts';
import { LuaError } from '../../../src/scripting/lua/values/lua-error.ts';
import { FAULTY_SOURCES, LARGE_SOURCES } from './faulty-sources.ts';

function messageOf(source: string, levels?: number, chunkName = '@'): unknown {
  try {
    parse(source, chunkName, levels);
    return 'ok';
  } catch (error) {
    if (!(error instanceof LuaError)) throw error;
    return error.value;
  }
}

const withName = (message: string) => (message === 'ok' ? message : `:${message}`);

describe.each(FAULTY_SOURCES)('what the server says of $about', ({ cases }) => {
  test.each(cases)('%j', (source, message) => {
    expect(messageOf(source)).toBe(withName(message));
  });
});

describe('limits', () => {
  test.each(LARGE_SOURCES.map(([source, message]) => [source.slice(0, 60), source, message] as const))(
    '%j',
    (_, source, message) => {
      expect(messageOf(source)).toBe(withName(message));
    },
  );

  test('calls of the host count as levels', () => {
    const source = `${'do '.repeat(150)}${'end '.repeat(150)}`;
    expect(messageOf(source, 49)).toBe('ok');
    expect(messageOf(source, 50)).toBe(':1: chunk has too many syntax levels');
    expect(messageOf('a, b, c = 1', 196)).toBe('ok');
    expect(messageOf('a, b, c, d, e = 1', 196)).toBe(
      ':1: main function has more than 3 variables in assignment',
    );
  });

  test('what the lexer and the loops of the parser read has no limit', () => {
    const long = 'x'.repeat(100_000);
    expect(messageOf(`${long} = "${long}" --[[${long}]] .. [==[${long}]==]`)).toBe('ok');
    expect(messageOf(`x = a${'.b'.repeat(100_000)} + 1${' + 1'.repeat(100_000)}`)).toBe('ok');
    expect(messageOf('x = 1\n'.repeat(20_000))).toBe('ok');
  });

  test('a function declares no more than 32,767 locals in all its blocks', () => {
    const hundred = `do local ${Array.from({ length: 100 }, (_, at) => `v${at}`).join(', ')} end\n`;
    expect(messageOf(`${hundred.repeat(327)}do local ${'a, '.repeat(66)}a end`)).toBe('ok');
    expect(messageOf(`${hundred.repeat(327)}do local ${'a, '.repeat(67)}a end`)).toBe(
      'too many local variables',
    );
  });
});
