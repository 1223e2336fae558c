import { describe, expect, it } from 'vitest';
import { registry } from '../../../src/session/registry.ts';
import { tokensOf } from '../../differential/support/behaviours.ts';
import { print } from '../../differential/support/comparison.ts';
import { LodisSide } from '../../differential/support/sides.ts';
import { START_MS, TestClock } from './support.ts';

/** Answers one line as redis-cli would have it, from a store with a hash `h` of a and b, and a string `s`. */
function answer(line: string, protocol: 2 | 3 = 2): string {
  const side = new LodisSide({ clock: new TestClock() });
  const setup = ['HSET h a 1 b 2', 'SET s string', line].map(tokensOf);
  return print(side.runNow(setup, protocol).at(-1)!).replace(/^-"ERR (.*)"$/, '$1');
}

const WRONGTYPE = '-"WRONGTYPE Operation against a key holding the wrong kind of value"';
const NOT_AN_INTEGER = 'value is not an integer or out of range';
const NEGATIVE = 'invalid expire time, must be >= 0';

describe('HEXPIRE and its kin on the wire', () => {
  it.each([
    ['HEXPIRE h 10 FIELDS 1 a', '*[:1]'],
    ['HEXPIRE h 10 NX FIELDS 2 a x', '*[:1, :-2]'],
    ['HEXPIRE h 10 FIELDS 2 a x NX', '*[:1, :-2]'],
    ['hexpire h 10 fields 1 a nx', '*[:1]'],
    ['HEXPIRE h 10 NX NX FIELDS 1 a', '*[:1]'],
    ['HEXPIRE h 10 FIELDS 3 NX FIELDS a', '*[:-2, :-2, :1]'],
    ['HEXPIRE nothing 10 FIELDS 2 a b', '*[:-2, :-2]'],
    ['HPEXPIRE h 0 FIELDS 1 a', '*[:2]'],
    [`HEXPIREAT h ${START_MS / 1000 + 1} FIELDS 1 a`, '*[:1]'],
    [`HPEXPIREAT h ${START_MS} FIELDS 1 a`, '*[:2]'],
  ])('%s', (line, expected) => {
    expect(answer(line, 2)).toBe(expected);
    expect(answer(line, 3)).toBe(expected);
  });

  it.each([
    // In order: arity, type, time, then what is met first from left to right, then what is missing, then conditions.
    ['HEXPIRE', "wrong number of arguments for 'hexpire' command"],
    ['HEXPIRE s x FIELDS 0', "wrong number of arguments for 'hexpire' command"],
    ['HPEXPIREAT h 10 FIELDS 1', "wrong number of arguments for 'hpexpireat' command"],
    ['HEXPIRE s x FIELDS 0 a', WRONGTYPE],
    ['HEXPIRE h x FIELDS 0 a', NOT_AN_INTEGER],
    ['HEXPIRE h NX FIELDS 1 a', NOT_AN_INTEGER],
    ['HEXPIRE h 9223372036854775808 FIELDS 1 a', NOT_AN_INTEGER],
    ['HEXPIRE h -1 FIELDS 0 a', NEGATIVE],
    ['HEXPIRE h 9223372036854775807 FIELDS 0 a', "invalid expire time in 'hexpire' command"],
    ['HPEXPIRE h 70368744177664 FIELDS 0 a', "invalid expire time in 'hpexpire' command"],
    ['HPEXPIRE h 70368744177663 FIELDS 1 a', "invalid expire time in 'hpexpire' command"],
    ['HEXPIREAT h 70368744178 FIELDS 0 a', "invalid expire time in 'hexpireat' command"],
    ['HPEXPIREAT h 70368744177664 FIELDS 0 a', "invalid expire time in 'hpexpireat' command"],
    ['HPEXPIREAT h 70368744177663 FIELDS 1 a', '*[:1]'],
    ['HEXPIRE nothing 10 FIELDS 0 a', 'Parameter `numFields` should be greater than 0'],
    ['HEXPIRE h 10 FIELDS 0 a', 'Parameter `numFields` should be greater than 0'],
    ['HEXPIRE h 10 FIELDS -1 a', 'Parameter `numFields` should be greater than 0'],
    ['HEXPIRE h 10 FIELDS x a', 'Parameter `numFields` should be greater than 0'],
    ['HEXPIRE h 10 FIELDS 2147483648 a', 'Parameter `numFields` should be greater than 0'],
    ['HEXPIRE h 10 FIELDS 2147483647 a', 'wrong number of arguments'],
    ['HEXPIRE h 10 FIELDS 3 a b', 'wrong number of arguments'],
    ['HEXPIRE h 10 FIELDS 1 a b', 'unknown argument: b'],
    ['HEXPIRE h 10 bAd FIELDS 0 a', 'unknown argument: bAd'],
    ['HEXPIRE h 10 NX XX FIELDS', 'FIELDS requires at least numfields and one field argument'],
    ['HEXPIRE h 10 NX FIELDS 1', 'FIELDS requires at least numfields and one field argument'],
    ['HEXPIRE h 10 FIELDS 1 a FIELDS 1 b', 'FIELDS keyword specified multiple times'],
    ['HEXPIRE h 10 FIELDS 1 a FIELDS', 'FIELDS keyword specified multiple times'],
    ['HEXPIRE h 10 NX XX GT', 'missing FIELDS argument'],
    ['HEXPIRE h 10 NX XX FIELDS 1 a', 'Multiple condition flags specified'],
    ['HEXPIRE h 10 GT FIELDS 1 a LT', 'Multiple condition flags specified'],
    ['HEXPIRE nothing 10 NX GT FIELDS 1 a', 'Multiple condition flags specified'],
  ])('%s: %s', (line, expected) => {
    expect(answer(line)).toBe(expected);
  });
});

