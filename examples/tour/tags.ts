import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'Tags';
export const about =
  'A set of articles for each tag. Two tags together are an intersection.';

export function play({ show }: Stage): void {
  const store = new Store();

  const tag = (article: string, tags: string[]): void => {
    for (const name of tags) store.sadd(`tag:${name}`, article);
    store.sadd(`tags of:${article}`, tags);
  };

  tag('sourdough', ['bread', 'slow', 'vegan']);
  tag('pancakes', ['sweet', 'quick']);
  tag('flatbread', ['bread', 'quick', 'vegan']);
  tag('brioche', ['bread', 'sweet', 'slow']);

  show(store.smembers('tag:bread'));
  show(store.sinter(['tag:bread', 'tag:vegan']));
  show(store.sdiff(['tag:bread', 'tag:slow'])); // but not slow
  show(store.sunion(['tag:sweet', 'tag:vegan']));
  show(store.sismember('tag:vegan', 'brioche'));
  show(store.sinter(['tags of:sourdough', 'tags of:brioche']));
}
