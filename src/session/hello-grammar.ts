import type { Bytes } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import { parseInteger } from '../numbers/integer.ts';
import type { Piece } from '../wire/grammar/piece.ts';

/** What HELLO asks for. Without a version it only asks who is there. */
export interface Greeting {
  readonly protocol?: 2 | 3;
  readonly auth?: { readonly username: Bytes; readonly password: Bytes };
  readonly name?: Bytes;
}

/** `[protover [AUTH username password] [SETNAME clientname]]`: what does not fit is told by the option's name. */
export const greeting: Piece<Greeting> = {
  read: (reader) => {
    if (reader.remaining === 0) return {};
    const version = parseInteger(reader.next());
    if (version === undefined) throw errors.protocolNotAnInteger();
    if (version !== 2 && version !== 3) throw errors.unsupportedProtocol();
    let auth: Greeting['auth'];
    let name: Bytes | undefined;
    while (reader.remaining > 0) {
      const option = reader.peek()!;
      if (reader.remaining > 2 && reader.accept('AUTH')) {
        auth = { username: reader.next(), password: reader.next() };
      } else if (reader.remaining > 1 && reader.accept('SETNAME')) name = reader.next();
      else throw errors.helloSyntax(option);
    }
    return {
      protocol: version,
      ...(auth === undefined ? {} : { auth }),
      ...(name === undefined ? {} : { name }),
    };
  },
  write: ({ protocol, auth, name }, out) => {
    if (protocol === undefined) return;
    out.push(String(protocol));
    if (auth !== undefined) out.push('AUTH', auth.username, auth.password);
    if (name !== undefined) out.push('SETNAME', name);
  },
  sample: (sampler, out) => {
    out.push(sampler.below(2) === 0 ? '2' : '3');
  },
  docs: [
    {
      name: 'arguments',
      type: 'block',
      flags: ['optional'],
      arguments: [
        { name: 'protover', type: 'integer' },
        {
          name: 'auth',
          type: 'block',
          token: 'AUTH',
          flags: ['optional'],
          arguments: [
            { name: 'username', type: 'string' },
            { name: 'password', type: 'string' },
          ],
        },
        { name: 'clientname', type: 'string', token: 'SETNAME', flags: ['optional'] },
      ],
    },
  ],
  minTokens: 0,
  isVariable: true,
};
