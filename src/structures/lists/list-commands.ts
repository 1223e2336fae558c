import { errors } from '../../errors.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { parseInteger } from '../../numbers/integer.ts';
import { array, arrayOrNil, bulk, bulkOrNil, integer, integerOrNil, ok } from '../../wire/codec.ts';
import { commandsOf, commandTable, given, marked } from '../../wire/command.ts';
import { options, valued } from '../../wire/grammar/options.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { key, many, oneOf, optional, string, integer as whole } from '../../wire/grammar/pieces.ts';
import { requireCount, requireMaxlen, requireRank } from './list-arguments.ts';
import { checked, end, howMany, manyKeys, popOptions, poppedOrNil } from './list-grammar.ts';
import type { ListOperations } from './list-operations.ts';
import type { LposCountOptions } from './list-options.ts';

const { command, form, commandWithForms } = commandsOf<ListOperations<Raw>>();

const elements = array(bulk);
const elementsOrNil = arrayOrNil(bulk);

export const listCommands = commandTable<ListOperations<Raw>>()([
  command({
    name: 'LPUSH',
    summary: "Prepends one or more elements to a list. Creates the key if it doesn't exist.",
    since: '1.0.0',
    group: 'list',
    complexity:
      'O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.',
    flags: 'write denyoom fast',
    args: [key('RW insert'), many(string('element'))],
    method: 'lpush',
    reply: integer,
  }),
  command({
    name: 'RPUSH',
    summary: "Appends one or more elements to a list. Creates the key if it doesn't exist.",
    since: '1.0.0',
    group: 'list',
    complexity:
      'O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.',
    flags: 'write denyoom fast',
    args: [key('RW insert'), many(string('element'))],
    method: 'rpush',
    reply: integer,
  }),
  command({
    name: 'LPUSHX',
    summary: 'Prepends one or more elements to a list only when the list exists.',
    since: '2.2.0',
    group: 'list',
    complexity:
      'O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.',
    flags: 'write denyoom fast',
    args: [key('RW insert'), many(string('element'))],
    method: 'lpushx',
    reply: integer,
  }),
  command({
    name: 'RPUSHX',
    summary: 'Appends an element to a list only when the list exists.',
    since: '2.2.0',
    group: 'list',
    complexity:
      'O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.',
    flags: 'write denyoom fast',
    args: [key('RW insert'), many(string('element'))],
    method: 'rpushx',
    reply: integer,
  }),
  commandWithForms({
    name: 'LPOP',
    summary:
      'Returns the first elements in a list after removing it. Deletes the list if the last element was popped.',
    since: '1.0.0',
    group: 'list',
    complexity: 'O(N) where N is the number of elements returned',
    flags: 'write fast',
    tooMany: 'arity',
    args: [key('RW access delete'), popCount()],
    forms: [form('lpopCount', elementsOrNil, given(1)), form('lpop', bulkOrNil)],
  }),
  commandWithForms({
    name: 'RPOP',
    summary:
      'Returns and removes the last elements of a list. Deletes the list if the last element was popped.',
    since: '1.0.0',
    group: 'list',
    complexity: 'O(N) where N is the number of elements returned',
    flags: 'write fast',
    tooMany: 'arity',
    args: [key('RW access delete'), popCount()],
    forms: [form('rpopCount', elementsOrNil, given(1)), form('rpop', bulkOrNil)],
  }),
  command({
    name: 'LMPOP',
    summary:
      'Returns multiple elements from a list after removing them. Deletes the list if the last element was popped.',
    since: '7.0.0',
    group: 'list',
    complexity: 'O(N+M) where N is the number of provided keys and M is the number of elements returned.',
    flags: 'write movablekeys',
    args: [manyKeys(), end('where'), popOptions()],
    method: 'lmpop',
    reply: poppedOrNil(),
  }),
  command({
    name: 'LLEN',
    summary: 'Returns the length of a list.',
    since: '1.0.0',
    group: 'list',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO')],
    method: 'llen',
    reply: integer,
  }),
  command({
    name: 'LINDEX',
    summary: 'Returns an element from a list by its index.',
    since: '1.0.0',
    group: 'list',
    complexity:
      'O(N) where N is the number of elements to traverse to get to the element at index. This makes asking for the first or the last element of the list O(1).',
    flags: 'readonly',
    args: [key('RO access'), whole('index', { isLate: true })],
    method: 'lindex',
    reply: bulkOrNil,
  }),
  command({
    name: 'LRANGE',
    summary: 'Returns a range of elements from a list.',
    since: '1.0.0',
    group: 'list',
    complexity:
      'O(S+N) where S is the distance of start offset from HEAD for small lists, from nearest end (HEAD or TAIL) for large lists; and N is the number of elements in the specified range.',
    flags: 'readonly',
    args: [key('RO access'), whole('start'), whole('stop')],
    method: 'lrange',
    reply: elements,
  }),
  commandWithForms({
    name: 'LPOS',
    summary: 'Returns the index of matching elements in a list.',
    since: '6.0.6',
    group: 'list',
    complexity:
      'O(N) where N is the number of elements in the list, for the average case. When searching for elements near the head or the tail of the list, or when the MAXLEN option is provided, the command may run in constant time.',
    flags: 'readonly',
    args: [
      key('RO access'),
      string('element'),
      options<LposCountOptions>({
        rank: valued('RANK', rank()),
        count: valued(
          'COUNT',
          checked(whole('num-matches', { error: errors.countIsNegative }), requireCount),
        ),
        maxlen: valued('MAXLEN', checked(whole('len', { error: errors.maxlenIsNegative }), requireMaxlen)),
      }),
    ],
    forms: [
      form('lposCount', array(integer), { ...marked('count', 2), mark: { count: 0 } }),
      form('lpos', integerOrNil),
    ],
  }),
  command({
    name: 'LSET',
    summary: 'Sets the value of an element in a list by its index.',
    since: '1.0.0',
    group: 'list',
    complexity:
      'O(N) where N is the length of the list. Setting either the first or the last element of the list is O(1).',
    flags: 'write denyoom',
    args: [key('RW update'), whole('index', { isLate: true }), string('element')],
    method: 'lset',
    reply: ok,
  }),
  command({
    name: 'LINSERT',
    summary: 'Inserts an element before or after another element in a list.',
    since: '2.2.0',
    group: 'list',
    complexity:
      'O(N) where N is the number of elements to traverse before seeing the value pivot. This means that inserting somewhere on the left end on the list (head) can be considered O(1) and inserting somewhere on the right end (tail) is O(N).',
    flags: 'write denyoom',
    args: [
      key('RW insert'),
      oneOf('where', { before: 'BEFORE', after: 'AFTER' }),
      string('pivot'),
      string('element'),
    ],
    method: 'linsert',
    reply: integer,
  }),
  command({
    name: 'LREM',
    summary: 'Removes elements from a list. Deletes the list if the last element was removed.',
    since: '1.0.0',
    group: 'list',
    complexity: 'O(N+M) where N is the length of the list and M is the number of elements removed.',
    flags: 'write',
    args: [key('RW delete'), whole('count'), string('element')],
    method: 'lrem',
    reply: integer,
  }),
  command({
    name: 'LTRIM',
    summary: 'Removes elements from both ends a list. Deletes the list if all elements were trimmed.',
    since: '1.0.0',
    group: 'list',
    complexity: 'O(N) where N is the number of elements to be removed by the operation.',
    flags: 'write',
    args: [key('RW delete'), whole('start'), whole('stop')],
    method: 'ltrim',
    reply: ok,
  }),
  command({
    name: 'LMOVE',
    summary:
      'Returns an element after popping it from one list and pushing it to another. Deletes the list if the last element was moved.',
    since: '6.2.0',
    group: 'list',
    complexity: 'O(1)',
    flags: 'write denyoom',
    args: [
      key('RW access delete', 'source'),
      key('RW insert', 'destination'),
      end('wherefrom'),
      end('whereto'),
    ],
    method: 'lmove',
    reply: bulkOrNil,
  }),
  command({
    name: 'RPOPLPUSH',
    summary:
      'Returns the last element of a list after removing and pushing it to another list. Deletes the list if the last element was popped.',
    since: '1.2.0',
    group: 'list',
    complexity: 'O(1)',
    flags: 'write denyoom',
    deprecatedSince: '6.2.0',
    replacedBy: '`LMOVE` with the `RIGHT` and `LEFT` arguments',
    args: [key('RW access delete', 'source'), key('RW insert', 'destination')],
    method: 'rpoplpush',
    reply: bulkOrNil,
  }),
  command({
    name: 'LMOVEM',
    summary:
      'Moves up to (or exactly) a number of elements from one list to another and returns them. Deletes the source list if it becomes empty.',
    since: '8.10.0',
    group: 'list',
    complexity: 'O(N) where N is the number of elements moved.',
    flags: 'write denyoom',
    args: [
      key('RW access delete', 'source'),
      key('RW insert', 'destination'),
      end('wherefrom'),
      end('whereto'),
      howMany(),
    ],
    method: 'lmovem',
    reply: elementsOrNil,
  }),
]);

/** The optional count of LPOP and RPOP. Said to be there always, because the method that takes it runs only then. */
function popCount(): Piece<number> {
  return optional(whole('count', { error: errors.mustBePositive, isDeferred: true })) as Piece<number>;
}

/** RANK of LPOS: the one integer that is too small is told apart here, where none has been rounded. */
function rank(): Piece<number> {
  const piece = checked(whole('rank'), requireRank);
  return {
    ...piece,
    read: (reader) => {
      if (parseInteger(reader.peek() ?? '') === -(2n ** 63n)) throw errors.rankOutOfRange();
      return piece.read(reader);
    },
  };
}
