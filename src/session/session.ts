import type { ByteString } from '../bytes/byte-string.ts';
import { errors, ReplyError, traceErrors } from '../errors.ts';
import { untouched } from '../keyspace/eviction/untouched.ts';
import type { Command } from '../wire/command.ts';
import type { ReplySink } from '../wire/resp/reply-sink.ts';
import { SessionAccess } from './acl/session-access.ts';
import { tokensBytes } from './client/client-bytes.ts';
import { ReplySwitch } from './client/reply-switch.ts';
import { passageOf } from './gates.ts';
import type { Fieldsets } from './hash-import/fieldset.ts';
import type { Peer } from './peer.ts';
import { RawView } from './raw-view.ts';
import { registry } from './registry.ts';
import type { Server } from './server.ts';
import { Subscriptions } from './subscriptions/subscriptions.ts';
import { targets } from './targets.ts';
import type { ClientTracking } from './tracking/client-tracking.ts';
import { QueuedBytes } from './transactions/queued-bytes.ts';
import type { Transaction } from './transactions/transaction.ts';
import { Watch } from './transactions/watch.ts';
import { type Wait, waitFor } from './waits/wait.ts';

/** A browser that was lured into posting here. As Redis does, its connection is closed without a word. */
const HTTP = /^(post|host:)$/i;

/**
 * One client's state on a store, and the door through which its commands come.
 *
 *     tokens ─▶ which command? ─▶ may it run now? ─▶ run it ─▶ reply ─▶ those who waited for what it did
 *               (name, arity)     (gates: MULTI …)
 *
 * Invariants:
 *
 * 1. One command at a time: {@link execute} is not called while it runs, nor while {@link isWaiting}.
 * 2. {@link gates} is zero while a command need not be asked anything before it runs: the usual case pays one look.
 * 3. A message never comes into the middle of a reply: those that arrive while a command runs follow its reply.
 */
export class Session {
  readonly server: Server;
  readonly peer: Peer;
  readonly id: number;
  /** The store, on the database this client has selected. */
  readonly view: RawView;
  readonly connectedAtMs: number;
  /** When its last command began, by {@link Server.clockMs}. */
  lastCommandMs: number;
  /** The last command it was asked for. */
  lastCommand: Command | undefined = undefined;
  /** How many commands it has run. */
  commandCount = 0;
  name: ByteString = '';
  /** What CLIENT SETINFO said. Stays through RESET. */
  libraryName: ByteString = '';
  libraryVersion: ByteString = '';
  /** CLIENT NO-EVICT. */
  isSparedFromEviction = false;
  /** CLIENT NO-TOUCH. */
  leavesNoTrace = false;
  protocol: 2 | 3 = 2;
  transaction: Transaction | undefined = undefined;
  /** The keys whose change calls a transaction off. */
  readonly watch: Watch;
  readonly subscriptions: Subscriptions;
  /** Whether it wants replies. */
  readonly replies = new ReplySwitch();
  /** While it tracks keys: CLIENT TRACKING. */
  tracking: ClientTracking | undefined = undefined;
  /** The names of fields it has prepared for HIMPORT SET. */
  fieldsets: Fieldsets | undefined = undefined;
  /** What the arguments take of the command that waits, while one does. */
  waitingBytes = 0;
  /** What it counts for in `ClientMemory`, and what of that is no subscription. */
  countedBytes = 0;
  countedOwnBytes = 0;
  private readonly queued = new QueuedBytes();
  isClosed = false;
  /** Whether it was made for a client of a cluster, of which the store is then the only node. */
  isClusterNode = false;
  /** Of the keys of the command that runs, in EXEC of all it runs, where it is such a node: scripts keep to it. */
  slot: number | undefined = undefined;
  /** How many reasons there are to look at a command before it runs. */
  private gates = 0;
  /** Who it is signed in as, and what that allows. */
  readonly access: SessionAccess;
  private isExecuting = false;
  /** Whether a command that waits may do so now. Never within a transaction. */
  mayWait = false;
  private isEnding = false;
  /** The command that CLIENT PAUSE holds up. */
  private held: readonly ByteString[] | undefined = undefined;
  /** Whether EXEC is running what was queued. */
  isRunningQueue = false;
  /** What the last command waits for. */
  private waiter: Wait | undefined = undefined;
  private readonly deferredMessages: ((sink: ReplySink) => void)[] = [];
  private readonly targets: Record<string, object> = Object.create(null) as Record<string, object>;

