import type { ByteString, Bytes } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import type { Codec } from './codec.ts';
import type { AnyPiece, ArgumentDoc, KeySpec, Piece } from './grammar/piece.ts';
import type { Sampler } from './grammar/sampler.ts';
import { TokenReader } from './grammar/token-reader.ts';
import type { ReplySink } from './resp/reply-sink.ts';

/** Redis's group of a command, as COMMAND DOCS names it. */
export type CommandGroup =
  | 'array'
  | 'bitmap'
  | 'cluster'
  | 'connection'
  | 'generic'
  | 'geo'
  | 'hash'
  | 'hyperloglog'
  | 'list'
  | 'pubsub'
  | 'scripting'
  | 'server'
  | 'set'
  | 'sorted_set'
  | 'stream'
  | 'string'
  | 'transactions'
  | 'vector_set';

/** What is said of a command besides how it runs. */
export interface CommandFacts {
  /** Redis's name in upper case; subcommands with a space: `OBJECT ENCODING`. */
  readonly name: string;
  readonly summary: string;
  /** The Redis version that introduced it. */
  readonly since: string;
  readonly group: CommandGroup;
  readonly complexity: string;
  /** Redis's command flags, separated by spaces: `write denyoom fast`. */
  readonly flags: string;
  /** ACL categories beyond those that follow from flags and group, separated by spaces. */
  readonly categories?: string;
  /** Where the command is not in the category that its group has. */
  readonly hasNoGroupCategory?: true;
  /** What changed since it was introduced: versions, and in a sentence each what they brought. */
  readonly history?: readonly (readonly [version: string, change: string])[];
  readonly deprecatedSince?: string;
  readonly replacedBy?: string;
  /** Hints for clients and proxies, as COMMAND INFO has them. */
  readonly tips?: readonly string[];
  /** The name of what its methods are called on, as `src/session/targets.ts` has it. Default: the store, on the selected database. */
  readonly target?: string;
  /** What Redis says of tokens that are left over. Default: the syntax error. */
  readonly tooMany?: 'arity';
  /** Whether its method may answer that the reply comes later, though it is none that Redis calls blocking. */
  readonly waits?: true;
}

/** One of the typed methods a command can mean, and how its result is replied. */
export interface Form<M extends PropertyKey = PropertyKey> {
  readonly method: M;
  // biome-ignore lint/suspicious/noExplicitAny: the types were checked where the form was declared.
  readonly reply: Codec<any>;
  /** Whether these arguments mean this form. The first form that says so runs; one without the question always does. */
  readonly when?: (args: readonly unknown[]) => boolean;
  /** What the trailing options object must have, when the method is written as tokens, for {@link when} to hold. */
  readonly mark?: Readonly<Record<string, unknown>>;
}

/** What a method answered, and the codec that writes it, or what it is after a wait. */
export interface Evaluation {
  readonly result: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: the types were checked where the form was declared.
  readonly reply: Codec<any>;
}

// biome-ignore lint/suspicious/noExplicitAny: operations of all types run through here; their types were checked where the command was declared.
export type AnyOperations = any;

let commandsMade = 0;

/** A command: its facts, its grammar, and the methods it runs. */
export class Command<M extends PropertyKey = PropertyKey> {
  /** No other has it: for tables by command. */
  readonly number = commandsMade++;
  readonly facts: CommandFacts;
  readonly args: readonly AnyPiece[];
  readonly forms: readonly Form<M>[];
  /** As COMMAND INFO gives it: the number of tokens, name included, negative where it is the least number. */
  readonly arity: number;
  readonly flags: ReadonlySet<string>;
  /** `get`, `object|encoding`: as error texts and COMMAND name it. */
  readonly fullName: string;
  /** How many tokens the name takes. */
  readonly nameLength: number;
  readonly keySpecs: readonly KeySpec[];
  /** Whether its method may answer that it would have to wait: see {@link evaluate}. */
  readonly mayWait: boolean;
  /** Whether a call with few arguments takes no longer than it takes to read a clock, so that several are timed together. */
  readonly isBrief: boolean;
  private readonly wireOrder: readonly number[] | undefined;
  private readonly before: ((operations: AnyOperations, tokens: readonly ByteString[]) => void) | undefined;

