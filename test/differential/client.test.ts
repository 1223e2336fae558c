import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { behaviours } from './support/behaviours.ts';
import { interleavings } from './support/interleavings.ts';
import { LodisSide, type Protocol, ServerSide } from './support/sides.ts';

behaviours('CLIENT', {
  names: [
    'CLIENT GETNAME',
    'CLIENT SETNAME foo',
    'CLIENT GETNAME',
    'CLIENT SETNAME "a b"',
    'CLIENT SETNAME "a\\nb"',
    'CLIENT SETNAME "\\xff"',
    'CLIENT SETNAME é',
    'CLIENT GETNAME',
    'CLIENT SETNAME ~!*',
    'CLIENT GETNAME',
    'CLIENT SETNAME ""',
    'CLIENT GETNAME',
    'CLIENT SETNAME',
    'CLIENT SETNAME a b',
    'CLIENT GETNAME x',
  ],
  'subcommands and arities': [
    'CLIENT',
    'CLIENT NOK',
    'CLIENT ID x',
    'CLIENT INFO x',
    'CLIENT HELP x',
    'CLIENT GETREDIR x',
    'CLIENT TRACKINGINFO x',
    'CLIENT UNPAUSE x',
    'CLIENT UNPAUSE',
  ],
  'LIST: errors': [
    'CLIENT LIST x',
    'CLIENT LIST TYPE',
    'CLIENT LIST TYPE foo',
    'CLIENT LIST type MASTER',
    'CLIENT LIST TYPE replica',
    'CLIENT LIST TYPE slave',
    'CLIENT LIST TYPE normal x',
    'CLIENT LIST ID',
    'CLIENT LIST ID x',
    'CLIENT LIST ID 0',
    'CLIENT LIST ID -1',
    'CLIENT LIST ID 99999 99999 x',
    'CLIENT LIST ID 99999',
    'CLIENT LIST TYPE normal ID 3',
    'CLIENT LIST FOO 1',
  ],
  'KILL: errors and nobody': [
    'CLIENT KILL',
    'CLIENT KILL x',
    'CLIENT KILL 1.2.3.4:5',
    'CLIENT KILL ID x',
    'CLIENT KILL ID 0',
    'CLIENT KILL ID -1',
    'CLIENT KILL ID 99999',
    'CLIENT KILL ID 99999 TYPE',
    'CLIENT KILL ID x FOO',
    'CLIENT KILL TYPE foo',
    'CLIENT KILL TYPE slave',
    'CLIENT KILL TYPE master',
    'CLIENT KILL TYPE replica',
    'CLIENT KILL USER nobody',
    'CLIENT KILL USER nobody FOO bar',
    'CLIENT KILL FOO bar USER nobody',
    'CLIENT KILL SKIPME foo',
    'CLIENT KILL ADDR 1.2.3.4:5',
    'CLIENT KILL LADDR 1.2.3.4:5',
    'CLIENT KILL ID 99999 SKIPME',
    'CLIENT KILL ID 99999 SKIPME no',
    'CLIENT KILL ID 99999 TYPE normal USER default SKIPME no',
  ],
  'NO-EVICT and REPLY: errors': [
    'CLIENT NO-EVICT',
    'CLIENT NO-EVICT foo',
    'CLIENT NO-EVICT ON',
    'CLIENT NO-EVICT off',
    'CLIENT REPLY',
    'CLIENT REPLY foo',
    'CLIENT REPLY ON',
    'CLIENT REPLY ON x',
  ],
  'PAUSE: errors in their order': [
    'CLIENT PAUSE',
    'CLIENT PAUSE x',
    'CLIENT PAUSE -1',
    'CLIENT PAUSE 1.5',
    'CLIENT PAUSE 1 foo',
    'CLIENT PAUSE x foo',
    'CLIENT PAUSE -1 foo',
    'CLIENT PAUSE 1 WRITE x',
    'client pause 1 WRITE x',
    'CLIENT PAUSE 0',
    'CLIENT PAUSE 0 all',
    'CLIENT UNPAUSE',
  ],
  'UNBLOCK: errors in their order': [
    'CLIENT UNBLOCK',
    'CLIENT UNBLOCK x',
    'CLIENT UNBLOCK 99999',
    'CLIENT UNBLOCK 99999 foo',
    'CLIENT UNBLOCK x foo',
    'CLIENT UNBLOCK 99999 TIMEOUT x',
    'CLIENT UNBLOCK 99999 ERROR',
    'CLIENT UNBLOCK 99999 timeout',
    'CLIENT UNBLOCK -1',
  ],
});

