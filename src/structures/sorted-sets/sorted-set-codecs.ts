import type { ByteString } from '../../bytes/byte-string.ts';
import { formatDouble } from '../../numbers/double.ts';
import { type Codec, double } from '../../wire/codec.ts';
import type { Reply } from '../../wire/resp/reply.ts';
import type { ReplySink } from '../../wire/resp/reply-sink.ts';
import type { RankWithScore, ScoredMember, ZmpopResult } from './sorted-set-options.ts';

type Scored = ScoredMember<ByteString>;

function writeNested(members: readonly Scored[], sink: ReplySink): void {
  sink.array(members.length);
  for (const { member, score } of members) {
    sink.array(2);
    sink.bulk(member);
    sink.double(score);
  }
}

function readNested(reply: Reply): ScoredMember<Reply>[] {
  return (reply as [Reply, Reply][]).map(([member, score]) => scoredFrom(member, score));
}

function scoredFrom(member: Reply, score: Reply): ScoredMember<Reply> {
  return { member, score: double.read(score) as number };
}

function readPairs(reply: Reply): ScoredMember<Reply>[] {
  const items = reply as Reply[];
  if (Array.isArray(items[0])) return readNested(reply);
  const members: ScoredMember<Reply>[] = [];
  for (let at = 0; at < items.length; at += 2) members.push(scoredFrom(items[at]!, items[at + 1]!));
  return members;
}

/** Members with their scores: a flat array in both protocols. ZPOPMIN without a count has it so. */
export const flatPairs: Codec<readonly Scored[]> = {
  write: (members, sink) => {
    sink.array(members.length * 2);
    for (const { member, score } of members) {
      sink.bulk(member);
      sink.double(score);
    }
  },
  read: readPairs,
};

/** Members with their scores: a flat array in RESP2, an array of pairs in RESP3. */
export const scoredMembers: Codec<readonly Scored[]> = {
  write: (members, sink) => {
    if (sink.protocol === 2) flatPairs.write(members, sink);
    else writeNested(members, sink);
  },
  read: readPairs,
};

/** The members that ZSCAN found: a flat array, the scores as text in both protocols. */
export const scannedPairs: Codec<readonly Scored[]> = {
  write: (members, sink) => {
    sink.array(members.length * 2);
    for (const { member, score } of members) {
      sink.bulk(member);
      sink.bulk(formatDouble(score));
    }
  },
  read: readPairs,
};

/** A key, and an array of pairs in both protocols; or the nil array. */
export const poppedFromKey: Codec<ZmpopResult<ByteString> | null> = {
  write: (result, sink) => {
    if (result === null) return sink.nilArray();
    sink.array(2);
    sink.bulk(result.key);
    writeNested(result.members, sink);
  },
  read: (reply) => {
    if (reply === null) return null;
    const [key, members] = reply as [Reply, Reply];
    return { key, members: readNested(members) };
  },
};

/** `[rank, score]`, or the nil array. */
export const rankWithScore: Codec<RankWithScore | null> = {
  write: (result, sink) => {
    if (result === null) return sink.nilArray();
    sink.array(2);
    sink.integer(result.rank);
    sink.double(result.score);
  },
  read: (reply) => {
    if (reply === null) return null;
    const [rank, score] = reply as [Reply, Reply];
    return { rank, score: double.read(score) };
  },
};
