import type { Bytes } from '../../bytes/byte-string.ts';
import type { ExpiryOptions } from '../../keyspace/expiry-options.ts';

/** Options of `hscan`, `hscanNoValues` and `hscanIterator`. */
export interface HscanOptions {
  /** Only fields that match this glob pattern. */
  match?: Bytes;
  /** About how many fields a step looks at. Default 10. A small hash is gone through in one step, whatever this is. */
  count?: number;
}

/**
 * Conditions of `hexpire` and its kin, for each field by itself. At most one may be given; for `lt`, no TTL counts as an
 * infinite one, and with `gt` a field without one is left alone.
 */
export interface FieldExpireOptions {
  /** Only fields that have no TTL. */
  nx?: boolean;
  /** Only fields that have a TTL. */
  xx?: boolean;
  /** Only fields that would live longer than now. */
  gt?: boolean;
  /** Only fields that would live shorter than now. */
  lt?: boolean;
}

/** Options of `hgetex`. At most one may be given. */
export interface HgetexOptions extends ExpiryOptions {
  /** Remove the TTLs. */
  persist?: boolean;
}

/** Options of `hsetex`. At most one condition and one way to expire may be given. */
export interface HsetexOptions extends ExpiryOptions {
  /** Only if none of the fields exists. */
  fnx?: boolean;
  /** Only if all of the fields exist. */
  fxx?: boolean;
  /** Keep the TTLs the fields have. */
  keepttl?: boolean;
}

/** Conditions of HEXPIRE and its kin: at most one. */
export const FIELD_EXPIRE_CONDITIONS = ['nx', 'xx', 'gt', 'lt'] as const;
/** Expiries of HGETEX: at most one. */
export const HGETEX_EXPIRIES = ['ex', 'px', 'exat', 'pxat', 'persist'] as const;
/** Expiries of HSETEX: at most one. */
export const HSETEX_EXPIRIES = ['ex', 'px', 'exat', 'pxat', 'keepttl'] as const;
/** Conditions of HSETEX: at most one. */
export const HSETEX_CONDITIONS = ['fnx', 'fxx'] as const;

/** How Redis names the groups. */
export const ONLY_ONE_OF = {
  hgetexExpiries: 'EX, PX, EXAT, PXAT or PERSIST',
  hsetexExpiries: 'EX, PX, EXAT, PXAT or KEEPTTL',
  hsetexConditions: 'FXX or FNX',
} as const;