  constructor(
    facts: CommandFacts,
    args: readonly AnyPiece[],
    forms: readonly Form<M>[],
    before?: (operations: AnyOperations, tokens: readonly ByteString[]) => void,
    arity?: number,
    wireOrder?: readonly number[],
  ) {
    this.facts = facts;
    this.args = args;
    this.forms = forms;
    this.before = before;
    this.wireOrder = wireOrder;
    this.flags = new Set(facts.flags.split(' ').filter((name) => name !== ''));
    this.mayWait = this.flags.has('blocking') || facts.waits === true;
    const isCheap = this.flags.has('fast') || facts.complexity.startsWith('O(1)');
    // What asks for figures must find those of all before it: that is never timed together with them.
    const isUsual =
      facts.target === undefined || facts.target === 'session' || facts.target === 'transaction';
    this.isBrief = isCheap && isUsual && !this.mayWait && !this.flags.has('pubsub');
    this.fullName = facts.name.toLowerCase().replaceAll(' ', '|');
    this.nameLength = facts.name.split(' ').length;
    const least = args.reduce((sum, piece) => sum + piece.minTokens, this.nameLength);
    this.arity = arity ?? (args.some((piece) => piece.isVariable) ? -least : least);
    this.keySpecs = locateKeys(this.argsOnWire, this.nameLength);
  }

  /** The pieces in the order in which their tokens stand. */
  private get argsOnWire(): readonly AnyPiece[] {
    return this.wireOrder === undefined ? this.args : this.wireOrder.map((at) => this.args[at]!);
  }

  get docs(): readonly ArgumentDoc[] {
    return this.argsOnWire.flatMap((piece) => piece.docs);
  }

  /** Whether a command of so many tokens has the right number of them. */
  accepts(tokenCount: number): boolean {
    return this.arity >= 0 ? tokenCount === this.arity : tokenCount >= -this.arity;
  }

  /**
   * Reads the tokens (name included), runs the method they mean, and writes its reply.
   *
   * @throws ReplyError what Redis would have replied; nothing has been changed then
   */
  run(operations: AnyOperations, tokens: readonly ByteString[], sink: ReplySink): void {
    if (!this.accepts(tokens.length)) throw errors.wrongArity(this.fullName);
    const args = this.prepare(operations, tokens);
    const form = this.formOf(args);
    const method = operations[form.method];
    let result: unknown;
    switch (args.length) {
      case 1:
        result = method.call(operations, args[0]);
        break;
      case 2:
        result = method.call(operations, args[0], args[1]);
        break;
      case 3:
        result = method.call(operations, args[0], args[1], args[2]);
        break;
      default:
        result = method.apply(operations, args);
    }
    form.reply.write(result, sink);
  }

  /**
   * The same for commands that may have to wait: runs the method, and leaves its result, and the codec that writes it, to
   * the caller. Where nobody may wait, {@link run} does: it replies as to nothing found.
   *
   * @throws ReplyError as {@link run}
   */
  evaluate(operations: AnyOperations, tokens: readonly ByteString[]): Evaluation {
    if (!this.accepts(tokens.length)) throw errors.wrongArity(this.fullName);
    const args = this.prepare(operations, tokens);
    const { method, reply } = this.formOf(args);
    return { result: operations[method].apply(operations, args) as unknown, reply };
  }

  /** Does what is to be done before, and reads the arguments. */
  private prepare(operations: AnyOperations, tokens: readonly ByteString[]): unknown[] {
    if (this.before === undefined) return this.read(tokens);
    try {
      this.before(operations, tokens);
      const args = this.read(tokens);
      operations.lookedAhead?.();
      return args;
    } catch (error) {
      operations.lookedInVain?.();
      throw error;
    }
  }

