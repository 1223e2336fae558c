/** Engines keep the whole of a text alive for a piece of it: that matters where the one is so much longer than the other. */
const LARGE_TEXT = 16_384;
const SMALL_PIECE = 256;
/** Shorter pieces engines copy by themselves. */
const LEAST_PIECE = 13;

/** A piece of a text, as by `slice`; but a small piece of a large text does not keep the text alive. O(its length). */
export function piece(text: string, from: number, to: number): string {
  const size = to - from;
  if (text.length < LARGE_TEXT || size > SMALL_PIECE || size < LEAST_PIECE) return text.slice(from, to);
  let copy = '';
  for (let at = from; at < to; at += LEAST_PIECE - 1)
    copy += text.slice(at, Math.min(at + LEAST_PIECE - 1, to));
  return copy;
}
