import { type ByteString, toByteString } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import { MAX_UINT64 } from '../numbers/unsigned.ts';
import { requireIdempotentId, requireKnown, requireReferences, TRIM_OPTIONS } from './known-options.ts';
import { MAX_ID, MIN_ID, nextId, parseId, previousId, type StreamId } from './stream-id.ts';
import type { TrimOptions, XaddOptions } from './stream-options.ts';

// What the commands of streams ask of their arguments, whether they come from typed callers or over the wire.

/** For callers without types: a number is no id, whose digits past 2^53 would not be what they seem. @throws TypeError */
function textOf(id: ByteString): ByteString {
  return typeof id === 'string' ? id : toByteString(id);
}

/** A whole id, or its first half. @throws ReplyError if it is none */
export function requireId(text: ByteString): StreamId {
  const id = parseId(textOf(text));
  if (id === undefined) throw errors.invalidStreamId();
  return id;
}

/** All of them. @throws ReplyError if one is none */
export function requireIds(texts: readonly ByteString[]): StreamId[] {
  return texts.map(requireId);
}

/** The beginning of a range: an id, `(` before one that is left out, `-`, `+`. @throws ReplyError if it is none */
export function requireRangeStart(given: ByteString): StreamId {
  const text = textOf(given);
  if (!isExclusive(text)) return requireBound(text, 0);
  const next = nextId(requireId(text.slice(1)));
  if (next === undefined) throw errors.invalidStartId();
  return next;
}

/** The end of a range: as its beginning, but an id without its second half means the last one of that time. */
export function requireRangeEnd(given: ByteString): StreamId {
  const text = textOf(given);
  if (!isExclusive(text)) return requireBound(text, MAX_UINT64);
  const excluded = parseId(text.slice(1), MAX_UINT64);
  if (excluded === undefined) throw errors.invalidStreamId();
  const previous = previousId(excluded);
  if (previous === undefined) throw errors.invalidEndId();
  return previous;
}

function isExclusive(text: ByteString): boolean {
  return text.length > 1 && text.startsWith('(');
}

function requireBound(text: ByteString, missingSeq: number | bigint): StreamId {
  if (text === '-') return MIN_ID;
  if (text === '+') return MAX_ID;
  const id = parseId(text, missingSeq);
  if (id === undefined) throw errors.invalidStreamId();
  return id;
}

/** What XADD's id may be: undefined is one that is chosen, whole or only its second half. */
export interface AskedId {
  readonly ms: StreamId['ms'] | undefined;
  readonly seq: StreamId['seq'] | undefined;
}

const CHOSEN: AskedId = { ms: undefined, seq: undefined };

/** @throws ReplyError if it is none */
export function requireNewId(given: ByteString | undefined): AskedId {
  if (given === undefined || given === '*') return CHOSEN;
  const text = textOf(given);
  if (text.endsWith('-*')) {
    const { ms } = requireId(text.slice(0, -2));
    // Nothing else may stand before the star.
    if (text.indexOf('-') !== text.length - 2) throw errors.invalidStreamId();
    return { ms, seq: undefined };
  }
  return requireId(text);
}

/** @throws ReplyError if what is said of trimming does not go together */
export function requireTrimOptions(options: TrimOptions): void {
  const { maxlen, minid, limit, references } = options;
  requireReferences(references);
  if (maxlen !== undefined) {
    if (minid !== undefined) throw errors.trimMaxlenAndMinid();
    if (!Number.isInteger(maxlen)) throw errors.notAnInteger();
    if (maxlen < 0) throw errors.trimMaxlenNegative();
  } else if (minid !== undefined) requireId(minid);
  if (limit === undefined) return;
  if (!Number.isInteger(limit)) throw errors.notAnInteger();
  if (limit < 0) throw errors.trimLimitNegative();
  requireLimitFits(options);
}

/** The same for XTRIM. @throws ReplyError if nothing says what to remove, too */
export function requireTrimming(options: TrimOptions): void {
  requireKnown(options, TRIM_OPTIONS);
  const { maxlen, minid, limit = 0 } = options;
  if (maxlen === undefined && minid === undefined && !(limit > 0)) throw errors.trimWithoutStrategy();
  requireTrimOptions(options);
}

/** @throws ReplyError if there is a limit, but nothing that it limits */
export function requireLimitFits({ maxlen, minid, limit, approximate }: TrimOptions): void {
  if (limit === undefined) return;
  if (limit > 0 && maxlen === undefined && minid === undefined) throw errors.trimLimitWithoutStrategy();
  if (approximate !== true) throw errors.trimLimitWithoutApproximation();
}

/** @throws ReplyError if what is said of the message's name is incomplete, or its id is not to be chosen */
export function requireIdempotence({ id, idmp, idmpauto }: XaddOptions): void {
  if (idmp === undefined && idmpauto === undefined) return;
  if (idmp !== undefined) {
    requireIdempotentId(idmp);
    if (idmpauto !== undefined) throw errors.idmpTwice();
    if (toByteString(idmp.producer) === '') throw errors.idmpProducerEmpty('IDMP');
    if (toByteString(idmp.id) === '') throw errors.idmpIdEmpty('IDMP');
  } else if (toByteString(idmpauto!) === '') throw errors.idmpProducerEmpty('IDMPAUTO');
  if (id !== undefined && id !== '*') throw errors.idmpNeedsChosenId();
}
