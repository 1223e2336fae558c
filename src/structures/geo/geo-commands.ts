import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { array, bulk, bulkOrNil, integer } from '../../wire/codec.ts';
import { commandsOf, commandTable, type Form, type TypeOf } from '../../wire/command.ts';
import { flag, options } from '../../wire/grammar/options.ts';
import { key, many, string } from '../../wire/grammar/pieces.ts';
import { type Details, distanceOrNil, foundWith, positionOrNil } from './geo-codecs.ts';
import {
  afterMember,
  geosearchstoreWords,
  geosearchWords,
  radiusStoreWords,
  radiusWords,
} from './geo-grammar.ts';
import type { GeoOperations } from './geo-operations.ts';
import type { GeoaddOptions, GeodistOptions } from './geo-options.ts';
import {
  centerLatitude,
  centerLongitude,
  lateRadius,
  lateUnit,
  positionsOfMembers,
  radius,
  unit,
} from './geo-position-grammar.ts';
import type { GeoRadiusOperations } from './geo-radius-operations.ts';
import type { GeoSearchOperations } from './geo-search-operations.ts';

const members = commandsOf<GeoOperations<Raw>>();
const searches = commandsOf<GeoSearchOperations<Raw>>();
const radii = commandsOf<GeoRadiusOperations<Raw>>();

/** GEOPOS and GEOHASH take no members, too. */
const anyMembers = { ...many(string('member')), minTokens: 0 };
const noneOrMany: typeof anyMembers = {
  ...anyMembers,
  read: (reader) => (reader.remaining === 0 ? [] : anyMembers.read(reader)),
  docs: [{ name: 'member', type: 'string', flags: ['optional', 'multiple'] }],
};

/** GEODIST's unit, the one word that may follow. */
const unitOption = options<GeodistOptions>({
  unit: {
    keywords: [],
    read: (reader) => unit.read(reader),
    write: (value, out) => unit.write(value, out),
    sample: (sampler, out) => unit.sample(sampler, out),
    docs: unit.docs[0]!,
  },
});
const distanceUnit: typeof unitOption = {
  ...unitOption,
  read: (reader) => {
    if (reader.remaining > 1) throw errors.syntax();
    return reader.remaining === 0 ? undefined : { unit: unit.read(reader) };
  },
};

const SEARCH_COMPLEXITY =
  'O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape';
const RADIUS_COMPLEXITY =
  'O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.';

/** The commands that search say what is wrong with the key before they read anything. */
function requireSource(at: number): (operations: TypeOf, tokens: readonly ByteString[]) => void {
  return (operations, tokens) => {
    const type = operations.typeToRead(tokens[at]!);
    if (type !== 'none' && type !== 'zset') throw errors.wrongType();
  };
}

const EVERYTHING: Details = { withdist: true, withhash: true, withcoord: true };
/** Every choice of details, that of all of them first. */
const CHOICES: readonly Details[] = [7, 6, 5, 4, 3, 2, 1].map((bits) => ({
  withdist: (bits & 1) !== 0,
  withhash: (bits & 2) !== 0,
  withcoord: (bits & 4) !== 0,
}));

/** One form for every choice of details; they run the same method, and reply what is asked for. */
function formsWithDetails<M extends PropertyKey>(
  at: number,
  formOf: (codec: ReturnType<typeof foundWith>, selection: Pick<Form, 'when' | 'mark'>) => Form<M>,
): Form<M>[] {
  return CHOICES.map((details) =>
    formOf(foundWith(details), {
      when: (args) => {
        const given = args[at] as Partial<Details> | undefined;
        return (
          (given?.withdist === true) === details.withdist &&
          (given?.withhash === true) === details.withhash &&
          (given?.withcoord === true) === details.withcoord
        );
      },
      mark: { ...EVERYTHING },
    }),
  );
}

