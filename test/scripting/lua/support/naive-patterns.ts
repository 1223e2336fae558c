/**
 * Patterns of Lua 5.1, as the manual tells them and without any haste: each piece of the pattern is matched in every way it can be,
 * one after the other. For right patterns only.
 */

export interface NaiveMatch {
  readonly start: number;
  readonly end: number;
  readonly captures: readonly (string | number)[];
}

type Capture = { readonly from: number; readonly to: number | 'open' | 'position' };

const CLASSES: Readonly<Record<string, RegExp>> = {
  a: /[A-Za-z]/,
  c: /\p{Cc}/u,
  d: /[0-9]/,
  l: /[a-z]/,
  p: /[!-/:-@[-`{-~]/,
  s: /[\t-\r ]/,
  u: /[A-Z]/,
  w: /[A-Za-z0-9]/,
  x: /[0-9A-Fa-f]/,
};

function isInClass(char: string, letter: string): boolean {
  const known = CLASSES[letter.toLowerCase()];
  if (known === undefined) return char === letter;
  const isIn = known.test(char) && char < '\x80';
  return letter === letter.toLowerCase() ? isIn : !isIn;
}

/** The single-char piece at the beginning of a pattern, and what it matches. */
function single(pattern: string): { readonly source: string; readonly matches: (char: string) => boolean } {
  if (pattern[0] === '%') {
    return { source: pattern.slice(0, 2), matches: (char) => isInClass(char, pattern[1]!) };
  }
  if (pattern[0] !== '[') {
    return { source: pattern[0]!, matches: (char) => pattern[0] === '.' || char === pattern[0] };
  }
  const source = /^\[\^?(?:%.|[^%])(?:%.|[^%\]])*\]/s.exec(pattern)![0];
  const isNegated = source[1] === '^';
  const parts = source.slice(isNegated ? 2 : 1, -1).match(/%.|.-.|./gs) ?? [];
  const matches = (char: string) => {
    const isIn = parts.some((part) => {
      if (part[0] === '%') return isInClass(char, part[1]!);
      return part.length === 3 ? char >= part[0]! && char <= part[2]! : char === part;
    });
    return isIn !== isNegated;
  };
  return { source, matches };
}

/** All ways a pattern matches at a place, the preferred first. */
function* waysToMatch(
  pattern: string,
  subject: string,
  at: number,
  captures: readonly Capture[],
): Generator<{ end: number; captures: readonly Capture[] }> {
  if (pattern === '') {
    yield { end: at, captures };
    return;
  }
  if (pattern.startsWith('()')) {
    yield* waysToMatch(pattern.slice(2), subject, at, [...captures, { from: at, to: 'position' }]);
    return;
  }
  if (pattern[0] === '(') {
    yield* waysToMatch(pattern.slice(1), subject, at, [...captures, { from: at, to: 'open' }]);
    return;
  }
  if (pattern[0] === ')') {
    const closed = captures.findLastIndex(({ to }) => to === 'open');
    const after = captures.map((one, index) => (index === closed ? { from: one.from, to: at } : one));
    yield* waysToMatch(pattern.slice(1), subject, at, after);
    return;
  }
  if (pattern === '$') {
    if (at === subject.length) yield { end: at, captures };
    return;
  }
  if (/^%[1-9]/.test(pattern)) {
    const { from, to } = captures[Number(pattern[1]) - 1]!;
    if (typeof to !== 'number') return;
    const again = subject.slice(from, to);
    if (subject.startsWith(again, at))
      yield* waysToMatch(pattern.slice(2), subject, at + again.length, captures);
    return;
  }
  if (pattern.startsWith('%b')) {
    if (subject[at] !== pattern[2]) return;
    let depth = 1;
    for (let end = at + 1; end < subject.length; end++) {
      if (subject[end] === pattern[3]) depth--;
      else if (subject[end] === pattern[2]) depth++;
      if (depth === 0) {
        yield* waysToMatch(pattern.slice(4), subject, end + 1, captures);
        return;
      }
    }
    return;
  }
  if (pattern.startsWith('%f[')) {
    const set = single(pattern.slice(2));
    const isBorder = !set.matches(subject[at - 1] ?? '\0') && set.matches(subject[at] ?? '\0');
    if (isBorder) yield* waysToMatch(pattern.slice(2 + set.source.length), subject, at, captures);
    return;
  }
  const { source, matches } = single(pattern);
  const suffix = pattern[source.length] ?? '';
  const rest = pattern.slice(source.length + ('*+-?'.includes(suffix) && suffix !== '' ? 1 : 0));
  let run = 0;
  while (at + run < subject.length && matches(subject[at + run]!)) run++;
  const least = suffix === '*' || suffix === '-' || suffix === '?' ? 0 : 1;
  const most = suffix === '*' || suffix === '+' || suffix === '-' ? run : Math.min(run, 1);
  for (let count = least; count <= most; count++) {
    const taken = suffix === '-' ? count : most - (count - least);
    yield* waysToMatch(rest, subject, at + taken, captures);
  }
}

/** The first match from a place on. */
export function naiveFind(subject: string, pattern: string, from: number): NaiveMatch | undefined {
  const isAnchored = pattern[0] === '^';
  const body = isAnchored ? pattern.slice(1) : pattern;
  for (let start = from; start <= (isAnchored ? from : subject.length); start++) {
    for (const { end, captures } of waysToMatch(body, subject, start, [])) {
      return {
        start,
        end,
        captures: captures.map(({ from, to }) =>
          to === 'position' ? from + 1 : subject.slice(from, to as number),
        ),
      };
    }
  }
  return undefined;
}
