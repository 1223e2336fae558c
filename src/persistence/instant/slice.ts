// As they are when the library is imported: a test runner's fake clock stands still, and no slice would end.
const { performance } = globalThis as { performance?: { now(): number } };
const now: () => number = performance === undefined ? Date.now : performance.now.bind(performance);

/** How long one slice may work. */
const SLICE_MS = 1.5;
/** The most it makes, for hosts whose clock stands still while code runs. */
const SLICE_BYTES = 2 ** 18;
const SLICE_KEYS = 4096;
/** The clock is looked at after so many keys or bytes. */
const KEYS_PER_LOOK = 16;
const BYTES_PER_LOOK = 2 ** 14;

/** For one slice of work: what is asked after each key whether that was enough. */
export function sliceOf(output: { readonly bufferedBytes: number }): () => boolean {
  const startedMs = now();
  const startBytes = output.bufferedBytes;
  let keys = 0;
  let lookAtKeys = KEYS_PER_LOOK;
  let lookAtBytes = startBytes + BYTES_PER_LOOK;
  return () => {
    keys++;
    const { bufferedBytes } = output;
    if (keys < lookAtKeys && bufferedBytes < lookAtBytes) return false;
    lookAtKeys = keys + KEYS_PER_LOOK;
    lookAtBytes = bufferedBytes + BYTES_PER_LOOK;
    const workedMs = now() - startedMs;
    // A clock set back must not prolong the slice.
    return (
      workedMs >= SLICE_MS || workedMs < 0 || keys >= SLICE_KEYS || bufferedBytes - startBytes >= SLICE_BYTES
    );
  };
}
