/**
 * A bounded cache: a shop renders its pages and keeps what fits into so much memory. What was not used for longest, or is
 * used the least often, makes room. At the end tables show what is kept, and how often the cache was of use.
 *
 *     npx tsx examples/cache.ts                                   256 KB, allkeys-lru
 *     npx tsx examples/cache.ts --memory 1mb --policy allkeys-lfu
 */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type MaxMemoryPolicy, ReplyError, Store } from '../src/index.ts'; // in your program: from 'lodis'

/** What makes a page. It takes long: that is what the cache is for. */
export type Render = (path: string) => string;

/** Who is told of each page that had to make room, in a microtask. */
export type Evicted = (path: string) => void;

const PREFIX = 'page:';

/** Pages, kept while there is room for them and at most for an hour. */
export class PageCache {
  readonly store: Store;
  private readonly render: Render;

  /**
   * @param maxMemory bytes, or a text such as '64mb'
   * @throws RangeError unless the two are a size and a policy
   */
  constructor(
    maxMemory: number | string,
    maxMemoryPolicy: MaxMemoryPolicy,
    render: Render,
    evicted?: Evicted,
  ) {
    // E: as a message to the channel of the event; e: the event is that a key was evicted.
    this.store = new Store({ maxMemory, maxMemoryPolicy, notifyKeyspaceEvents: 'Ee' });
    this.render = render;
    if (evicted !== undefined)
      this.store.subscribe('__keyevent@0__:evicted', (key) => evicted(key.slice(PREFIX.length)));
  }

  /** The page, from the cache if it is there. */
  page(path: string): string {
    const key = `${PREFIX}${path}`;
    const known = this.store.get(key);
    if (known !== null) return known;
    const made = this.render(path);
    this.keep(key, made);
    return made;
  }

  /** Where nothing may make room (`noeviction`, say), a cache does without. */
  private keep(key: string, page: string): void {
    try {
      this.store.set(key, page, { ex: 3600 });
    } catch (error) {
      if (!(error instanceof ReplyError) || error.code !== 'OOM') throw error;
    }
  }

  /** How many of the pages that were asked for were there, from 0 to 1; 0 before the first. */
  get hitRate(): number {
    const { hits, misses } = this.store.memory();
    return hits === 0 ? 0 : hits / (hits + misses);
  }
}

// ── the story: a shop, and who visits it ───────────────────────────────────────────────────────────────────

/** So many products has the shop, and its visitors look at so many pages. */
const PRODUCTS = 5000;
const VISITS = 50_000;

/** The front page is short; a product is described in fifty to a thousand characters. */
export const render: Render = (path) => {
  const number = Number(path.split('/').at(-1));
  return `<h1>${path}</h1><p>${'It is good. '.repeat(4 + ((number * 7919) % 80))}</p>`;
};

/** Paths as visitors ask for them, the same in each run: each product about in proportion to 1 ÷ its number (Zipf). */
export function* visits(count: number): Generator<string, undefined, undefined> {
  let seed = 1;
  for (let visit = 0; visit < count; visit++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    yield `/product/${Math.floor(PRODUCTS ** (seed / 2 ** 32))}`;
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      memory: { type: 'string', default: '256kb' },
      policy: { type: 'string', default: 'allkeys-lru' },
    },
  });
  const gone: string[] = [];
  let cache: PageCache;
  try {
    // Whatever was typed: the store says what is wrong with it.
    cache = new PageCache(values.memory, values.policy as MaxMemoryPolicy, render, (path) => gone.push(path));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
    return;
  }
  for (const path of visits(VISITS)) {
    cache.page(path);
    await null; // The next visitor comes in another turn. Until it ends, messages wait, and take room themselves.
  }

  const { rows, keys, usedBytes, maxBytes, policy } = cache.store.memory();
  console.log(
    `${VISITS} visits, ${(cache.hitRate * 100).toFixed(1)}% of them served from the cache (${policy}).`,
  );
  console.log(`${keys} pages are in it, ${gone.length} had to make room, ${gone.at(-1) ?? 'none'} the last.`);
  console.log(`${usedBytes} of ${maxBytes ?? 'any number of'} bytes are used:`);
  console.table(rows);
  console.log('The largest pages:');
  console.table(cache.store.bigKeys({ count: 3 }));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
