import { type ByteString, byteLength, compareBytes } from '../../bytes/byte-string.ts';
import { textBytes } from '../../bytes/text-bytes.ts';
import { errors } from '../../errors.ts';

/**
 * The names of fields that a client has prepared for HIMPORT SET, in the order in which it gives their values.
 *
 * Redis shows the fields of a hash that was made so in an order of its own, shorter names first; we put them in in
 * that order.
 *
 *     named by the client   name   email   age
 *     put into a hash       age (2)   name (0)   email (1)        the value that goes with each
 */
export class Fieldset {
  /** The names, shortest first, those of a length in byte order. */
  readonly fields: readonly ByteString[];
  /** For each of {@link fields}, which of the client's values it gets. */
  readonly positions: readonly number[];

  /** @throws ReplyError if a name is given twice */
  constructor(names: readonly ByteString[]) {
    if (new Set(names).size !== names.length) throw errors.duplicateFieldInFieldset();
    const lengths = names.map(byteLength);
    const positions = names.map((_, position) => position);
    positions.sort((a, b) => lengths[a]! - lengths[b]! || compareBytes(names[a]!, names[b]!));
    this.positions = positions;
    this.fields = positions.map((position) => names[position]!);
  }

  /** @throws ReplyError if there is not one value for each field */
  valuesInOrder(values: readonly ByteString[]): ByteString[] {
    if (values.length !== this.fields.length) throw errors.fieldsetValueCount();
    return this.positions.map((position) => values[position]!);
  }

  /** What it holds, about. O(fields). */
  get bytes(): number {
    return this.fields.reduce((sum, field) => sum + textBytes(field) + FIELD_PLACES_BYTES, 0);
  }
}

/** The fieldsets of one client, by their names. */
export class Fieldsets {
  /** What they hold all together, about. */
  bytes = 0;
  private readonly byName = new Map<ByteString, Fieldset>();

  get size(): number {
    return this.byName.size;
  }

  get(name: ByteString): Fieldset | undefined {
    return this.byName.get(name);
  }

  /** Puts one under a name, in the place of the one that may be there. */
  set(name: ByteString, fieldset: Fieldset): void {
    this.delete(name);
    this.byName.set(name, fieldset);
    this.bytes += FIELDSET_BYTES + textBytes(name) + fieldset.bytes;
  }

  /** @returns whether there was one */
  delete(name: ByteString): boolean {
    const fieldset = this.byName.get(name);
    if (fieldset === undefined) return false;
    this.bytes -= FIELDSET_BYTES + textBytes(name) + fieldset.bytes;
    return this.byName.delete(name);
  }
}

/** A name's two places in arrays. */
const FIELD_PLACES_BYTES = 16;
/** A fieldset, its arrays, and its place. */
const FIELDSET_BYTES = 150;