  /** Whose commands it runs: a client's, or those of scripts. The latter is not among the clients. */
  readonly kind: 'client' | 'script';

  constructor(server: Server, peer: Peer, kind: 'client' | 'script' = 'client') {
    this.server = server;
    this.peer = peer;
    this.kind = kind;
    this.view = new RawView(server.keyspace, 0);
    this.connectedAtMs = server.keyspace.now();
    this.lastCommandMs = server.tick();
    this.watch = new Watch(this);
    this.subscriptions = new Subscriptions(this);
    this.access = new SessionAccess(this, server.acl);
    this.id = kind === 'client' ? server.join(this) : 0;
  }

  /** The number of the selected database. */
  get databaseIndex(): number {
    return this.view.databaseIndex;
  }

  /** Has all further commands work on this database. */
  selectDatabase(index: number): void {
    if (this.view.keyspace.databases[index] === undefined) throw errors.databaseOutOfRange();
    this.view.selectDatabase(index);
  }

  setProtocol(protocol: 2 | 3): void {
    if (protocol === this.protocol) return;
    this.protocol = protocol;
    this.peer.setProtocol(protocol);
  }

  /** Whether the last command is still waiting for its answer: no other may come before {@link Peer.resume}. */
  get isWaiting(): boolean {
    return this.waiter !== undefined || this.held !== undefined;
  }

  /** What the commands hold that MULTI has queued, in bytes. */
  get queuedBytes(): number {
    return this.queued.of(this.transaction);
  }

  /** How many keys the last command waits for. */
  get waitedKeyCount(): number {
    return this.waiter?.places.length ?? 0;
  }

  /** The user it has authenticated as. */
  get username(): ByteString {
    return this.access.user.name;
  }

  /** From now on it answers as the only node of a cluster. */
  becomeClusterNode(): void {
    this.isClusterNode = true;
    this.gates++;
  }

  /** There is a reason more to look at each command before it runs. */
  addGate(): void {
    this.gates++;
  }

  /** Ends {@link addGate}. */
  removeGate(): void {
    this.gates--;
  }

  // ── commands ─────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Runs one command and writes its reply. An error Redis would reply with is written; anything else that is thrown
   * is a defect and comes out.
   *
   * @param mayWait whether a command that waits is let wait: then {@link isWaiting} until {@link Peer.resume}. Otherwise
   *   it answers as if its time were over.
   */
  execute(tokens: readonly ByteString[], mayWait = true): void {
    if (this.isExecuting) throw new Error('a connection runs one command at a time');
    const { server } = this;
    this.mayWait = mayWait;
    const wasTracing = traceErrors(false);
    const { hub } = server.keyspace;
    const mayPublish = hub.hasSubscribers;
    if (mayPublish) hub.hold();
    const outer = server.current;
    server.current = this;
    this.isExecuting = true;
    const { persistence } = server.keyspace;
    if (persistence !== undefined) persistence.begin();
    try {
      this.dispatch(tokens);
    } finally {
      if (persistence !== undefined) persistence.end();
      this.isExecuting = false;
      server.current = outer;
      traceErrors(wasTracing);
      // Typed subscribers are code of others, which may well use this connection.
      if (mayPublish) hub.release();
      if (this.deferredMessages.length > 0) this.writeDeferred();
    }
    server.settle();
    if (this.isEnding) this.close();
    if (server.clients.isCounting) {
      server.clients.update(this);
      // What a byte stream's commands have answered is written first.
      if (!server.isInSuccession) server.clients.enforce();
    }
  }

  private dispatch(tokens: readonly ByteString[]): void {
    const sink = this.replies.sinkFor(this.peer.replies);
    let command: Command | undefined;
    try {
      command = registry.find(tokens);
      this.lastCommand = command;
      if (!command.accepts(tokens.length)) throw errors.wrongArity(command.fullName);
      const { eviction, persistence } = this.server.keyspace;
      const isAsked = this.gates > 0 || eviction !== undefined || persistence !== undefined;
      if (isAsked && !this.passes(command, tokens, sink)) return;
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      this.lastCommand = command;
      if (HTTP.test(tokens[0]!)) this.closeAfterReply();
      else this.reject(command, tokens, error, sink);
      this.tracking?.ended(command);
      return;
    }
    this.call(command, tokens, sink);
    if (this.tracking !== undefined) this.tracking.ended(command);
  }

