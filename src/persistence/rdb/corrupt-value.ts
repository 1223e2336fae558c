/** Bytes that are no value: what RESTORE answers with "ERR Bad data format". The message says what is wrong with them. */
export class CorruptValue extends Error {
  override readonly name: string = 'CorruptValue';
}

/**
 * A collection without elements, which ends where it was found to have none. RESTORE takes none; in files there are some,
 * of servers that had defects, and whoever loads them leaves them out.
 */
export class EmptyValue extends CorruptValue {
  override readonly name = 'EmptyValue';
}

/** @throws CorruptValue unless it holds. */
export function demand(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new CorruptValue(otherwise);
}

/** @throws EmptyValue if there are none: all of the value has been read */
export function demandSome(count: number, otherwise: string): void {
  if (count === 0) throw new EmptyValue(otherwise);
}
