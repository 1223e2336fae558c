/** Bytes that are no value: what RESTORE answers with "ERR Bad data format". The message says what is wrong with them. */
export class CorruptValue extends Error {
  override readonly name = 'CorruptValue';
}

/** @throws CorruptValue unless it holds. */
export function demand(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new CorruptValue(otherwise);
}
