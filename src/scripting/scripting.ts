import type { ByteString } from '../bytes/byte-string.ts';
import type { ReplyError } from '../errors.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';

// What a store knows of scripts. The engine that runs them comes from `lodis/scripting`, and only with it.

/** What `lua()` of `lodis/scripting` makes: given to a store as its option `scripting`, it lets it run scripts. */
export interface Scripting {
  /** @internal The engine of a store, made when the first script comes. */
  createEngine(keyspace: Keyspace): ScriptEngine;
}

/** Who has a script run: a client, or a typed view of the store. */
export interface ScriptCaller {
  /** The database on which the script's commands work. */
  readonly databaseIndex: number;
}

/** How a script is named: by its source, by the digest of its source, or as a function of a library. */
export type ScriptName = 'source' | 'digest' | 'function';

/** A script to be run. Byte strings are in their inner form. */
export interface ScriptCall {
  readonly by: ScriptName;
  readonly name: ByteString;
  readonly keys: readonly ByteString[];
  readonly args: readonly ByteString[];
  /** Whether it may not write: the commands that end in `_RO`. */
  readonly isReadonly: boolean;
}

/**
 * Where a script's answer is written: the part of a reply sink that scripts can ask for. An aggregate is announced, and
 * as many values follow.
 */
export interface ReplyTarget {
  readonly protocol: 2 | 3;
  simple(text: string): void;
  error(error: ReplyError): void;
  integer(value: number | bigint): void;
  bulk(value: ByteString): void;
  nil(): void;
  array(length: number): void;
  map(pairs: number): void;
  set(size: number): void;
  double(value: number): void;
  boolean(value: boolean): void;
  bigNumber(digits: string): void;
  verbatim(format: string, text: ByteString): void;
}

/** What keeps a script's answer until it is written. */
export type WriteAnswer = (target: ReplyTarget) => void;

/** How FUNCTION RESTORE treats the libraries that are there. */
export type RestorePolicy = 'append' | 'flush' | 'replace';

/** A function of a library. */
export interface FunctionDescription {
  readonly name: ByteString;
  readonly description: ByteString | null;
  readonly flags: readonly string[];
}

/** A library, as FUNCTION LIST tells of it. */
export interface LibraryDescription {
  readonly name: ByteString;
  readonly engine: string;
  readonly functions: readonly FunctionDescription[];
  readonly code: ByteString;
}

/** Figures for INFO and FUNCTION STATS. */
export interface ScriptFigures {
  readonly scripts: number;
  readonly libraries: number;
  readonly functions: number;
}

/** All libraries at one moment: only the engine can look into it. */
export interface LibraryState {
  readonly libraries: object;
}

/** What follows from the flags by which a script, or a function, says something of itself. */
export interface ScriptDeclaration {
  /** That it does not write. */
  readonly onlyReads: boolean;
  /** That it is not to begin where memory is full. */
  readonly needsRoom: boolean;
}

/** Runs the scripts of one store, and keeps them: the cache of scripts and the libraries of functions. */
export interface ScriptEngine {
  /**
   * Runs a script to its end.
   *
   * @returns what writes its answer, to be called once, before anything else runs
   * @throws ReplyError what Redis would have replied
   */
  run(caller: ScriptCaller, call: ScriptCall): WriteAnswer;
  /**
   * What Redis asks before it looks at the keys of a call: that a function is there, and a digest is long enough.
   *
   * @throws ReplyError if not
   */
  requireName(by: ScriptName, name: ByteString): void;
  /** What such a script, or function, says of itself: `undefined` if there is none, or it says nothing. */
  declarationOf(by: ScriptName, name: ByteString): ScriptDeclaration | undefined;
  /** Compiles and keeps a script; answers its digest. */
  load(source: ByteString): string;
  /** Whether a script of this digest is kept. */
  has(digest: ByteString): boolean;
  /**
   * The source of a script that is kept.
   *
   * @throws ReplyError NOSCRIPT
   */
  sourceOf(digest: ByteString): ByteString;
  /** Forgets all scripts. */
  flush(): void;
  /** Loads a library of functions; answers its name. */
  loadLibrary(code: ByteString, isReplacing: boolean): ByteString;
  deleteLibrary(name: ByteString): void;
  deleteLibraries(): void;
  /** In the order in which they were loaded. */
  libraries(): readonly LibraryDescription[];
  dumpLibraries(): Uint8Array;
  restoreLibraries(payload: Uint8Array, policy: RestorePolicy): void;
  /** The libraries as they are now, to come back to. O(1). */
  readonly libraryState: LibraryState;
  /** The libraries are as they were then, or (`undefined`) there are none any more. Tells nobody; answers whether anything changed. */
  returnTo(state: LibraryState | undefined): boolean;
  readonly figures: ScriptFigures;
}
