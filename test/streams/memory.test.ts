import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textBytes } from '../../src/bytes/text-bytes.ts';
import { ConsumerGroup } from '../../src/streams/consumer-group.ts';
import { Stream } from '../../src/streams/stream.ts';
import { compareIds, MAX_ID, MIN_ID, type StreamId } from '../../src/streams/stream-id.ts';

// What a stream says it takes, kept with every change, beside what a copy of it finds that counts for the first time.

const SEED = 20_270_301;
const LIMITS = { streamNodeMaxEntries: 5, streamNodeMaxBytes: 200 };
const NOW_MS = 1_700_000_000_000;
const GROUPS = ['a', 'audit', 'mail'];
const CONSUMERS = ['alice', 'bob', '漢字'];
const SHAPES = [['name'], ['name', 'age'], ['名'], ['name'.repeat(20)], ['x', 'y', 'z'], ['name', 'name']];

interface Step {
  readonly kind: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly text: string;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    ...[
      'append',
      'append',
      'append',
      'append',
      'appendOther',
      'delete',
      'delete',
      'trim',
      'trimApproximately',
    ],
    ...[
      'trimSome',
      'goBack',
      'addGroup',
      'removeGroup',
      'addConsumer',
      'removeConsumer',
      'deliver',
      'deliver',
    ],
    ...['acknowledge', 'release', 'addReleased', 'record', 'record', 'expire', 'configure', 'copy', 'ask'],
  ),
  a: fc.nat(1000),
  b: fc.nat(1000),
  c: fc.nat(1000),
  text: fc.oneof(fc.string({ maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 12 })),
});

function idsOf(stream: Stream): StreamId[] {
  const ids: StreamId[] = [];
  stream.log.forEach(MIN_ID, MAX_ID, ({ ms, seq }) => {
    ids.push({ ms, seq });
  });
  return ids;
}

/** Takes one step. @returns the stream to go on with */
function take(stream: Stream, { kind, a, b, c, text }: Step): Stream {
  const nextId = { ms: Number(stream.lastId.ms) + 1 + (a % 3), seq: b % 2 };
  const group = stream.group(GROUPS[a % GROUPS.length]!);
  const name = CONSUMERS[b % CONSUMERS.length]!;
  switch (kind) {
    case 'append': {
      const fields = SHAPES[c % SHAPES.length]!;
      const values = fields.map((_, at) => (at === 0 ? text : text.repeat(c % 40)));
      stream.append(nextId, fields, values, LIMITS);
      break;
    }
    case 'appendOther':
      stream.append(nextId, [`f${a}`, text], [text, String(b)], LIMITS);
      break;
    case 'delete': {
      const ids = idsOf(stream);
      if (ids.length > 0) stream.delete(ids[a % ids.length]!);
      break;
    }
    case 'trim':
      stream.trim({ maxLength: Math.max(0, stream.length - (a % 9)) });
      break;
    case 'trimApproximately':
      stream.trim({ maxLength: Math.max(0, stream.length - (a % 15)), isApproximate: true });
      break;
    case 'trimSome':
      stream.trim({
        maxLength: Math.max(0, stream.length - (a % 9)),
        mayRemove: (id) => Number(id.ms) % 3 > 0,
      });
      break;
    case 'goBack': {
      // As XSETID may, once the entries after it are deleted.
      const last = idsOf(stream).at(-1);
      stream.lastId = last ?? MIN_ID;
      break;
    }
    case 'addGroup':
      stream.addGroup(new ConsumerGroup(GROUPS[a % GROUPS.length]!, stream.lastId));
      break;
    case 'removeGroup':
      stream.removeGroup(GROUPS[a % GROUPS.length]!);
      break;
    case 'addConsumer':
      group?.addConsumer(name, NOW_MS);
      break;
    case 'removeConsumer':
      group?.removeConsumer(name);
      break;
    case 'deliver':
      group?.deliver({ ms: 1 + (c % 20), seq: 0 }, group.addConsumer(name, NOW_MS), NOW_MS + a);
      break;
    case 'acknowledge':
      group?.acknowledge({ ms: 1 + (c % 20), seq: 0 });
      break;
    case 'release': {
      const entry = group?.pending.get({ ms: 1 + (c % 20), seq: 0 });
      if (entry !== undefined) group!.release(entry, 1);
      break;
    }
    case 'addReleased': {
      const id = { ms: 1 + (c % 20), seq: 0 };
      if (group?.pending.has(id) === false) group.addReleased(id, 1);
      break;
    }
    case 'record': {
      const idempotency = stream.startIdempotency();
      if (idempotency.find(name, text, NOW_MS + a) === undefined)
        idempotency.record(name, text, { ms: NOW_MS + a, seq: 0 }, NOW_MS + a);
      break;
    }
    case 'expire':
      stream.idempotency?.idCount(NOW_MS + a + b);
      break;
    case 'configure':
      stream.idempotency?.configure({ durationMs: 200 + a, maxSize: 1 + (b % 5) });
      break;
    case 'copy':
      return a % 2 === 0 ? stream.clone() : stream.save()();
    default:
      expect(stream.heapBytes).toBeGreaterThan(0);
  }
  return stream;
}

describe('what a stream takes of memory', () => {
  test('is, after any changes, what counting anew comes to', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        let stream = new Stream();
        for (const one of steps) {
          stream = take(stream, one);
          stream.checkInvariants();
        }
        expect(stream.heapBytes).toBe(stream.clone().heapBytes);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test('grows by a value that is added, and shrinks by what is trimmed', () => {
    const stream = new Stream();
    const empty = stream.heapBytes;
    stream.append({ ms: 1, seq: 0 }, ['f'], ['v'], LIMITS);
    const one = stream.heapBytes;
    expect(one).toBeGreaterThan(empty);
    const long = 'v'.repeat(100_000);
    stream.append({ ms: 2, seq: 0 }, ['f'], [long], LIMITS);
    expect(stream.heapBytes - one).toBeGreaterThan(textBytes(long));
    expect(stream.heapBytes - one).toBeLessThan(textBytes(long) + 1000);
    stream.trim({ maxLength: 0 });
    expect(stream.heapBytes).toBeLessThan(one);
  });

  test('has long names of fields once, also when the first block with them is gone', () => {
    const stream = new Stream();
    const name = 'n'.repeat(50_000);
    const limits = { streamNodeMaxEntries: 5, streamNodeMaxBytes: 0 };
    for (let ms = 1; ms <= 50; ms++) stream.append({ ms, seq: 0 }, [name], ['v'], limits);
    const within = (bytes: number): boolean => bytes > 50_000 && bytes < 60_000;
    expect(within(stream.heapBytes)).toBe(true);
    stream.trim({ maxLength: 10 });
    expect(within(stream.heapBytes)).toBe(true);
    expect(stream.heapBytes).toBe(stream.clone().heapBytes);
  });

  test('counts what is pending in the order by time once somebody changed it after that was asked for', () => {
    const stream = new Stream();
    const group = new ConsumerGroup('g', MIN_ID);
    stream.addGroup(group);
    const consumer = group.addConsumer('c', NOW_MS);
    for (let ms = 1; ms <= 10; ms++) group.deliver({ ms, seq: 0 }, consumer, NOW_MS);
    const before = stream.heapBytes;
    const [oldest] = group.idle(0, NOW_MS);
    expect(compareIds(oldest!, { ms: 1, seq: 0 })).toBe(0);
    expect(stream.heapBytes).toBe(before);
    group.assign(oldest!, consumer, NOW_MS + 1, 2);
    expect(stream.heapBytes).toBeGreaterThan(before);
    stream.checkInvariants();
  });
});
