import { Operations, type Output } from './operations.ts';

/** What prints objects asks for these: Node and Bun, Deno. */
const PRINTERS = [Symbol.for('nodejs.util.inspect.custom'), Symbol.for('Deno.customInspect')];

/**
 * Has instances of a view print as what they are, and not as what is inside: `console.log(store)`, `String(store)`.
 *
 *     Store { db0: 3 keys, db2: 1 key }
 */
export function printAs<O extends Output>(view: { readonly prototype: Operations<O> }, name: string): void {
  const print = {
    value(this: Operations<O>) {
      return summaryOf(this, name);
    },
  };
  for (const method of ['toString', ...PRINTERS]) Object.defineProperty(view.prototype, method, print);
  Object.defineProperty(view.prototype, Symbol.toStringTag, { value: name });
}

/** The selected database if it is not the first, and how many keys each has; what has expired may be among them. O(databases). */
function summaryOf<O extends Output>(view: Operations<O>, name: string): string {
  try {
    const { index } = Operations.databaseOf(view);
    const counts = view.keyspace.databases
      .filter(({ size }) => size > 0)
      .map((database) => ` db${database.index}: ${database.size} ${database.size === 1 ? 'key' : 'keys'}`);
    return `${name}${index === 0 ? '' : ` on db${index}`} {${counts.join(',')}${counts.length > 0 ? ' ' : ''}}`;
  } catch {
    // Printing must not throw, even of what can no longer be asked anything.
    return `${name} (of a transaction that is over)`;
  }
}
