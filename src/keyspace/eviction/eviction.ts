/** Keeps the memory that a store uses within a limit. Exists while there is a limit. */
export interface Eviction {
  /**
   * Called before each command that may make the store hold more: removes keys, as the policy has it, until no more memory
   * is used than is allowed. Within a transaction or a script that was done at its beginning.
   *
   * @throws ReplyError OOM if nothing is left that may go
   */
  makeRoom(): void;
}
