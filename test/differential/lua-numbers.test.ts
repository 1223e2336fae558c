import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mathLibrary } from '../../src/scripting/lua/library/math.ts';
import { RandomState } from '../../src/scripting/lua/library/random.ts';
import { formatDouble, formatInteger } from '../../src/scripting/lua/values/c-format.ts';
import { LuaError } from '../../src/scripting/lua/values/lua-error.ts';
import { numberOfText, textOfNumber } from '../../src/scripting/lua/values/number-text.ts';
import type { LuaValue } from '../../src/scripting/lua/values/value.ts';
import { StandInMachine } from '../scripting/lua/support/stand-in-machine.ts';
import type { RawClient } from '../support/raw-client.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { evalStrings } from './support/lua-server.ts';

/** Numbers of Lua, many at a time, beside those of the real server. */

const seed = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_260_101);
const total = Number(process.env['LODIS_FUZZ_COMMANDS'] ?? 20_000);
const BATCH = 500;

const double: fc.Arbitrary<number> = fc.oneof(
  { weight: 3, arbitrary: fc.double({ noNaN: true }) },
  { weight: 2, arbitrary: fc.integer() },
  { weight: 2, arbitrary: fc.maxSafeInteger() },
  // Few binary digits after the point: where exact halves are.
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 60 }))
      .map(([mantissa, shift]) => mantissa / 2 ** shift),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: -5000, max: 5000 }), fc.integer({ min: 0, max: 8 }))
      .map(([mantissa, shift]) => mantissa / 2 ** shift),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: -100_000, max: 100_000 }), fc.integer({ min: -30, max: 30 }))
      .map(([digits, power]) => digits * 10 ** power),
  },
  // A five after the digits that are written.
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.maxSafeNat(), fc.integer({ min: -4, max: 4 }))
      .map(([digits, power]) => (Math.floor(digits / 1000) * 10 + 5) * 10 ** power),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      0,
      -0,
      Infinity,
      -Infinity,
      2 ** 53,
      2 ** 63,
      -(2 ** 63),
      5e-324,
      1.7976931348623157e308,
      0.5,
      1.5,
      2.5,
      9.5,
      99.5,
      1e14,
      1e15,
      1e16,
      1e21,
      1e22,
      1e23,
    ),
  },
);

/** A double that the server reads exactly. */
function exact(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  return value < 0 ? '-inf' : 'inf';
}

