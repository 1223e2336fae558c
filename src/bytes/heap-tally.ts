/**
 * What the parts of a container take of the host's memory, where they change without the container: it gives its tally to
 * each of them, and they keep it.
 */
export class HeapTally {
  bytes = 0;
}
