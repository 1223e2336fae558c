import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteString, fromBytes, toBytes } from '../../src/bytes/byte-string.ts';
import { ReplyError } from '../../src/errors.ts';
import { ReplyBuilder } from '../../src/wire/resp/reply-builder.ts';
import { type ReplyNode, toReply } from '../../src/wire/resp/reply-node.ts';
import { ReplyParser } from '../../src/wire/resp/reply-parser.ts';
import type { ReplySink } from '../../src/wire/resp/reply-sink.ts';
import { RequestParser } from '../../src/wire/resp/request-parser.ts';
import { RespWriter } from '../../src/wire/resp/resp-writer.ts';
import { readReplies, readRequests } from './support.ts';

const SEED = 20_240_607;

/** A reply as calls on a sink, whatever the protocol. */
type Script =
  | { readonly call: 'simple' | 'error' | 'bigNumber'; readonly text: string }
  | { readonly call: 'integer'; readonly value: number | bigint }
  | { readonly call: 'bulk' | 'bytes' | 'verbatim'; readonly bytes: Uint8Array }
  | { readonly call: 'nil' | 'nilArray' }
  | { readonly call: 'double'; readonly value: number }
  | { readonly call: 'boolean'; readonly value: boolean }
  | { readonly call: 'array' | 'map' | 'set' | 'push'; readonly items: readonly Script[] };

function play(script: Script, sink: ReplySink): void {
  switch (script.call) {
    case 'simple':
    case 'bigNumber':
      sink[script.call](script.text);
      break;
    case 'error':
      sink.error(new ReplyError(script.text));
      break;
    case 'integer':
      sink.integer(script.value);
      break;
    case 'bulk':
      sink.bulk(fromBytes(script.bytes));
      break;
    case 'bytes':
      sink.bytes(script.bytes);
      break;
    case 'verbatim':
      sink.verbatim('txt', fromBytes(script.bytes));
      break;
    case 'double':
      sink.double(script.value);
      break;
    case 'boolean':
      sink.boolean(script.value);
      break;
    case 'nil':
    case 'nilArray':
      sink[script.call]();
      break;
    default:
      if (script.call === 'map') sink.map(script.items.length / 2);
      else sink[script.call](script.items.length);
      for (const item of script.items) play(item, sink);
  }
}

/** The tree that a script must become, worked out without any of the code under test. */
function expected(script: Script, protocol: 2 | 3): ReplyNode {
  const three = protocol === 3;
  switch (script.call) {
    case 'simple':
      return { type: '+', value: script.text };
    case 'error':
      return { type: '-', value: script.text };
    case 'bigNumber':
      return { type: three ? '(' : '$', value: script.text };
    case 'integer': {
      const { value } = script;
      return { type: ':', value: BigInt(Number(value)) === value ? Number(value) : value };
    }
    case 'bulk':
    case 'bytes':
      return { type: '$', value: fromBytes(script.bytes) };
    case 'verbatim': {
      const value = fromBytes(script.bytes);
      return three ? { type: '=', format: 'txt', value } : { type: '$', value };
    }
    case 'double': {
      const text = String(script.value);
      return three ? { type: ',', value: script.value, text } : { type: '$', value: text };
    }
    case 'boolean':
      return three ? { type: '#', value: script.value } : { type: ':', value: script.value ? 1 : 0 };
    case 'nil':
      return three ? { type: '_' } : { type: '$', value: null };
    case 'nilArray':
      return three ? { type: '_' } : { type: '*', items: null };
    default: {
      const items = script.items.map((item) => expected(item, protocol));
      if (!three) return { type: '*', items };
      if (script.call === 'map') {
        const entries = items.flatMap((key, at) => (at % 2 === 0 ? [[key, items[at + 1]!] as const] : []));
        return { type: '%', entries };
      }
      return { type: script.call === 'array' ? '*' : script.call === 'set' ? '~' : '>', items };
    }
  }
}