  /** Whether a command may run now. If not it is queued, or put off; or the error comes out that keeps it from running. */
  private passes(command: Command, tokens: readonly ByteString[], sink: ReplySink): boolean {
    const passage = passageOf(this, command, tokens);
    if (passage === 'queue') {
      this.transaction!.queue.push({ command, tokens });
      sink.simple('QUEUED');
    } else if (passage === 'hold') this.hold(tokens);
    return passage === 'run';
  }

  /** CLIENT PAUSE: the command is to run later. */
  private hold(tokens: readonly ByteString[]): void {
    if (!this.mayWait) {
      throw new Error('the clients of this store are paused (CLIENT PAUSE), and call cannot wait; use send');
    }
    this.replies.putOff();
    this.held = tokens;
    this.waitingBytes = tokensBytes(tokens);
    this.server.pause.hold(this);
  }

  /** Runs the command that was held up. */
  resumeHeld(): void {
    const tokens = this.held;
    if (tokens === undefined) return;
    this.held = undefined;
    this.waitingBytes = 0;
    this.execute(tokens);
    if (!this.isWaiting && !this.isClosed) this.peer.resume();
  }

  /** A command that does not come to run. An EXEC that does not ends the transaction. */
  private reject(
    command: Command | undefined,
    tokens: readonly ByteString[],
    error: ReplyError,
    sink: ReplySink,
  ): void {
    // A cluster says what it has to say without this frame, and has ended the transaction.
    if (command?.fullName === 'exec' && !error.message.startsWith('CROSSSLOT')) {
      this.endTransaction();
      const aborted = errors.execRejected(error.message.replace(/^ERR /, ''));
      this.server.statistics.rejected(command, aborted);
      sink.error(aborted);
      // Those who monitor have seen MULTI, and are told that it is over.
      this.server.monitors.show(this, command, tokens);
      return;
    }
    this.server.statistics.rejected(command, error);
    if (this.transaction !== undefined) this.transaction.hasFailed = true;
    sink.error(error);
  }

  /** Runs a command that may run. */
  private call(command: Command, tokens: readonly ByteString[], sink: ReplySink): void {
    const { server } = this;
    if (server.activeHotKeys === undefined) this.run(command, tokens, sink);
    else server.activeHotKeys.observe(server, command, tokens, sink, (to) => this.run(command, tokens, to));
  }

  private run(command: Command, tokens: readonly ByteString[], sink: ReplySink): void {
    const { server } = this;
    const startMs = server.begin(command);
    this.lastCommandMs = startMs;
    this.commandCount++;
    try {
      if (this.leavesNoTrace && command.fullName !== 'touch')
        untouched(server.keyspace, () => this.runOrWait(command, tokens, sink));
      else this.runOrWait(command, tokens, sink);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      server.statistics.failed(command, error);
      sink.error(error);
    }
    if (this.tracking !== undefined) this.tracking.ran(command, tokens);
    server.ended(this, command, tokens, startMs);
  }

  /** Runs a command, which may have to wait: then its reply comes later. */
  private runOrWait(command: Command, tokens: readonly ByteString[], sink: ReplySink): void {
    if (!command.mayWait || !this.mayWait) {
      command.run(this.targetOf(command), tokens, sink);
      return;
    }
    const evaluation = command.evaluate(this.targetOf(command), tokens);
    const answer = (write: () => void): void => {
      this.waiter = undefined;
      this.waitingBytes = 0;
      if (this.isClosed) return;
      write();
      this.peer.flush();
      this.server.replied();
      this.server.resumeSoon(this);
    };
    this.waiter = waitFor(this, command, tokens, evaluation, sink, answer);
    if (this.waiter === undefined) evaluation.reply.write(evaluation.result, sink);
    else this.waitingBytes = tokensBytes(tokens);
  }

  /** CLIENT UNBLOCK: ends the wait of the last command. Whether it was waiting for something. */
  unblock(how: 'timeout' | 'error'): boolean {
    return this.waiter?.unblock(how) ?? false;
  }

  /** What the command's methods are called on. */
  targetOf(command: Command): object {
    const name = command.facts.target;
    if (name === undefined) return this.view;
    this.targets[name] ??= targets[name]!(this, registry);
    return this.targets[name];
  }

