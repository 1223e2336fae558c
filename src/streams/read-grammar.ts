import type { ByteString, Bytes } from '../bytes/byte-string.ts';
import { type Pairs, pairsOf } from '../bytes/many.ts';
import { errors, type ReplyError } from '../errors.ts';
import { parseInteger } from '../numbers/integer.ts';
import { block, flag, type Option, options, since, valued } from '../wire/grammar/options.ts';
import type { KeySpec, Piece } from '../wire/grammar/piece.ts';
import { integer, string, time } from '../wire/grammar/pieces.ts';
import { pickOne, type Sampler } from '../wire/grammar/sampler.ts';
import { isKeyword, type TokenReader, upperCase } from '../wire/grammar/token-reader.ts';
import { requireMaxcount, requireMaxsize, requireMinIdle } from './read-arguments.ts';
import type { GroupReadRequest, ReadRequest } from './stream-reads.ts';

/** Which of the two commands it is. */
type Command = 'xread' | 'xreadgroup';

/** The options of XREAD, all of which stand before STREAMS. */
export function readOptions(): Piece<ReadRequest | undefined> {
  return options<ReadRequest>(
    { count: count(), maxcount: maxCount(), maxsize: maxSize(), block: blockMs() },
    { stopsAtUnknown: true },
  );
}

/** The options of XREADGROUP, GROUP among them: they may stand in any order. */
export function groupReadOptions(): Piece<GroupReadRequest> {
  const piece = options<GroupReadRequest>(
    {
      group: group(),
      count: count(),
      maxcount: maxCount(),
      maxsize: maxSize(),
      block: blockMs(),
      claim: claim(),
      noack: flag('NOACK'),
    },
    {
      stopsAtUnknown: true,
      finish: (given, reader) => {
        if (given.group === undefined && isAtStreams(reader)) throw missingGroup(reader);
      },
    },
  );
  return {
    ...piece,
    read: (reader) => piece.read(reader) ?? NO_REQUEST,
    sample: (sampler, out) => {
      if (sampler.below(40) > 0) group().sample(sampler, out);
      piece.sample(sampler, out);
    },
    minTokens: 3,
  } as Piece<GroupReadRequest>;
}

/** What no tokens at all would mean: never run, because STREAMS is missing too. */
const NO_REQUEST: GroupReadRequest = { group: { group: '', consumer: '' } };

/** STREAMS with something behind it: alone at the end it is no keyword. */
function isAtStreams(reader: TokenReader): boolean {
  const token = reader.peek();
  return token !== undefined && isKeyword(token, 'STREAMS') && reader.remaining > 1;
}

/** That the keys have not all got their ids is said before. */
function missingGroup(reader: TokenReader): ReplyError {
  return reader.remaining % 2 === 0 ? errors.unbalancedStreams('xreadgroup') : errors.missingGroup();
}

function group(): Option<{ group: Bytes; consumer: Bytes }> {
  const both = block<{ group: Bytes; consumer: Bytes }>('GROUP', {
    group: string('group'),
    consumer: string('consumer'),
  });
  return {
    ...both,
    sample: (sampler, out) => out.push('GROUP', sampler.group(), sampler.consumer()),
    docs: { ...both.docs, name: 'group-block' },
  };
}

/** How many entries of each stream; one that is not positive sets no limit. */
function count(): Option<number> {
  return valued('COUNT', integer('count'));
}

function maxCount(): Option<number> {
  return since('8.10.0', valued('MAXCOUNT', limit('maxcount', requireMaxcount)));
}

function maxSize(): Option<number> {
  return since('8.10.0', valued('MAXSIZE', limit('maxsize', requireMaxsize)));
}

/** What is no positive integer is said at once, whichever way it is none. */
function limit(name: string, check: (value: number) => void): Piece<number> {
  return {
    ...integer(name),
    read: (reader) => {
      const value = Number(parseInteger(reader.next()) ?? Number.NaN);
      check(value);
      return value;
    },
    sample: (sampler, out) => out.push(pickOne(sampler, ['1', '2', '3', '5', '100', '0', 'abc'])),
  };
}

