import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lua } from '../../src/scripting/index.ts';
import { type LibraryCall, outcomeOf, show, sourceOf } from '../scripting/libraries/support/calls.ts';
import {
  boolean,
  DUMP_SOURCE,
  list,
  NIL,
  NULL,
  number,
  record,
  type Sourced,
  table,
  text,
} from '../scripting/libraries/support/lua-values.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { LodisSide, ServerSide, type Side } from './support/sides.ts';

// cjson, cmsgpack, struct and bit beside those of the real server: random values, documents and bytes, damaged ones among
// them. Each call's results, or its error, must be the same, tables in the order of `pairs`: when it is made directly, and when
// a script of ours makes it.

const SEED = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_261_122);
const RUNS = Number(process.env['LODIS_FUZZ_RUNS'] ?? 2000);
/** So many calls go into one script. */
const BATCH = 250;
const SHOWN = 5;

let server: RedisServer | undefined;
let theirs: ServerSide;
const ours = new LodisSide({ scripting: lua() });

beforeAll(async () => {
  server = await startRedisServer();
  if (server !== undefined) theirs = await ServerSide.connect(server);
});
afterAll(async () => {
  await theirs?.close();
  await server?.stop();
});

/** What the calls give in a script. */
async function outcomesOn(side: Side, calls: readonly LibraryCall[]): Promise<string[]> {
  const script = `${DUMP_SOURCE} local r = {}\n${calls.map(sourceOf).join('\n')}\nreturn r`;
  const [reply] = await side.run([['EVAL', script, '0']], 2);
  if (reply?.type !== '*' || reply.items === null)
    throw new Error(`the script fails: ${JSON.stringify(reply)}`);
  return reply.items.map((item) => (item.type === '$' ? (item.value ?? '') : ''));
}

/**
 * What to compare of an outcome. Tables that are keys lie where their addresses say, which nobody can foresee: then only what is
 * there is compared, not its order.
 */
function comparable(outcome: string): string {
  return /[{,]\{/.test(outcome) ? outcome.split(/[{},]/).sort().join() : outcome;
}

async function compare(calls: readonly LibraryCall[]): Promise<void> {
  if (server === undefined) return;
  const differences: { readonly length: number; readonly message: string }[] = [];
  for (let from = 0; from < calls.length; from += BATCH) {
    const batch = calls.slice(from, from + BATCH);
    const outcomes = await outcomesOn(theirs, batch);
    expect(outcomes.length).toBe(batch.length);
    const inScripts = await outcomesOn(ours, batch);
    for (const [index, call] of batch.entries()) {
      const [expected, direct, inScript] = [outcomes[index]!, outcomeOf(call), inScripts[index]!];
      if (comparable(direct) === comparable(expected) && comparable(inScript) === comparable(expected))
        continue;
      const shown = show(call);
      differences.push({
        length: shown.length,
        message: `${shown}\n  lodis:  ${direct}\n  script: ${inScript}\n  server: ${expected}`,
      });
    }
  }
  differences.sort((one, other) => one.length - other.length);
  const shown = differences.slice(0, SHOWN).map(({ message }) => message);
  expect(shown.join('\n'), `${differences.length} of ${calls.length} differ`).toBe('');
}

/** As many samples as asked for, the same ones for the same seed. */
function sample<T>(arbitrary: fc.Arbitrary<T>, runs = RUNS): T[] {
  return fc.sample(arbitrary, { seed: SEED, numRuns: runs });
}

const anyByte = fc.integer({ min: 0, max: 255 });
const interestingBytes = fc.constantFrom(...'\0\b\t\n\f\r "/\\\x01\x1f\x7f\x80\xc3\xa9\xff0aZ_'.split(''));
const anyText = fc
  .array(
    fc.oneof(
      interestingBytes,
      anyByte.map((code) => String.fromCharCode(code)),
    ),
    { maxLength: 12 },
  )
  .map((chars) => chars.join(''));
const anyNumber = fc.oneof(
  fc.integer({ min: -300, max: 300 }),
  fc.constantFrom(0, -0, 0.5, -0.5, 1.5, 2.5, 0.1, 1 / 3, 1e14, 1e15, 123456789012345680, 1e21, 1e100, -1e-7),
  fc.constantFrom(2 ** 31, 2 ** 31 - 1, -(2 ** 31), 2 ** 32, 2 ** 53, 2 ** 63, -(2 ** 63), 2 ** 64, 2 ** 51),
  fc.constantFrom(Infinity, -Infinity, NaN, 5e-324, 1.7976931348623157e308, 16777217, 3.4028235677973366e38),
  fc.double({ noNaN: true }),
  fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
  fc.float({ noNaN: true }),
);
const anyScalar: fc.Arbitrary<Sourced> = fc.oneof(
  anyNumber.map(number),
  anyText.map(text),
  fc.boolean().map(boolean),
  fc.constantFrom(NIL, NULL),
);
const anyKey: fc.Arbitrary<Sourced> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 14 }).map(number) },
  {
    weight: 6,
    arbitrary: fc.string({ minLength: 1, maxLength: 6 }).map((name) => text(name.replace(/[^ -~]/g, '?'))),
  },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, 1.5, 100, 3e9, 2 ** 31, 2 ** 53).map(number) },
  { weight: 1, arbitrary: fc.boolean().map(boolean) },
);