  /** The arguments of the typed method that these tokens mean. */
  read(tokens: readonly ByteString[]): unknown[] {
    const reader = new TokenReader(this.fullName, tokens, this.nameLength);
    const pieces = this.args;
    // An array that grows is given room for many more at once.
    const args = new Array<unknown>(pieces.length);
    if (this.wireOrder === undefined) {
      for (let at = 0; at < pieces.length; at++) args[at] = pieces[at]!.read(reader);
    } else {
      for (const at of this.wireOrder) args[at] = pieces[at]!.read(reader);
    }
    if (reader.remaining > 0 && this.facts.tooMany === 'arity') throw errors.wrongArity(this.fullName);
    reader.finish();
    return args;
  }

  private formOf(args: readonly unknown[]): Form<M> {
    if (this.forms.length > 1) for (const form of this.forms) if (form.when?.(args) ?? true) return form;
    return this.forms[0]!;
  }

  /** The tokens that mean a call of this method with these arguments: the way to a real server. */
  encode(method: M, args: readonly unknown[]): Bytes[] {
    const form = this.forms.find((candidate) => candidate.method === method);
    if (form === undefined) throw new Error(`${this.facts.name} does not run ${String(method)}`);
    const out: Bytes[] = this.facts.name.split(' ');
    const last = this.args.length - 1;
    for (const at of this.wireOrder ?? this.args.keys()) {
      const value =
        at === last && form.mark !== undefined
          ? { ...form.mark, ...(args[at] as object | undefined) }
          : args[at];
      this.args[at]!.write(value, out);
    }
    return out;
  }

  /** A random command of this kind: valid in form, arbitrary in content. */
  sample(sampler: Sampler): ByteString[] {
    const out: ByteString[] = this.facts.name.split(' ');
    for (const piece of this.argsOnWire) piece.sample(sampler, out);
    return out;
  }
}

/** A container must be followed by a subcommand. */
const CONTAINER_ARITY = -2;

/** Key specifications counted from the command's name, as COMMAND INFO counts. */
function locateKeys(args: readonly AnyPiece[], nameLength: number): KeySpec[] {
  const specs: KeySpec[] = [];
  let index = nameLength;
  for (const piece of args) {
    for (const spec of piece.keys ?? []) {
      if (spec.begin === 'unknown') specs.push(spec);
      else if ('index' in spec.begin) specs.push({ ...spec, begin: { index: spec.begin.index + index } });
      else specs.push({ ...spec, begin: { ...spec.begin, startFrom: spec.begin.startFrom || index } });
    }
    index += piece.minTokens;
  }
  return specs;
}

/** The values that a list of pieces reads. */
export type ArgumentsOf<P extends readonly AnyPiece[]> = {
  -readonly [I in keyof P]: P[I] extends Piece<infer T> ? T : never;
};

/** The names of the methods of `Ops`, the only things a command can run. */
export type MethodName<Ops> = {
  [M in keyof Ops]: Ops[M] extends (...args: never[]) => unknown ? M : never;
}[keyof Ops];

/** Those that take what the pieces read. */
export type MethodTaking<Ops, P extends readonly AnyPiece[]> = {
  [M in keyof Ops]: Ops[M] extends (...args: ArgumentsOf<P>) => unknown ? M : never;
}[keyof Ops];

/**
 * Those of which every call can be written with the pieces: they take only a part of what the pieces read, and
 * `when` sees to it that they are given no more.
 */
export type MethodWithin<Ops, P extends readonly AnyPiece[]> = {
  [M in keyof Ops]: Ops[M] extends (...args: infer A) => unknown
    ? A extends ArgumentsOf<P>
      ? M
      : never
    : never;
}[keyof Ops];

type ResultOf<F> = F extends (...args: never[]) => infer R ? R : never;

