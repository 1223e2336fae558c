import { describe, expect, test } from 'vitest';
import { plain } from './support/calls.ts';
import { boolean, list, NIL, NULL, number, record, type Sourced, table, text } from './support/lua-values.ts';

// What a real server (7.0.15) gives: the text, or the error after a `!`.

const VALUES: readonly (readonly [value: Sourced, expected: string])[] = [
  [number(1), '1'],
  [number(-1), '-1'],
  [number(0), '0'],
  [number(-0), '-0'],
  [number(0.5), '0.5'],
  [number(1 / 3), '0.33333333333333'],
  [number(0.1), '0.1'],
  [number(1e13), '10000000000000'],
  [number(1e14), '1e+14'],
  [number(123456789012345), '1.2345678901234e+14'],
  [number(1e15), '1e+15'],
  [number(2 ** 31), '2147483648'],
  [number(2 ** 53), '9.007199254741e+15'],
  [number(2 ** 63), '9.2233720368548e+18'],
  [number(1e100), '1e+100'],
  [number(1e-5), '1e-05'],
  [number(0.0001), '0.0001'],
  [number(1.5e-7), '1.5e-07'],
  [number(99999999999999.5), '1e+14'],
  [number(Math.PI), '3.1415926535898'],
  [number(Infinity), '! Cannot serialise number: must not be NaN or Inf'],
  [number(-Infinity), '! Cannot serialise number: must not be NaN or Inf'],
  [number(NaN), '! Cannot serialise number: must not be NaN or Inf'],
  [boolean(true), 'true'],
  [boolean(false), 'false'],
  [NIL, 'null'],
  [NULL, 'null'],
  [text(''), '""'],
  [text('abc'), '"abc"'],
  [text('"'), '"\\""'],
  [text('a/b'), '"a\\/b"'],
  [text('\\'), '"\\\\"'],
  [text('\b\t\n\f\r'), '"\\b\\t\\n\\f\\r"'],
  [text('\0\x01\x1f\x7f'), '"\\u0000\\u0001\\u001f\\u007f"'],
  [text('\x80\xc3\xa9\xff'), '"\x80\xc3\xa9\xff"'],
  [text('</script>'), '"<\\/script>"'],
  [text('a"b"c'), '"a\\"b\\"c"'],
  [text(' !#$%&()*+,-.:;<=>?@[]^_`{|}~'), '" !#$%&()*+,-.:;<=>?@[]^_`{|}~"'],
  [list(), '{}'],
  [list(number(1)), '[1]'],
  [list(number(1), number(2), number(3)), '[1,2,3]'],
  [list(text('a'), boolean(true), NULL), '["a",true,null]'],
  [list(list()), '[{}]'],
  [list(list(list(number(1)))), '[[[1]]]'],
  [record({ a: number(1) }), '{"a":1}'],
  [record({ a: number(1), b: number(2), c: number(3) }), '{"a":1,"c":3,"b":2}'],
  [
    record({ z: number(1), y: number(2), x: number(3), w: number(4), v: number(5) }),
    '{"y":2,"x":3,"z":1,"w":4,"v":5}',
  ],
  [
    record({
      name: text('job'),
      opts: record({ delay: number(0), attempts: number(3) }),
      data: record({ x: list(number(1)) }),
      timestamp: number(1700000000000),
    }),
    '{"data":{"x":[1]},"timestamp":1700000000000,"name":"job","opts":{"delay":0,"attempts":3}}',
  ],
  [record({ '': number(1) }), '{"":1}'],
  [record({ 'a"b': number(1) }), '{"a\\"b":1}'],
  [table([[number(2), number(1)]]), '[null,1]'],
  [
    table([
      [number(3), text('c')],
      [number(1), text('a')],
    ]),
    '["a",null,"c"]',
  ],
  [table([[number(10), number(1)]]), '[null,null,null,null,null,null,null,null,null,1]'],
  [table([[number(11), number(1)]]), '! Cannot serialise table: excessively sparse array'],
  [
    table([
      [number(11), number(1)],
      [number(1), number(1)],
      [number(2), number(1)],
      [number(3), number(1)],
      [number(4), number(1)],
      [number(5), number(1)],
    ]),
    '[1,1,1,1,1,null,null,null,null,null,1]',
  ],
  [table([[number(100), number(1)]]), '! Cannot serialise table: excessively sparse array'],
  [table([[number(0), number(1)]]), '{"0":1}'],
  [table([[number(-1), number(1)]]), '{"-1":1}'],
  [table([[number(1.5), number(1)]]), '{"1.5":1}'],
  [
    table([
      [number(1), number(1)],
      [text('a'), number(2)],
    ]),
    '{"1":1,"a":2}',
  ],
  [table([[number(3e9), number(1)]]), '{"3000000000":1}'],
  [table([[number(2 ** 31), number(1)]]), '{"2147483648":1}'],
  [table([[number(2 ** 31 - 1), number(1)]]), '! Cannot serialise table: excessively sparse array'],
  [table([[number(Infinity), number(1)]]), '! Cannot serialise number: must not be NaN or Inf'],
  [table([[number(1 / 3), number(1)]]), '{"0.33333333333333":1}'],
  [table([[boolean(true), number(1)]]), '! Cannot serialise boolean: table key must be a number or string'],
  [
    table([
      [number(1e15), text('x')],
      [text('k'), text('v')],
    ]),
    '{"1e+15":"x","k":"v"}',
  ],
  [list(number(NaN)), '! Cannot serialise number: must not be NaN or Inf'],
  [record({ a: number(Infinity) }), '! Cannot serialise number: must not be NaN or Inf'],
];