interleavings('CLIENT REPLY', {
  'off until it is on again': [
    'a: CLIENT REPLY OFF',
    'a: PING',
    'a: SET k 1',
    'a: CLIENT REPLY SKIP',
    'a: NOSUCH',
    'a: CLIENT REPLY foo',
    'a: CLIENT REPLY ON',
    'a: GET k',
  ],
  'one is skipped': [
    'a: CLIENT REPLY SKIP',
    'a: PING',
    'a: PING',
    'a: CLIENT REPLY SKIP',
    'a: CLIENT REPLY ON',
    'a: PING',
    'a: CLIENT REPLY SKIP',
    'a: CLIENT REPLY SKIP',
    'a: PING',
    'a: PING',
    'a: CLIENT REPLY SKIP',
    'a: NOSUCH',
    'a: PING',
  ],
  'messages come all the same': [
    'a: SUBSCRIBE c',
    'b: CLIENT REPLY OFF',
    'b: SUBSCRIBE c',
    'b: SUBSCRIBE d',
    'd: PUBLISH c hello',
  ],
  RESET: ['a: CLIENT REPLY OFF', 'a: RESET', 'a: PING'],
});

interleavings('CLIENT KILL', {
  'others, by their ids': [
    'a: CLIENT KILL ID {b}',
    'b: PING',
    'a: CLIENT KILL ID {c} TYPE pubsub',
    'c: SUBSCRIBE x',
    'a: CLIENT KILL ID {c} TYPE normal',
    'a: CLIENT KILL ID {c} TYPE pubsub USER default SKIPME yes',
    'a: PING',
  ],
  'oneself, after the reply': ['a: CLIENT KILL ID {a}', 'a: CLIENT KILL ID {a} SKIPME no', 'b: PING'],
  'inside a transaction': [
    'a: MULTI',
    'a: SET k 1',
    'a: CLIENT KILL ID {a} SKIPME no',
    'a: EXEC',
    'b: GET k',
  ],
  'a transaction that was not run': ['b: MULTI', 'b: SET k 1', 'a: CLIENT KILL ID {b}', 'a: GET k'],
  'of filters of a kind the last counts': [
    'a: CLIENT KILL ID {b} ID 99999',
    'b: PING',
    'a: CLIENT KILL ID 99999 ID {b}',
  ],
  'subscribers, all of them': [
    'a: SUBSCRIBE x',
    'b: PSUBSCRIBE x*',
    'c: PING',
    'c: CLIENT KILL TYPE pubsub',
    'c: PUBLISH x hello',
  ],
});

