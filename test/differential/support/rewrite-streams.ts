import type { Tokens } from './sides.ts';

/** Ids come from no clock, reads do not wait, and groups count for themselves, which since 7.4 they do otherwise. */
export function rewriteStreams(tokens: Tokens): Tokens {
  const name = tokens[0]!.toUpperCase();
  if (name === 'XGROUP') {
    return tokens.map((token, at) =>
      /^ENTRIESREAD$/i.test(tokens[at - 1] ?? '') && /^\d+$/.test(token) ? '-1' : token,
    );
  }
  if (name === 'XADD') return tokens.map((token) => (token === '*' ? '9-*' : token));
  if (name === 'XSETID') {
    // 8.10: a group has read no more than were added. They are not made fewer.
    return tokens.map((token, at) =>
      /^ENTRIESADDED$/i.test(tokens[at - 1] ?? '') && /^\d+$/.test(token) ? '100' : token,
    );
  }
  if (name === 'XREAD' || name === 'XREADGROUP') {
    const blockAt = tokens.findIndex((token) => token.toUpperCase() === 'BLOCK');
    const said = blockAt < 0 ? tokens : tokens.filter((_, at) => at !== blockAt && at !== blockAt + 1);
    // 7.4: + is the last entry.
    return said.map((token) => (token === '+' ? '$' : token));
  }
  return tokens;
}
