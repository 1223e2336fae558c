/** A set of small numbers from which one can be drawn at random: a dense array, and where in it each one stands. */
export class KeyBag {
  private readonly keys: number[] = [];
  private readonly places: Int32Array;

  constructor(places: Int32Array) {
    this.places = places;
  }

  get size(): number {
    return this.keys.length;
  }

  add(key: number): void {
    this.places[key] = this.keys.length;
    this.keys.push(key);
  }

  delete(key: number): void {
    const place = this.places[key]!;
    const last = this.keys.pop()!;
    if (last === key) return;
    this.keys[place] = last;
    this.places[last] = place;
  }

  at(place: number): number {
    return this.keys[place]!;
  }
}