const { value: anyValue } = fc.letrec<{ value: Sourced; table: Sourced }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, anyScalar, tie('table')),
  table: fc.oneof(
    fc.array(tie('value'), { maxLength: 6 }).map((values) => list(...values)),
    fc.array(fc.tuple(anyKey, tie('value')), { maxLength: 10 }).map(table),
    fc
      .dictionary(
        fc.string({ minLength: 1, maxLength: 8 }).map((name) => name.replace(/[^ -~]/g, '?')),
        tie('value'),
        { maxKeys: 8 },
      )
      .map(record),
  ),
}));

const someSettings: fc.Arbitrary<LibraryCall['settings']> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(undefined) },
  fc.constantFrom<LibraryCall['settings']>(
    [['encode_sparse_array', boolean(true)]],
    [['encode_sparse_array', boolean(true), number(1), number(2)]],
    [['encode_sparse_array', boolean(false), number(0)]],
    [['encode_sparse_array', boolean(true), number(3), number(0)]],
    [['encode_invalid_numbers', boolean(true)]],
    [['encode_invalid_numbers', text('null')]],
    [['encode_number_precision', number(3)]],
    [['encode_number_precision', number(10)]],
    [['encode_number_precision', number(1)]],
    [['encode_max_depth', number(2)]],
    [['encode_keep_buffer', boolean(false)]],
  ),
);

function encoding(args: readonly Sourced[], settings: LibraryCall['settings']): LibraryCall {
  const call = { library: 'cjson', name: 'encode', args } as const;
  return settings === undefined ? call : { ...call, settings };
}