const WITH_SETTINGS: readonly (readonly [[string, ...Sourced[]], Sourced, expected: string])[] = [
  [['encode_sparse_array', boolean(true)], table([[number(100), number(1)]]), '{"100":1}'],
  [
    ['encode_sparse_array', boolean(false), number(0)],
    table([[number(15), number(1)]]),
    '[null,null,null,null,null,null,null,null,null,null,null,null,null,null,1]',
  ],
  [
    ['encode_sparse_array', boolean(false), number(1), number(0)],
    table([[number(2), number(1)]]),
    '! Cannot serialise table: excessively sparse array',
  ],
  [['encode_sparse_array', boolean(true), number(1), number(0)], table([[number(2), number(1)]]), '{"2":1}'],
  [
    ['encode_sparse_array', text('on'), number(3), number(5)],
    table([
      [number(3), number(1)],
      [number(6), number(1)],
    ]),
    '[null,null,1,null,null,1]',
  ],
  [
    ['encode_sparse_array', boolean(false), number(2), number(100)],
    table([[number(20), number(1)]]),
    '[null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,1]',
  ],
  [
    ['encode_invalid_numbers', boolean(true)],
    list(number(NaN), number(Infinity), number(-Infinity), number(1)),
    '[nan,inf,-inf,1]',
  ],
  [
    ['encode_invalid_numbers', text('null')],
    list(number(NaN), number(Infinity), number(-Infinity), number(1)),
    '[null,null,null,1]',
  ],
  [
    ['encode_invalid_numbers', text('off')],
    list(number(NaN)),
    '! Cannot serialise number: must not be NaN or Inf',
  ],
  [['encode_invalid_numbers', text('on')], table([[number(Infinity), number(1)]]), '{"inf":1}'],
  [['encode_invalid_numbers', text('null')], table([[number(Infinity), number(1)]]), '{"null":1}'],
  [
    ['encode_number_precision', number(1)],
    list(number(1 / 3), number(15), number(0), number(123456), number(-0.00012345)),
    '[0.3,2e+01,0,1e+05,-0.0001]',
  ],
  [
    ['encode_number_precision', number(3)],
    list(number(1 / 3), number(1234), number(2.5), number(0.0005)),
    '[0.333,1.23e+03,2.5,0.0005]',
  ],
  [
    ['encode_number_precision', number(9)],
    list(number(1234567890), number(123456789), number(-0)),
    '[1.23456789e+09,123456789,-0]',
  ],
  [
    ['encode_number_precision', number(10)],
    list(number(1234567890), number(12345678901), number(2 / 3)),
    '[1234567890,1.23456789e+10,0.6666666667]',
  ],
  [['encode_max_depth', number(1)], list(number(1)), '[1]'],
  [['encode_max_depth', number(1)], list(list()), '! Cannot serialise, excessive nesting (2)'],
  [
    ['encode_max_depth', number(2)],
    record({ a: list(record({})) }),
    '! Cannot serialise, excessive nesting (3)',
  ],
  [['encode_keep_buffer', boolean(false)], list(number(1)), '[1]'],
];

