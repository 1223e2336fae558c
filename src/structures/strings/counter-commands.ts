import type { Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { parseInteger } from '../../numbers/integer.ts';
import { bulk, type Codec, integer } from '../../wire/codec.ts';
import { commandsOf, commandTable } from '../../wire/command.ts';
import { expiryOptions } from '../../wire/grammar/expiry.ts';
import { flag, options, valued } from '../../wire/grammar/options.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { int64, key, string } from '../../wire/grammar/pieces.ts';
import type { CounterOperations } from './counter-operations.ts';
import {
  GETEX_EXPIRIES,
  type IncrexExpiryOptions,
  type IncrexFloatOptions,
  type IncrexOptions,
} from './string-options.ts';

const { command, form, commandWithForms } = commandsOf<CounterOperations<Raw>>();

/** A decimal that is kept as the text it was given in, because a `number` would not be exact. */
function decimal(name: string): Piece<number | Bytes> {
  const text = string(name);
  return {
    ...text,
    write: (value, out) => out.push(typeof value === 'number' ? String(value) : value),
    sample: (sampler, out) => out.push(sampler.double()),
    docs: [{ name, type: 'double' }],
  };
}

/** All of INCREX's options as they stand on the wire: whether a bound is an integer shows only in the end. */
interface IncrexTokens extends IncrexExpiryOptions {
  byint?: Bytes;
  byfloat?: Bytes;
  lbound?: Bytes;
  ubound?: Bytes;
}

const increxTokens = options<IncrexTokens>(
  {
    byint: valued('BYINT', string('increment')),
    byfloat: valued('BYFLOAT', string('increment')),
    lbound: valued('LBOUND', string('lowerbound')),
    ubound: valued('UBOUND', string('upperbound')),
    saturate: flag('SATURATE'),
    ...expiryOptions({ isDeferred: true }),
    persist: flag('PERSIST'),
    enx: flag('ENX'),
  },
  { exclusive: [['byint', 'byfloat'], GETEX_EXPIRIES, ['persist', 'enx']], isRepetitionRefused: true },
);

/**
 * The options with their numbers read: of either kind, which the forms below tell apart. Typed as both, since a piece
 * has one type.
 */
type EitherOptions = IncrexOptions & IncrexFloatOptions;

const increxOptions: Piece<EitherOptions> = {
  ...increxTokens,
  read: (reader) => {
    const given = increxTokens.read(reader);
    if (given === undefined) return {} as EitherOptions;
    const { byint, byfloat, lbound, ubound, ...rest } = given;
    if (byfloat !== undefined) return { ...rest, byfloat, ...defined({ lbound, ubound }) } as EitherOptions;
    const integers = {
      byint: integerFrom(byint, errors.incrementNotAnInteger),
      lbound: integerFrom(lbound, () => errors.boundNotAnInteger('LBOUND')),
      ubound: integerFrom(ubound, () => errors.boundNotAnInteger('UBOUND')),
    };
    return { ...rest, ...defined(integers) } as EitherOptions;
  },
  write: (value, out) => {
    if (value === undefined) return;
    const { byint, byfloat, lbound, ubound, ...rest } = value;
    const tokens = defined({ byint, byfloat, lbound, ubound });
    for (const [name, number] of Object.entries(tokens)) {
      if (typeof number === 'number' || typeof number === 'bigint') tokens[name] = String(number);
    }
    increxTokens.write({ ...rest, ...tokens } as IncrexTokens, out);
  },
};

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function integerFrom(token: Bytes | undefined, error: () => Error): number | bigint | undefined {
  if (token === undefined) return undefined;
  const parsed = parseInteger(token as string);
  if (parsed === undefined) throw error();
  return parsed;
}

/** Both numbers of INCREX. */
const integerPair: Codec<readonly [number | bigint, number | bigint]> = {
  write: ([value, applied], sink) => {
    sink.array(2);
    sink.integer(value);
    sink.integer(applied);
  },
  read: (reply) => reply,
};

/** The same in decimals: bulk strings in RESP2, doubles in RESP3. */
const decimalPair: Codec<readonly [string, string]> = {
  write: (pair, sink) => {
    sink.array(2);
    for (const text of pair) {
      if (sink.protocol === 2) sink.bulk(text);
      else sink.double(Number(text));
    }
  },
  read: (reply) => (reply as (string | number)[]).map(String),
};

export const counterCommands = commandTable<CounterOperations<Raw>>()([
  command({
    name: 'INCR',
    summary:
      "Increments the integer value of a key by one. Uses 0 as initial value if the key doesn't exist.",
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    flags: 'write denyoom fast',
    args: [key('RW access update')],
    method: 'incr',
    reply: integer,
  }),
  command({
    name: 'DECR',
    summary:
      "Decrements the integer value of a key by one. Uses 0 as initial value if the key doesn't exist.",
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    flags: 'write denyoom fast',
    args: [key('RW access update')],
    method: 'decr',
    reply: integer,
  }),
  command({
    name: 'INCRBY',
    summary:
      "Increments the integer value of a key by a number. Uses 0 as initial value if the key doesn't exist.",
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    flags: 'write denyoom fast',
    args: [key('RW access update'), int64('increment')],
    method: 'incrby',
    reply: integer,
  }),
  command({
    name: 'DECRBY',
    summary:
      "Decrements a number from the integer value of a key. Uses 0 as initial value if the key doesn't exist.",
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    flags: 'write denyoom fast',
    args: [key('RW access update'), int64('decrement')],
    method: 'decrby',
    reply: integer,
  }),
  command({
    name: 'INCRBYFLOAT',
    summary:
      "Increments the floating point value of a key by a number. Uses 0 as initial value if the key doesn't exist.",
    since: '2.6.0',
    group: 'string',
    complexity: 'O(1)',
    flags: 'write denyoom fast',
    args: [key('RW access update'), decimal('increment')],
    method: 'incrbyfloat',
    reply: bulk,
  }),
  commandWithForms({
    name: 'INCREX',
    summary: 'Increments a number within bounds, and sets or removes its expiration.',
    since: '8.8.0',
    group: 'string',
    complexity: 'O(1)',
    flags: 'write denyoom fast',
    args: [key('RW access update'), increxOptions],
    forms: [
      form('increxFloat', decimalPair, {
        when: ([, given]) => (given as Partial<IncrexFloatOptions> | undefined)?.byfloat !== undefined,
      }),
      form('increx', integerPair),
    ],
  }),
]);
