import type { ByteString } from '../bytes/byte-string.ts';
import type { Many } from '../bytes/many.ts';
import { errors } from '../errors.ts';
import type { Raw } from '../keyspace/operations.ts';
import { parseInteger } from '../numbers/integer.ts';
import { array, bulk, type Codec } from '../wire/codec.ts';
import { commandsOf, commandTable, marked } from '../wire/command.ts';
import type { Piece } from '../wire/grammar/piece.ts';
import { key, time } from '../wire/grammar/pieces.ts';
import { pickOne } from '../wire/grammar/sampler.ts';
import { together } from '../wire/grammar/together.ts';
import type { TokenReader } from '../wire/grammar/token-reader.ts';
import type { Reply } from '../wire/resp/reply.ts';
import type { ClaimOperations } from './claim-operations.ts';
import { requireId } from './stream-arguments.ts';
import { entries, entry } from './stream-codecs.ts';
import type { StreamEntry } from './stream-entry.ts';
import { consumerName, groupName, idTexts, rangeStart, requireGroup } from './stream-grammar.ts';
import { parseId } from './stream-id.ts';
import type { XautoclaimOptions, XclaimOptions } from './stream-options.ts';
import type { Autoclaimed } from './stream-results.ts';

const { command: _command, form, commandWithForms } = commandsOf<ClaimOperations<Raw>>();

/** `[cursor, [entry, …], [id, …]]` */
function autoclaimed<E>(one: Codec<E>): Codec<Autoclaimed<E>> {
  const some = array(one);
  const ids = array(bulk);
  return {
    write: ({ cursor, entries: claimed, deletedIds }, sink) => {
      sink.array(3);
      sink.bulk(cursor);
      some.write(claimed, sink);
      ids.write(deletedIds, sink);
    },
    read: (reply) => {
      const [cursor, claimed, deletedIds] = reply as [Reply, Reply, Reply];
      return { cursor, entries: some.read(claimed), deletedIds };
    },
  };
}

function minIdle(commandName: string): Piece<number> {
  const piece = time('min-idle-time', { error: () => errors.minIdleInvalid(commandName) });
  return {
    ...piece,
    sample: (sampler, out) => out.push(pickOne(sampler, ['0', '0', '0', '0', '-1', '100000000', 'x'])),
  };
}

// ── XCLAIM's ids, and the options after them ───────────────────────────────────────────────────────────────

type ClaimWireOptions = XclaimOptions & { justid?: boolean };

/** Integers of 64 bits; those beyond 2^53 lie too far away to matter exactly. */
function claimInteger(reader: TokenReader, option: string): number {
  const value = parseInteger(reader.next());
  if (value === undefined) throw errors.claimOptionInvalid(option);
  return Number(value);
}

/** One option, if the next token is one that has what it needs behind it. */
function readClaimOption(reader: TokenReader, options: ClaimWireOptions): void {
  const word = reader.peek()!;
  if (reader.accept('FORCE')) options.force = true;
  else if (reader.accept('JUSTID')) options.justid = true;
  else if (reader.remaining < 2) throw errors.claimOptionUnknown(word);
  else if (reader.accept('IDLE')) {
    options.idle = claimInteger(reader, 'IDLE');
    delete options.time;
  } else if (reader.accept('TIME')) {
    options.time = claimInteger(reader, 'TIME');
    delete options.idle;
  } else if (reader.accept('RETRYCOUNT')) {
    const count = parseInteger(reader.next());
    if (count === undefined) throw errors.claimOptionInvalid('RETRYCOUNT');
    options.retrycount = count;
  } else if (reader.accept('LASTID')) {
    options.lastid = reader.next();
    requireId(options.lastid);
  } else throw errors.claimOptionUnknown(word);
}

const ids = idTexts();

