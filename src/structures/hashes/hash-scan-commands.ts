import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { MIN_INT64 } from '../../numbers/integer.ts';
import { array, bulk, bulkOrNil, type Codec, scanned } from '../../wire/codec.ts';
import { commandsOf, commandTable, given, marked } from '../../wire/command.ts';
import { flag, options, since } from '../../wire/grammar/options.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { int64, key, optional } from '../../wire/grammar/pieces.ts';
import { afterKey, cursor, scanOptions } from '../../wire/grammar/scan.ts';
import type { HscanOptions } from './hash-options.ts';
import type { HashScanOperations } from './hash-scan-operations.ts';

const { form, commandWithForms } = commandsOf<HashScanOperations<Raw>>();

type Entries = readonly (readonly [field: ByteString, value: ByteString])[];

/** Fields with their values in one flat array, in RESP3 too. */
const flatEntries: Codec<Entries> = {
  write: (entries, sink) => {
    sink.array(2 * entries.length);
    for (const [field, value] of entries) {
      sink.bulk(field);
      sink.bulk(value);
    }
  },
  read: (reply) => {
    const flat = reply as string[];
    return Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at], flat[2 * at + 1]]);
  },
};

/** The same, but in RESP3 each pair is an array of its own. */
const pairedEntries: Codec<Entries> = {
  write: (entries, sink) => {
    if (sink.protocol === 2) return flatEntries.write(entries, sink);
    sink.array(entries.length);
    for (const [field, value] of entries) {
      sink.array(2);
      sink.bulk(field);
      sink.bulk(value);
    }
  },
  read: (reply) => (Array.isArray((reply as unknown[])[0]) ? reply : flatEntries.read(reply)),
};

const HALF_OF_INT64 = 2n ** 62n;
const exactCount = int64('count');

/** How many: with WITHVALUES behind it, it must not be too large for twice as many replies. */
const randomCount: Piece<number> = {
  ...exactCount,
  read: (reader) => {
    const count = exactCount.read(reader);
    if (count === MIN_INT64) throw errors.randomCountOutOfRange();
    if (reader.remaining > 0 && (count >= HALF_OF_INT64 || count <= -HALF_OF_INT64)) {
      reader.defer(errors.outOfRange());
    }
    if (typeof count === 'number') return count;
    return count < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
  },
};

/** Typed as if it were always there: the one method that is run without it does not take it. */
const optionalCount = optional(randomCount) as Piece<number>;

export const hashScanCommands = commandTable<HashScanOperations<Raw>>()([
  commandWithForms({
    name: 'HRANDFIELD',
    summary: 'Returns one or more random fields from a hash.',
    since: '6.2.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of fields returned.',
    flags: 'readonly',
    tips: ['nondeterministic_output'],
    args: [
      key('RO access'),
      optionalCount,
      options<{ withvalues?: boolean }>({ withvalues: flag('WITHVALUES') }, { isRepetitionRefused: true }),
    ],
    forms: [
      form('hrandfieldWithValues', pairedEntries, marked('withvalues', 2)),
      form('hrandfieldCount', array(bulk), given(1)),
      form('hrandfield', bulkOrNil),
    ],
  }),
  commandWithForms({
    name: 'HSCAN',
    summary: 'Iterates over the fields and values of a hash.',
    since: '2.8.0',
    group: 'hash',
    complexity: 'O(1) for each step, O(N) for all of them, where N is the number of fields of the hash.',
    flags: 'readonly',
    tips: ['nondeterministic_output'],
    args: [
      key('RO access'),
      cursor(),
      afterKey(
        options<HscanOptions & { novalues?: boolean }>({
          ...scanOptions,
          novalues: since('7.4.0', flag('NOVALUES')),
        }),
      ),
    ],
    forms: [
      form('hscanNoValues', scanned(array(bulk)), marked('novalues', 2)),
      form('hscan', scanned(flatEntries)),
    ],
  }),
]);