/** The form that stores what it finds. */
function storesAt(at: number): Pick<Form, 'when'> {
  return {
    when: (args) => {
      const given = args[at] as { store?: unknown; storedist?: unknown } | undefined;
      return given?.store !== undefined || given?.storedist !== undefined;
    },
  };
}
const RADIUS_OPTIONS_AT = 5;
const MEMBER_OPTIONS_AT = 4;

const geoMemberCommands = commandTable<GeoOperations<Raw>>()([
  members.command({
    name: 'GEOADD',
    summary: 'Adds one or more members to a geospatial index. The key is created if it doesn’t exist.',
    since: '3.2.0',
    group: 'geo',
    complexity: 'O(log(N)) for each item added, where N is the number of elements in the sorted set.',
    flags: 'write denyoom',
    history: [['6.2.0', 'Options: `CH`, `NX` and `XX`.']],
    args: [
      key('RW update'),
      positionsOfMembers,
      options<GeoaddOptions>(
        { nx: flag('NX'), xx: flag('XX'), ch: flag('CH') },
        {
          stopsAtUnknown: true,
          samplePercent: 12,
          finish: ({ nx, xx }) => {
            if (nx && xx) throw errors.syntax();
          },
        },
      ),
    ],
    wireOrder: [0, 2, 1],
    method: 'geoadd',
    reply: integer,
  }),
  members.command({
    name: 'GEOPOS',
    summary: 'Returns the longitude and latitude of members from a geospatial index.',
    since: '3.2.0',
    group: 'geo',
    complexity: 'O(1) for each member requested.',
    flags: 'readonly',
    args: [key('RO access'), noneOrMany],
    method: 'geopos',
    reply: array(positionOrNil),
  }),
  members.command({
    name: 'GEODIST',
    summary: 'Returns the distance between two members of a geospatial index.',
    since: '3.2.0',
    group: 'geo',
    complexity: 'O(1)',
    flags: 'readonly',
    args: [key('RO access'), string('member1'), string('member2'), distanceUnit],
    method: 'geodist',
    reply: distanceOrNil,
  }),
  members.command({
    name: 'GEOHASH',
    summary: 'Returns members from a geospatial index as geohash strings.',
    since: '3.2.0',
    group: 'geo',
    complexity: 'O(1) for each member requested.',
    flags: 'readonly',
    args: [key('RO access'), noneOrMany],
    method: 'geohash',
    reply: array(bulkOrNil),
  }),
]);

const geoSearchCommands = commandTable<GeoSearchOperations<Raw>>()([
  searches.commandWithForms({
    name: 'GEOSEARCH',
    summary: 'Queries a geospatial index for members inside an area of a box or a circle.',
    since: '6.2.0',
    group: 'geo',
    complexity: SEARCH_COMPLEXITY,
    flags: 'readonly',
    history: [['7.0.0', 'Added support for uppercase unit names.']],
    args: [key('RO access'), geosearchWords],
    before: requireSource(1),
    forms: [
      ...formsWithDetails(1, (codec, selection) => searches.form('geosearchWithDetails', codec, selection)),
      searches.form('geosearch', array(bulk)),
    ],
  }),
  searches.command({
    name: 'GEOSEARCHSTORE',
    summary:
      'Queries a geospatial index for members inside an area of a box or a circle, optionally stores the result.',
    since: '6.2.0',
    group: 'geo',
    complexity: SEARCH_COMPLEXITY,
    flags: 'write denyoom',
    history: [['7.0.0', 'Added support for uppercase unit names.']],
    args: [key('OW update', 'destination'), key('RO access', 'source'), geosearchstoreWords],
    before: requireSource(2),
    method: 'geosearchstore',
    reply: integer,
  }),
]);