const line = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, '-'));
/** Text of every width, arbitrary bytes, and lengths around those where the writer changes its ways. */
const bytes = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }).map(toBytes),
  fc.uint8Array({ maxLength: 80 }),
  fc.integer({ min: 0, max: 300 }).map((length) => new Uint8Array(length).fill(120)),
);
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

const { script } = fc.letrec<{ script: Script }>((tie) => ({
  script: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.record({ call: fc.constantFrom('simple' as const, 'error' as const), text: line }),
    fc.record({ call: fc.constant('bigNumber' as const), text: fc.bigInt().map(String) }),
    fc.record({ call: fc.constant('integer' as const), value: fc.oneof(fc.integer(), int64) }),
    fc.record({ call: fc.constantFrom('bulk' as const, 'bytes' as const, 'verbatim' as const), bytes }),
    fc.record({ call: fc.constantFrom('nil' as const, 'nilArray' as const) }),
    // Those whose text is beyond doubt: how doubles print is tested where they are printed.
    fc.record({ call: fc.constant('double' as const), value: fc.integer().map((value) => value / 8) }),
    fc.record({ call: fc.constant('boolean' as const), value: fc.boolean() }),
    fc.record({
      call: fc.constantFrom('array' as const, 'set' as const, 'push' as const),
      items: fc.array(tie('script'), { maxLength: 6 }),
    }),
    fc.record({
      call: fc.constant('map' as const),
      items: fc
        .array(fc.tuple(tie('script'), tie('script')), { maxLength: 4 })
        .map((entries) => entries.flat()),
    }),
  ),
}));

/** Cuts bytes into chunks of the given sizes, over and over. */
function cut(whole: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < whole.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    chunks.push(whole.slice(at, at + size));
    at += size;
  }
  return chunks;
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
const protocol = fc.constantFrom(2 as const, 3 as const);

describe('what is written', () => {
  it('is read as the same trees, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(script, { maxLength: 5 }), protocol, sizes, (scripts, version, chunkSizes) => {
        const writer = new RespWriter(version);
        for (const reply of scripts) play(reply, writer);
        const nodes = scripts.map((reply) => expected(reply, version));
        expect(readReplies(cut(writer.take(), chunkSizes))).toStrictEqual({
          replies: nodes,
          error: undefined,
        });
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('means the value that is built directly', () => {
    fc.assert(
      fc.property(script, protocol, fc.boolean(), (reply, version, asBytes) => {
        const writer = new RespWriter(version);
        const builder = new ReplyBuilder({ protocol: version, bytes: asBytes });
        play(reply, writer);
        play(reply, builder);
        const parser = new ReplyParser();
        parser.feed(writer.take());
        expect(builder.finish()).toStrictEqual(toReply(parser.next()!, { bytes: asBytes }));
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('as requests is read as the same tokens, however it is cut', () => {
    const tokens = fc.array(bytes, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(tokens, { maxLength: 5 }), fc.boolean(), sizes, (requests, raw, chunkSizes) => {
        const writer = new RespWriter();
        const texts: ByteString[][] = requests.map((request) => request.map((token) => fromBytes(token)));
        for (const request of raw ? requests : texts) writer.writeCommand(request);
        expect(readRequests(cut(writer.take(), chunkSizes))).toStrictEqual({
          requests: texts,
          error: undefined,
        });
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});

describe('bytes that nobody would write', () => {
  const soup = fc
    .array(fc.constantFrom(...'*$:+-_%~>,#(=!|\r\n0123 "\'\\xa\0', '\r\n', '\xff', '*1\r\n', '$1\r\n'), {
      maxLength: 60,
    })
    .map((parts) => Uint8Array.from(parts.join(''), (unit) => unit.charCodeAt(0)));

  it('make both parsers answer alike however they are cut', () => {
    fc.assert(
      fc.property(soup, sizes, (input, chunkSizes) => {
        expect(readRequests(cut(input, chunkSizes))).toStrictEqual(
          readRequests([input], new RequestParser()),
        );
        expect(readReplies(cut(input, chunkSizes))).toStrictEqual(readReplies([input]));
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });
});
