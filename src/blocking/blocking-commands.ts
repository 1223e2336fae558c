import type { ByteString } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import type { Raw } from '../keyspace/operations.ts';
import { end, howMany, popOptions, poppedOrNil } from '../structures/lists/list-grammar.ts';
import { positiveCount } from '../structures/sorted-sets/pop-commands.ts';
import { poppedFromKey } from '../structures/sorted-sets/sorted-set-codecs.ts';
import type { ZmpopOptions } from '../structures/sorted-sets/sorted-set-options.ts';
import { arrayOrNil, bulk, bulkOrNil, type Codec, double } from '../wire/codec.ts';
import { commandsOf, commandTable } from '../wire/command.ts';
import { options, valued } from '../wire/grammar/options.ts';
import { key, numberedKeys, oneOf } from '../wire/grammar/pieces.ts';
import type { Reply } from '../wire/resp/reply.ts';
import { keysBeforeLast, orTimedOut, timeout } from './blocking-grammar.ts';
import type { BlockingOperations } from './blocking-operations.ts';
import type { PoppedElement, PoppedMember } from './blocking-options.ts';

const { command } = commandsOf<BlockingOperations<Raw>>();

/** `[key, element]`, or the nil array. */
const poppedElement: Codec<PoppedElement<ByteString> | null> = {
  write: (popped, sink) => {
    if (popped === null) return sink.nilArray();
    sink.array(2);
    sink.bulk(popped.key);
    sink.bulk(popped.element);
  },
  read: (reply) => {
    if (reply === null) return null;
    const [from, element] = reply as [Reply, Reply];
    return { key: from, element };
  },
};

/** `[key, member, score]`, or the nil array. */
const poppedMember: Codec<PoppedMember<ByteString> | null> = {
  write: (popped, sink) => {
    if (popped === null) return sink.nilArray();
    sink.array(3);
    sink.bulk(popped.key);
    sink.bulk(popped.member);
    sink.double(popped.score);
  },
  read: (reply) => {
    if (reply === null) return null;
    const [from, member, score] = reply as [Reply, Reply, Reply];
    return { key: from, member, score: double.read(score) };
  },
};

/** Said of all that read a timeout. */
const fractions = [['6.0.0', 'The timeout may have fractions of a second.']] as const;