const geoRadiusCommands = commandTable<GeoRadiusOperations<Raw>>()([
  radii.commandWithForms({
    name: 'GEORADIUS',
    summary:
      'Queries a geospatial index for members within a distance from a coordinate, optionally stores the result.',
    since: '3.2.0',
    group: 'geo',
    complexity: RADIUS_COMPLEXITY,
    flags: 'write denyoom',
    deprecatedSince: '6.2.0',
    replacedBy: '`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument',
    history: [
      ['6.2.0', 'Option: `ANY` for `COUNT`.'],
      ['7.0.0', 'Added support for uppercase unit names.'],
    ],
    args: [key('RO access'), centerLongitude, centerLatitude, radius, unit, radiusStoreWords],
    before: requireSource(1),
    forms: [
      radii.form('georadiusStore', integer, storesAt(RADIUS_OPTIONS_AT)),
      ...formsWithDetails(RADIUS_OPTIONS_AT, (codec, selection) =>
        radii.form('georadiusWithDetails', codec, selection),
      ),
      radii.form('georadius', array(bulk)),
    ],
  }),
  radii.commandWithForms({
    name: 'GEORADIUS_RO',
    summary: 'Returns members from a geospatial index that are within a distance from a coordinate.',
    since: '3.2.10',
    group: 'geo',
    complexity: RADIUS_COMPLEXITY,
    flags: 'readonly',
    deprecatedSince: '6.2.0',
    replacedBy: '`GEOSEARCH` with the `BYRADIUS` argument',
    history: [
      ['6.2.0', 'Option: `ANY` for `COUNT`.'],
      ['7.0.0', 'Added support for uppercase unit names.'],
    ],
    args: [key('RO access'), centerLongitude, centerLatitude, radius, unit, radiusWords],
    before: requireSource(1),
    forms: [
      ...formsWithDetails(RADIUS_OPTIONS_AT, (codec, selection) =>
        radii.form('georadiusRoWithDetails', codec, selection),
      ),
      radii.form('georadiusRo', array(bulk)),
    ],
  }),
  radii.commandWithForms({
    name: 'GEORADIUSBYMEMBER',
    summary:
      'Queries a geospatial index for members within a distance from a member, optionally stores the result.',
    since: '3.2.0',
    group: 'geo',
    complexity: RADIUS_COMPLEXITY,
    flags: 'write denyoom',
    deprecatedSince: '6.2.0',
    replacedBy: '`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments',
    history: [
      ['6.2.0', 'Option: `ANY` for `COUNT`.'],
      ['7.0.0', 'Added support for uppercase unit names.'],
    ],
    args: [key('RO access'), string('member'), lateRadius, lateUnit, afterMember(radiusStoreWords)],
    before: requireSource(1),
    forms: [
      radii.form('georadiusbymemberStore', integer, storesAt(MEMBER_OPTIONS_AT)),
      ...formsWithDetails(MEMBER_OPTIONS_AT, (codec, selection) =>
        radii.form('georadiusbymemberWithDetails', codec, selection),
      ),
      radii.form('georadiusbymember', array(bulk)),
    ],
  }),
  radii.commandWithForms({
    name: 'GEORADIUSBYMEMBER_RO',
    summary: 'Returns members from a geospatial index that are within a distance from a member.',
    since: '3.2.10',
    group: 'geo',
    complexity: RADIUS_COMPLEXITY,
    flags: 'readonly',
    deprecatedSince: '6.2.0',
    replacedBy: '`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments',
    history: [
      ['6.2.0', 'Option: `ANY` for `COUNT`.'],
      ['7.0.0', 'Added support for uppercase unit names.'],
    ],
    args: [key('RO access'), string('member'), lateRadius, lateUnit, afterMember(radiusWords)],
    before: requireSource(1),
    forms: [
      ...formsWithDetails(MEMBER_OPTIONS_AT, (codec, selection) =>
        radii.form('georadiusbymemberRoWithDetails', codec, selection),
      ),
      radii.form('georadiusbymemberRo', array(bulk)),
    ],
  }),
]);

/** The geospatial commands. */
export const geoCommands = [...geoMemberCommands, ...geoSearchCommands, ...geoRadiusCommands] as const;
