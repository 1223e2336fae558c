import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { compileGlob } from '../../keyspace/glob.ts';
import { type Parameter, Refusal } from './parameter.ts';
import { parameters } from './parameters.ts';

/** Where the value of a parameter is kept, if not by the configuration itself. */
export interface Place<T> {
  get(): T;
  /**
   * Takes effect at once. May throw a {@link Refusal}; nothing has changed then. Where it has a last turn, it may take its time:
   * the promise rejects with an error of Redis's if it comes to nothing.
   */
  set(value: T): void | Promise<void>;
  /**
   * Whether setting it may do what cannot be undone: then it refuses nothing, and is set when nothing else can be refused
   * any more, those with lower numbers first.
   */
  readonly lastTurn?: number;
}

/** A parameter under one of its names. */
interface Setting {
  readonly name: string;
  readonly parameter: Parameter<unknown>;
  /** Shared by all names of the parameter. */
  readonly held: { place: Place<unknown> };
}

/**
 * The configuration that sessions see: CONFIG GET and SET.
 *
 * All of Redis's parameters are there with Redis's defaults. What a parameter is about says so by {@link bind}: then
 * its value is read from there and written to there. The others only keep what they are set to.
 */
export class Config {
  private readonly settings = new Map<string, Setting>();

  constructor() {
    for (const parameter of parameters) this.register(parameter);
  }

  /** One more parameter. It keeps its own value unless a place is given. */
  register<T>(parameter: Parameter<T>, place: Place<T> = kept(parameter.initial)): void {
    const held = { place: place as Place<unknown> };
    for (const name of parameter.alias === undefined ? [parameter.name] : [parameter.name, parameter.alias]) {
      if (this.settings.has(name)) throw new Error(`the parameter ${name} is registered twice`);
      this.settings.set(name, { name, parameter: parameter as Parameter<unknown>, held });
    }
  }

  /**
   * Has a parameter speak of something real from now on.
   *
   * @throws Error if there is no such parameter
   */
  bind<T>(name: string, place: Place<T>): void {
    this.setting(name).held.place = place as Place<unknown>;
  }

  /** Where a parameter is kept now. @throws Error if there is no such parameter */
  placeOf<T>(name: string): Place<T> {
    return this.setting(name).held.place as Place<T>;
  }

  /** What a parameter of numbers is set to; beyond 2^53 the nearest number. */
  number(name: string): number {
    return Number(this.setting(name).held.place.get());
  }

  /** What a parameter is set to, as CONFIG GET prints it. */
  text(name: string): ByteString {
    return print(this.setting(name));
  }

  /** What a parameter of `yes` and `no` is set to. */
  isOn(name: string): boolean {
    return this.setting(name).held.place.get() === true;
  }

  /** CONFIG GET: all parameters that one of the patterns means, each once. What was asked by name has that name. */
  get(patterns: readonly ByteString[]): Map<ByteString, ByteString> {
    const names = new Map<Setting, ByteString>();
    for (const pattern of patterns) {
      const exact = this.settings.get(pattern.toLowerCase());
      if (exact !== undefined) {
        if (!names.has(exact)) names.set(exact, pattern);
      } else if (/[[*?]/.test(pattern)) {
        const matches = compileGlob(pattern, true);
        for (const setting of this.settings.values()) {
          if (!names.has(setting) && matches(setting.name)) names.set(setting, setting.name);
        }
      }
    }
    return new Map(Array.from(names, ([setting, name]) => [name, print(setting)]));
  }

  /**
   * CONFIG SET: all of it, or nothing.
   *
   * @returns a promise if some of it takes its time
   * @throws ReplyError that names the first parameter which cannot be set, and why
   */
  set(pairs: readonly (readonly [name: ByteString, value: ByteString])[]): Promise<unknown> | undefined {
    const asked: [Setting, ByteString][] = [];
    for (const [name, value] of pairs) {
      const setting = this.settings.get(name.toLowerCase());
      if (setting === undefined) throw errors.unknownParameter(name);
      const { fixed } = setting.parameter;
      if (fixed !== undefined) throw errors.configSetFailed(setting.name, `can't set ${fixed} config`);
      if (asked.some(([other]) => other === setting)) {
        throw errors.configSetFailed(setting.name, 'duplicate parameter');
      }
      asked.push([setting, value]);
    }
    const undo: (() => void)[] = [];
    const last: { readonly turn: number; set(): void | Promise<void> }[] = [];
    for (const [{ name, parameter, held }, value] of asked) {
      const { place } = held;
      try {
        const before = place.get();
        const after = parameter.read(value, before);
        if (place.lastTurn !== undefined) {
          last.push({ turn: place.lastTurn, set: () => place.set(after) });
          continue;
        }
        place.set(after);
        undo.push(() => place.set(before));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        for (const step of undo.reverse()) step();
        throw errors.configSetFailed(name, error.message);
      }
    }
    const begun = last.sort((a, b) => a.turn - b.turn).flatMap(({ set }) => set() ?? []);
    return begun.length === 0 ? undefined : Promise.all(begun);
  }

  /** Whether what this parameter is set to must not be shown. */
  isSecret(name: ByteString): boolean {
    return this.settings.get(name.toLowerCase())?.parameter.isSecret === true;
  }

  private setting(name: string): Setting {
    const found = this.settings.get(name);
    if (found === undefined) throw new Error(`there is no parameter ${name}`);
    return found;
  }
}

function print({ parameter, held }: Setting): ByteString {
  return parameter.print(held.place.get());
}

/** A place of its own. */
function kept<T>(initial: T): Place<T> {
  let now = initial;
  return {
    get: () => now,
    set: (value) => {
      now = value;
    },
  };
}
