/** Options of `restore`. */
export interface RestoreOptions {
  /** Put it in the place of what the key holds, if it holds something. */
  replace?: boolean;
  /** The TTL is the Unix time in milliseconds at which the key expires. */
  absttl?: boolean;
  /** How many seconds ago the key was last accessed: for eviction policies that ask. Not together with `freq`. */
  idletime?: number;
  /** How often the key was accessed, on a logarithmic scale from 0 to 255: for eviction policies that ask. */
  freq?: number;
}
