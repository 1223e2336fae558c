/** With less time between two looks at it a rate would be chance. */
const SHORTEST_SAMPLE_MS = 100;

/** How fast a count grows: an average since it was last asked (a little while ago, at least). */
export class Rate {
  private sampledAtMs = 0;
  private sampledCount = 0;
  private perSecond = 0;

  /**
   * By how much the count grew in a second.
   *
   * @param count what it is now
   * @param clockMs a reading of the clock by which durations are measured
   */
  of(count: number, clockMs: number): number {
    const elapsedMs = clockMs - this.sampledAtMs;
    if (elapsedMs >= SHORTEST_SAMPLE_MS) {
      this.perSecond = ((count - this.sampledCount) / elapsedMs) * 1000;
      this.sampledAtMs = clockMs;
      this.sampledCount = count;
    }
    return this.perSecond;
  }

  /** The count begins anew. */
  reset(): void {
    this.sampledCount = 0;
  }
}
