import type { ByteString } from '../../bytes/byte-string.ts';
import { type Codec, double } from '../../wire/codec.ts';
import type { Reply } from '../../wire/resp/reply.ts';
import { distanceText } from './distance-digits.ts';
import type { GeoFound, GeoPosition } from './geo-options.ts';

/** A distance as text with four digits behind the point, in both protocols; or nil. */
export const distanceOrNil: Codec<number | null> = {
  write: (value, sink) => (value === null ? sink.nil() : sink.bulk(distanceText(value))),
  read: (reply) => (reply === null ? null : Number(reply)),
};

/** `[longitude, latitude]`, or the nil array. */
export const positionOrNil: Codec<GeoPosition | null> = {
  write: (value, sink) => {
    if (value === null) return sink.nilArray();
    sink.array(2);
    sink.double(value.longitude);
    sink.double(value.latitude);
  },
  read: (reply) => (reply === null ? null : positionFrom(reply)),
};

function positionFrom(reply: Reply): GeoPosition {
  const [longitude, latitude] = reply as [Reply, Reply];
  return { longitude: double.read(longitude) as number, latitude: double.read(latitude) as number };
}

/** What is told of each member that was found. */
export interface Details {
  readonly withdist: boolean;
  readonly withhash: boolean;
  readonly withcoord: boolean;
}

/** Each member with what is asked for: `[member, distance, hash, [longitude, latitude]]`. */
export function foundWith({
  withdist,
  withhash,
  withcoord,
}: Details): Codec<readonly GeoFound<ByteString>[]> {
  const size = 1 + Number(withdist) + Number(withhash) + Number(withcoord);
  return {
    write: (found, sink) => {
      sink.array(found.length);
      for (const { member, distance, hash, longitude, latitude } of found) {
        sink.array(size);
        sink.bulk(member);
        if (withdist) sink.bulk(distanceText(distance));
        if (withhash) sink.integer(Number.isSafeInteger(hash) ? hash : BigInt.asIntN(64, BigInt(hash)));
        if (!withcoord) continue;
        sink.array(2);
        sink.double(longitude);
        sink.double(latitude);
      }
    },
    read: (reply) => (reply as Reply[][]).map(readFound),
  };
}

/** Whatever is told of a member; each part is of another type. */
function readFound([member, ...parts]: readonly Reply[]): unknown {
  let told: Record<string, unknown> = { member };
  for (const part of parts) {
    if (Array.isArray(part)) told = { ...told, ...positionFrom(part) };
    else if (typeof part === 'string') told['distance'] = Number(part);
    else told['hash'] = part;
  }
  return told;
}