describe.each(['HTTL', 'HPTTL', 'HEXPIRETIME', 'HPEXPIRETIME', 'HPERSIST', 'HGETDEL'])(
  '%s on the wire',
  (command) => {
    it.each([
      ['h FIELDS 1', `wrong number of arguments for '${command.toLowerCase()}' command`],
      ['s FIELD 0 a', WRONGTYPE],
      ['h FIELD 0 a', 'Mandatory argument FIELDS is missing or not at the right position'],
      ['h 1 FIELDS a', 'Mandatory argument FIELDS is missing or not at the right position'],
      ['nothing a FIELDS 1', 'Mandatory argument FIELDS is missing or not at the right position'],
      ['h FIELDS 0 a', 'Number of fields must be a positive integer'],
      ['h FIELDS -1 a', 'Number of fields must be a positive integer'],
      ['h FIELDS x a', 'Number of fields must be a positive integer'],
      ['nothing FIELDS 2 a', 'The `numfields` parameter must match the number of arguments'],
      ['h FIELDS 1 a b', 'The `numfields` parameter must match the number of arguments'],
      ['h FIELDS 9223372036854775807 a', 'The `numfields` parameter must match the number of arguments'],
    ])(`${command} %s: %s`, (rest, expected) => {
      expect(answer(`${command} ${rest}`)).toBe(expected);
    });

    it('answers an array in both protocols', () => {
      const expected = command === 'HGETDEL' ? ['$"1"', '$null', '_'] : [':-1', ':-2', ':-2'];
      expect(answer(`${command} h fields 2 a x`, 2)).toBe(`*[${expected[0]}, ${expected[1]}]`);
      expect(answer(`${command} h FIELDS 2 a x`, 3)).toBe(`*[${expected[0]}, ${expected[2]}]`);
    });
  },
);

