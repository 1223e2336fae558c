import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { ArgumentDoc, Piece } from '../../wire/grammar/piece.ts';
import { type TokenReader, upperCase } from '../../wire/grammar/token-reader.ts';
import { type ReadUpTo, readUpToFault } from '../client/read-up-to-fault.ts';

/** One option of CLIENT TRACKING. */
type TrackingOption =
  | { readonly option: 'redirect'; readonly id: ByteString }
  | { readonly option: 'prefix'; readonly prefix: ByteString }
  | { readonly option: 'bcast' | 'optin' | 'optout' | 'noloop' };

/** What CLIENT TRACKING is asked for. Whether to turn on or off is looked at last. */
export interface TrackingRequest extends ReadUpTo<TrackingOption> {
  readonly status: Bytes;
}

const FLAGS: Readonly<Record<string, 'bcast' | 'optin' | 'optout' | 'noloop'>> = {
  BCAST: 'bcast',
  OPTIN: 'optin',
  OPTOUT: 'optout',
  NOLOOP: 'noloop',
};

/** `ON|OFF [REDIRECT id] [PREFIX prefix …] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]`. */
export const trackingRequest: Piece<TrackingRequest> = {
  read: (reader) => ({ status: reader.next(), ...readUpToFault(reader, readTrackingOption) }),
  write: ({ status, items }, out) => {
    out.push(status);
    for (const item of items) {
      out.push(item.option.toUpperCase());
      if (item.option === 'redirect') out.push(item.id);
      if (item.option === 'prefix') out.push(item.prefix);
    }
  },
  sample: (sampler, out) => {
    out.push(sampler.below(2) === 0 ? 'ON' : 'OFF');
    for (const option of Object.keys(FLAGS)) if (sampler.below(4) === 0) out.push(option);
  },
  docs: [
    {
      name: 'status',
      type: 'oneof',
      arguments: [
        { name: 'on', type: 'pure-token', token: 'ON' },
        { name: 'off', type: 'pure-token', token: 'OFF' },
      ],
    },
    { name: 'client-id', type: 'integer', token: 'REDIRECT', flags: ['optional'] },
    { name: 'prefix', type: 'string', token: 'PREFIX', flags: ['optional', 'multiple', 'multiple_token'] },
    ...Object.entries(FLAGS).map(
      ([token, name]): ArgumentDoc => ({ name, type: 'pure-token', token, flags: ['optional'] }),
    ),
  ],
  minTokens: 1,
  isVariable: true,
};

function readTrackingOption(reader: TokenReader): TrackingOption {
  const keyword = upperCase(reader.next());
  const flag = FLAGS[keyword];
  if (flag !== undefined) return { option: flag };
  if (reader.remaining === 0) throw errors.syntax();
  if (keyword === 'PREFIX') return { option: 'prefix', prefix: reader.next() };
  if (keyword !== 'REDIRECT') throw errors.syntax();
  return { option: 'redirect', id: reader.next() };
}
