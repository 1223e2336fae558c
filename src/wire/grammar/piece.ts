import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import type { Sampler } from './sampler.ts';
import type { TokenReader } from './token-reader.ts';

/**
 * One piece of a command's arguments, declared once and read by everybody: it reads tokens into the value the typed
 * method takes, writes such a value as tokens, describes itself for COMMAND DOCS, tells where its keys are, and
 * makes up random examples of itself.
 */
export interface Piece<T> {
  read(reader: TokenReader): T;
  write(value: T, out: Bytes[]): void;
  sample(sampler: Sampler, out: ByteString[]): void;
  /** What COMMAND DOCS says of it. */
  readonly docs: readonly ArgumentDoc[];
  /** The fewest tokens it takes. */
  readonly minTokens: number;
  /** Whether it may take more than the fewest. */
  readonly isVariable: boolean;
  /** Where its keys are, counted from its own first token. */
  readonly keys?: readonly KeySpec[];
}

/** Any piece: for places that only pass them on. */
// biome-ignore lint/suspicious/noExplicitAny: a piece both takes and gives its value, so only `any` covers them all.
export type AnyPiece = Piece<any>;

/** Where keys are among the tokens, as COMMAND INFO describes it. */
export interface KeySpec {
  readonly begin:
    | { readonly index: number }
    | {
        readonly keyword: string;
        readonly startFrom: number;
        /** Where the keyword is among these tokens, -1 if nowhere, if the first one that looks so need not be it. */
        readonly search?: (tokens: readonly ByteString[]) => number;
      }
    | 'unknown';
  readonly find:
    | { readonly lastKey: number; readonly step: number; readonly limit: number }
    | { readonly keyNumberIndex: number; readonly firstKey: number; readonly step: number }
    | 'unknown';
  /** `RW`, `access`, `update`, … in Redis's order. */
  readonly flags: readonly string[];
  /** What COMMAND INFO remarks on it. */
  readonly notes?: string;
  /** The flags that these tokens mean, where that depends on options (`variable_flags`). */
  readonly flagsOf?: (tokens: readonly ByteString[]) => readonly string[];
  /** Where the keys are among these tokens, if the rest of the specification cannot say it. */
  readonly locate?: (tokens: readonly ByteString[]) => readonly number[];
}

/** An argument as COMMAND DOCS shows it. */
export interface ArgumentDoc {
  readonly name: string;
  readonly type:
    | 'key'
    | 'string'
    | 'integer'
    | 'double'
    | 'pattern'
    | 'unix-time'
    | 'pure-token'
    | 'oneof'
    | 'block';
  readonly token?: string;
  /** The Redis version that added it, where that is later than its command's. */
  readonly since?: string;
  readonly keySpecIndex?: number;
  readonly flags?: readonly ('optional' | 'multiple' | 'multiple_token')[];
  readonly arguments?: readonly ArgumentDoc[];
}
