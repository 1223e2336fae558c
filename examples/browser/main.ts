/**
 * A list in a browser that outlives its page: reload it, close it, let it crash. The store lives in the origin private file
 * system, and each item is on the disk before it is shown.
 *
 *     npx esbuild examples/browser/main.ts --bundle --format=esm --outdir=examples/browser --servedir=examples/browser
 */
import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import { opfsFiles } from '../../src/persistence/browser.ts'; // in your program: from 'lodis/browser'

/** What is used of the page. (This repository is compiled without the types of the DOM; your program need not be.) */
interface Element {
  textContent: string | null;
  value: string;
  append(child: Element): void;
  replaceChildren(): void;
  addEventListener(type: string, listener: (event: { preventDefault(): void }) => void): void;
}
const { document } = globalThis as unknown as {
  document: { querySelector(selector: string): Element; createElement(name: string): Element };
};

const status = document.querySelector('[role=status]');
const input = document.querySelector('input');
const list = document.querySelector('ul');

function show(store: Store): void {
  list.replaceChildren();
  for (const item of store.lrange('items', 0, -1)) {
    const line = document.createElement('li');
    line.textContent = item;
    list.append(line);
  }
}

try {
  const store = await Store.open({ storage: opfsFiles('example'), appendonly: true, appendfsync: 'always' });
  const visits = store.incr('visits');
  show(store);
  status.textContent = `Visit ${visits}. Open this page in a second tab: it is told that the list is open here.`;
  document.querySelector('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    store.rpush('items', input.value);
    input.value = '';
    // On a page files are written by a worker. In a worker of yours `rpush` returns when the item is on the disk.
    await store.blocking.waitaof(1, 0, 0);
    show(store);
  });
} catch (error) {
  status.textContent = error instanceof Error ? error.message : String(error);
}
