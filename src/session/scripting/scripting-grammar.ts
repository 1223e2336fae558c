import { type ByteString, fromBytes, toBytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { RestorePolicy } from '../../scripting/scripting.ts';
import type { ArgumentDoc, KeySpec, Piece } from '../../wire/grammar/piece.ts';
import { string } from '../../wire/grammar/pieces.ts';
import type { TokenReader } from '../../wire/grammar/token-reader.ts';
import { isKeyword } from '../../wire/grammar/token-reader.ts';
import type { ListOptions, ScriptArguments } from './scripting-session-operations.ts';

const KEY_DOCS: readonly ArgumentDoc[] = [
  { name: 'numkeys', type: 'integer' },
  { name: 'key', type: 'key', keySpecIndex: 0, flags: ['optional', 'multiple'] },
  { name: 'arg', type: 'string', flags: ['optional', 'multiple'] },
];

/** `numkeys [key …] [arg …]`. The number is read by the method, which says what is wrong with it. */
export function scriptArguments(flags: string, notes: string): Piece<ScriptArguments> {
  const keys: KeySpec = {
    begin: { index: 0 },
    find: { keyNumberIndex: 0, firstKey: 1, step: 1 },
    flags: flags.split(' '),
    notes,
  };
  return {
    read: (reader) => ({ keyCount: reader.next(), rest: restOf(reader) }),
    write: ({ keyCount, rest }, out) => out.push(keyCount, ...rest),
    sample: (sampler, out) => {
      const count = sampler.below(3);
      out.push(sampler.below(20) === 0 ? sampler.integer() : String(count));
      for (let at = 0; at < count; at++) out.push(sampler.key());
      for (let at = sampler.below(3); at > 0; at--) out.push(sampler.value());
    },
    docs: KEY_DOCS,
    minTokens: 1,
    isVariable: true,
    keys: [keys],
  };
}

function restOf(reader: TokenReader): ByteString[] {
  const rest: ByteString[] = [];
  while (reader.remaining > 0) rest.push(reader.next());
  return rest;
}

/** `[ASYNC | SYNC]`, and nothing else. */
export function flushMode(error: () => Error): Piece<'async' | 'sync' | undefined> {
  return {
    read: (reader) => {
      const words = restOf(reader);
      const [word] = words;
      if (word === undefined) return undefined;
      if (words.length === 1 && isKeyword(word, 'SYNC')) return 'sync';
      if (words.length === 1 && isKeyword(word, 'ASYNC')) return 'async';
      throw error();
    },
    write: (mode, out) => {
      if (mode !== undefined) out.push(mode.toUpperCase());
    },
    sample: (sampler, out) => {
      if (sampler.below(2) === 0) out.push('SYNC');
    },
    docs: [
      {
        name: 'flush-type',
        type: 'oneof',
        since: '6.2.0',
        flags: ['optional'],
        arguments: ['async', 'sync'].map((name) => ({
          name,
          type: 'pure-token',
          token: name.toUpperCase(),
        })),
      },
    ],
    minTokens: 0,
    isVariable: true,
  };
}

/** `YES | SYNC | NO`. */
export const debugMode: Piece<'yes' | 'sync' | 'no'> = {
  read: (reader) => {
    const word = reader.next();
    for (const mode of ['yes', 'sync', 'no'] as const) if (isKeyword(word, mode.toUpperCase())) return mode;
    throw errors.scriptDebugMode();
  },
  write: (mode, out) => out.push(mode.toUpperCase()),
  sample: (_sampler, out) => out.push('NO'),
  docs: [
    {
      name: 'mode',
      type: 'oneof',
      arguments: ['yes', 'sync', 'no'].map((name) => ({
        name,
        type: 'pure-token',
        token: name.toUpperCase(),
      })),
    },
  ],
  minTokens: 1,
  isVariable: false,
};

/** `[REPLACE]`, before the code: what comes last is the code, whatever it says. */
export const replaceFlag: Piece<boolean> = {
  read: (reader) => {
    let isReplacing = false;
    while (reader.remaining > 1) {
      const word = reader.next();
      if (!isKeyword(word, 'REPLACE')) throw errors.functionUnknownOption(word);
      isReplacing = true;
    }
    return isReplacing;
  },
  write: (isReplacing, out) => {
    if (isReplacing) out.push('REPLACE');
  },
  sample: (sampler, out) => {
    if (sampler.below(2) === 0) out.push('REPLACE');
  },
  docs: [{ name: 'replace', type: 'pure-token', token: 'REPLACE', flags: ['optional'] }],
  minTokens: 0,
  isVariable: true,
};

/** `[LIBRARYNAME pattern] [WITHCODE]`, each once. */
export const listOptions: Piece<ListOptions> = {
  read: (reader) => {
    let pattern: ByteString | undefined;
    let withCode = false;
    while (reader.remaining > 0) {
      const word = reader.next();
      if (!withCode && isKeyword(word, 'WITHCODE')) withCode = true;
      else if (pattern === undefined && isKeyword(word, 'LIBRARYNAME')) {
        if (reader.remaining === 0) throw errors.functionNoPattern();
        pattern = reader.next();
      } else throw errors.functionUnknownArgument(word);
    }
    return { ...(pattern === undefined ? {} : { pattern }), ...(withCode ? { withCode } : {}) };
  },
  write: ({ pattern, withCode }, out) => {
    if (pattern !== undefined) out.push('LIBRARYNAME', pattern);
    if (withCode === true) out.push('WITHCODE');
  },
  sample: (sampler, out) => {
    if (sampler.below(2) === 0) out.push('LIBRARYNAME', sampler.pattern());
    if (sampler.below(2) === 0) out.push('WITHCODE');
  },
  docs: [
    {
      name: 'library-name-pattern',
      type: 'string',
      token: 'LIBRARYNAME',
      flags: ['optional'],
    },
    { name: 'withcode', type: 'pure-token', token: 'WITHCODE', flags: ['optional'] },
  ],
  minTokens: 0,
  isVariable: true,
};

/** What FUNCTION DUMP answered, as bytes. */
export const functionPayload: Piece<Uint8Array> = {
  ...string('serialized-value'),
  read: (reader) => toBytes(reader.next()),
  write: (value, out) => out.push(value),
  sample: (sampler, out) => out.push(fromBytes(toBytes(sampler.value()))),
};

/** `[FLUSH | APPEND | REPLACE]`. */
export const restorePolicy: Piece<RestorePolicy> = {
  read: (reader) => {
    if (reader.remaining === 0) return 'append';
    const word = reader.next();
    for (const policy of ['flush', 'append', 'replace'] as const) {
      if (isKeyword(word, policy.toUpperCase())) return policy;
    }
    throw errors.functionRestorePolicy();
  },
  write: (policy, out) => {
    if (policy !== 'append') out.push(policy.toUpperCase());
  },
  sample: (sampler, out) => {
    if (sampler.below(2) === 0) out.push('REPLACE');
  },
  docs: [
    {
      name: 'policy',
      type: 'oneof',
      flags: ['optional'],
      arguments: ['flush', 'append', 'replace'].map((name) => ({
        name,
        type: 'pure-token',
        token: name.toUpperCase(),
      })),
    },
  ],
  minTokens: 0,
  isVariable: true,
};
