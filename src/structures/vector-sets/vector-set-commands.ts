import { errors } from '../../errors.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { array, bulk, bulkOrNil, integer } from '../../wire/codec.ts';
import { commandsOf, commandTable, type Form, given, marked } from '../../wire/command.ts';
import { flag, options } from '../../wire/grammar/options.ts';
import { deciding, key, optional, string, integer as whole } from '../../wire/grammar/pieces.ts';
import type { VectorSearchOperations } from './vector-search-operations.ts';
import {
  attributedElements,
  componentsOrNil,
  levelsOrNil,
  rawEmbeddingOrNil,
  scoredAttributedElements,
  scoredElements,
  scoredLevelsOrNil,
  vectorSetInfo,
  yesOrNo,
} from './vector-set-codecs.ts';
import {
  attributes,
  nameBound,
  queryAndOptions,
  type VsimWireOptions,
  vectorElementAndOptions,
} from './vector-set-grammar.ts';
import type { VectorSetOperations } from './vector-set-operations.ts';

type Operations = VectorSetOperations<Raw> & VectorSearchOperations<Raw>;

const { command, form, commandWithForms } = commandsOf<Operations>();

/** Meant where both options are given. */
const withBoth: Pick<Form, 'when' | 'mark'> = {
  when: (args) => {
    const given = args[2] as VsimWireOptions | undefined;
    return given?.withscores === true && given.withattribs === true;
  },
  mark: { withscores: true, withattribs: true },
};

/** The commands of vector sets. */
export const vectorSetCommands = commandTable<Operations>()([
  command({
    name: 'VADD',
    summary: 'Adds one or more elements to a vector set, or updates its vector if it already exists.',
    since: '8.0.0',
    group: 'vector_set',
    complexity: 'O(log(N)) for each element added, where N is the number of elements in the vector set.',
    flags: 'write denyoom',
    args: [key('RW insert'), ...vectorElementAndOptions()],
    method: 'vadd',
    reply: yesOrNo,
  }),
  command({
    name: 'VREM',
    summary: 'Removes an element from a vector set.',
    since: '8.0.0',
    group: 'vector_set',
    complexity: 'O(log(N)) for each element removed, where N is the number of elements in the vector set.',
    flags: 'write',
    args: [key('RW delete'), string('element')],
    method: 'vrem',
    reply: yesOrNo,
  }),
  commandWithForms({
    name: 'VSIM',
    summary: 'Returns elements by vector similarity.',
    since: '8.0.0',
    group: 'vector_set',
    complexity: 'O(log(N)) where N is the number of elements in the vector set.',
    flags: 'readonly',
    history: [
      ['8.2.0', 'Added the `WITHATTRIBS` option.'],
      ['8.2.0', 'Added the `EPSILON` option.'],
    ],
    args: [key('RO access'), ...queryAndOptions()],
    forms: [
      form('vsimWithScoresAndAttribs', scoredAttributedElements, withBoth),
      form('vsimWithScores', scoredElements, marked('withscores', 2)),
      form('vsimWithAttribs', attributedElements, marked('withattribs', 2)),
      form('vsim', array(bulk)),
    ],
  }),
  command({
    name: 'VDIM',
    summary: 'Returns the dimension of vectors in the vector set.',
    since: '8.0.0',
    group: 'vector_set',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO')],
    method: 'vdim',
    reply: integer,
  }),
  command({
    name: 'VCARD',
    summary: 'Returns the number of elements in a vector set.',
    since: '8.0.0',
    group: 'vector_set',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO')],
    method: 'vcard',
    reply: integer,
  }),
  commandWithForms({
    name: 'VEMB',
    summary: 'Returns the vector associated with an element.',
    since: '8.0.0',
    group: 'vector_set',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [
      key('RO access'),
      string('element'),
      options<{ raw?: boolean }>({ raw: flag('RAW') }, { unknown: errors.invalidVembOption }),
    ],
    forms: [form('vembRaw', rawEmbeddingOrNil, marked('raw', 2)), form('vemb', componentsOrNil)],
  }),
  commandWithForms({
    name: 'VLINKS',
    summary: 'Returns the neighbors of an element at each layer in the HNSW graph.',
    since: '8.0.0',
    group: 'vector_set',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [
      key('RO access'),
      string('element'),
      options<{ withscores?: boolean }>(
        { withscores: flag('WITHSCORES') },
        {
          unknown: (_token, reader) => errors.wrongArity(reader.commandName),
          isRepetitionRefused: true,
          conflict: () => errors.wrongArity('vlinks'),
        },
      ),
    ],
    forms: [
      form('vlinksWithScores', scoredLevelsOrNil, marked('withscores', 2)),
      form('vlinks', levelsOrNil),
    ],
  }),
  command({
    name: 'VINFO',
    summary: 'Returns information about a vector set.',
    since: '8.0.0',
    group: 'vector_set',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO')],
    method: 'vinfo',
    reply: vectorSetInfo,
  }),
  command({
    name: 'VSETATTR',
    summary: 'Associates or removes the JSON attributes of elements.',
    since: '8.0.0',
    group: 'vector_set',
    complexity: 'O(1)',
    flags: 'write fast',
    args: [key('RW update'), string('element'), attributes()],
    method: 'vsetattr',
    reply: yesOrNo,
  }),
  command({
    name: 'VGETATTR',
    summary: 'Retrieves the JSON attributes of elements.',
    since: '8.0.0',
    group: 'vector_set',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO access'), string('element')],
    method: 'vgetattr',
    reply: bulkOrNil,
  }),
  commandWithForms({
    name: 'VRANDMEMBER',
    summary: 'Returns one or multiple random members from a vector set.',
    since: '8.0.0',
    group: 'vector_set',
    complexity: 'O(N) where N is the absolute value of the count argument.',
    flags: 'readonly',
    tooMany: 'arity',
    args: [key('RO access'), deciding(whole('count', { isLate: true }))],
    forms: [form('vrandmemberCount', array(bulk), given(1)), form('vrandmember', bulkOrNil)],
  }),
  command({
    name: 'VISMEMBER',
    summary: 'Checks if an element exists in a vector set.',
    since: '8.0.0',
    group: 'vector_set',
    complexity: 'O(1)',
    flags: 'readonly',
    args: [key('RO'), string('element')],
    method: 'vismember',
    reply: yesOrNo,
  }),
  command({
    name: 'VRANGE',
    summary: 'Returns elements in a lexicographical range.',
    since: '8.4.0',
    group: 'vector_set',
    complexity:
      'O(log(K)+M) where K is the number of elements in the start prefix, and M is the number of elements returned.',
    flags: 'readonly',
    tooMany: 'arity',
    args: [
      key('RO access'),
      nameBound('start', '-'),
      nameBound('end', '+'),
      optional(whole('count', { isLate: true })),
    ],
    method: 'vrange',
    reply: array(bulk),
  }),
]);
