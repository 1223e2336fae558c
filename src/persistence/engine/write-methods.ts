import { registry } from '../../session/registry.ts';

/** What the tables say of methods by other names than the store's: the commands that wait share these with those that do not. */
const BESIDE_TABLES = ['xreadgroup', 'xreadgroupClaim', 'xreadgroupPending'];

/** Methods of commands without the flag `write` that may run others which have it. */
export const runMethods: readonly string[] = ['eval', 'evalsha', 'fcall'];

let found: ReadonlySet<string> | undefined;

/** The names of all methods of views that are, or may be, a command with Redis's flag `write`. */
export function writeMethods(): ReadonlySet<string> {
  found ??= new Set([
    ...registry.all
      .filter(({ flags }) => flags.has('write'))
      .flatMap(({ forms }) => forms.map(({ method }) => String(method))),
    ...BESIDE_TABLES,
  ]);
  return found;
}

/** Whether a call of this method is refused while nothing can be written. */
export function isGuardedMethod(name: string): boolean {
  return writeMethods().has(name);
}
