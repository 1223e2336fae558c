import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { parseInteger } from '../../numbers/integer.ts';
import {
  block,
  choice,
  flag,
  type Option,
  type OptionsOf,
  options,
  since,
  valued,
} from '../../wire/grammar/options.ts';
import type { ArgumentDoc, Piece } from '../../wire/grammar/piece.ts';
import { key, string, integer as whole } from '../../wire/grammar/pieces.ts';
import { type TokenReader, upperCase } from '../../wire/grammar/token-reader.ts';
import { LEAST_CORNERS, requireSearchCount, requireShape, requireSides } from './geo-arguments.ts';
import type {
  GeoBox,
  GeoPosition,
  GeoRadius,
  GeoResultOptions,
  GeoradiusStoreOptions,
  GeosearchOptions,
  GeosearchstoreOptions,
} from './geo-options.ts';
import {
  lateUnit,
  positionDocs,
  radius,
  readPosition,
  samplePosition,
  size,
  UNITS,
  unit,
  writePosition,
} from './geo-position-grammar.ts';

// ── centers and shapes ───────────────────────────────────────────────────────────────────────────────────

const fromlonlat: Option<GeoPosition> = {
  keywords: ['FROMLONLAT'],
  read: (reader) => {
    if (reader.remaining < 2) throw errors.syntax();
    return readPosition(reader);
  },
  write: (value, out) => {
    out.push('FROMLONLAT');
    writePosition(value, out);
  },
  sample: (sampler, out) => {
    out.push('FROMLONLAT');
    samplePosition(sampler, out);
  },
  docs: { name: 'fromlonlat', type: 'block', token: 'FROMLONLAT', arguments: positionDocs },
};

const byradius: Option<GeoRadius> = block<GeoRadius>('BYRADIUS', { radius, unit });

const boxSides = block<GeoBox>('BYBOX', {
  width: size('width', errors.widthNotNumeric),
  height: size('height', errors.heightNotNumeric),
  unit: lateUnit,
});

const bybox: Option<GeoBox> = {
  ...boxSides,
  read: (reader, keyword) => {
    const box = boxSides.read(reader, keyword);
    requireSides(box.width, box.height);
    if (!Object.hasOwn(UNITS, box.unit)) throw errors.unsupportedUnit();
    return box;
  },
};

const MOST_INT = 2 ** 31 - 1;

const bypolygon: Option<readonly GeoPosition[]> = {
  keywords: ['BYPOLYGON'],
  read: (reader) => {
    if (reader.remaining < 2) throw errors.syntax();
    const corners = parseInteger(reader.next());
    if (corners === undefined || corners > MOST_INT || corners < -MOST_INT - 1) {
      throw errors.invalidNumberOfVertices();
    }
    if (corners < LEAST_CORNERS || reader.remaining < Number(corners) * 2) throw errors.tooFewVertices();
    return Array.from({ length: Number(corners) }, () => readPosition(reader));
  },
  write: (corners, out) => {
    out.push('BYPOLYGON', String(corners.length));
    for (const corner of corners) writePosition(corner, out);
  },
  sample: (sampler, out) => {
    const corners = LEAST_CORNERS + sampler.below(4);
    out.push('BYPOLYGON', String(corners));
    for (let at = 0; at < corners; at++) samplePosition(sampler, out);
  },
  docs: {
    name: 'polygon',
    type: 'block',
    token: 'BYPOLYGON',
    arguments: [
      { name: 'num-vertices', type: 'integer' },
      { name: 'vertex', type: 'block', flags: ['multiple'], arguments: positionDocs },
    ],
  },
};

const frommember: Option<Bytes> = valued('FROMMEMBER', string('member'));

// ── results ──────────────────────────────────────────────────────────────────────────────────────────────

const anyCount = whole('count');

const resultOptions: OptionsOf<GeoResultOptions> = {
  count: valued('COUNT', {
    ...anyCount,
    read: (reader) => {
      const value = anyCount.read(reader);
      requireSearchCount(value);
      return value;
    },
    sample: (sampler, out) => out.push(String(1 + sampler.below(12))),
  } satisfies Piece<number>),
  any: since('6.2.0', flag('ANY')),
  order: choice('order', { asc: 'ASC', desc: 'DESC' }),
};

interface DetailWords {
  withcoord?: boolean;
  withdist?: boolean;
  withhash?: boolean;
}

