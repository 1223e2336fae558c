import { connect, type Store } from '../../../src/index.ts';
import { command, data, other, type Step, time } from './history.ts';

/** Several commands in a transaction of a client. */
function multi(...commands: readonly (readonly string[])[]): Step {
  return data((store) => {
    const connection = connect(store);
    connection.call('MULTI');
    for (const [name, ...args] of commands) connection.call(name!, ...args);
    return connection.call('EXEC');
  });
}

const rewrite = (store: Store): unknown => store.bgrewriteaof();
const save = (store: Store): unknown => store.bgsave();

/** A bit of everything, with rewrites and saves in between. */
export const EVERYTHING: readonly Step[] = [
  command('SET', 'a', '1'),
  multi(['RPUSH', 'list', 'one', 'two'], ['INCR', 'n'], ['SELECT', '1'], ['SADD', 'set', 'x', '7']),
  command('SET', 'short', 'v', 'PX', '10'),
  other(rewrite),
  command('EVAL', "redis.call('HSET', 'hash', 'f', 'v') redis.call('ZADD', 'zset', '1.5', 'm')", '0'),
  time(20),
  data((store) =>
    store.transaction((tx) => {
      tx.set('a', '2');
      tx.xadd('stream', { f: 'v' }, { id: '5-1' });
      tx.del('n');
    }),
  ),
  other(save),
  command('HPEXPIRE', 'hash', '1500', 'FIELDS', '1', 'f'),
  time(1000),
  other(rewrite),
  command('LMOVE', 'list', 'other', 'LEFT', 'RIGHT'),
  time(1000),
  data((store) => store.select(1).setbit('bits', 9, 1)),
];

/** Small, for what is tried many times. */
export const SMALL: readonly Step[] = [
  command('SET', 'a', '1'),
  multi(['RPUSH', 'list', 'one'], ['INCR', 'n']),
  other(rewrite),
  command('SET', 'a', '2'),
  time(1000),
  command('DEL', 'list'),
];
