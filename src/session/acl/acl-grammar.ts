import type { Bytes } from '../../bytes/byte-string.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { integer } from '../../wire/grammar/pieces.ts';

/** What AUTH is given. Without a name the default user is meant. */
export interface Credentials {
  readonly username?: Bytes;
  readonly password: Bytes;
}

/** `[username] password`: the one that may be missing comes first. */
export const credentials: Piece<Credentials> = {
  read: (reader) => {
    const first = reader.next();
    return reader.remaining === 0 ? { password: first } : { username: first, password: reader.next() };
  },
  write: ({ username, password }, out) => {
    if (username !== undefined) out.push(username);
    out.push(password);
  },
  sample: (sampler, out) => {
    if (sampler.below(2) === 0) out.push('default');
    out.push(sampler.value());
  },
  docs: [
    { name: 'username', type: 'string', since: '6.0.0', flags: ['optional'] },
    { name: 'password', type: 'string' },
  ],
  minTokens: 1,
  isVariable: true,
};

/** What ACL LOG is asked for: so many entries, or to forget all. */
export type LogRequest = number | 'reset';

const DEFAULT_ENTRIES = 10;
const count = integer('count');

/** `[count | RESET]`. */
export const logRequest: Piece<LogRequest> = {
  read: (reader) => {
    if (reader.remaining === 0) return DEFAULT_ENTRIES;
    return reader.accept('RESET') ? 'reset' : count.read(reader);
  },
  write: (request, out) => {
    if (request === 'reset') out.push('RESET');
    else count.write(request, out);
  },
  sample: (sampler, out) => {
    if (sampler.below(4) === 0) out.push('RESET');
    else count.sample(sampler, out);
  },
  docs: [
    {
      name: 'operation',
      type: 'oneof',
      flags: ['optional'],
      arguments: [
        { name: 'count', type: 'integer' },
        { name: 'reset', type: 'pure-token', token: 'RESET' },
      ],
    },
  ],
  minTokens: 0,
  isVariable: true,
};