interleavings('CLIENT PAUSE WRITE', {
  'writes wait, reads do not': [
    'a: CLIENT PAUSE 100000 WRITE',
    'a: GET k',
    'b: SET k 1',
    'b: GET k',
    'c: GET k',
    'd: INCR n',
    'c: PUBLISH x y',
    'a: CLIENT UNPAUSE',
    'a: MGET k n',
  ],
  transactions: [
    'a: MULTI',
    'a: SET k 1',
    'b: MULTI',
    'b: GET k',
    'd: CLIENT PAUSE 100000 WRITE',
    'b: EXEC',
    'a: GET k',
    'a: EXEC',
    'c: MULTI',
    'c: SET k 2',
    'd: CLIENT UNPAUSE',
    'c: EXEC',
  ],
  'what fails before it runs fails at once': [
    'a: CLIENT PAUSE 100000 WRITE',
    'b: SET k',
    'b: NOSUCH',
    'b: SET k 1 FOO',
    'a: CLIENT UNPAUSE',
    'b: PING',
  ],
  'who is killed, or hangs up, does not write': [
    'a: CLIENT PAUSE 100000 WRITE',
    'b: SET k 1',
    'c: SET k 2',
    'd: SET k 3',
    'a: CLIENT KILL ID {b}',
    { closes: 'c' },
    'a: CLIENT UNPAUSE',
    'a: GET k',
  ],
  'a reply that was to be skipped': [
    'a: CLIENT REPLY SKIP',
    'b: CLIENT PAUSE 100000 WRITE',
    'a: SET k 1',
    'b: CLIENT UNPAUSE',
    'a: GET k',
    'b: CLIENT PAUSE 100000 WRITE',
    'a: CLIENT REPLY SKIP',
    'a: SET k 2',
    'b: CLIENT UNPAUSE',
    'a: GET k',
  ],
  'it cannot be shortened': [
    'a: CLIENT PAUSE 100000 WRITE',
    'a: CLIENT PAUSE 1 WRITE',
    'a: CLIENT PAUSE 0 WRITE',
    'b: SET k 1',
    { passMs: 20 },
    'c: GET k',
    'a: CLIENT UNPAUSE',
  ],
  'the time is over': [
    'a: CLIENT PAUSE 500 WRITE',
    'b: SET k 1',
    { passMs: 700 },
    'c: SET l 1',
    'a: MGET k l',
  ],
  'again, by what was held up': [
    'a: CLIENT PAUSE 100000 WRITE',
    'b: SET k 1',
    'c: INCR n',
    'd: MULTI',
    'd: CLIENT UNPAUSE',
    'd: CLIENT PAUSE 100000 WRITE',
    'd: EXEC',
    'a: MGET k n',
    'a: CLIENT UNPAUSE',
    'a: MGET k n',
  ],
});

const BOTH: readonly Protocol[] = [2, 3];

/** The fields of a line of CLIENT LIST. */
function fieldsOf(line: string): Map<string, string> {
  return new Map(
    line
      .trim()
      .split(' ')
      .map((field) => {
        const at = field.indexOf('=');
        return [field.slice(0, at), field.slice(at + 1)] as const;
      }),
  );
}

/** What CLIENT LIST has in 8.10 and the reference has not, each with the field before it. */
const YOUNGER = new Map([
  ['watch', 'multi'],
  ['lib-name', 'resp'],
  ['lib-ver', 'lib-name'],
  ['io-thread', 'lib-ver'],
  ['tot-net-in', 'io-thread'],
  ['tot-net-out', 'tot-net-in'],
  ['tot-cmds', 'tot-net-out'],
]);
/** What both must say alike. (Not how old and idle they are: that is measured in whole seconds of real time.) */
const ALIKE = [
  'name',
  'flags',
  'db',
  'sub',
  'psub',
  'ssub',
  'multi',
  'events',
  'cmd',
  'user',
  'redir',
  'resp',
];

/** Of each line only what both must say alike; and its number, which is known only to the side. */
function alike(node: ReplyNode): ReplyNode {
  if ((node.type !== '=' && node.type !== '$') || !node.value?.startsWith('id=')) return node;
  const lines = node.value.split('\n').filter((line) => line !== '');
  const masked = lines.map((line) => {
    const fields = fieldsOf(line);
    return ALIKE.map((field) => `${field}=${fields.get(field)}`).join(' ');
  });
  return { ...node, value: masked.join('\n') };
}