describe('HGETEX on the wire', () => {
  const ONE = 'Only one of EX, PX, EXAT, PXAT or PERSIST arguments can be specified';
  it.each([
    ['HGETEX h FIELDS 2 a x', '*[$"1", $null]'],
    ['HGETEX h EX 10 FIELDS 1 a', '*[$"1"]'],
    ['HGETEX h FIELDS 1 a px 10', '*[$"1"]'],
    ['HGETEX h PERSIST FIELDS 2 EX a', '*[$null, $"1"]'],
    ['HGETEX h PX 0 FIELDS 1 a', '*[$"1"]'],
    ['HGETEX nothing FIELDS 2 a b', '*[$null, $null]'],
    ['HGETEX h FIELDS 1', "wrong number of arguments for 'hgetex' command"],
    ['HGETEX s FIELDS 0 a', WRONGTYPE],
    ['HGETEX h EX 10 FIELDS', "wrong number of arguments for 'hgetex' command"],
    ['HGETEX h EX 10 FIELDS 1', 'wrong number of arguments'],
    ['HGETEX h FIELDS 3 a b', 'wrong number of arguments'],
    ['HGETEX nothing FIELDS 0 a', 'invalid number of fields'],
    ['HGETEX h FIELDS -1 a', 'invalid number of fields'],
    ['HGETEX h FIELDS x a', 'invalid number of fields'],
    ['HGETEX h FIELDS 2147483648 a', 'invalid number of fields'],
    ['HGETEX h FIELDS 1 a FIELDS 1 b', 'FIELDS keyword specified multiple times'],
    ['HGETEX h FIELDS 1 a b', 'unknown argument: b'],
    ['HGETEX h KEEPTTL FIELDS 1 a', 'unknown argument: KEEPTTL'],
    ['HGETEX h FNX FIELDS 1 a', 'unknown argument: FNX'],
    ['HGETEX h EX 10 PX 10 FIELDS 1 a', ONE],
    ['HGETEX h EX 10 EX 10 FIELDS 1 a', ONE],
    ['HGETEX h PERSIST PERSIST FIELDS 1 a', ONE],
    ['HGETEX h PERSIST FIELDS 1 a EXAT', ONE],
    ['HGETEX h FIELDS 1 a PXAT', 'missing expire time'],
    ['HGETEX h EX FIELDS 1 a', NOT_AN_INTEGER],
    ['HGETEX h EX x PX y FIELDS 0 a', NOT_AN_INTEGER],
    ['HGETEX h PX -1 FIELDS 0 a', NEGATIVE],
    ['HGETEX h PXAT 70368744177664 FIELDS 0 a', "invalid expire time in 'hgetex' command"],
    ['HGETEX h EX 10 PERSISTING x', 'unknown argument: PERSISTING'],
    ['HGETEX h PERSIST', "wrong number of arguments for 'hgetex' command"],
    ['HGETEX nothing EX 10 PERSIST', ONE],
    ['HGETEX h EX 100 ex', ONE],
  ])('%s: %s', (line, expected) => {
    expect(answer(line)).toBe(expected);
  });
});

