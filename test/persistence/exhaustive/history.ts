import { connect, type OpenOptions, ReplyError, Store } from '../../../src/index.ts';
import type { PersistenceOptions } from '../../../src/keyspace/persistence.ts';
import { persistent } from '../../../src/persistence/persistent.ts';
import type { FaultyStorage } from '../../../src/persistence/storage/faults.ts';
import { lua } from '../../../src/scripting/index.ts';
import { afterTurn } from '../../../src/ttl/host-turn.ts';
import { stateOf } from '../crash/state.ts';

// A run of a store on a storage that fails, and what may be found after it: of the groups (commands, transactions, scripts)
// that it has done, in their order, a beginning that holds at least those that were acknowledged.

/** One group, the same each time it is done on the same data. */
export interface DataStep {
  readonly kind: 'data';
  run(store: Store): unknown;
}

/** Something else that is done with a store, which changes no data. */
export interface OtherStep {
  readonly kind: 'other';
  run(store: Store): unknown;
}

/** The store's time goes on; something may expire, or be tried again. One thing at most expires. */
export interface TimeStep {
  readonly kind: 'time';
  readonly durationMs: number;
}

export type Step = DataStep | OtherStep | TimeStep;

export const data = (run: DataStep['run']): DataStep => ({ kind: 'data', run });
export const other = (run: OtherStep['run']): OtherStep => ({ kind: 'other', run });
export const time = (durationMs: number): TimeStep => ({ kind: 'time', durationMs });

/** Runs a command as a client would. */
export const command = (...tokens: readonly string[]): DataStep =>
  data((store) => connect(store).call(tokens[0]!, ...tokens.slice(1)));

/** Where every run's clock stands when it begins, and that of whoever looks at what it has left. */
const NOW_MS = 1_900_000_000_000;
const clock = { now: () => NOW_MS };

/** A program: the steps, and the states between them as a store has them that keeps nothing. */
export class Program {
  readonly steps: readonly Step[];
  private readonly states = new Map<string, string>();

  constructor(steps: readonly Step[]) {
    this.steps = steps;
  }

  /** What a store holds that has done these of the steps. */
  stateAfter(done: readonly number[]): string {
    const known = this.states.get(done.join());
    if (known !== undefined) return known;
    const store = new Store({ clock, scripting: lua() });
    const states = [stateOf(store)];
    for (const number of done) {
      const step = this.steps[number]!;
      if (step.kind === 'time') store.advance(step.durationMs);
      else step.run(store);
      states.push(stateOf(store));
    }
    for (const [count, state] of states.entries()) this.states.set(done.slice(0, count).join(), state);
    store.keyspace.driver.stop();
    return states.at(-1)!;
  }
}

/** What a run has done so far. */
export class Run {
  readonly program: Program;
  readonly storage: FaultyStorage;
  /** The numbers of the steps that were done in memory. */
  readonly done: number[] = [];
  /** How many of those were told to be kept whatever becomes of the machine. */
  keptCount = 0;
  /** And of the process. */
  writtenCount = 0;
  store: Store | undefined;
  /** Why it could not be opened. */
  failure: unknown;
  readonly warnings: string[] = [];
  options: Partial<OpenOptions>;

  constructor(program: Program, storage: FaultyStorage, options: PersistenceOptions) {
    this.program = program;
    this.storage = storage;
    this.options = options;
  }

  /** Opens the store and does all steps, whatever fails. */
  async go(): Promise<this> {
    try {
      this.store = await openOn(this.storage, {
        ...this.options,
        onWarning: (text) => this.warnings.push(text),
      });
    } catch (error) {
      this.failure = error;
      return this;
    }
    for (let number = 0; number < this.program.steps.length && !this.storage.hasDied; number++) {
      await this.step(number);
      await turns(2);
    }
    return this;
  }

  /** Does one step, and notes what came of it. */
  private async step(number: number): Promise<void> {
    const store = this.store!;
    const step = this.program.steps[number]!;
    const { keyspace } = store;
    if (step.kind === 'time') {
      this.done.push(number);
      store.advance(step.durationMs);
      await turns(2);
    } else if (step.kind === 'other') {
      try {
        await step.run(store);
      } catch (error) {
        requireExpected(error);
      }
    } else {
      const { dirty } = keyspace;
      let isTold = true;
      try {
        step.run(store);
      } catch (error) {
        requireExpected(error);
        isTold = false;
      }
      if (keyspace.dirty !== dirty) this.done.push(number);
      const end = this.done.length;
      // As the replies to whoever has a byte stream: they wait.
      if (isTold) isTold = await told(store);
      const { settings } = keyspace.persistence!;
      if (isTold && settings.appendonly && !this.isHeld && settings.appendfsync === 'always')
        this.keptCount = Math.max(this.keptCount, end);
    }
    this.look();
  }