interleavings(
  'CLIENT LIST',
  {
    subscribers: [
      'a: CLIENT SETNAME listens',
      'a: SUBSCRIBE x y',
      'b: CLIENT SETNAME matches',
      'b: PSUBSCRIBE x*',
      'c: CLIENT LIST TYPE pubsub',
      'a: UNSUBSCRIBE x y',
      'c: CLIENT LIST TYPE pubsub',
    ],
    'some by their ids': [
      'a: CLIENT SETNAME a',
      'b: CLIENT SETNAME b',
      'b: MULTI',
      'c: SELECT 5',
      'a: CLIENT LIST ID {b} {c} 99999 {a}',
      'a: CLIENT LIST ID {c} {c} {b}',
      'b: PING',
      'a: CLIENT LIST ID {b}',
    ],
    'held up, and after what there is not': [
      'a: CLIENT PAUSE 100000 WRITE',
      'b: MULTI',
      'b: GET k',
      'b: SET k 1',
      'a: CLIENT LIST ID {b}',
      'c: NOSUCH',
      'a: CLIENT LIST ID {c}',
      'c: GET',
      'a: CLIENT LIST ID {c}',
      'a: CLIENT UNPAUSE',
      'a: CLIENT LIST ID {b}',
    ],
  },
  { normalise: alike },
);

describe('CLIENT INFO, beside the real server', () => {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(async () => {
    await server?.stop();
  });

  const states: Readonly<
    Record<string, { readonly script: readonly string[]; readonly protocols?: readonly Protocol[] }>
  > = {
    'just connected': { script: [] },
    'a name, another database': { script: ['CLIENT SETNAME me', 'SELECT 3'] },
    'in a transaction': { script: ['MULTI', 'SET k 1', 'GET k'] },
    'spared from eviction': { script: ['CLIENT NO-EVICT ON'] },
    tracking: { script: ['CLIENT TRACKING ON'] },
    'tracking by broadcast': { script: ['CLIENT TRACKING ON BCAST'] },
    'a watched key that changed': { script: ['WATCH k', 'SET k 1'] },
    'after RESET': {
      script: ['CLIENT SETNAME me', 'SELECT 3', 'MULTI', 'RESET'],
      protocols: [2],
    },
  };
  for (const [name, { script, protocols = BOTH }] of Object.entries(states)) {
    test.for([...protocols])(`${name} (RESP%i)`, async (protocol, { skip }) => {
      if (server === undefined) return skip();
      const other = await ServerSide.connect(server);
      const ours = new LodisSide();
      const commands = [...script, name === 'in a transaction' ? 'PING' : 'CLIENT INFO'].map((line) =>
        line.split(' '),
      );
      const asked = [...commands, ...(name === 'in a transaction' ? [['DISCARD'], ['CLIENT', 'INFO']] : [])];
      const lineOf = (replies: readonly unknown[]) => {
        const last = replies.at(-1) as { type: string; value: string };
        expect(last.type).toBe(protocol === 3 ? '=' : '$');
        return last.value;
      };
      const mine = lineOf(await ours.run(asked, protocol));
      const real = lineOf(await other.run(asked, protocol));
      await other.close();
      expect(mine.endsWith('\n')).toBe(real.endsWith('\n'));
      const [fields, realFields] = [fieldsOf(mine), fieldsOf(real)];
      for (const field of ALIKE) expect([field, fields.get(field)]).toEqual([field, realFields.get(field)]);
      // The same fields in the same order, once the younger ones are left out; and those where they belong.
      const names = [...fields.keys()];
      expect(names.filter((field) => !YOUNGER.has(field))).toEqual([...realFields.keys()]);
      for (const [field, before] of YOUNGER) expect(names[names.indexOf(field) - 1]).toBe(before);
      for (const field of realFields.keys()) {
        if (/^\d+$/.test(realFields.get(field)!)) expect(fields.get(field)).toMatch(/^-?\d+$/);
      }
    });
  }
});
