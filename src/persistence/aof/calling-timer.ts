import { Timer } from '../../ttl/timer-wheel.ts';

/** A timer that does nothing but call. */
export class CallingTimer extends Timer {
  private readonly call: () => void;

  constructor(call: () => void) {
    super();
    this.call = call;
  }

  override fire(): void {
    this.call();
  }
}