function blockMs(): Option<number> {
  return valued('BLOCK', {
    ...time('milliseconds'),
    read: (reader) => {
      const value = parseInteger(reader.next());
      if (value === undefined) throw errors.timeoutNotAnInteger();
      if (value < 0) throw errors.timeoutIsNegative();
      return Number(value);
    },
    // Short, lest what is made up takes for ever.
    sample: (sampler, out) =>
      out.push(sampler.below(10) === 0 ? pickOne(sampler, ['-1', 'abc', '1.5', '']) : '1'),
  });
}

function claim(): Option<number> {
  const idle: Piece<number> = {
    ...time('min-idle-time'),
    read: (reader) => {
      const value = Number(parseInteger(reader.next()) ?? Number.NaN);
      requireMinIdle(value);
      return value;
    },
    sample: (sampler, out) => out.push(pickOne(sampler, ['0', '0', '1000', '100000', '-1', 'abc'])),
  };
  return since('8.4.0', valued('CLAIM', idle));
}

/** `STREAMS key [key …] id [id …]`, to the end of the command. */
export function streamsAndIds(command: Command): Piece<Pairs> {
  const spec: KeySpec = {
    begin: { keyword: 'STREAMS', startFrom: command === 'xread' ? 1 : 4, search: keywordStreams },
    find: { lastKey: -1, step: 1, limit: 2 },
    flags: ['RO', 'access'],
  };
  return {
    read: (reader) => {
      if (!isAtStreams(reader)) throw wrongOption(command, reader);
      reader.next();
      if (reader.remaining % 2 !== 0) throw errors.unbalancedStreams(command);
      const keys: Bytes[] = [];
      for (let left = reader.remaining / 2; left > 0; left--) keys.push(reader.next());
      return keys.map((key) => [key, reader.next()] as const);
    },
    write: (streams, out) => {
      const pairs = [...pairsOf(streams)];
      out.push('STREAMS');
      for (const [key] of pairs) out.push(key);
      for (const [, id] of pairs) out.push(id);
    },
    sample: (sampler, out) => {
      const many = 1 + (sampler.below(3) === 0 ? sampler.below(3) : 0);
      out.push('STREAMS');
      for (let at = 0; at < many; at++) out.push(sampler.key());
      for (let at = 0; at < many; at++) out.push(sampleId(command, sampler));
    },
    docs: [
      {
        name: 'streams',
        type: 'block',
        token: 'STREAMS',
        arguments: [
          { name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] },
          { name: 'id', type: 'string', flags: ['multiple'] },
        ],
      },
    ],
    minTokens: 3,
    isVariable: true,
    keys: [spec],
  };
}

/** How many values follow a word before STREAMS. */
const VALUES_AFTER: ReadonlyMap<string, number> = new Map([
  ...(['COUNT', 'BLOCK', 'MAXCOUNT', 'MAXSIZE', 'CLAIM'] as const).map((word) => [word, 1] as const),
  ['GROUP', 2],
]);

/** Where STREAMS is: a group, a consumer and whatever else is a value may be called so too. O(tokens). */
function keywordStreams(tokens: readonly ByteString[]): number {
  let at = 1;
  while (at < tokens.length && !isKeyword(tokens[at]!, 'STREAMS')) {
    at += 1 + (VALUES_AFTER.get(upperCase(tokens[at]!)) ?? 0);
  }
  return at < tokens.length ? at : -1;
}

/** What is said of a word that is no option, or not of this command. */
function wrongOption(command: Command, reader: TokenReader): ReplyError {
  const token = reader.peek();
  if (command === 'xread' && token !== undefined) {
    if (isKeyword(token, 'GROUP') && reader.remaining > 2) return errors.onlyWithXreadgroup('GROUP');
    if (isKeyword(token, 'NOACK')) return errors.onlyWithXreadgroup('NOACK');
    if (isKeyword(token, 'CLAIM') && reader.remaining > 1) return errors.onlyWithXreadgroup('CLAIM');
  }
  return errors.syntax();
}

function sampleId(command: Command, sampler: Sampler): string {
  const choice = sampler.below(20);
  if (choice === 0) return '$';
  if (choice === 1 && sampler.knows('7.4.0')) return '+';
  if (choice === 2) return '>';
  if (command === 'xreadgroup' && choice < 14) return '>';
  return choice < 17 ? pickOne(sampler, ['0', '0-0']) : sampler.streamId();
}