describe('cjson', () => {
  test('encodes random values as the server does', async () => {
    await compare(
      sample(fc.tuple(anyValue, someSettings)).map(([value, settings]) => encoding([value], settings)),
    );
  });

  const space = fc.constantFrom('', '', '', ' ', '\n', '\t\r ');
  const jsonString = fc
    .array(
      fc.oneof(
        anyText.map((chars) => chars.replace(/["\\\0]/g, '')),
        fc.constantFrom(
          '\\n',
          '\\/',
          '\\u0041',
          '\\u00e9',
          '\\u20AC',
          '\\ud83d\\ude00',
          '\\"',
          '\\\\',
          '\\b\\f\\r\\t',
        ),
        fc.constantFrom(
          '\\u0000',
          '\\uD800',
          '\\udc00',
          '\\ud800\\u0041',
          '\\x',
          '\\u12',
          '\\uZZZZ',
          '\0',
          '\\',
        ),
      ),
      { maxLength: 4 },
    )
    .map((pieces) => `"${pieces.join('')}"`);
  const jsonNumber = fc.oneof(
    fc.integer().map(String),
    fc.double({ noNaN: true }).map(String),
    fc.constantFrom(
      '0',
      '-0',
      '1.',
      '.5',
      '-.5',
      '+5',
      '01',
      '0x10',
      '-0x1F',
      '0x1.8p3',
      '0x',
      '0xg',
      '0x.8',
      '0x1p',
      '1e5',
    ),
    fc.constantFrom(
      '1E+2',
      '1e',
      '1e+',
      '1.5e-3',
      '1e400',
      '-1e400',
      '1e-400',
      'inf',
      '-inf',
      '+inf',
      'Infinity',
      'infin',
    ),
    fc.constantFrom(
      'nan',
      'NaN',
      'nan(x_1)',
      'nan(',
      '-',
      '--1',
      '- 1',
      '12345678901234567890',
      '0.1234567890123456789',
    ),
    fc.constantFrom(
      '123456789012345',
      '1234567890123456',
      '9007199254740993',
      '0000000000000000000001',
      '1.0x',
      '0x10000000000000081',
    ),
  );
  const word = fc.constantFrom(
    'true',
    'false',
    'null',
    'tru',
    'nul',
    'True',
    'f',
    'i',
    'n',
    'N',
    'I',
    '+',
    'undefined',
  );
  const { document } = fc.letrec<{ document: string; inner: string }>((tie) => ({
    inner: tie('document'),
    document: fc
      .tuple(
        space,
        fc.oneof(
          { depthSize: 'medium' },
          fc.oneof(jsonString, jsonNumber, word),
          fc.array(tie('document'), { maxLength: 5 }).map((items) => `[${items.join(',')}]`),
          fc
            .array(fc.tuple(space, jsonString, space, tie('document')), { maxLength: 6 })
            .map(
              (fields) =>
                `{${fields.map(([before, name, after, item]) => `${before}${name}${after}:${item}`).join(',')}}`,
            ),
        ),
        space,
      )
      .map((pieces) => pieces.join('')),
  }));
  const sound = fc.json().map((json) => String.fromCharCode(...new TextEncoder().encode(json)));
  const damage = fc.record({
    at: fc.nat(),
    remove: fc.integer({ min: 0, max: 3 }),
    add: fc.constantFrom(
      '',
      '',
      ',',
      ':',
      '}',
      ']',
      '{',
      '[',
      '"',
      '\\',
      '\0',
      ' ',
      '0',
      '-',
      'x',
      '\xff',
      ',,',
    ),
  });
  const decoderSettings: fc.Arbitrary<LibraryCall['settings']> = fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    fc.constantFrom<LibraryCall['settings']>(
      [['decode_invalid_numbers', boolean(false)]],
      [['decode_max_depth', number(1)]],
      [['decode_max_depth', number(2)]],
    ),
  );
  function decoding(json: string, settings: LibraryCall['settings']): LibraryCall {
    const call = { library: 'cjson', name: 'decode', args: [text(json)] } as const;
    return settings === undefined ? call : { ...call, settings };
  }

  test('decodes random documents as the server does', async () => {
    const documents = fc.oneof(document, sound);
    await compare(
      sample(fc.tuple(documents, decoderSettings)).map(([json, settings]) => decoding(json, settings)),
    );
  });

  test('decodes damaged documents as the server does', async () => {
    const damaged = fc.tuple(fc.oneof(document, sound), damage).map(([json, { at, remove, add }]) => {
      const from = at % (json.length + 1);
      return json.slice(0, from) + add + json.slice(from + remove);
    });
    await compare(
      sample(fc.tuple(damaged, decoderSettings)).map(([json, settings]) => decoding(json, settings)),
    );
  });

  test('its settings take and refuse what the server does', async () => {
    const names = [
      ...['encode_sparse_array', 'encode_max_depth', 'decode_max_depth', 'encode_number_precision'],
      ...['encode_keep_buffer', 'encode_invalid_numbers', 'decode_invalid_numbers', 'encode', 'decode'],
    ];
    const argument = fc.oneof(
      fc.constantFrom(
        NIL,
        boolean(true),
        boolean(false),
        list(),
        text('on'),
        text('off'),
        text('null'),
        text('x\0y'),
      ),
      fc.constantFrom(0, 1, 2, 14, 15, -1, 2 ** 31, 2 ** 32 + 1, 3.7, NaN).map(number),
      fc.constantFrom('5', '1e1', '', ' 7 ', 'On').map(text),
    );
    const calls = fc.tuple(fc.constantFrom(...names), fc.array(argument, { maxLength: 4 }));
    await compare(sample(calls).map(([name, args]) => ({ library: 'cjson', name, args })));
  });
});

describe('cmsgpack', () => {
  test('packs random values as the server does', async () => {
    const calls = fc.array(anyValue, { maxLength: 3 });
    await compare(sample(calls).map((args) => ({ library: 'cmsgpack', name: 'pack', args })));
  });

  // Codes with what they need, so that most of it is read; and bytes at random.
  const { packed } = fc.letrec<{ packed: string }>((tie) => ({
    packed: fc.oneof(
      { depthSize: 'small' },
      fc.array(anyByte, { minLength: 1, maxLength: 4 }).map((codes) => String.fromCharCode(...codes)),
      fc
        .tuple(fc.integer({ min: 0xc0, max: 0xdf }), fc.array(anyByte, { minLength: 8, maxLength: 8 }))
        .map(([code, codes]) => String.fromCharCode(code, ...codes)),
      fc
        .tuple(
          fc.constantFrom(0xca, 0xcb, 0xcd, 0xce, 0xcf, 0xd0, 0xd1, 0xd2, 0xd3),
          fc.constantFrom(0, 0x7f, 0x80, 0xff),
          anyByte,
        )
        .map(([code, first, other]) => {
          const size = [4, 8, 1, 2, 4, 8, 1, 2, 4, 8][code - 0xca]!;
          return String.fromCharCode(code, first, ...Array.from({ length: size - 1 }, () => other));
        }),
      fc
        .tuple(fc.constantFrom('\x92', '\xdc\0\x02', '\xdd\0\0\0\x02'), tie('packed'), tie('packed'))
        .map((pieces) => pieces.join('')),
      fc
        .tuple(
          fc.constantFrom('\x82', '\xde\0\x02', '\xdf\0\0\0\x02'),
          tie('packed'),
          tie('packed'),
          tie('packed'),
          tie('packed'),
        )
        .map((pieces) => pieces.join('')),
      fc
        .tuple(fc.constantFrom('\xa3', '\xd9\x03', '\xda\0\x03', '\xdb\0\0\0\x03'), anyText)
        .map((pieces) => pieces.join('')),
    ),
  }));
  const stream = fc.array(packed, { maxLength: 3 }).map((pieces) => pieces.join(''));

  test('unpacks random bytes as the server does', async () => {
    await compare(
      sample(stream).map((bytes) => ({ library: 'cmsgpack', name: 'unpack', args: [text(bytes)] })),
    );
  });

  test('unpacks parts as the server does', async () => {
    const count = fc.constantFrom(
      NIL,
      ...[0, 1, 2, 3, 5, -1, 100, 2 ** 40].map(number),
      text('2'),
      text('x'),
    );
    const calls = fc.oneof(
      fc.tuple(fc.constant('unpack_one'), stream, fc.array(count, { maxLength: 2 })),
      fc.tuple(fc.constant('unpack_limit'), stream, fc.array(count, { maxLength: 3 })),
    );
    await compare(
      sample(calls).map(([name, bytes, args]) => ({
        library: 'cmsgpack',
        name,
        args: [text(bytes), ...args],
      })),
    );
  });
});

describe('struct', () => {
  const option = fc.oneof(
    fc.constantFrom(...'bBhHlLTiIfdsxc><! '.split('')),
    fc.constantFrom(
      'i1',
      'I2',
      'i3',
      'I3',
      'i5',
      'I8',
      'i9',
      'I16',
      'i32',
      'i33',
      'i0',
      'c0',
      'c2',
      'c3',
      '!1',
      '!2',
      '!4',
      '!8',
    ),
    fc.constantFrom('!3', '!16', 'c99999999999', 'X', 'z', '5', '\0', '\xe9', 'i7', 'I7', 'Bc0', 'bx'),
  );
  const format = fc.array(option, { maxLength: 6 }).map((options) => options.join(''));
  const argument = fc.oneof(
    anyNumber.map(number),
    anyText.map(text),
    fc.constantFrom(NIL, boolean(true), text('12')),
  );

  test('packs random values as the server does', async () => {
    const calls = fc.tuple(
      format,
      fc.oneof(fc.array(anyNumber.map(number), { maxLength: 7 }), fc.array(argument, { maxLength: 7 })),
    );
    await compare(
      sample(calls).map(([by, args]) => ({ library: 'struct', name: 'pack', args: [text(by), ...args] })),
    );
  });

  test('unpacks random bytes as the server does', async () => {
    const bytes = fc.array(fc.oneof(anyByte, fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xff)), { maxLength: 40 });
    const position = fc.constantFrom<Sourced[]>(
      [],
      [],
      [],
      ...[0, 1, 2, 5, 41, -1, 1.9].map((at) => [number(at)]),
      [NIL],
    );
    await compare(
      sample(fc.tuple(format, bytes, position)).map(([by, codes, at]) => ({
        library: 'struct',
        name: 'unpack',
        args: [text(by), text(String.fromCharCode(...codes)), ...at],
      })),
    );
  });

  test('counts sizes as the server does', async () => {
    await compare(sample(format).map((by) => ({ library: 'struct', name: 'size', args: [text(by)] })));
  });
});

describe('bit', () => {
  const names = [
    'tobit',
    'bnot',
    'band',
    'bor',
    'bxor',
    'lshift',
    'rshift',
    'arshift',
    'rol',
    'ror',
    'bswap',
    'tohex',
  ];
  const fractions = fc
    .tuple(fc.integer({ min: -(2 ** 34), max: 2 ** 34 }), fc.constantFrom(0.25, 0.5, 0.75))
    .map(([n, f]) => n + f);
  const large = fc
    .tuple(fc.integer({ min: 45, max: 70 }), fc.nat({ max: 2 ** 31 - 1 }))
    .map(([power, low]) => 2 ** power + low);
  const argument = fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .oneof(
          anyNumber,
          fractions,
          large,
          large.map((n) => -n),
        )
        .map(number),
    },
    { weight: 4, arbitrary: fc.integer().map(number) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(NIL, boolean(true), list(), text('12'), text('0x10'), text(''), text('x')),
    },
  );

  test('operates as the server does', async () => {
    const calls = fc.tuple(fc.constantFrom(...names), fc.array(argument, { minLength: 0, maxLength: 4 }));
    await compare(sample(calls, RUNS * 2).map(([name, args]) => ({ library: 'bit', name, args })));
  });
});
