import type { PersistenceSettings } from '../../keyspace/persistence.ts';
import type { Timer } from '../../ttl/timer-wheel.ts';
import { reasonOf } from './aof-errors.ts';
import type { AofFiles, WriteBase } from './aof-files.ts';
import type { AppendLog } from './append-log.ts';
import { CallingTimer } from './calling-timer.ts';

/** What a {@link Rewriter} needs of what is around it. */
export interface RewriterHost {
  readonly settings: Pick<PersistenceSettings, 'autoAofRewritePercentage' | 'autoAofRewriteMinSize'>;
  readonly files: AofFiles;
  readonly log: AppendLog;
  readonly writeBase: WriteBase;
  /** Whether something else is being written in the background: then a rewrite waits. */
  readonly isBusy: boolean;
  /** The time, in Unix milliseconds. */
  nowMs(): number;
  /** Has the timer fire then. */
  schedule(timer: Timer, dueMs: number): void;
  warn(warning: string): void;
}

/**
 * Rewrites the append-only file in the background: when asked, when it has grown, and when it cannot be trusted any more.
 *
 * Invariant: one at a time. While one is under way, or cannot begin, another that is asked for is *scheduled*: it begins
 * afterwards.
 */
export class Rewriter {
  private readonly host: RewriterHost;
  private readonly timer = new CallingTimer(() => this.fire());
  private running: Promise<void> | undefined = undefined;
  private isRequired = false;
  private beganMs = 0;
  private retryMs = FIRST_RETRY_MS;
  /** Before then nothing begins by itself, in Unix milliseconds. */
  private notBeforeMs = 0;
  isScheduled = false;
  isStopped = false;
  lastStatus: 'ok' | 'err' = 'ok';
  lastDurationSeconds = -1;
  rewriteCount = 0;
  consecutiveFailures = 0;

  constructor(host: RewriterHost) {
    this.host = host;
  }

  get isRewriting(): boolean {
    return this.running !== undefined;
  }

  /** Of the one under way, -1 if there is none. */
  get currentDurationSeconds(): number {
    return this.isRewriting ? Math.floor((this.host.nowMs() - this.beganMs) / 1000) : -1;
  }

  /** Whether the file has grown so much since it was last rewritten. */
  get isDue(): boolean {
    const { settings, files } = this.host;
    const { autoAofRewritePercentage: percentage } = settings;
    const { sizeBytes } = this;
    if (percentage === 0 || sizeBytes <= settings.autoAofRewriteMinSize) return false;
    const baseBytes = Math.max(files.baseBytes, 1);
    return (sizeBytes * 100) / baseBytes - 100 >= percentage;
  }

  /** The size of all files of the append-only file. */
  get sizeBytes(): number {
    return this.host.files.closedBytes + this.host.log.fileBytes;
  }

  /**
   * BGREWRITEAOF: begins, or will as soon as what else is written in the background is.
   *
   * @returns a promise of its end, if it has begun: it never rejects, see {@link lastStatus}
   */
  start(): Promise<void> | 'scheduled' {
    if (this.isRewriting || this.host.isBusy) {
      this.isScheduled = true;
      return 'scheduled';
    }
    this.isScheduled = false;
    this.beganMs = this.host.nowMs();
    this.running = this.run();
    return this.running;
  }

  /** The files up to now cannot be trusted: a rewrite begins as soon as it can, and again until one succeeds. */
  rewriteSoon(): void {
    this.isRequired = true;
    this.arm(this.requiredDelayMs);
  }

  /** Nobody can write before it has succeeded: that is tried again soon, but not without a pause. */
  private get requiredDelayMs(): number {
    const { consecutiveFailures } = this;
    if (consecutiveFailures === 0) return 0;
    return Math.min(FIRST_REQUIRED_RETRY_MS * 2 ** (consecutiveFailures - 1), FIRST_RETRY_MS);
  }

  /** Looks whether there is a reason to begin. To be called when something was written, and when something else has ended. */
  check(): void {
    if (this.isStopped || this.isRewriting || this.host.isBusy) return;
    if (this.isRequired) this.arm(this.requiredDelayMs);
    else if (this.isScheduled || this.isDue) {
      if (this.host.nowMs() >= this.notBeforeMs) this.arm(0);
      else this.arm(this.notBeforeMs - this.host.nowMs());
    }
  }

  /** Nothing begins any more. Resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  private fire(): void {
    if (this.isStopped || this.isRewriting || this.host.isBusy) return;
    if (this.isRequired || this.isScheduled || this.isDue) this.start();
  }

  private arm(delayMs: number): void {
    if (!this.timer.isScheduled) this.host.schedule(this.timer, this.host.nowMs() + delayMs);
  }

  private async run(): Promise<void> {
    const { files, log, writeBase } = this.host;
    const isAnew = !log.isOpen;
    let hasBegun = false;
    try {
      await files.rewrite(
        (file) => {
          hasBegun = true;
          // What breaks from now on is not mended by this.
          this.isRequired = false;
          return log.beginRewrite(file);
        },
        writeBase,
        isAnew,
      );
      log.endRewrite();
      await files.cleanUp();
      this.succeeded();
    } catch (error) {
      log.rewriteFailed();
      this.isRequired ||= isAnew || (hasBegun && log.needsRewrite);
      this.failed(error);
    }
    this.lastDurationSeconds = Math.floor((this.host.nowMs() - this.beganMs) / 1000);
    this.running = undefined;
    this.check();
  }

  private succeeded(): void {
    this.lastStatus = 'ok';
    this.rewriteCount++;
    this.consecutiveFailures = 0;
    this.notBeforeMs = 0;
    this.retryMs = FIRST_RETRY_MS;
    this.host.files.baseBytes = this.sizeBytes;
  }

  private failed(error: unknown): void {
    const { host } = this;
    this.lastStatus = 'err';
    this.consecutiveFailures++;
    host.warn(`Error rewriting the append-only file: ${reasonOf(error)}`);
    if (this.consecutiveFailures < LIMITING_FAILURES) return;
    this.notBeforeMs = host.nowMs() + this.retryMs;
    host.warn(
      `Background AOF rewrite has repeatedly failed ${this.consecutiveFailures} times and triggered the limit, will retry in ${this.retryMs / 60_000} minutes`,
    );
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
  }
}

/** After so many failures in a row, as in Redis, the next one is put off. */
const LIMITING_FAILURES = 3;
const FIRST_RETRY_MS = 60_000;
const FIRST_REQUIRED_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 3_600_000;
