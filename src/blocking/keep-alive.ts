import type { TimerHost } from '../ttl/driver.ts';

/** The longest delay that hosts take. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * Keeps the process running until the answer is called, where the host's timers do such a thing. Each is a timer of its
 * own, which only ever sets itself anew.
 */
export function keepAlive(host: TimerHost = globalThis as TimerHost): () => void {
  // Those that made it must also clear it, though fake ones take their place meanwhile.
  const { setTimeout, clearTimeout } = host;
  let handle: unknown;
  const arm = (): void => {
    handle = setTimeout?.(arm, MAX_DELAY_MS);
  };
  arm();
  return () => clearTimeout?.(handle as never);
}
