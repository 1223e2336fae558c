/** Any class whose instances have the shape of one of the operations classes; abstract ones too. */
type OperationsClass = { readonly prototype: object; readonly name: string };

/**
 * Gives a view of the store the methods of the operations classes: one copy of their prototypes, made when the
 * view's module is loaded, so that a call costs what a hand-written method costs.
 *
 * @throws Error if two of them define the same name
 */
export function compose(view: OperationsClass, parts: readonly OperationsClass[]): void {
  const target = view.prototype;
  for (const part of parts) {
    for (const name of Object.getOwnPropertyNames(part.prototype)) {
      if (name === 'constructor') continue;
      if (Object.hasOwn(target, name))
        throw new Error(`${part.name}.${name} is defined twice on ${view.name}`);
      Object.defineProperty(target, name, Object.getOwnPropertyDescriptor(part.prototype, name)!);
    }
  }
}
