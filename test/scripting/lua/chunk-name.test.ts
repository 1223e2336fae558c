import { describe, expect, test } from 'vitest';
import { shortChunkName } from '../../../src/scripting/lua/syntax/chunk-name.ts';
import { parse } from '../../../src/scripting/lua/syntax/parser.ts';
import { LuaError } from '../../../src/scripting/lua/values/lua-error.ts';

/** What lua5.1 makes of the name of a chunk: in errors while it runs, and in errors of syntax, which have more room. */
const CASES: readonly (readonly [chunkName: string, atRunTime: string, inSyntaxErrors: string])[] = [
  ['@user_script', 'user_script', 'user_script'],
  [`@${'a'.repeat(51)}`, 'a'.repeat(51), 'a'.repeat(51)],
  [`@${'a'.repeat(52)}`, 'a'.repeat(52), 'a'.repeat(52)],
  [`@${'a'.repeat(53)}b`, `...${'a'.repeat(51)}b`, `${'a'.repeat(53)}b`],
  [`@${'c'.repeat(90)}d`, `...${'c'.repeat(51)}d`, `...${'c'.repeat(71)}d`],
  ['=name', 'name', 'name'],
  [`=${'n'.repeat(59)}`, 'n'.repeat(59), 'n'.repeat(59)],
  [`=${'n'.repeat(60)}x`, 'n'.repeat(59), `${'n'.repeat(60)}x`],
  [`=${'n'.repeat(100)}`, 'n'.repeat(59), 'n'.repeat(79)],
  ['=', '', ''],
  ['@', '', ''],
  ['', '[string ""]', '[string ""]'],
  ['return 1', '[string "return 1"]', '[string "return 1"]'],
  ['return 1\nx', '[string "return 1..."]', '[string "return 1..."]'],
  ['return 1\r\nx', '[string "return 1..."]', '[string "return 1..."]'],
  ['\nreturn', '[string "..."]', '[string "..."]'],
  ['s'.repeat(43), `[string "${'s'.repeat(43)}"]`, `[string "${'s'.repeat(43)}"]`],
  ['s'.repeat(44), `[string "${'s'.repeat(43)}..."]`, `[string "${'s'.repeat(44)}"]`],
  ['s'.repeat(63), `[string "${'s'.repeat(43)}..."]`, `[string "${'s'.repeat(63)}"]`],
  ['s'.repeat(64), `[string "${'s'.repeat(43)}..."]`, `[string "${'s'.repeat(63)}..."]`],
  [`${'s'.repeat(43)}\n`, `[string "${'s'.repeat(43)}..."]`, `[string "${'s'.repeat(43)}..."]`],
  ['a\0b', '[string "a"]', '[string "a"]'],
  ['@a\0b', 'a', 'a'],
  ['=a\0b', 'a', 'a'],
];

describe('the name of a chunk', () => {
  test.each(CASES)('%j', (chunkName, atRunTime, inSyntaxErrors) => {
    expect(shortChunkName(chunkName)).toBe(atRunTime);
    const expected = new LuaError(`${inSyntaxErrors}:1: unexpected symbol near '='`);
    expect(() => parse('=', chunkName)).toThrow(expect.objectContaining({ value: expected.value }));
  });
});
