/** Bits `[from, to)` of a string; none if `from` is not below `to`. */
export interface BitSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * The bits that a range means in a string of so many bytes, as Redis counts: both ends included, negative ones from the end of
 * the string, and brought into it where they lie outside.
 *
 * @param isInBits whether the ends are bits, not bytes
 */
export function spanOf(byteCount: number, start: number, end: number, isInBits: boolean): BitSpan {
  const unit = isInBits ? 1 : 8;
  const count = (byteCount * 8) / unit;
  const first = Math.max(0, start < 0 ? start + count : start);
  const last = Math.min(count - 1, Math.max(0, end < 0 ? end + count : end));
  return { from: first * unit, to: (last + 1) * unit };
}