  /** What is known by now to be kept. */
  look(): void {
    const { persistence } = this.store!.keyspace;
    const { status, settings } = persistence!;
    if (!settings.appendonly || this.isHeld) return;
    if (status.lastWriteStatus === 'ok' && status.bufferedBytes === 0 && !this.storage.hasDied)
      this.writtenCount = this.done.length;
  }

  /** Whether the append-only file has been turned on, and is not there yet. */
  private get isHeld(): boolean {
    const { status } = this.store!.keyspace.persistence!;
    return status.baseBytes === 0;
  }

  /** What may be found, the earliest last, where so many steps are kept at least. */
  private *possible(leastCount: number): Generator<string> {
    for (let count = this.done.length; count >= leastCount; count--)
      yield this.program.stateAfter(this.done.slice(0, count));
  }

  /**
   * Looks at what this run has left: that it can be opened, holds what it must, and can be gone on with.
   *
   * @param left the storage as another process finds it
   */
  async check(left: FaultyStorage, what: string, keptCount = this.keptCount): Promise<void> {
    // Whatever holds is looked for in time: the state itself, and one that is made of it.
    const found = await this.held(left, what);
    let isPossible = false;
    for (const state of this.possible(keptCount)) if (state === found) isPossible = true;
    if (isPossible) return;
    const earlier = [...this.possible(0)].reverse().indexOf(found);
    throw new Error(
      `${what}: of ${this.done.length} steps done [${this.done.join()}], ${keptCount} kept, found ${earlier < 0 ? `what never was: ${found}` : `${earlier}`}`,
    );
  }

  /** What a storage holds; something is written to it, and must be found there, too. */
  private async held(left: FaultyStorage, what: string): Promise<string> {
    const options = { ...this.options, appendfsync: 'always' as const };
    try {
      const store = await openOn(left, options);
      const state = stateOf(store);
      store.select(2).rpush('after', 'v');
      if (!(await told(store))) throw new Error('cannot be written to');
      // What was there is kept now for good, whoever had put it there.
      await this.heldAfterPowerLoss(left, state);
      await store.close();
      const again = await openOn(left, options);
      const stateAgain = stateOf(again);
      const after = again.select(2).llen('after');
      await again.close();
      if (after !== 1) throw new Error('what was written after it is lost');
      if (state !== stateAgain) throw new Error(`opened twice, it is\n${stateAgain}\nand was\n${state}`);
      return state;
    } catch (cause) {
      throw new Error(`${what}: ${(cause as Error).message}`, { cause });
    }
  }

  private async heldAfterPowerLoss(storage: FaultyStorage, state: string): Promise<void> {
    // Of a file whose sync has failed once, nothing is sure; a new process cannot know.
    if (storage.disk.files.some(({ isDoubtful }) => isDoubtful)) return;
    const store = await openOn(storage.afterPowerLoss(), this.options);
    const stateAgain = stateOf(store);
    const after = store.select(2).llen('after');
    await store.close();
    if (after !== 1) throw new Error('what was acknowledged after it is lost with the power');
    if (state !== stateAgain) throw new Error(`with the power is lost of\n${state}\nall but\n${stateAgain}`);
  }

  /** Ends the run without closing the store. */
  abandon(): void {
    this.store?.keyspace.driver.stop();
  }
}

/** Opens a store on a storage. */
export function openOn(storage: FaultyStorage, options: Partial<OpenOptions> = {}): Promise<Store> {
  return Store.open({
    save: false,
    appendonly: true,
    clock,
    scripting: lua(),
    onWarning: () => {},
    ...options,
    storage: persistent(storage),
  });
}

/** Whether who waits for it is told that all is kept. */
export async function told(store: Store): Promise<boolean> {
  try {
    const kept = store.keyspace.persistence!.beforeReply();
    // It may wait for what is tried again when the time has gone on.
    return await Promise.race([kept?.then(() => true) ?? true, turns(50).then(() => false)]);
  } catch (error) {
    requireExpected(error);
    return false;
  }
}

/** Failures are refusals, what the storage has said, or death: nothing of our own. */
function requireExpected(error: unknown): void {
  if (error instanceof ReplyError) return;
  const { name } = error as Error;
  if (name !== 'ProcessDied' && name !== 'StorageFailure' && (error as { code?: unknown }).code === undefined)
    throw error;
}

export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>(afterTurn);
}