describe('Lua: numbers, beside the real server', () => {
  let server: RedisServer | undefined;
  let client: RawClient;
  beforeAll(async () => {
    server = await startRedisServer();
    if (server !== undefined) client = await server.connect();
  });
  afterAll(async () => {
    await client?.close();
    await server?.stop();
  });

  /** Runs batches of samples through a script that answers a string for each argument. */
  async function compare<T>(
    samples: readonly T[],
    script: string,
    argumentsOf: (sample: T) => readonly string[],
    ours: (sample: T) => string,
  ): Promise<void> {
    for (let at = 0; at < samples.length; at += BATCH) {
      const batch = samples.slice(at, at + BATCH);
      const theirs = await evalStrings(client, script, batch.flatMap(argumentsOf));
      expect(theirs.length).toBe(batch.length);
      const differences = batch.flatMap((sample, index) => {
        const mine = ours(sample);
        return mine === theirs[index]
          ? []
          : [{ input: argumentsOf(sample), lodis: mine, server: theirs[index] }];
      });
      expect(differences).toEqual([]);
    }
  }

  test('numbers as text', async ({ skip }) => {
    if (server === undefined) return skip();
    await compare(
      fc.sample(double, { seed, numRuns: total }),
      'local o = {} for i, v in ipairs(ARGV) do o[i] = tostring(tonumber(v)) end return o',
      (value) => [exact(value)],
      textOfNumber,
    );
  });

  test('text as numbers', async ({ skip }) => {
    if (server === undefined) return skip();
    const piece = fc.constantFrom(
      ...[
        '0',
        '1',
        '9',
        '12',
        '007',
        '.',
        '.5',
        '5.',
        'e',
        'E',
        'e5',
        'e-3',
        'E+2',
        'e400',
        '+',
        '-',
        ' ',
        '\t',
        '\n',
        '\v',
        '\f',
        '\r',
      ],
      ...[
        '0x',
        '0X',
        '0xA',
        'f',
        '0x1p4',
        'p',
        'p-2',
        'P+1',
        '0x.8',
        'inf',
        'INF',
        'infinity',
        'nan',
        'NaN',
        'nan(1)',
        'nan()',
        '(',
        ')',
        '\0',
        '\xa0',
        '\x85',
        '_',
        'x',
        'g',
      ],
    );
    const text = fc.oneof(
      { weight: 4, arbitrary: fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join('')) },
      { weight: 2, arbitrary: double.map(String) },
      {
        weight: 1,
        arbitrary: fc.bigInt({ min: 0n, max: 2n ** 200n }).map((digits) => `0x${digits.toString(16)}`),
      },
      {
        weight: 3,
        arbitrary: fc
          .tuple(
            fc.bigInt({ min: 0n, max: 2n ** 70n }),
            fc.bigInt({ min: 0n, max: 2n ** 60n }),
            fc.integer({ min: -1150, max: 1100 }),
          )
          .map(([whole, fraction, power]) => `0x${whole.toString(16)}.${fraction.toString(16)}p${power}`),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.bigInt(), fc.integer({ min: -350, max: 320 }))
          .map(([digits, power]) => `${digits}e${power}`),
      },
    );
    await compare(
      fc.sample(text, { seed, numRuns: total }),
      // NaN has a sign there that nobody sees here.
      "local o = {} for i, v in ipairs(ARGV) do local n = tonumber(v) o[i] = n ~= n and n and 'nan' or n and string.format('%.17g', n) or 'nil' end return o",
      (value) => [value],
      (value) => {
        const number = numberOfText(value);
        if (number === undefined) return 'nil';
        return Number.isNaN(number)
          ? 'nan'
          : formatDouble(number, { flags: '', width: 0, precision: 17, conversion: 'g' });
      },
    );
  });

  const flags = fc.subarray(['-', '+', ' ', '#', '0']).map((chosen) => chosen.join(''));
  const width = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 99 }));
  const precision = fc.oneof(
    fc.constant(undefined),
    fc.integer({ min: 0, max: 20 }),
    fc.integer({ min: 0, max: 99 }),
  );
  const FORMAT =
    'local o = {} for i = 1, #ARGV, 2 do o[#o + 1] = string.format(ARGV[i], tonumber(ARGV[i + 1])) end return o';
  const written = (specification: {
    flags: string;
    width: number;
    precision: number | undefined;
    conversion: string;
  }) =>
    `%${specification.flags}${specification.width || ''}${specification.precision === undefined ? '' : `.${specification.precision}`}${specification.conversion}`;

  test('doubles by format', async ({ skip }) => {
    if (server === undefined) return skip();
    const sample = fc.record({
      value: double,
      flags,
      width,
      precision,
      conversion: fc.constantFrom('e', 'E', 'f', 'g', 'G', 'f', 'g'),
    });
    await compare(
      fc.sample(sample, { seed, numRuns: total }),
      FORMAT,
      (specification) => [written(specification), exact(specification.value)],
      (specification) => formatDouble(specification.value, specification),
    );
  });

  test('integers by format', async ({ skip }) => {
    if (server === undefined) return skip();
    const sample = fc.record({
      value: fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.integer({ min: -20, max: 20 })),
      flags,
      width,
      precision,
      conversion: fc.constantFrom('d', 'i', 'u', 'o', 'x', 'X'),
    });
    await compare(
      fc.sample(sample, { seed, numRuns: total }),
      FORMAT,
      (specification) => [written(specification), exact(specification.value)],
      (specification) => formatInteger(BigInt(specification.value), specification),
    );
  });

  const machine = new StandInMachine();
  const call = (name: string, args: readonly LuaValue[], random = new RandomState()): string => {
    try {
      return machine
        .call(mathLibrary(random).getString(name), args)
        .map((value) => precise(value as number))
        .join(' ');
    } catch (error) {
      if (error instanceof LuaError) return String(error.value);
      throw error;
    }
  };
  const precise = (value: number) =>
    Number.isNaN(value)
      ? 'nan'
      : formatDouble(value, { flags: '', width: 0, precision: 17, conversion: 'g' });

  test('random numbers', async ({ skip }) => {
    if (server === undefined) return skip();
    const script = `
      local o = {}
      local function draw(...)
        local ok, n = pcall(math.random, ...)
        o[#o + 1] = ok and string.format('%.17g', n) or 'error'
      end
      if ARGV[1] ~= '' then math.randomseed(ARGV[1]) end
      for i = 1, 100 do draw() draw(6) draw(i, 1000000) draw(-i, i) end
      draw(2^31 - 1) draw(-2^31, 2^31 - 1) draw(0) draw(2, 1) draw(1, 2, 3) draw(2^32 + 5) draw(-2^31, -2^31 + 2) draw(1.9) draw()
      return o`;
    const random = new RandomState();
    const library = mathLibrary(random);
    // One generator for all of them: it goes on from script to script, so that the first is that of a server just started.
    for (const seeding of [
      '',
      '',
      '0',
      '1',
      '42',
      '-1',
      '2147483647',
      '4294967301',
      '-2147483648',
      '1e300',
      '12.9',
    ]) {
      const theirs = await evalStrings(client, script, [seeding]);
      const ours: string[] = [];
      const draw = (...args: number[]) => {
        try {
          ours.push(precise(machine.call(library.getString('random'), args)[0] as number));
        } catch (error) {
          if (!(error instanceof LuaError)) throw error;
          ours.push('error');
        }
      };
      if (seeding !== '') machine.call(library.getString('randomseed'), [seeding]);
      for (let at = 1; at <= 100; at++) {
        draw();
        draw(6);
        draw(at, 1_000_000);
        draw(-at, at);
      }
      draw(2 ** 31 - 1);
      draw(-(2 ** 31), 2 ** 31 - 1);
      draw(0);
      draw(2, 1);
      draw(1, 2, 3);
      draw(2 ** 32 + 5);
      draw(-(2 ** 31), -(2 ** 31) + 2);
      draw(1.9);
      draw();
      expect({ seeding, ours }).toEqual({ seeding, ours: theirs });
    }
  });

  const script = (name: string) => `
    local o = {}
    for i = 1, #ARGV, 2 do
      local r = {math.${name}(tonumber(ARGV[i]), tonumber(ARGV[i + 1]))}
      for j, n in ipairs(r) do r[j] = n ~= n and 'nan' or string.format('%.17g', n) end
      o[#o + 1] = table.concat(r, ' ')
    end
    return o`;
  // Those that have one right answer, to the last bit.
  for (const name of [
    'abs',
    'ceil',
    'deg',
    'floor',
    'fmod',
    'frexp',
    'max',
    'min',
    'mod',
    'modf',
    'rad',
    'sqrt',
  ]) {
    test(`math.${name}`, async ({ skip }) => {
      if (server === undefined) return skip();
      await compare(
        fc.sample(fc.tuple(double, double), { seed, numRuns: total / 10 }),
        script(name),
        (args) => args.map(exact),
        (args) => call(name, args),
      );
    });
  }

  test('math.ldexp', async ({ skip }) => {
    if (server === undefined) return skip();
    const exponent = fc.oneof(
      fc.integer({ min: -1200, max: 1200 }),
      fc.integer({ min: -2200, max: 2200 }),
      fc.integer(),
    );
    await compare(
      fc.sample(fc.tuple(double, exponent), { seed, numRuns: total / 10 }),
      script('ldexp'),
      (args) => args.map(exact),
      (args) => call('ldexp', args),
    );
  });
});
