const ULONG_MAX = 2n ** 64n - 1n;

const UNITS: Readonly<Record<string, bigint>> = {
  '': 1n,
  b: 1n,
  k: 1000n,
  kb: 1024n,
  m: 1000n ** 2n,
  mb: 1024n ** 2n,
  g: 1000n ** 3n,
  gb: 1024n ** 3n,
};

/**
 * The number of bytes that a text like `64kb` means in Redis's configuration, or `undefined`: `1mb` is 1024², `1m` is
 * 1000². What 64 bits cannot hold is the most they can.
 */
export function parseMemory(text: string): number | bigint | undefined {
  const match = /^(\d*)([a-zA-Z]*)$/.exec(text);
  const unit = match === null ? undefined : UNITS[match[2]!.toLowerCase()];
  if (match === null || unit === undefined) return undefined;
  const bytes = BigInt(match[1]!) * unit;
  if (bytes > ULONG_MAX) return ULONG_MAX;
  return bytes <= Number.MAX_SAFE_INTEGER ? Number(bytes) : bytes;
}
