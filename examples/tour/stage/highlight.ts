/** A little colour, and none at all where it is not wanted. */

/** Ways to paint text. */
export interface Palette {
  strong(text: string): string;
  faint(text: string): string;
  keyword(text: string): string;
  literal(text: string): string;
  answer(text: string): string;
}

const paint = (start: number, end: number) => (text: string) =>
  text === '' ? '' : `\u001b[${start}m${text}\u001b[${end}m`;
const asItIs = (text: string): string => text;

/** The sixteen colours that every terminal has, in the reader's own theme. */
export const coloured: Palette = {
  strong: paint(1, 22),
  faint: paint(2, 22),
  keyword: paint(34, 39),
  literal: paint(32, 39),
  answer: paint(36, 39),
};

export const plain: Palette = {
  strong: asItIs,
  faint: asItIs,
  keyword: asItIs,
  literal: asItIs,
  answer: asItIs,
};

const TOKEN =
  /(?<comment>\/\/.*$)|(?<literal>'(?:[^'\\]|\\.)*'|`[^`]*`|\/(?=\S)[^/\s]+\/[gimuv]+|\b\d[\d_.]*\b)|(?<keyword>\b(?:const|let|for|of|while|if|else|return|new|function|async|await|try|catch|throw|true|false|null|undefined|string|number|boolean|void)\b)|(?<stage>\b(?:show|board)(?=\())/g;

/** A line of TypeScript, painted. */
export function highlight(line: string, palette: Palette): string {
  return line.replace(TOKEN, (token: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Record<string, string | undefined>;
    if (groups['comment'] !== undefined || groups['stage'] !== undefined) return palette.faint(token);
    return groups['keyword'] !== undefined ? palette.keyword(token) : palette.literal(token);
  });
}
