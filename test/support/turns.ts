/** The host's event loop turns. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The event loop turns until this is so. The test's own time is the only limit: a machine under load takes its time. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await turn();
}

/** All microtasks run that are due. */
export async function settled(): Promise<void> {
  for (let times = 0; times < 5; times++) await Promise.resolve();
}
