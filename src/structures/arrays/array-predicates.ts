import { type ByteString, byteLength, isAscii, toLatin1 } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { compileGlob } from '../../keyspace/glob.ts';
import { ByteRegex } from './byte-regex.ts';
import { RegexError } from './regex-syntax.ts';

/** What ARGREP looks for, by kind. */
export interface Predicates {
  readonly exact: readonly ByteString[];
  readonly match: readonly ByteString[];
  readonly glob: readonly ByteString[];
  readonly re: readonly ByteString[];
  readonly mustBeAll: boolean;
  readonly ignoreCase: boolean;
}

type Test = (value: ByteString) => boolean;

const MOST_PREDICATES = 250;
const LONGEST_REGEX_BYTES = 2048;

/** @throws ReplyError if these are more than may be */
export function requirePredicateCount(count: number): void {
  if (count > MOST_PREDICATES) throw errors.tooManyPredicates(MOST_PREDICATES);
}

/** @throws ReplyError if this is too long for a regular expression */
export function requireRegexLength(pattern: ByteString): void {
  if (byteLength(pattern) > LONGEST_REGEX_BYTES) throw errors.regexTooLong(LONGEST_REGEX_BYTES);
}

/**
 * One question that stands for all of them.
 *
 * @throws ReplyError if there are none or too many, or if a regular expression is none
 */
export function predicate({ exact, match, glob, re, mustBeAll, ignoreCase }: Predicates): Test {
  const count = exact.length + match.length + glob.length + re.length;
  requirePredicateCount(count);
  for (const pattern of re) requireRegexLength(pattern);
  if (count === 0) throw errors.syntax();
  // What is cheap is asked first.
  const tests = [
    ...exact.map((value) => equalTo(value, ignoreCase)),
    ...match.map((value) => containing(value, ignoreCase)),
    ...glob.map((pattern) => compileGlob(pattern, ignoreCase)),
    ...re.map((pattern) => matching(pattern, ignoreCase)),
  ];
  if (tests.length === 1) return tests[0]!;
  return mustBeAll
    ? (value) => tests.every((test) => test(value))
    : (value) => tests.some((test) => test(value));
}

function equalTo(wanted: ByteString, ignoreCase: boolean): Test {
  if (!ignoreCase) return (value) => value === wanted;
  const lower = lowerCase(wanted);
  return (value) => value.length === wanted.length && lowerCase(value) === lower;
}

function containing(wanted: ByteString, ignoreCase: boolean): Test {
  const lower = ignoreCase ? lowerCase(wanted) : wanted;
  // Of units, text is found where its bytes are. Half a character would be found in escapes alone.
  if (wanted.isWellFormed())
    return ignoreCase ? (value) => lowerCase(value).includes(lower) : (value) => value.includes(wanted);
  const bytes = toLatin1(lower);
  return (value) => toLatin1(ignoreCase ? lowerCase(value) : value).includes(bytes);
}

/** Only ASCII has cases here. */
function lowerCase(value: ByteString): ByteString {
  return isAscii(value) ? value.toLowerCase() : value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function matching(pattern: ByteString, ignoreCase: boolean): Test {
  if (pattern === '') throw errors.regexEmpty();
  let regex: ByteRegex;
  try {
    regex = new ByteRegex(pattern, ignoreCase);
  } catch (error) {
    if (error instanceof RegexError) throw errors.regexInvalid(error.message);
    throw error;
  }
  if (regex.hasReferences) throw errors.regexReferences();
  return (value) => regex.test(value);
}