const detailWords: OptionsOf<DetailWords> = {
  withcoord: flag('WITHCOORD'),
  withdist: flag('WITHDIST'),
  withhash: flag('WITHHASH'),
};

function requireCountForAny({ any, count }: GeoResultOptions): void {
  if (any === true && count === undefined) throw errors.anyNeedsCount();
}

function refuseDetails(words: DetailWords, command: Parameters<typeof errors.storeWithDetails>[0]): void {
  if (words.withcoord || words.withdist || words.withhash) throw errors.storeWithDetails(command);
}

/** Options that say what is wrong with the rest of the command once the method looks at them. */
function failing<T extends GeoResultOptions>(error: unknown, before: Partial<T>): T {
  return Object.defineProperty({ ...before }, 'order', {
    enumerable: true,
    get: () => {
      throw error;
    },
  }) as T;
}

function skipRest(reader: TokenReader): void {
  while (reader.remaining > 0) reader.next();
}

// ── GEOSEARCH ────────────────────────────────────────────────────────────────────────────────────────────

type SearchWords = GeosearchOptions & DetailWords;

const shapeOptions: OptionsOf<Omit<GeosearchOptions, keyof GeoResultOptions>> = {
  frommember,
  fromlonlat,
  byradius,
  bybox,
  bypolygon,
};

/**
 * Redis looks for the member in the center when it comes to that word. What is wrong behind it is therefore the method's to
 * say, which looks for the member first.
 */
function searchWords(all: OptionsOf<SearchWords>, finish: (words: SearchWords) => void): Piece<SearchWords> {
  let center: Bytes | undefined;
  const words = options<SearchWords>(all, {
    exclusive: [
      ['frommember', 'fromlonlat', 'bypolygon'],
      ['byradius', 'bybox', 'bypolygon'],
    ],
    check: (soFar, justRead) => {
      if (justRead === 'frommember') center = soFar.frommember;
    },
  });
  return {
    ...words,
    read: (reader) => {
      center = undefined;
      try {
        const read = words.read(reader)!;
        finish(read);
        requireShape(read, reader.tokenAt(0));
        requireCountForAny(read);
        return read;
      } catch (error) {
        if (center === undefined) throw error;
        skipRest(reader);
        return failing<SearchWords>(error, { frommember: center });
      }
    },
    sample: (sampler, out) => {
      const parts: ByteString[][] = [];
      const part = (option: Pick<Option<unknown>, 'sample'>) => {
        const tokens: ByteString[] = [];
        option.sample(sampler, tokens);
        parts.splice(sampler.below(parts.length + 1), 0, tokens);
      };
      if (sampler.knows(POLYGON_VERSION) && sampler.below(3) === 0) {
        part(bypolygon);
      } else {
        if (sampler.below(25) > 0) part(sampler.below(2) === 0 ? frommember : fromlonlat);
        if (sampler.below(25) > 0) part(sampler.below(2) === 0 ? byradius : bybox);
      }
      for (const [name, option] of Object.entries<Pick<Option<unknown>, 'sample'>>(all)) {
        if (!(name in shapeOptions) && sampler.below(100) < (name === 'any' ? 6 : 25)) part(option);
      }
      out.push(...parts.flat());
    },
    docs: searchDocs(Object.entries(all)),
    // The least that a center and a shape take.
    minTokens: 5,
    isVariable: true,
  };
}

/** Of Valkey; no Redis knows polygons. */
const POLYGON_VERSION = '9.0.0';

function searchDocs(all: readonly [string, Pick<Option<unknown>, 'docs'>][]): ArgumentDoc[] {
  const rest = all.filter(([name]) => !(name in shapeOptions) && !(name in resultOptions));
  return [
    {
      name: 'from',
      type: 'oneof',
      arguments: [frommember.docs, fromlonlat.docs],
    },
    {
      name: 'by',
      type: 'oneof',
      arguments: [{ ...byradius.docs, name: 'circle' }, { ...bybox.docs, name: 'box' }, bypolygon.docs],
    },
    ...resultDocs,
    ...rest.map(([, option]): ArgumentDoc => ({ ...option.docs, flags: ['optional'] })),
  ];
}

const resultDocs: readonly ArgumentDoc[] = [
  { ...resultOptions.order.docs, flags: ['optional'] },
  {
    name: 'count-block',
    type: 'block',
    flags: ['optional'],
    arguments: [resultOptions.count.docs, { ...resultOptions.any.docs, flags: ['optional'] }],
  },
];

