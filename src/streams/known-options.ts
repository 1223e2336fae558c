import { errors } from '../errors.ts';
import type {
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

// The options that there are, for callers without types: one that is misspelt and silently ignored would be a stream that
// grows for ever, or entries lost. What the wire marks a form with, only that form knows.

const TRIM = ['maxlen', 'minid', 'approximate', 'limit', 'references'] satisfies (keyof TrimOptions)[];
const ADD = [...TRIM, 'id', 'idmp', 'idmpauto'] satisfies (keyof XaddOptions)[];
const CLAIM = ['idle', 'time', 'retrycount', 'force', 'lastid'] satisfies (keyof XclaimOptions)[];
const COUNT = ['count'] satisfies (keyof XrangeOptions & keyof XautoclaimOptions & keyof XinfoFullOptions)[];
const ENTRIESREAD = ['entriesread'] satisfies (keyof XgroupSetidOptions)[];

export const TRIM_OPTIONS = new Set(TRIM);
export const ADD_OPTIONS = new Set(ADD);
export const ADD_TO_EXISTING_OPTIONS = new Set([...ADD, 'nomkstream']);
export const CLAIM_OPTIONS = new Set(CLAIM);
export const CLAIM_IDS_OPTIONS = new Set([...CLAIM, 'justid']);
export const AUTOCLAIM_OPTIONS = new Set(COUNT);
export const AUTOCLAIM_IDS_OPTIONS = new Set([...COUNT, 'justid']);
export const COUNT_OPTIONS = AUTOCLAIM_OPTIONS;
export const INFO_FULL_OPTIONS = new Set([...COUNT, 'full']);
export const SETID_OPTIONS = new Set(['entriesadded', 'maxdeletedid'] satisfies (keyof XsetidOptions)[]);
export const GROUP_SETID_OPTIONS = new Set(ENTRIESREAD);
export const GROUP_CREATE_OPTIONS = new Set([
  ...ENTRIESREAD,
  'mkstream',
] satisfies (keyof XgroupCreateOptions)[]);
export const PENDING_OPTIONS = new Set(['idle', 'consumer'] satisfies (keyof XpendingOptions)[]);
export const NACK_OPTIONS = new Set(['retrycount', 'force'] satisfies (keyof XnackOptions)[]);
export const REFERENCE_OPTIONS = new Set(['references'] satisfies (keyof ReferenceOptions)[]);
export const CONFIGURATION_OPTIONS = new Set([
  'idmpDuration',
  'idmpMaxsize',
] satisfies (keyof XcfgsetOptions)[]);

const POLICIES: ReadonlySet<References | undefined> = new Set([undefined, 'keepref', 'delref', 'acked']);

/** @throws ReplyError if it is no policy: whatever is not known would be taken for `keepref` */
export function requireReferences(references: References | undefined): void {
  if (!POLICIES.has(references)) throw errors.syntax();
}