  // ── transactions ─────────────────────────────────────────────────────────────────────────────────────────

  setTransaction(transaction: Transaction): void {
    this.transaction = transaction;
    this.gates++;
  }

  /** Ends MULTI and WATCH. */
  endTransaction(): void {
    this.watch.clear();
    if (this.transaction !== undefined) {
      this.transaction = undefined;
      this.gates--;
    }
  }

  /** EXEC: runs all that was queued, each with its reply in the array. */
  runQueue({ queue }: Transaction, sink: ReplySink): void {
    const { mayWait } = this;
    this.mayWait = false;
    this.isRunningQueue = true;
    sink.array(queue.length);
    const runAll = () => {
      for (const { command, tokens } of queue) {
        // What is allowed may have changed since it was queued, and does if AUTH is among them.
        const refusal = this.access.isGuarded ? this.access.refusalAtExec(command, tokens) : undefined;
        if (refusal === undefined) this.call(command, tokens, sink);
        else sink.error(refusal);
      }
    };
    const { keyspace } = this.server;
    const { memoryLimit } = keyspace;
    memoryLimit.hold();
    try {
      keyspace.atOneMoment(() => this.server.inSuccession(runAll));
    } finally {
      memoryLimit.release();
      this.isRunningQueue = false;
      this.mayWait = mayWait;
    }
  }

  // ── messages ─────────────────────────────────────────────────────────────────────────────────────────────

  /** Whether it has subscribed to anything. */
  isSubscribed = false;

  /** It has subscribed to something, or no longer. */
  subscribed(): void {
    const isSubscribed = !this.subscriptions.isEmpty;
    if (isSubscribed === this.isSubscribed) return;
    this.isSubscribed = isSubscribed;
    this.gates += isSubscribed ? 1 : -1;
  }

  /** Whether one of its commands is running, so that messages must wait for its reply. */
  get isBusy(): boolean {
    return this.isExecuting;
  }

  private endSubscriptions(): void {
    this.subscriptions.clear();
    this.subscribed();
  }

  /** Whether it is shown what all clients ask for. */
  get isMonitor(): boolean {
    return this.server.monitors.has(this);
  }

  /** MONITOR, and its end. */
  monitor(isOn: boolean): void {
    if (isOn === this.isMonitor) return;
    this.gates += isOn ? 1 : -1;
    if (isOn) this.server.monitors.add(this);
    else this.server.monitors.delete(this);
  }

  /** Sends something that answers no command: now, or after the reply of the command that is running. */
  send(write: (sink: ReplySink) => void): void {
    if (this.isClosed || this.isEnding) return;
    if (this.isExecuting) {
      this.deferredMessages.push(write);
      return;
    }
    write(this.peer.messages);
    this.peer.flush();
  }

  private writeDeferred(): void {
    for (const write of this.deferredMessages.splice(0)) write(this.peer.messages);
    this.peer.flush();
  }

  // ── the end ──────────────────────────────────────────────────────────────────────────────────────────────

  /** RESET: as if it had just connected. */
  reset(): void {
    this.access.reset();
    this.endTransaction();
    this.endSubscriptions();
    this.monitor(false);
    this.server.tracking.disable(this);
    this.isSparedFromEviction = false;
    this.leavesNoTrace = false;
    this.fieldsets = undefined;
    this.selectDatabase(0);
    this.setProtocol(2);
    this.name = '';
    this.replies.reset();
  }

  /** QUIT: {@link close}, but not before the command that is running has its reply. */
  closeAfterReply(): void {
    if (this.isExecuting) this.isEnding = true;
    else this.close();
  }

  /** Ends the connection from this side, once what was written is sent. */
  close(): void {
    if (this.isClosed) return;
    this.end();
    this.peer.close();
  }

  /** It takes too much memory: ends the connection at once, whatever was written. */
  cutOff(): void {
    this.end();
    this.peer.cutOff();
  }

  /** The peer is gone: lets go of everything. May be called again. */
  end(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.waiter?.cancel();
    this.waiter = undefined;
    this.fieldsets = undefined;
    this.endTransaction();
    this.endSubscriptions();
    this.monitor(false);
    this.server.tracking.ended(this);
    if (this.held !== undefined) {
      this.held = undefined;
      this.server.pause.letGo(this);
    }
    this.server.leave(this);
  }
}