export const geosearchWords: Piece<SearchWords> = searchWords(
  { ...shapeOptions, ...resultOptions, ...detailWords },
  () => {},
);

const storingOptions: OptionsOf<GeosearchstoreOptions & DetailWords> = {
  ...shapeOptions,
  ...resultOptions,
  ...detailWords,
  storedist: flag('STOREDIST'),
};
const storingWords = searchWords(storingOptions, (words) => refuseDetails(words, 'GEOSEARCHSTORE'));

export const geosearchstoreWords: Piece<GeosearchstoreOptions> = {
  ...storingWords,
  sample: (sampler, out) => {
    const tokens: ByteString[] = [];
    storingWords.sample(sampler, tokens);
    // What refuses the whole command shall be rare.
    const isRefused = sampler.below(20) === 0;
    out.push(...tokens.filter((token) => isRefused || !/^WITH(COORD|DIST|HASH)$/.test(token)));
  },
  docs: storingWords.docs.filter(({ token }) => !token?.startsWith('WITH')),
};

// ── GEORADIUS ────────────────────────────────────────────────────────────────────────────────────────────

export type RadiusWords = GeoResultOptions & DetailWords;
export type RadiusStoreWords = RadiusWords & GeoradiusStoreOptions;

function storing(keyword: 'STORE' | 'STOREDIST', keySpecIndex: number): Option<Bytes> {
  const { keys = [], ...option } = valued(keyword, key('OW update', 'key'));
  return {
    ...option,
    keys: keys.map((spec) => ({ ...spec, locate: (tokens) => lastStored(tokens, keyword) })),
    docs: { name: keyword.toLowerCase(), type: 'key', token: keyword, keySpecIndex },
  };
}

/** No option stands before: there is the unit, or the first option. */
const FIRST_OPTION = 5;

/** The position of the key that the last STORE or STOREDIST names, which alone counts, if that is this keyword. */
function lastStored(tokens: readonly ByteString[], keyword: 'STORE' | 'STOREDIST'): number[] {
  let found: number[] = [];
  for (let at = FIRST_OPTION; at + 1 < tokens.length; at++) {
    const word = upperCase(tokens[at]!);
    if (word !== 'STORE' && word !== 'STOREDIST') continue;
    at++;
    found = word === keyword ? [at] : [];
  }
  return found;
}

const storeOptions: OptionsOf<Pick<GeoradiusStoreOptions, 'store' | 'storedist'>> = {
  store: storing('STORE', 1),
  storedist: storing('STOREDIST', 2),
};

const storeWords = options<RadiusStoreWords>(
  { ...detailWords, ...resultOptions, ...storeOptions },
  {
    check: (soFar, justRead) => {
      if (justRead === 'store') delete soFar.storedist;
      if (justRead === 'storedist') delete soFar.store;
    },
    finish: (words) => {
      if (words.store !== undefined || words.storedist !== undefined) {
        refuseDetails(words, 'STORE option in GEORADIUS');
      }
      requireCountForAny(words);
    },
    samplePercent: 12,
  },
);

const readOnlyWords = options<RadiusWords>(
  { ...detailWords, ...resultOptions },
  { finish: requireCountForAny, samplePercent: 20 },
);

const radiusDocs: readonly ArgumentDoc[] = [
  ...Object.values(detailWords).map((option): ArgumentDoc => ({ ...option.docs, flags: ['optional'] })),
  resultDocs[1]!,
  resultDocs[0]!,
];

export const radiusStoreWords: Piece<RadiusStoreWords | undefined> = {
  ...storeWords,
  docs: [
    ...radiusDocs,
    {
      name: 'store',
      type: 'oneof',
      flags: ['optional'],
      arguments: Object.values(storeOptions).map((option) => option.docs),
    },
  ],
};
export const radiusWords: Piece<RadiusWords | undefined> = { ...readOnlyWords, docs: radiusDocs };

/** For the commands that look for a member, and at a radius, before anything is wrong with their options. */
export function afterMember<T extends GeoResultOptions>(words: Piece<T | undefined>): Piece<T | undefined> {
  return {
    ...words,
    read: (reader) => {
      try {
        return words.read(reader);
      } catch (error) {
        skipRest(reader);
        return failing<T>(error, {});
      }
    },
  };
}
