import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import { rate, readDocuments, smallWords, wordsOf } from './corpus.ts';
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'Real text: the words of the documentation';
export const about =
  'The documentation of this package and of all that are installed beside it, counted word by word.';

export function play({ show, board }: Stage): void {
  const documents = readDocuments();
  const words = documents.flatMap(wordsOf);
  show({ documents: documents.length, words: words.length });

  const store = new Store();
  const started = performance.now();
  for (const word of words) store.zincrby('words', 1, word);
  show(rate(words.length, performance.now() - started));

  show(store.zcard('words')); // different words
  store.zrem('words', smallWords);
  board(store.zrangeWithScores('words', 0, 9, { rev: true }));

  show(store.zscore('words', 'redis'));
  show(store.zrevrank('words', 'redis'));
  show(store.zcount('words', 1, 1)); // met once
}
