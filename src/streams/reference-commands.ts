import type { Many } from '../bytes/many.ts';
import { errors } from '../errors.ts';
import type { Raw } from '../keyspace/operations.ts';
import { parseInteger } from '../numbers/integer.ts';
import { array, integer } from '../wire/codec.ts';
import { commandsOf, commandTable } from '../wire/command.ts';
import type { Piece } from '../wire/grammar/piece.ts';
import { key, oneOf } from '../wire/grammar/pieces.ts';
import { together } from '../wire/grammar/together.ts';
import { isKeyword } from '../wire/grammar/token-reader.ts';
import type { ReferenceOperations } from './reference-operations.ts';
import {
  countedIds,
  groupName,
  idsDocs,
  references,
  requireGroup,
  requireStreamOrNothing,
  sampleIds,
  writeIds,
} from './stream-grammar.ts';
import type { NackMode, ReferenceOptions, References, XnackOptions } from './stream-options.ts';

const { command } = commandsOf<ReferenceOperations<Raw>>();

const idsErrors = { notPositive: errors.idsNotPositive, mismatch: errors.idsNumberMismatch };
const nackIdsErrors = { notPositive: errors.nackNumidsNotPositive, mismatch: errors.nackNumidsMismatch };

/** `[KEEPREF | DELREF | ACKED] IDS numids id [id …]`, in any order. */
function idsAmidReferences(): readonly [Piece<Many>, Piece<ReferenceOptions | undefined>] {
  return together<[ids: Many, options: ReferenceOptions | undefined]>(2, {
    read: (reader) => {
      const options: ReferenceOptions = {};
      let ids: string[] | undefined;
      while (reader.remaining > 0) {
        const word = reader.next();
        if (isKeyword(word, 'IDS') && reader.remaining > 0) ids = countedIds(reader, idsErrors);
        else if (references.keywords.some((keyword) => isKeyword(word, keyword))) {
          if (options.references !== undefined) throw errors.syntax();
          options.references = word.toLowerCase() as References;
        } else throw errors.syntax();
      }
      if (ids === undefined) throw errors.syntax();
      return [ids, options];
    },
    write: ([ids, options], out) => {
      if (options?.references !== undefined) references.write(options.references, out);
      writeIds(ids, out);
    },
    sample: (sampler, out) => {
      if (sampler.below(3) > 0) references.sample(sampler, out);
      sampleIds(sampler, out);
    },
    docs: [{ ...references.docs, flags: ['optional'] }, idsDocs],
    minTokens: 3,
    isVariable: true,
  });
}

/** `IDS numids id [id …] [RETRYCOUNT count] [FORCE]`, in any order. */
const idsAmidNackOptions = together<[ids: Many, options: XnackOptions | undefined]>(2, {
  read: (reader) => {
    const options: XnackOptions = {};
    let ids: string[] | undefined;
    while (reader.remaining > 0) {
      const word = reader.next();
      if (isKeyword(word, 'FORCE')) options.force = true;
      else if (reader.remaining > 0 && isKeyword(word, 'IDS')) ids = countedIds(reader, nackIdsErrors);
      else if (reader.remaining > 0 && isKeyword(word, 'RETRYCOUNT')) {
        const count = parseInteger(reader.next());
        if (count === undefined) throw errors.notAnInteger();
        if (count < 0) throw errors.nackRetryCountNegative();
        options.retrycount = count;
      } else throw errors.nackOptionUnknown(word);
    }
    if (ids === undefined) throw errors.nackNeedsIds();
    return [ids, options];
  },
  write: ([ids, options], out) => {
    writeIds(ids, out);
    if (options?.retrycount !== undefined) out.push('RETRYCOUNT', String(options.retrycount));
    if (options?.force === true) out.push('FORCE');
  },
  sample: (sampler, out) => {
    sampleIds(sampler, out);
    if (sampler.below(4) === 0) out.push('RETRYCOUNT', String(sampler.below(5)));
    if (sampler.below(4) === 0) out.push('FORCE');
  },
  docs: [
    idsDocs,
    { name: 'count', type: 'integer', token: 'RETRYCOUNT', flags: ['optional'] },
    { name: 'force', type: 'pure-token', token: 'FORCE', flags: ['optional'] },
  ],
  minTokens: 3,
  isVariable: true,
});

const mode: Piece<NackMode> = oneOf(
  'mode',
  { silent: 'SILENT', fail: 'FAIL', fatal: 'FATAL' },
  errors.nackMode,
);

/** The commands on entries and the groups that still have to do with them. */
export const referenceCommands = commandTable<ReferenceOperations<Raw>>()([
  command({
    name: 'XDELEX',
    summary: 'Deletes one or multiple entries from the stream.',
    since: '8.2.0',
    group: 'stream',
    complexity: 'O(1) for each single item to delete in the stream, regardless of the stream size.',
    flags: 'write fast',
    before: requireStreamOrNothing,
    args: [key('RW delete'), ...idsAmidReferences()],
    method: 'xdelex',
    reply: array(integer),
  }),
  command({
    name: 'XACKDEL',
    summary: 'Acknowledges and deletes one or multiple messages for a stream consumer group.',
    since: '8.2.0',
    group: 'stream',
    complexity: 'O(1) for each entry ID processed.',
    flags: 'write fast',
    before: requireStreamOrNothing,
    args: [key('RW update delete'), groupName(), ...idsAmidReferences()],
    method: 'xackdel',
    reply: array(integer),
  }),
  command({
    name: 'XNACK',
    summary:
      "Releases pending messages back to the group's PEL without acknowledging them, making them available for re-delivery.",
    since: '8.8.0',
    group: 'stream',
    complexity: 'O(1) for each message ID processed.',
    flags: 'write fast',
    before: requireGroup,
    args: [key('RW update'), groupName(), mode, ...idsAmidNackOptions],
    method: 'xnack',
    reply: integer,
  }),
]);
