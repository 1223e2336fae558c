/** The model of a timer wheel: an array kept in order of due time, then of scheduling. */
export class NaiveSchedule<Item> {
  readonly #entries: { item: Item; dueMs: number }[] = [];

  get size(): number {
    return this.#entries.length;
  }

  schedule(item: Item, dueMs: number): void {
    this.cancel(item);
    const behind = this.#entries.findIndex((entry) => entry.dueMs > dueMs);
    this.#entries.splice(behind < 0 ? this.#entries.length : behind, 0, { item, dueMs });
  }

  cancel(item: Item): boolean {
    const at = this.#entries.findIndex((entry) => entry.item === item);
    if (at < 0) return false;
    this.#entries.splice(at, 1);
    return true;
  }

  /** When the next one is due, of those whose time can come. */
  nextDueMs(): number | undefined {
    const first = this.#entries[0];
    return first === undefined || first.dueMs > Number.MAX_SAFE_INTEGER ? undefined : first.dueMs;
  }

  /** Takes the next one out if it is due. */
  take(nowMs: number): Item | undefined {
    const dueMs = this.nextDueMs();
    return dueMs !== undefined && dueMs <= nowMs ? this.#entries.shift()?.item : undefined;
  }
}
