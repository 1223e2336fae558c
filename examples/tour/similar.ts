import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import { readPackages } from './corpus.ts';
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'What is alike: vectors of the packages';
export const about =
  'A vector for each package that is installed here, made of its keywords: each word adds to one of 512 numbers, which a hash chooses. (A language model would know what the words mean; the searches are the same.)';

const DIMENSIONS = 512;

/** FNV-1a, with its bits mixed once more. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (const character of word) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

export function play({ show }: Stage): void {
  const embed = (text: string): Float32Array => {
    const vector = new Float32Array(DIMENSIONS);
    for (const word of text.match(/\w{2,}/g) ?? []) {
      const hash = hashOf(word);
      vector[hash % DIMENSIONS]! += hash > 2 ** 31 ? 1 : -1;
    }
    return vector;
  };

  const store = new Store();
  for (const { name, keywords, license, dependencies } of readPackages()) {
    if (keywords.length === 0) continue;
    const setattr = JSON.stringify({ license, needs: dependencies.length });
    store.vadd('packages', embed(keywords.join(' ')), name, { setattr });
  }
  show(store.vcard('packages'));

  const like = store.vsimWithScores('packages', { element: 'chalk' });
  show(like.map(({ element, score }) => `${element} ${score.toFixed(2)}`));

  // Any words will do, and attributes narrow the search.
  const vector = embed('colors for the terminal');
  show(store.vsim('packages', { vector }, { count: 3 }));
  show(
    store.vsim('packages', { vector }, { count: 3, filter: '.needs > 1' }),
  );

  const filter = '.license in ["ISC", "BSD-3-Clause"]';
  const wanted = { vector: embed('syntax tree parser') };
  show(store.vsim('packages', wanted, { count: 3, filter }));
  show(store.vgetattr('packages', 'highlight.js'));
}
