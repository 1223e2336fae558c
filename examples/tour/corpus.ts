/** The real text of the last chapters: what is in every checkout after `npm ci`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A package that this one's development depends on, near or far. */
export interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly keywords: readonly string[];
  readonly dependencies: readonly string[];
}

interface LockFile {
  readonly packages: Record<
    string,
    {
      version?: string;
      license?: string;
      dependencies?: Record<string, string>;
    }
  >;
}

/** The packages of package-lock.json; keywords are from the packages themselves, where they are installed. */
export function readPackages(): Package[] {
  const lock = JSON.parse(
    readFileSync(`${root}package-lock.json`, 'utf8'),
  ) as LockFile;
  return Object.entries(lock.packages)
    .filter(([path]) => path.startsWith('node_modules/'))
    .map(
      ([path, { version = '', license = 'unknown', dependencies = {} }]) => ({
        name: path.slice(
          path.lastIndexOf('node_modules/') + 'node_modules/'.length,
        ),
        version,
        license,
        keywords: keywordsOf(`${root}${path}/package.json`),
        dependencies: Object.keys(dependencies),
      }),
    );
}

/** Some packages have none, and those for other platforms are not installed. */
function keywordsOf(manifest: string): string[] {
  if (!existsSync(manifest)) return [];
  const { keywords } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    keywords?: unknown;
  };
  return Array.isArray(keywords)
    ? keywords.map((keyword) => String(keyword).toLowerCase())
    : [];
}

/** The documentation of this package and of all that are installed with it: Markdown, except for licences. */
export function readDocuments(): string[] {
  const own = readdirSync(root).filter(isDocument);
  const folders = ['docs', 'node_modules'].filter((folder) =>
    existsSync(root + folder),
  );
  const others = folders.flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
      .filter(isDocument)
      .map((name) => `${folder}/${name}`),
  );
  return [...own, ...others]
    .sort()
    .map((path) => readFileSync(root + path, 'utf8'));
}

function isDocument(path: string): boolean {
  return path.endsWith('.md') && !/licen[cs]e|copying|notice/i.test(path);
}

/** The words of a text, in lower case, without its code and its links. */
export function wordsOf(markdown: string): string[] {
  const prose = markdown.replace(
    /```[\s\S]*?```|`[^`\n]*`|<[^>]*>|\bhttps?:\S+|\]\([^)]*\)|:\w+:/g,
    ' ',
  );
  return prose.toLowerCase().match(/\p{L}{3,}(?:['’]\p{L}+)?/gu) ?? [];
}

/** Words that say little by themselves. */
export const smallWords = (
  'all also an and any are as at be been but by can do does for from has have if in into is it its like may more ' +
  'no not of on one only or other see should so such than that the their them then there these they this to up ' +
  'use used using was we what when where which will with without would you your'
).split(' ');

/** How much was done in what time. */
export function rate(commands: number, elapsedMs: number): string {
  const count = (value: number) => Math.round(value).toLocaleString('en-US');
  const perSecond = Number(((commands / elapsedMs) * 1000).toPrecision(3));
  return `${count(commands)} commands in ${count(elapsedMs)} ms: ${count(perSecond)} a second`;
}
