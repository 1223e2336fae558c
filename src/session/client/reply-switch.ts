import type { ReplySink } from '../../wire/resp/reply-sink.ts';
import { nullSink } from './null-sink.ts';

/** Whether a client wants replies: CLIENT REPLY. */
export class ReplySwitch {
  /** `skip-next` is SKIP until the command that it is about begins, `skip` while that runs. */
  private mode: 'on' | 'off' | 'skip-next' | 'skip' = 'on';

  on(): void {
    this.mode = 'on';
  }

  /** RESET: replies are on again, but not the one to RESET if that is to be skipped. */
  reset(): void {
    if (this.mode !== 'skip') this.mode = 'on';
  }

  off(): void {
    this.mode = 'off';
  }

  /** The next command gets no reply. */
  skip(): void {
    if (this.mode !== 'off') this.mode = 'skip-next';
  }

  /** The command that has just begun is put off: its reply is still the one to be skipped. */
  putOff(): void {
    if (this.mode === 'skip') this.mode = 'skip-next';
  }

  /**
   * Whether nothing but messages goes out now.
   *
   * @param isBusy whether a command of the client is running. Between commands SKIP already holds for the next one
   */
  areSilent(isBusy: boolean): boolean {
    return this.mode === 'off' || this.mode === (isBusy ? 'skip' : 'skip-next');
  }

  /** Where the reply of a command goes that begins: to `replies`, or nowhere. */
  sinkFor(replies: ReplySink): ReplySink {
    if (this.mode === 'on') return replies;
    if (this.mode === 'skip') {
      this.mode = 'on';
      return replies;
    }
    if (this.mode === 'skip-next') this.mode = 'skip';
    nullSink.protocol = replies.protocol;
    return nullSink;
  }
}
