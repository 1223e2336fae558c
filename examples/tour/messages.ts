import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'Messages';
export const about =
  'Whoever listens to a channel is called with what is published there, and with the keys that expire if one asks for them.';

export function play({ show }: Stage): void {
  const store = new Store({ notifyKeyspaceEvents: 'Ex' });

  const heard: string[] = [];
  const inRoom = store.subscribe('chat:tea', (message) => {
    heard.push(message);
  });
  store.psubscribe('chat:*', (message, channel) => {
    heard.push(`${channel} ${message}`);
  });
  show(store.publish('chat:tea', 'hello')); // as many got it
  show(heard);

  inRoom.unsubscribe();
  show(store.publish('chat:tea', 'anyone?'));

  // Redis's own messages: which keys have expired.
  const left: string[] = [];
  store.subscribe('__keyevent@0__:expired', (key) => {
    left.push(key);
  });
  store.set('online:ada', 'yes', { ex: 30 });
  store.set('online:bob', 'yes', { ex: 90 });
  store.advance(60_000); // a minute without a sign of life
  show(left);
}