/** What every command may ask before it reads its arguments: the type of value a key holds, or `none`; whether it is a stream with this group. */
export interface TypeOf {
  typeUnder(key: ByteString): string;
  typeToRead(key: ByteString): string;
  hasStreamGroup(key: ByteString, group: ByteString): boolean;
}

interface Extras<Ops> {
  /** Runs before the arguments are read, for the commands that look at the key first. Throws what Redis would say. */
  readonly before?: (operations: Ops & TypeOf, tokens: readonly ByteString[]) => void;
  /** Only where Redis's own figure does not follow from the grammar. */
  readonly arity?: number;
  /**
   * In which order the pieces stand on the wire, where that is not the order of the method's arguments: `[0, 2, 1]`
   * for options (last in a method) that come before a list to the end of the command.
   */
  readonly wireOrder?: readonly number[];
}

/**
 * Declares commands that run methods of `Ops`. What does not fit does not compile: a method that does not exist, takes
 * other arguments than the grammar reads, or returns what the codec cannot write.
 */
export function commandsOf<Ops>() {
  return {
    /** A command that always means the same method. */
    command<const P extends readonly AnyPiece[], const M extends MethodTaking<Ops, P>>(
      definition: CommandFacts &
        Extras<Ops> & { readonly args: P; readonly method: M; readonly reply: Codec<ResultOf<Ops[M]>> },
    ): Command<M> {
      const { args, method, reply, before, arity, wireOrder, ...facts } = definition;
      return new Command<M>(facts, args, [{ method, reply }], before, arity, wireOrder);
    },

    /** A name that only leads to subcommands (OBJECT). */
    container(facts: CommandFacts): Command<never> {
      return new Command<never>({ ...facts, hasNoGroupCategory: true }, [], [], undefined, CONTAINER_ARITY);
    },

    /** One of several methods a command can mean. */
    form<const M extends MethodName<Ops>>(
      method: M,
      reply: Codec<ResultOf<Ops[M]>>,
      selection: Pick<Form, 'when' | 'mark'> = {},
    ): Form<M> {
      return { method, reply, ...selection };
    },

    /** A command whose arguments decide which method it means. */
    commandWithForms<
      const P extends readonly AnyPiece[],
      const M extends MethodTaking<Ops, P> | MethodWithin<Ops, P>,
    >(
      definition: CommandFacts & Extras<Ops> & { readonly args: P; readonly forms: readonly Form<M>[] },
    ): Command<M> {
      const { args, forms, before, arity, wireOrder, ...facts } = definition;
      return new Command<M>(facts, args, forms, before, arity, wireOrder);
    },
  };
}

/** A form that is meant where the trailing options hold this marker, a `true` flag. */
export function marked(name: string, at: number): Pick<Form, 'when' | 'mark'> {
  return {
    when: (args) => (args[at] as Record<string, unknown> | undefined)?.[name] !== undefined,
    mark: { [name]: true },
  };
}

/** A form that is meant where the optional argument at this place was given. */
export function given(at: number): Pick<Form, 'when'> {
  return { when: (args) => args[at] !== undefined };
}

/**
 * A type's table of commands. Does not compile while a method of `Ops` is run by none of them.
 * The type's inherited members are not its methods.
 */
export function commandTable<Ops>() {
  return <C extends Command<MethodName<Ops>>>(
    commands: readonly C[] & Unless<Missing<Ops, C>, { 'no command runs these methods': Missing<Ops, C> }>,
  ): readonly Command[] => commands as readonly Command[];
}

type Missing<Ops, C> = Exclude<MethodName<Ops>, IteratorName<Ops> | (C extends Command<infer M> ? M : never)>;
/** Generators run commands, and no command runs them. */
type IteratorName<Ops> = {
  [M in keyof Ops]: Ops[M] extends (...args: never[]) => Generator<unknown> ? M : never;
}[keyof Ops];
type Unless<Missing, Complaint> = [Missing] extends [never] ? unknown : Complaint;
