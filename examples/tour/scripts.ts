import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import { lua } from '../../src/scripting/index.ts'; // from 'lodis/scripting'
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'A script';
export const about =
  'Several commands in one step, in Lua as Redis runs it: here or on a server, the same script with the same answers.';

export function play({ show }: Stage): void {
  const store = new Store({ scripting: lua() });

  const reserve = store.script(`
    local left = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
    if left == 0 then return redis.error_reply('SOLDOUT ' .. ARGV[1]) end
    redis.call('RPUSH', KEYS[2], ARGV[2])
    return redis.call('HINCRBY', KEYS[1], ARGV[1], -1)
  `);

  store.hset('seats', { balcony: '2' });
  show(reserve(['seats', 'guests'], ['balcony', 'ada']));
  show(reserve(['seats', 'guests'], ['balcony', 'bob']));
  try {
    reserve(['seats', 'guests'], ['balcony', 'eve']);
  } catch (error) {
    show((error as Error).message);
  }
  show(store.lrange('guests', 0, -1));
}
