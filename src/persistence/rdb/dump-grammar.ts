import { fromBytes, toBytes } from '../../bytes/byte-string.ts';
import { flag, options, since, valued } from '../../wire/grammar/options.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { integer } from '../../wire/grammar/pieces.ts';
import type { Sampler } from '../../wire/grammar/sampler.ts';
import { ByteWriter } from './byte-writer.ts';
import { requireFrequency, requireIdletime } from './dump-operations.ts';
import type { RestoreOptions } from './dump-options.ts';
import { sealPayload } from './payload.ts';
import { writeString } from './strings.ts';

const STRING_TYPE = 0;
const SAMPLE_VERSION = 9;

/** A payload, as bytes. */
export const payload: Piece<Uint8Array> = {
  read: (reader) => toBytes(reader.next()),
  write: (value, out) => out.push(value),
  sample: (sampler, out) => {
    out.push(sampler.below(5) === 0 ? sampler.value() : fromBytes(stringPayload(sampler)));
  },
  docs: [{ name: 'serialized-value', type: 'string' }],
  minTokens: 1,
  isVariable: false,
};

function stringPayload(sampler: Sampler): Uint8Array {
  const writer = new ByteWriter();
  writer.writeByte(STRING_TYPE);
  writeString(writer, sampler.value(), { compress: false });
  return sealPayload(writer, SAMPLE_VERSION);
}

export const restoreOptions = options<RestoreOptions>(
  {
    replace: since('3.0.0', flag('REPLACE')),
    absttl: since('5.0.0', flag('ABSTTL')),
    idletime: since('5.0.0', valued('IDLETIME', integer('seconds'))),
    freq: since('5.0.0', valued('FREQ', integer('frequency'))),
  },
  {
    check: ({ idletime, freq }, justRead) => {
      if (justRead === 'idletime' && idletime !== undefined) requireIdletime(idletime);
      if (justRead === 'freq' && freq !== undefined) requireFrequency(freq);
    },
    exclusive: [['idletime', 'freq']],
  },
);
