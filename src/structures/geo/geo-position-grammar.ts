import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors, type ReplyError } from '../../errors.ts';
import { parseDouble } from '../../numbers/double.ts';
import type { ArgumentDoc, Piece } from '../../wire/grammar/piece.ts';
import { double as number, writeDouble } from '../../wire/grammar/pieces.ts';
import { pickOne, type Sampler } from '../../wire/grammar/sampler.ts';
import { type TokenReader, upperCase } from '../../wire/grammar/token-reader.ts';
import { oneOrMore, requirePosition, requireRadius } from './geo-arguments.ts';
import type { GeoMember, GeoPosition, GeoUnit } from './geo-options.ts';

// ── numbers and units ────────────────────────────────────────────────────────────────────────────────────

export const UNITS: Readonly<Record<GeoUnit, string>> = { m: 'M', km: 'KM', ft: 'FT', mi: 'MI' };

/** A unit, in any case of letters; what is none is passed on, for the method to refuse. */
export const lateUnit: Piece<GeoUnit> = {
  read: (reader) => {
    const token = reader.next();
    return token in UNITS ? (token as GeoUnit) : (upperCase(token).toLowerCase() as GeoUnit);
  },
  write: (value, out) => out.push(value),
  sample: (sampler, out) =>
    out.push(
      sampler.below(40) === 0 ? sampler.value() : pickOne(sampler, ['m', 'km', 'ft', 'mi', 'km', 'KM']),
    ),
  docs: [
    {
      name: 'unit',
      type: 'oneof',
      arguments: Object.entries(UNITS).map(([name, token]) => ({ name, type: 'pure-token', token })),
    },
  ],
  minTokens: 1,
  isVariable: false,
};

/** A unit. */
export const unit: Piece<GeoUnit> = {
  ...lateUnit,
  read: (reader) => {
    const value = lateUnit.read(reader);
    if (!Object.hasOwn(UNITS, value)) throw errors.unsupportedUnit();
    return value;
  },
};

const RADII = ['0', '1', '50', '500', '2000', '10000', '100000', '1e6', '2e7', '1e9'];

function sampleSize(sampler: Sampler): ByteString {
  return sampler.below(8) === 0 ? sampler.double() : pickOne(sampler, RADII);
}

export function size(name: string, error: () => ReplyError): Piece<number> {
  return { ...number(name, { error }), sample: (sampler, out) => out.push(sampleSize(sampler)) };
}

/** A radius that has to be right at once. */
export const radius: Piece<number> = {
  ...size('radius', errors.radiusNotNumeric),
  read: (reader) => {
    const value = parseDouble(reader.next()) ?? Number.NaN;
    requireRadius(value);
    return value;
  },
};

/** A radius that the method looks at, later: `NaN` if it is no number. */
export const lateRadius: Piece<number> = {
  ...radius,
  read: (reader) => parseDouble(reader.next()) ?? Number.NaN,
};

/** A few places far apart, and many near to each other, edges among them. */
export function samplePosition(sampler: Sampler, out: ByteString[]): void {
  if (sampler.below(40) === 0) {
    out.push(sampler.double(), sampler.double());
    return;
  }
  switch (sampler.below(4)) {
    case 0:
      out.push(
        pickOne(sampler, ['180', '-180', '0', '179.9']),
        pickOne(sampler, ['85.05112878', '-85', '0']),
      );
      break;
    case 1:
      out.push(String(sampler.below(3600) / 10 - 180), String(sampler.below(1700) / 10 - 85));
      break;
    default:
      out.push(String(13 + sampler.below(300) / 100), String(37 + sampler.below(200) / 100));
  }
}

export const positionDocs: readonly ArgumentDoc[] = [
  { name: 'longitude', type: 'double' },
  { name: 'latitude', type: 'double' },
];

export function readPosition(reader: TokenReader): GeoPosition {
  const longitude = parseDouble(reader.next()) ?? Number.NaN;
  const latitude = parseDouble(reader.next()) ?? Number.NaN;
  requirePosition(longitude, latitude);
  return { longitude, latitude };
}

export function writePosition({ longitude, latitude }: GeoPosition, out: Bytes[]): void {
  out.push(writeDouble(longitude), writeDouble(latitude));
}

// ── GEOADD ───────────────────────────────────────────────────────────────────────────────────────────────

/** `longitude latitude member [longitude latitude member …]`, to the end of the command. */
export const positionsOfMembers: Piece<GeoMember<Bytes> | readonly GeoMember<Bytes>[]> = {
  read: (reader) => {
    if (reader.remaining === 0 || reader.remaining % 3 !== 0) throw errors.syntax();
    const members: GeoMember<Bytes>[] = [];
    while (reader.remaining > 0) {
      const { longitude, latitude } = readPosition(reader);
      members.push({ longitude, latitude, member: reader.next() });
    }
    return members;
  },
  write: (members, out) => {
    for (const place of oneOrMore(members)) {
      writePosition(place, out);
      out.push(place.member);
    }
  },
  sample: (sampler, out) => {
    const count = 1 + sampler.below(6);
    for (let at = 0; at < count; at++) {
      samplePosition(sampler, out);
      out.push(sampler.value());
    }
  },
  docs: [
    {
      name: 'data',
      type: 'block',
      flags: ['multiple'],
      arguments: [...positionDocs, { name: 'member', type: 'string' }],
    },
  ],
  minTokens: 3,
  isVariable: true,
};

// ── the center ───────────────────────────────────────────────────────────────────────────────────────────

/** The place in the center, as two arguments. */
export const [centerLongitude, centerLatitude] = (() => {
  const [longitude, latitude] = [number('longitude'), number('latitude')];
  let read = Number.NaN;
  const first: Piece<number> = {
    ...longitude,
    read: (reader) => {
      read = longitude.read(reader);
      return read;
    },
    sample: samplePosition,
  };
  const second: Piece<number> = {
    ...latitude,
    read: (reader) => {
      const value = latitude.read(reader);
      requirePosition(read, value);
      return value;
    },
    sample: () => {},
  };
  return [first, second] as const;
})();
