import { errors } from '../errors.ts';
import { requireOptions } from '../keyspace/arguments.ts';
import type {
  IdempotentId,
  ReferenceOptions,
  References,
  TrimOptions,
  XaddOptions,
  XautoclaimOptions,
  XcfgsetOptions,
  XclaimOptions,
  XgroupCreateOptions,
  XgroupSetidOptions,
  XinfoFullOptions,
  XnackOptions,
  XpendingOptions,
  XrangeOptions,
  XsetidOptions,
} from './stream-options.ts';

// For callers without types: which options there are. One that is misspelt (`maxLen`) and silently ignored would be a
// stream that grows without end, or entries that are deleted under those who still work on them.

/** All names of an options type: the compiler misses those that are left out. */
function namesOf<T>(names: Readonly<Record<keyof T, true>>): ReadonlySet<string> {
  return new Set(Object.keys(names));
}

/** Given by those who say nothing: nothing of it has to be checked. */
export const NO_OPTIONS = Object.freeze({});

const trimNames = { maxlen: true, minid: true, approximate: true, limit: true, references: true } as const;

export const TRIM_OPTIONS = namesOf<TrimOptions>(trimNames);
export const XADD_OPTIONS = namesOf<XaddOptions>({ ...trimNames, id: true, idmp: true, idmpauto: true });
export const XRANGE_OPTIONS = namesOf<XrangeOptions>({ count: true });
export const XSETID_OPTIONS = namesOf<XsetidOptions>({ entriesadded: true, maxdeletedid: true });
export const REFERENCE_OPTIONS = namesOf<ReferenceOptions>({ references: true });
export const XCFGSET_OPTIONS = namesOf<XcfgsetOptions>({ idmpDuration: true, idmpMaxsize: true });
export const XGROUP_CREATE_OPTIONS = namesOf<XgroupCreateOptions>({ mkstream: true, entriesread: true });
export const XGROUP_SETID_OPTIONS = namesOf<XgroupSetidOptions>({ entriesread: true });
export const XPENDING_OPTIONS = namesOf<XpendingOptions>({ idle: true, consumer: true });
export const XCLAIM_OPTIONS = namesOf<XclaimOptions>({
  idle: true,
  time: true,
  retrycount: true,
  force: true,
  lastid: true,
});
export const XAUTOCLAIM_OPTIONS = namesOf<XautoclaimOptions>({ count: true });
export const XNACK_OPTIONS = namesOf<XnackOptions>({ retrycount: true, force: true });
export const XINFO_FULL_OPTIONS = namesOf<XinfoFullOptions>({ count: true });

const IDMP_NAMES = namesOf<IdempotentId>({ producer: true, id: true });

// The wire tells the method that it chose by an option which is none of a typed caller's.
export const XADD_NOMKSTREAM_OPTIONS: ReadonlySet<string> = new Set([...XADD_OPTIONS, 'nomkstream']);
export const XCLAIM_JUSTID_OPTIONS: ReadonlySet<string> = new Set([...XCLAIM_OPTIONS, 'justid']);
export const XAUTOCLAIM_JUSTID_OPTIONS: ReadonlySet<string> = new Set([...XAUTOCLAIM_OPTIONS, 'justid']);
export const XINFO_FULL_WIRE_OPTIONS: ReadonlySet<string> = new Set([...XINFO_FULL_OPTIONS, 'full']);

/** @throws TypeError if these are no options, or one of them is not known */
export function requireKnown(options: object, known: ReadonlySet<string>): void {
  if (options !== NO_OPTIONS) requireOptions(options, known);
}

/** @throws TypeError if it is not the name of a message with that of its producer */
export function requireIdempotentId(idmp: IdempotentId): void {
  requireOptions(idmp, IDMP_NAMES);
}

const REFERENCES: ReadonlySet<string | undefined> = new Set<References | undefined>([
  'keepref',
  'delref',
  'acked',
  undefined,
]);

/** @throws ReplyError if it is none of those that there are */
export function requireReferences(references: References | undefined): void {
  if (!REFERENCES.has(references)) throw errors.syntax();
}
