/** How long the name of a chunk may be in a run-time error, its closing zero byte included (the reference's LUA_IDSIZE). */
const RUN_TIME_SIZE = 60;

/** The same for errors of syntax, which the reference gives a larger buffer. */
export const SYNTAX_ERROR_SIZE = 80;

/**
 * The name of a chunk as errors show it. `@name` is a file's, whose end matters most: a long one loses its beginning.
 * `=name` is shown as it is, cut where it is too long. Anything else is the source itself, of which the first line is
 * shown: `[string "return 1..."]`.
 *
 * @param size one more than the number of bytes the answer may have
 */
export function shortChunkName(chunkName: string, size = RUN_TIME_SIZE): string {
  const name = untilZero(chunkName);
  if (name.startsWith('=')) return name.slice(1, size);
  if (name.startsWith('@')) {
    const room = size - " '...' \0".length;
    return name.length - 1 > room ? `...${name.slice(-room)}` : name.slice(1);
  }
  const room = size - ' [string "..."] \0'.length;
  const lineEnd = name.search(/[\n\r]/);
  const shown = Math.min(lineEnd === -1 ? name.length : lineEnd, room);
  return shown < name.length ? `[string "${name.slice(0, shown)}..."]` : `[string "${name}"]`;
}

/** What C sees of a string. */
export function untilZero(text: string): string {
  const zero = text.indexOf('\0');
  return zero === -1 ? text : text.slice(0, zero);
}
