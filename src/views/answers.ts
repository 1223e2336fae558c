// How values leave the views.

/** How integers leave a view that answers in numbers. */
export function exactNumber(value: number | bigint): number {
  if (typeof value === 'number') return value;
  throw new RangeError(
    `${value} is beyond Number.MAX_SAFE_INTEGER and cannot be a number exactly; call this on store.bigints`,
  );
}

export type TextRecord = Record<string, string>;

export function emptyRecord(): TextRecord {
  return Object.create(null) as TextRecord;
}

/** What is no text becomes replacement characters. */
export const lossyDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
