import { Chance } from '../../../bench/data.ts';
import { KeyBag } from './key-bag.ts';
import { Model } from './model.ts';

/** Any key goes. */
export class RandomModel extends Model {
  private readonly chance = new Chance(211);
  private readonly keys: KeyBag;

  constructor(capacity: number, keyCount: number) {
    super(capacity, keyCount);
    this.keys = new KeyBag(new Int32Array(keyCount));
  }

  protected victim(): number {
    return this.keys.at(this.chance.below(this.keys.size));
  }

  protected joined(key: number): void {
    this.keys.add(key);
  }

  protected left(key: number): void {
    this.keys.delete(key);
  }

  protected wasRead(): void {}
  protected wasWritten(): void {}
}
