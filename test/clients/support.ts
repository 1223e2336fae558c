import { connect, type Store } from '../../src/index.ts';
import { serverOf } from '../../src/session/server.ts';

/** A word of a command. */
export type Word = string | Buffer;

/** What the same tests ask of every client. */
export interface TestClient {
  /** Sends a command as it stands, and resolves to its reply as text. */
  call(...words: Word[]): Promise<unknown>;
  /** The same, with byte strings as Buffers. */
  callBytes(...words: Word[]): Promise<unknown>;
  /** Sends commands in one go; errors come in their places. */
  pipeline(commands: readonly Word[][]): Promise<unknown[]>;
  /** MULTI, the commands, EXEC. `null` if a watched key has changed. Errors come in their places. */
  transaction(commands: readonly Word[][]): Promise<unknown[] | null>;
  watch(key: string): Promise<unknown>;
  subscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown>;
  psubscribe(pattern: string, listener: (message: string, channel: string) => void): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  /** Another client made of this one, connected. */
  duplicate(): Promise<TestClient>;
  /** Resolves when it has connected anew after its connection was lost. */
  reconnected(): Promise<void>;
  /** Ends in an orderly way. */
  quit(): Promise<unknown>;
  /** Ends at once. */
  destroy(): void;
}

export interface TestClientOptions {
  readonly protocol?: 2 | 3;
  readonly database?: number;
  /** Whether what is asked in one turn is sent as one pipeline, where that is a choice. */
  readonly autoPipelining?: boolean;
}

/** One package in one version. */
export interface ClientPackage {
  readonly name: string;
  /** The protocols it can speak. */
  readonly protocols: readonly (2 | 3)[];
  /** Opens a client on the store, and resolves once it is ready. */
  open(store: Store, options?: TestClientOptions): Promise<TestClient>;
}

/** How many clients the store has. */
export function connectionCount(store: Store): number {
  return serverOf(store.keyspace).sessions.size;
}

/** Cuts the connections of all clients, as an operator would. */
export function killAll(store: Store): void {
  const operator = connect(store);
  for (const type of ['normal', 'pubsub']) operator.call('CLIENT', 'KILL', 'TYPE', type);
  operator.close();
}
