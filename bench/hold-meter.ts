/**
 * Times pieces of work on the event loop, apart by whether the system took the processor away meanwhile: that is not
 * the work's doing, and on a shared machine it is most of what a clock sees.
 */
export class HoldMeter {
  private readonly undisturbedMs: number[] = [];
  private disturbed = 0;
  private totalMs = 0;

  measure<T>(work: () => T): T {
    const switches = process.resourceUsage().involuntaryContextSwitches;
    const started = performance.now();
    const result = work();
    const ms = performance.now() - started;
    this.totalMs += ms;
    if (process.resourceUsage().involuntaryContextSwitches === switches) this.undisturbedMs.push(ms);
    else this.disturbed++;
    return result;
  }

  /** The cells of a table's row: pieces, preempted pieces, the three longest, those over 5 ms, ns for each of `count`. */
  cells(count: number): string[] {
    const longest = this.undisturbedMs.toSorted((a, b) => b - a);
    return [
      String(longest.length),
      String(this.disturbed),
      longest
        .slice(0, 3)
        .map((ms) => ms.toFixed(2))
        .join(' '),
      String(longest.filter((ms) => ms > 5).length),
      ((this.totalMs * 1e6) / count).toFixed(0),
    ];
  }

  static readonly header = ['pieces', 'and preempted', 'longest, ms', 'over 5 ms', 'ns each'];
}