describe('HSETEX on the wire', () => {
  const ONE = 'Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified';
  const ONE_CONDITION = 'Only one of FXX or FNX arguments can be specified';
  it.each([
    ['HSETEX h FIELDS 1 a x', ':1'],
    ['HSETEX h FNX FIELDS 1 a x', ':0'],
    ['HSETEX h FIELDS 1 c x FNX EX 10', ':1'],
    ['hsetex h fxx keepttl fields 2 a x b y', ':1'],
    ['HSETEX nothing FXX FIELDS 1 a x', ':0'],
    ['HSETEX h FIELDS 1 FNX FXX', ':1'],
    ['HSETEX h FIELDS 1 a', "wrong number of arguments for 'hsetex' command"],
    ['HSETEX s FIELDS 0 a x', 'invalid number of fields'],
    ['HSETEX s FIELDS 1 a x', WRONGTYPE],
    ['HSETEX h EX 10 FNX FIELDS', "wrong number of arguments for 'hsetex' command"],
    ['HSETEX h EX 10 FIELDS 1', 'wrong number of arguments'],
    ['HSETEX h FIELDS 2 a x b', 'wrong number of arguments'],
    ['HSETEX h FIELDS 1 a x b', 'unknown argument: b'],
    ['HSETEX h nx FIELDS 1 a x', 'unknown argument: nx'],
    ['HSETEX h PERSIST FIELDS 1 a x', 'unknown argument: PERSIST'],
    ['HSETEX h FNX FXX FIELDS 1 a x', ONE_CONDITION],
    ['HSETEX h FXX FXX FIELDS 1 a x', ONE_CONDITION],
    ['HSETEX h EX 10 KEEPTTL FIELDS 1 a x', ONE],
    ['HSETEX h KEEPTTL KEEPTTL FIELDS 1 a x', ONE],
    ['HSETEX h FIELDS 1 a x EX', 'missing expire time'],
    ['HSETEX h EXAT -1 1 a b', NEGATIVE],
    ['HSETEX h EXAT 1 1 a b', 'unknown argument: 1'],
    ['HSETEX h EX 10 FNX KEEPTTL', ONE],
    ['HSETEX h EX 10 FNX', "wrong number of arguments for 'hsetex' command"],
    ['HSETEX h EX 9223372036854775807 FIELDS 1 a x', "invalid expire time in 'hsetex' command"],
    ['HSETEX h FIELDS 1 a x FIELDS 1 b y', 'FIELDS keyword specified multiple times'],
  ])('%s: %s', (line, expected) => {
    expect(answer(line)).toBe(expected);
  });

  it('says what is missing once all is read', () => {
    expect(answer('HSETEX h EX 10 FNX fnx')).toBe(ONE_CONDITION);
    expect(answer('HGETEX h EX 10 FIELD 1')).toBe('unknown argument: FIELD');
    expect(answer('HEXPIRE h 10 NX NX NX')).toBe('missing FIELDS argument');
  });
});

describe('as tokens for a real server', () => {
  it.each([
    ['HEXPIRE', 'hexpire', ['h', 10, ['a', 'b'], { gt: true }], 'HEXPIRE h 10 GT FIELDS 2 a b'],
    ['HEXPIRE', 'hexpire', ['h', 10, 'a'], 'HEXPIRE h 10 FIELDS 1 a'],
    ['HTTL', 'httl', ['h', ['a']], 'HTTL h FIELDS 1 a'],
    ['HGETEX', 'hgetex', ['h', 'a', { px: 5 }], 'HGETEX h PX 5 FIELDS 1 a'],
    ['HGETEX', 'hgetex', ['h', 'a', { persist: true }], 'HGETEX h PERSIST FIELDS 1 a'],
    ['HSETEX', 'hsetex', ['h', { a: '1' }, { fnx: true, ex: 5 }], 'HSETEX h FNX EX 5 FIELDS 1 a 1'],
    ['HSETEX', 'hsetex', ['h', [['a', '1']]], 'HSETEX h FIELDS 1 a 1'],
    ['HGETDEL', 'hgetdel', ['h', 'a'], 'HGETDEL h FIELDS 1 a'],
    ['HSCAN', 'hscanNoValues', ['h', 0, { match: 'a*' }], 'HSCAN h 0 MATCH a* NOVALUES'],
    ['HRANDFIELD', 'hrandfieldWithValues', ['h', 3], 'HRANDFIELD h 3 WITHVALUES'],
    ['HRANDFIELD', 'hrandfieldCount', ['h', -3], 'HRANDFIELD h -3'],
    ['HRANDFIELD', 'hrandfield', ['h'], 'HRANDFIELD h'],
  ] as const)('%s by %s(%j): %s', (name, method, args, tokens) => {
    const command = registry.get(name)!;
    expect(command.encode(method, args).join(' ')).toBe(tokens);
  });

  it.each([
    ['HEXPIRE', -6],
    ['HPEXPIREAT', -6],
    ['HTTL', -5],
    ['HPERSIST', -5],
    ['HGETDEL', -5],
    ['HGETEX', -5],
    ['HSETEX', -6],
  ])('the arity of %s is %i', (name, arity) => {
    expect(registry.get(name)!.arity).toBe(arity);
  });
});