export const blockingCommands = commandTable<BlockingOperations<Raw>>()([
  command({
    name: 'BLPOP',
    summary:
      'Removes and returns the first element in a list. Blocks until an element is available otherwise. Deletes the list if the last element was popped.',
    since: '2.0.0',
    group: 'list',
    complexity: 'O(N) where N is the number of provided keys.',
    flags: 'write blocking',
    history: fractions,
    target: 'blocking',
    args: [keysBeforeLast('RW access delete'), timeout()],
    method: 'blpop',
    reply: orTimedOut(poppedElement),
  }),
  command({
    name: 'BRPOP',
    summary:
      'Removes and returns the last element in a list. Blocks until an element is available otherwise. Deletes the list if the last element was popped.',
    since: '2.0.0',
    group: 'list',
    complexity: 'O(N) where N is the number of provided keys.',
    flags: 'write blocking',
    history: fractions,
    target: 'blocking',
    args: [keysBeforeLast('RW access delete'), timeout()],
    method: 'brpop',
    reply: orTimedOut(poppedElement),
  }),
  command({
    name: 'BLMOVE',
    summary:
      'Pops an element from a list, pushes it to another list and returns it. Blocks until an element is available otherwise. Deletes the list if the last element was moved.',
    since: '6.2.0',
    group: 'list',
    complexity: 'O(1)',
    flags: 'write denyoom blocking',
    target: 'blocking',
    args: [
      key('RW access delete', 'source'),
      key('RW insert', 'destination'),
      end('wherefrom'),
      end('whereto'),
      timeout(),
    ],
    method: 'blmove',
    reply: orTimedOut(bulkOrNil),
  }),
  command({
    name: 'BLMOVEM',
    summary:
      'Moves up to (or exactly) a number of elements from one list to another and returns them. Blocks until the elements are available otherwise. Deletes the source list if it becomes empty.',
    since: '8.10.0',
    group: 'list',
    complexity: 'O(N) where N is the number of elements moved.',
    flags: 'write denyoom blocking',
    target: 'blocking',
    args: [
      key('RW access delete', 'source'),
      key('RW insert', 'destination'),
      end('wherefrom'),
      end('whereto'),
      timeout(),
      howMany(),
    ],
    method: 'blmovem',
    reply: orTimedOut(arrayOrNil(bulk)),
  }),
  command({
    name: 'BRPOPLPUSH',
    summary:
      'Pops an element from a list, pushes it to another list and returns it. Blocks until an element is available otherwise. Deletes the list if the last element was popped.',
    since: '2.2.0',
    group: 'list',
    complexity: 'O(1)',
    flags: 'write denyoom blocking',
    history: fractions,
    deprecatedSince: '6.2.0',
    replacedBy: '`BLMOVE` with the `RIGHT` and `LEFT` arguments',
    target: 'blocking',
    args: [key('RW access delete', 'source'), key('RW insert', 'destination'), timeout()],
    method: 'brpoplpush',
    reply: orTimedOut(bulkOrNil),
  }),
  command({
    name: 'BLMPOP',
    summary:
      'Pops one or more elements from one of multiple lists. Blocks until an element is available otherwise. Deletes the list if the last element was popped.',
    since: '7.0.0',
    group: 'list',
    complexity: 'O(N+M) where N is the number of provided keys and M is the number of elements returned.',
    flags: 'write blocking movablekeys',
    target: 'blocking',
    args: [
      timeout(),
      numberedKeys('RW access delete', {
        notANumber: errors.numkeysMustBePositive,
        tooFew: errors.numkeysMustBePositive,
      }),
      end('where'),
      popOptions(),
    ],
    method: 'blmpop',
    reply: orTimedOut(poppedOrNil()),
  }),
  command({
    name: 'BZPOPMIN',
    summary:
      'Removes and returns the member with the lowest score from one or more sorted sets. Blocks until a member is available otherwise. Deletes the sorted set if the last element was popped.',
    since: '5.0.0',
    group: 'sorted_set',
    complexity: 'O(log(N)) with N being the number of elements in the sorted set.',
    flags: 'write fast blocking',
    history: fractions,
    target: 'blocking',
    args: [keysBeforeLast('RW access delete'), timeout()],
    method: 'bzpopmin',
    reply: orTimedOut(poppedMember),
  }),
  command({
    name: 'BZPOPMAX',
    summary:
      'Removes and returns the member with the highest score from one or more sorted sets. Blocks until a member is available otherwise. Deletes the sorted set if the last element was popped.',
    since: '5.0.0',
    group: 'sorted_set',
    complexity: 'O(log(N)) with N being the number of elements in the sorted set.',
    flags: 'write fast blocking',
    history: fractions,
    target: 'blocking',
    args: [keysBeforeLast('RW access delete'), timeout()],
    method: 'bzpopmax',
    reply: orTimedOut(poppedMember),
  }),
  command({
    name: 'BZMPOP',
    summary:
      'Removes and returns a member by score from one or more sorted sets. Blocks until a member is available otherwise. Deletes the sorted set if the last element was popped.',
    since: '7.0.0',
    group: 'sorted_set',
    complexity:
      'O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped.',
    flags: 'write blocking movablekeys',
    target: 'blocking',
    args: [
      timeout(),
      numberedKeys('RW access delete', {
        notANumber: errors.numkeysMustBePositive,
        tooFew: errors.numkeysMustBePositive,
      }),
      oneOf('where', { min: 'MIN', max: 'MAX' }),
      options<ZmpopOptions>({ count: valued('COUNT', positiveCount) }, { isRepetitionRefused: true }),
    ],
    method: 'bzmpop',
    reply: orTimedOut(poppedFromKey),
  }),
]);
