import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { parseInteger } from '../../numbers/integer.ts';
import type { ArgumentDoc, Piece } from '../../wire/grammar/piece.ts';
import type { TokenReader } from '../../wire/grammar/token-reader.ts';
import { upperCase } from '../../wire/grammar/token-reader.ts';
import type { ClientType } from './client-info.ts';
import { type ReadUpTo, readUpToFault } from './read-up-to-fault.ts';

const TYPES: Readonly<Record<string, ClientType>> = {
  NORMAL: 'normal',
  MASTER: 'master',
  REPLICA: 'replica',
  SLAVE: 'replica',
  PUBSUB: 'pubsub',
};

function readType(reader: TokenReader): ClientType {
  const token = reader.next();
  const type = TYPES[upperCase(token)];
  if (type === undefined) throw errors.unknownClientType(token);
  return type;
}

const typeDoc: ArgumentDoc = {
  name: 'client-type',
  type: 'oneof',
  token: 'TYPE',
  flags: ['optional'],
  arguments: ['normal', 'master', 'replica', 'pubsub'].map((name) => ({
    name,
    type: 'pure-token',
    token: name.toUpperCase(),
  })),
};

// ── CLIENT LIST ────────────────────────────────────────────────────────────────────────────────────────────

/** Which clients CLIENT LIST is to show. */
export interface ListFilter {
  readonly type?: ClientType;
  readonly ids?: readonly (number | bigint)[];
}

/** `[TYPE type | ID id …]`. */
export const listFilter: Piece<ListFilter> = {
  read: (reader) => {
    if (reader.remaining === 0) return {};
    if (reader.remaining === 2 && reader.accept('TYPE')) return { type: readType(reader) };
    if (reader.remaining < 2 || !reader.accept('ID')) throw errors.syntax();
    const ids: (number | bigint)[] = [];
    while (reader.remaining > 0) {
      const id = parseInteger(reader.next());
      if (id === undefined) throw errors.invalidClientId();
      ids.push(id);
    }
    return { ids };
  },
  write: ({ type, ids }, out) => {
    if (type !== undefined) out.push('TYPE', type);
    if (ids !== undefined) out.push('ID', ...ids.map(String));
  },
  sample: (sampler, out) => {
    if (sampler.below(2) === 0) out.push('ID', sampler.integer());
  },
  docs: [typeDoc, { name: 'client-id', type: 'integer', token: 'ID', flags: ['optional', 'multiple'] }],
  minTokens: 0,
  isVariable: true,
};

// ── CLIENT KILL ────────────────────────────────────────────────────────────────────────────────────────────

/** One condition of CLIENT KILL. */
export type KillFilter =
  | { readonly by: 'id'; readonly id: number | bigint }
  | { readonly by: 'type'; readonly type: ClientType }
  | { readonly by: 'addr' | 'laddr' | 'user'; readonly value: ByteString }
  | { readonly by: 'skipme'; readonly isOn: boolean }
  | { readonly by: 'maxage'; readonly seconds: number | bigint };

/** An address alone (the old form), or conditions that must all hold. */
export type KillFilters = { readonly address: Bytes } | ReadUpTo<KillFilter>;

/** `ip:port`, or `[ID id] [TYPE type] [USER name] [ADDR ip:port] [LADDR ip:port] [SKIPME yes|no] [MAXAGE seconds] …`. */
export const killFilters: Piece<KillFilters> = {
  read: (reader) =>
    reader.remaining === 1 ? { address: reader.next() } : readUpToFault(reader, readKillFilter),
  write: (filters, out) => {
    if ('address' in filters) out.push(filters.address);
    else for (const filter of filters.items) writeKillFilter(filter, out);
  },
  sample: (sampler, out) => {
    out.push('ID', sampler.integer());
  },
  docs: [
    {
      name: 'filter',
      type: 'oneof',
      arguments: [
        { name: 'old-format', type: 'string' },
        {
          name: 'new-format',
          type: 'oneof',
          flags: ['multiple'],
          arguments: [
            { name: 'client-id', type: 'integer', token: 'ID', flags: ['optional'] },
            typeDoc,
            { name: 'username', type: 'string', token: 'USER', flags: ['optional'] },
            { name: 'addr', type: 'string', token: 'ADDR', flags: ['optional'] },
            { name: 'laddr', type: 'string', token: 'LADDR', flags: ['optional'] },
            {
              name: 'skipme',
              type: 'oneof',
              token: 'SKIPME',
              flags: ['optional'],
              arguments: [
                { name: 'yes', type: 'pure-token', token: 'YES' },
                { name: 'no', type: 'pure-token', token: 'NO' },
              ],
            },
            { name: 'maxage', type: 'integer', token: 'MAXAGE', since: '7.4.0', flags: ['optional'] },
          ],
        },
      ],
    },
  ],
  minTokens: 1,
  isVariable: true,
};

function readKillFilter(reader: TokenReader): KillFilter {
  if (reader.remaining < 2) throw errors.syntax();
  const option = upperCase(reader.next());
  switch (option) {
    case 'ID': {
      const id = parseInteger(reader.next());
      if (id === undefined || id < 1) throw errors.clientIdNotPositive();
      return { by: 'id', id };
    }
    case 'TYPE':
      return { by: 'type', type: readType(reader) };
    case 'ADDR':
      return { by: 'addr', value: reader.next() };
    case 'LADDR':
      return { by: 'laddr', value: reader.next() };
    case 'USER':
      return { by: 'user', value: reader.next() };
    case 'SKIPME': {
      if (reader.accept('YES')) return { by: 'skipme', isOn: true };
      if (reader.accept('NO')) return { by: 'skipme', isOn: false };
      throw errors.syntax();
    }
    case 'MAXAGE': {
      const seconds = parseInteger(reader.next());
      if (seconds === undefined) throw errors.maxageNotAnInteger();
      if (seconds < 1) throw errors.maxageNotPositive();
      return { by: 'maxage', seconds };
    }
    default:
      throw errors.syntax();
  }
}

function writeKillFilter(filter: KillFilter, out: Bytes[]): void {
  const keyword = filter.by.toUpperCase();
  if (filter.by === 'id') out.push(keyword, String(filter.id));
  else if (filter.by === 'type') out.push(keyword, filter.type);
  else if (filter.by === 'skipme') out.push(keyword, filter.isOn ? 'yes' : 'no');
  else if (filter.by === 'maxage') out.push(keyword, String(filter.seconds));
  else out.push(keyword, filter.value);
}