const claimed = together<[ids: Many, options: ClaimWireOptions | undefined]>(2, {
  read: (reader) => {
    const given: ByteString[] = [];
    while (reader.remaining > 0 && parseId(reader.peek()!) !== undefined) given.push(reader.next());
    const options: ClaimWireOptions = {};
    while (reader.remaining > 0) readClaimOption(reader, options);
    return [given, options];
  },
  write: ([given, options], out) => {
    ids.write(given, out);
    if (options === undefined) return;
    const { idle, time: at, retrycount, force, justid, lastid } = options;
    // Of the two, the later one counts.
    if (idle !== undefined) out.push('IDLE', String(idle));
    if (at !== undefined) out.push('TIME', String(at));
    if (retrycount !== undefined) out.push('RETRYCOUNT', String(retrycount));
    if (force === true) out.push('FORCE');
    if (justid === true) out.push('JUSTID');
    if (lastid !== undefined) out.push('LASTID', lastid);
  },
  sample: (sampler, out) => {
    ids.sample(sampler, out);
    if (sampler.below(6) === 0) out.push('IDLE', pickOne(sampler, ['0', '1000', '-1', 'x']));
    if (sampler.below(6) === 0) out.push('TIME', pickOne(sampler, ['0', '1000', '-1', '1700000000000', 'x']));
    if (sampler.below(4) === 0) out.push('RETRYCOUNT', pickOne(sampler, ['0', '1', '7', '-1', 'x']));
    if (sampler.below(3) === 0) out.push('FORCE');
    if (sampler.below(3) === 0) out.push('JUSTID');
    if (sampler.below(8) === 0) out.push('LASTID', `${sampler.below(10)}-${sampler.below(4)}`);
  },
  docs: [
    ...ids.docs,
    { name: 'ms', type: 'integer', token: 'IDLE', flags: ['optional'] },
    { name: 'unix-time-milliseconds', type: 'unix-time', token: 'TIME', flags: ['optional'] },
    { name: 'count', type: 'integer', token: 'RETRYCOUNT', flags: ['optional'] },
    { name: 'force', type: 'pure-token', token: 'FORCE', flags: ['optional'] },
    { name: 'justid', type: 'pure-token', token: 'JUSTID', flags: ['optional'] },
    { name: 'lastid', type: 'string', token: 'LASTID', flags: ['optional'] },
  ],
  minTokens: 1,
  isVariable: true,
});

// ── XAUTOCLAIM's options ───────────────────────────────────────────────────────────────────────────────────

type AutoclaimWireOptions = XautoclaimOptions & { justid?: boolean };

const autoclaimOptions: Piece<AutoclaimWireOptions | undefined> = {
  read: (reader) => {
    if (reader.remaining === 0) return undefined;
    const options: AutoclaimWireOptions = {};
    while (reader.remaining > 0) {
      if (reader.remaining > 1 && reader.accept('COUNT')) {
        const count = parseInteger(reader.next());
        if (count === undefined || count < 1 || count >= 2n ** 59n) throw errors.autoclaimCount();
        options.count = Number(count);
      } else if (reader.accept('JUSTID')) options.justid = true;
      else throw errors.syntax();
    }
    return options;
  },
  write: (options, out) => {
    if (options?.count !== undefined) out.push('COUNT', String(options.count));
    if (options?.justid === true) out.push('JUSTID');
  },
  sample: (sampler, out) => {
    if (sampler.below(2) === 0) out.push('COUNT', pickOne(sampler, ['1', '2', '3', '10', '0', 'x']));
    if (sampler.below(3) === 0) out.push('JUSTID');
  },
  docs: [
    { name: 'count', type: 'integer', token: 'COUNT', flags: ['optional'] },
    { name: 'justid', type: 'pure-token', token: 'JUSTID', flags: ['optional'] },
  ],
  minTokens: 0,
  isVariable: true,
};

/** Taking over what is pending with others. */
export const claimCommands = commandTable<ClaimOperations<Raw>>()([
  commandWithForms({
    name: 'XCLAIM',
    summary:
      'Changes, or acquires, ownership of a message in a consumer group, as if the message was delivered a consumer group member.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(log N) with N being the number of messages in the PEL of the consumer group.',
    flags: 'write fast',
    tips: ['nondeterministic_output'],
    before: requireGroup,
    args: [key('RW update'), groupName(), consumerName(), minIdle('XCLAIM'), ...claimed],
    forms: [form('xclaimJustid', array(bulk), marked('justid', 5)), form('xclaim', entries)],
  }),
  commandWithForms({
    name: 'XAUTOCLAIM',
    summary:
      'Changes, or acquires, ownership of messages in a consumer group, as if the messages were delivered to as consumer group member.',
    since: '6.2.0',
    group: 'stream',
    complexity: 'O(1) if COUNT is small.',
    flags: 'write fast',
    tips: ['nondeterministic_output'],
    history: [
      [
        '7.0.0',
        'Added an element to the reply array, containing deleted entries the command cleared from the PEL',
      ],
    ],
    // It looks the key up before it reads anything, but says nothing of it yet.
    before: (operations, tokens) => {
      operations.typeToRead(tokens[1]!);
    },
    args: [
      key('RW delete'),
      groupName(),
      consumerName(),
      minIdle('XAUTOCLAIM'),
      rangeStart(),
      autoclaimOptions,
    ],
    forms: [
      form('xautoclaimJustid', autoclaimed<string>(bulk), marked('justid', 5)),
      form('xautoclaim', autoclaimed<StreamEntry<Raw>>(entry as Codec<StreamEntry<Raw>>)),
    ],
  }),
]);
