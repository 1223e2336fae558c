import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ReplyError } from '../../src/errors.ts';
import { RequestParser } from '../../src/wire/resp/request-parser.ts';
import { RespWriter } from '../../src/wire/resp/resp-writer.ts';
import { startRedisServer } from '../support/redis-server.ts';
import { asLatin1, latin1 } from './support.ts';

const redis = await startRedisServer();
afterAll(() => redis?.stop());

/** All that the server answers to a stream of bytes that then ends. */
function answerOfRedis(input: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    const socket = connect(redis!.port, '127.0.0.1');
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(asLatin1(Buffer.concat(chunks))));
    socket.end(input);
  });
}

/** What a server would answer that reads with our parser, writes with our writer, and knows ECHO only. */
function answerOfOurs(input: Uint8Array): string {
  const parser = new RequestParser();
  const writer = new RespWriter();
  parser.feed(input);
  try {
    for (let tokens = parser.next(); tokens !== undefined; tokens = parser.next()) {
      const [name, ...rest] = tokens;
      if (name?.toUpperCase() !== 'ECHO') {
        const shown = rest.map((token) => `'${token}' `).join('');
        writer.error(new ReplyError(`ERR unknown command '${name}', with args beginning with: ${shown}`));
      } else if (rest.length === 1) writer.bulk(rest[0]!);
      else writer.error(new ReplyError("ERR wrong number of arguments for 'echo' command"));
    }
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error;
    writer.error(error);
  }
  return asLatin1(writer.take());
}

async function compare(text: string): Promise<void> {
  const input = latin1(text);
  expect(answerOfOurs(input)).toBe(await answerOfRedis(input));
}

describe.skipIf(redis === undefined)('RequestParser and a real server', () => {
  it.each([
    ...[
      '*1\r\n$0\r\n\r\n',
      '*x\r\n',
      '*\r\n',
      '*2147483647\r\n',
      '*2147483648\r\n',
      '*-1\r\n*-5\r\n*0\r\nECHO a\r\n',
    ],
    ...['*+1\r\n', '*01\r\n', '*-0\r\n', '* 1\r\n', '*1 \r\n', '*9223372036854775808\r\n', '*0\nECHO a\r\n'],
    ...[
      '*-9223372036854775808\r\nECHO a\r\n',
      '*-9223372036854775809\r\nECHO a\r\n',
      '*-2147483649\r\nECHO a\r\n',
    ],
    ...[
      '*1\r\nx4\r\n',
      '*1\r\n\r\n',
      '*1\r\n\n\r\n',
      '*1\r\n\x01\r\n',
      '*1\r\n\xff\r\n',
      '*1\r\n\0\r\n',
      "*1\r\n'\r\n",
    ],
    ...[
      '*1\r\n$x\r\n',
      '*1\r\n$\r\n',
      '*1\r\n$-1\r\n',
      '*1\r\n$536870912\r\n',
      '*1\r\n$536870913\r\n',
      '*1\r\n$04\r\n',
    ],
    ...[
      '*1\rx$4\rxECHOxxECHO a\r\n',
      '*2\r\n$4\r\nECHO\r\n$3\r\n\r\n\0\r\n',
      '*2\r\n$4\r\nECHO\r\n$1\r\n\xff\r\n',
    ],
    ...[
      '\r\nECHO a\r\n',
      '\nECHO a\n',
      '  \r\nECHO a\r\n',
      'ECHO a \r\r\n',
      '\x0b\x0c ECHO a\r\n',
      'ECHO\x0ba\r\n',
    ],
    ...[
      'ECHO a\0b\r\n',
      'ECHO "a\0b"\r\n',
      '\0\r\nECHO a\r\n',
      'ECHO a\rb\r\n',
      '""\r\n',
      '"a\\r\\nb" c\r\n',
    ],
    ...['ECHO "a"\x0b\r\n', 'ECHO "a"\0\r\n', 'ECHO a\r\n"\r\n', 'ECHO "a\\\r\n', 'ECHO a\r\n*1\r\n$4\r\n'],
  ])('answer %j alike', compare);

  it.each([65_535, 65_536, 65_537])('answer lines of %d bytes that do not end alike', async (length) => {
    for (const prefix of ['ECHO ', '*', '*1\r\n$', '*1\r\n']) {
      const line = prefix.slice(prefix.lastIndexOf('\n') + 1);
      await compare(prefix + '1'.repeat(length - line.length));
    }
  });

  it('split and unquote random lines alike', async () => {
    const part = fc.constantFrom(
      ...' \t\r\v"\'\\xna4fF\xff\xc3\xa9',
      '""',
      "''",
      '\\x4',
      '\\"',
      "\\'",
      '" ',
      "' ",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 16 }), (parts) =>
        compare(`ECHO ${parts.join('')}\r\nECHO z\r\n`),
      ),
      { seed: 20_240_608, numRuns: 1000 },
    );
  });

  it('read random headers alike', async () => {
    const part = fc.constantFrom(
      '*',
      '$',
      '1',
      '0',
      '2',
      '-',
      '\r\n',
      '\r',
      '\n',
      ' ',
      '*1\r\n',
      '$4\r\nECHO\r\n',
      '$1\r\na\r\n',
      '*2\r\n$4\r\nECHO\r\n',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 10 }), (parts) =>
        compare(`${parts.join('')}\r\nECHO z\r\n`),
      ),
      { seed: 20_240_609, numRuns: 1000 },
    );
  });
});

describe.skipIf(redis === undefined)('RespWriter and a real server', () => {
  it.each(['ERR a\r\nb\nc', 'ERR a\r\n', 'ERR a\n\r\n', 'ERR \n', '\r\nERR a', 'ERR a \n '])(
    'put the error %j on one line alike',
    async (text) => {
      const client = await redis!.connect();
      const reply = await client.send(['EVAL', 'return redis.error_reply(ARGV[1])', '0', text]);
      await client.close();
      const writer = new RespWriter();
      writer.error(new ReplyError(text));
      expect(reply.type === '-' ? `-${reply.value}\r\n` : reply).toBe(asLatin1(writer.take()));
    },
  );
});