const OPTIONS: readonly (readonly [name: string, args: readonly Sourced[], expected: string])[] = [
  ['encode', [], "! bad argument #1 to '?' (expected 1 argument)"],
  ['encode', [number(1), number(2)], "! bad argument #1 to '?' (expected 1 argument)"],
  ['encode', [NIL], '"null"'],
  ['decode', [], "! bad argument #1 to '?' (expected 1 argument)"],
  ['decode', [text('1'), text('2')], "! bad argument #1 to '?' (expected 1 argument)"],
  ['decode', [number(5)], '5'],
  ['decode', [boolean(true)], "! bad argument #1 to '?' (string expected, got boolean)"],
  ['decode', [NIL], "! bad argument #1 to '?' (string expected, got nil)"],
  ['decode', [list()], "! bad argument #1 to '?' (string expected, got table)"],
  ['encode_sparse_array', [], 'false 2 10'],
  ['encode_sparse_array', [boolean(true)], 'true 2 10'],
  ['encode_sparse_array', [text('on'), number(5), number(6)], 'true 5 6'],
  ['encode_sparse_array', [text('off')], 'false 2 10'],
  ['encode_sparse_array', [text('x')], "! bad argument #1 to '?' (invalid option 'x')"],
  ['encode_sparse_array', [number(1)], "! bad argument #1 to '?' (invalid option '1')"],
  ['encode_sparse_array', [list()], "! bad argument #1 to '?' (string expected, got table)"],
  [
    'encode_sparse_array',
    [NIL, number(-1)],
    "! bad argument #1 to '?' (expected integer between 0 and 2147483647)",
  ],
  ['encode_sparse_array', [NIL, NIL, text('7')], 'false 2 7'],
  ['encode_sparse_array', [NIL, text('x')], "! bad argument #2 to '?' (number expected, got string)"],
  ['encode_sparse_array', [NIL, NIL, NIL, NIL], "! bad argument #4 to '?' (found too many arguments)"],
  ['encode_max_depth', [], '1000'],
  ['encode_max_depth', [number(5)], '5'],
  ['encode_max_depth', [number(0)], "! bad argument #1 to '?' (expected integer between 1 and 2147483647)"],
  ['encode_max_depth', [number(-1)], "! bad argument #1 to '?' (expected integer between 1 and 2147483647)"],
  ['encode_max_depth', [number(2147483647)], '2147483647'],
  [
    'encode_max_depth',
    [number(2147483648)],
    "! bad argument #1 to '?' (expected integer between 1 and 2147483647)",
  ],
  ['encode_max_depth', [number(4294967297)], '1'],
  ['encode_max_depth', [text('12')], '12'],
  ['encode_max_depth', [text('x')], "! bad argument #1 to '?' (number expected, got string)"],
  ['encode_max_depth', [number(2.9)], '2'],
  ['encode_max_depth', [number(1), number(2)], "! bad argument #2 to '?' (found too many arguments)"],
  ['decode_max_depth', [], '1000'],
  ['decode_max_depth', [number(5)], '5'],
  ['decode_max_depth', [number(0)], "! bad argument #1 to '?' (expected integer between 1 and 2147483647)"],
  ['encode_number_precision', [], '14'],
  ['encode_number_precision', [number(1)], '1'],
  ['encode_number_precision', [number(14)], '14'],
  ['encode_number_precision', [number(15)], "! bad argument #1 to '?' (expected integer between 1 and 14)"],
  ['encode_number_precision', [number(0)], "! bad argument #1 to '?' (expected integer between 1 and 14)"],
  ['encode_keep_buffer', [], 'true'],
  ['encode_keep_buffer', [boolean(false)], 'false'],
  ['encode_keep_buffer', [text('on')], 'true'],
  ['encode_keep_buffer', [text('null')], "! bad argument #1 to '?' (invalid option 'null')"],
  ['encode_invalid_numbers', [], 'false'],
  ['encode_invalid_numbers', [boolean(true)], 'true'],
  ['encode_invalid_numbers', [text('null')], '"null"'],
  ['encode_invalid_numbers', [text('on')], 'true'],
  ['encode_invalid_numbers', [text('nil')], "! bad argument #1 to '?' (invalid option 'nil')"],
  ['encode_invalid_numbers', [number(0)], "! bad argument #1 to '?' (invalid option '0')"],
  ['decode_invalid_numbers', [], 'true'],
  ['decode_invalid_numbers', [boolean(false)], 'false'],
  ['decode_invalid_numbers', [text('null')], "! bad argument #1 to '?' (invalid option 'null')"],
  ['decode_invalid_numbers', [NIL, NIL], "! bad argument #2 to '?' (found too many arguments)"],
];

describe('cjson.encode', () => {
  test.each(VALUES)('of %j is %s', (value, expected) => {
    expect(plain({ library: 'cjson', name: 'encode', args: [value] }, 'text')).toBe(expected);
  });

  test.each(WITH_SETTINGS)('after %j of %j is %s', (setting, value, expected) => {
    expect(plain({ library: 'cjson', name: 'encode', args: [value], settings: [setting] }, 'text')).toBe(
      expected,
    );
  });
});

describe('cjson: arguments', () => {
  test.each(OPTIONS)('%s of %j is %s', (name, args, expected) => {
    expect(plain({ library: 'cjson', name, args })).toBe(expected);
  });
});
