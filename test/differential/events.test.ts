import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ByteString } from '../../src/bytes/byte-string.ts';
import type { RawClient } from '../support/raw-client.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { tokensOf } from './support/behaviours.ts';
import { difference, show } from './support/comparison.ts';
import { LodisSide, ServerSide, type Tokens } from './support/sides.ts';

/**
 * What observers are told, beside what the real server publishes as keyspace notifications: the same events of the
 * same keys in the same databases, in the same order, command by command.
 */
type Step = string | { readonly passMs: number };

/** The server is asked for all of these; the classes `o` and `c` are younger than it. */
const CLASSES = 'KEAn';
const YOUNGER_CLASSES = new Set(['o', 'c']);
/** Published after each command, so that one sees which events were whose. */
const MARK = '__keyevent@0__:mark';

const EVERY_STEP_OF_TIME_MS = 20;

describe('events, beside the real server', () => {
  let server: RedisServer | undefined;
  let theirs: ServerSide;
  let subscriber: RawClient;

  beforeAll(async () => {
    server = await startRedisServer();
    if (server === undefined) return;
    theirs = await ServerSide.connect(server);
    await theirs.run(
      [
        ['CONFIG', 'SET', 'notify-keyspace-events', CLASSES],
        ['DEBUG', 'SET-ACTIVE-EXPIRE', '0'],
      ],
      2,
    );
    subscriber = await server.connect();
    await subscriber.send(['PSUBSCRIBE', '__keyevent@*__:*']);
  });
  afterAll(async () => {
    await server?.stop();
  });

  /** What was published up to the next mark. */
  async function published(): Promise<string[]> {
    const events: string[] = [];
    for (;;) {
      const message = await subscriber.receive();
      if (message.type !== '*' || message.items === null) throw new Error('no message');
      const [, , channel, key] = message.items.map((item) => (item.type === '$' ? item.value : ''));
      if (channel === MARK) return events;
      const [, index, event] = /^__keyevent@(\d+)__:(.*)$/.exec(channel!)!;
      events.push(`${event} ${key} @${index}`);
    }
  }

  function behaviours(scripts: Readonly<Record<string, readonly Step[]>>): void {
    for (const [name, script] of Object.entries(scripts)) {
      test(name, async ({ skip }) => {
        if (server === undefined) return skip();
        let nowMs = Date.now();
        const ours = new LodisSide({ clock: { now: () => nowMs } });
        // Only what the commands themselves find to have expired is to go.
        ours.store.close();
        let told: string[] = [];
        ours.store.keyspace.observe({
          changed: ({ index }, key: ByteString, event) => {
            if (!YOUNGER_CLASSES.has(event.category)) told.push(`${event.name} ${key} @${index}`);
          },
        });
        await theirs.run([['SELECT', '0'], ['FLUSHALL'], ['PUBLISH', MARK, '']], 2);
        await published();
        let total = 0;
        for (const step of script) {
          if (typeof step !== 'string') {
            nowMs += step.passMs;
            await theirs.run([['DEBUG', 'SLEEP', String(step.passMs / 1000)]], 2);
            continue;
          }
          const tokens: Tokens = tokensOf(step);
          told = [];
          const [mine] = ours.runNow([tokens], 2);
          const [other] = await theirs.run([tokens, ['PUBLISH', MARK, '']], 2);
          expect(difference(tokens, mine!, other!)).toBeUndefined();
          const expected = await published();
          expect({ command: show(tokens), events: told }).toEqual({
            command: show(tokens),
            events: expected,
          });
          total += expected.length;
        }
        expect(total).toBeGreaterThan(0);
        ours.store.keyspace.checkInvariants();
      });
    }
  }

  const pass: Step = { passMs: EVERY_STEP_OF_TIME_MS };

  behaviours({
    'SET and its kin': [
      'SET k v',
      'SET k v',
      'SET k v EX 100',
      'SET k v KEEPTTL',
      'SET k v EX 100 KEEPTTL',
      'SET k v PX 100000 XX',
      'SET k v NX',
      'SET l v NX EX 100',
      'SET l v GET',
      'SET m v GET EXAT 9999999999',
      'SETNX k v',
      'SETNX n v',
      'SETEX k 100 v',
      'PSETEX o 100000 v',
      'SETEX k 0 v',
      'GETSET k v',
      'GETSET p v',
      'GET k',
      'STRLEN k',
      'LPUSH q a',
      'SET q v',
      'RPUSH r a',
      'SET r v GET',
      'GETSET r v',
      'SETNX r v',
    ],
    'MSET and MSETNX': [
      'MSET a 1 b 2',
      'MSET a 1 c 2 a 3',
      'MSETNX a 1 d 2',
      'MSETNX d 2 e 3 d 4',
      'MSET a 1 b',
      'MGET a b c',
      'SADD s m',
      'MSET s 1',
    ],
    'GETEX, GETDEL, DELEX': [
      'SET k v',
      'GETEX k',
      'GETEX k EX 100',
      'GETEX k PERSIST',
      'GETEX k PERSIST',
      'GETEX k PXAT 1',
      'GETEX k EX 100',
      'SET k v',
      'GETDEL k',
      'GETDEL k',
    ],
    'APPEND and SETRANGE': [
      'APPEND k a',
      'APPEND k a',
      'APPEND k ""',
      'APPEND l ""',
      'SETRANGE k 0 ""',
      'SETRANGE m 0 ""',
      'SETRANGE m 3 abc',
      'SETRANGE m 0 x',
      'SETRANGE m -1 x',
      'GETRANGE m 0 -1',
      'EXPIRE m 100',
      'APPEND m a',
      'SETRANGE m 0 x',
    ],
    counters: [
      'INCR k',
      'INCR k',
      'DECR k',
      'INCRBY k 0',
      'DECRBY k 3',
      'DECRBY l 3',
      'INCRBYFLOAT k 1.5',
      'INCRBYFLOAT n 0',
      'INCRBYFLOAT k abc',
      'INCR k',
      'EXPIRE l 100',
      'INCR l',
      'INCRBYFLOAT l 1',
    ],
    'DEL and UNLINK': [
      'MSET a 1 b 2 c 3',
      'DEL a nok a b',
      'UNLINK c nok c',
      'DEL nok',
      'RPUSH l a b',
      'DEL l',
      'TOUCH nok',
      'EXISTS nok',
    ],
    'EXPIRE, PERSIST and times that are over': [
      'SET k v',
      'EXPIRE k 100',
      'EXPIRE k 100 NX',
      'EXPIRE k 200 GT',
      'EXPIRE k 300 LT',
      'PEXPIRE k 100000',
      'EXPIREAT k 9999999999',
      'PEXPIREAT k 9999999999999',
      'PERSIST k',
      'PERSIST k',
      'EXPIRE nok 100',
      'EXPIRE k -1',
      'SET k v',
      'PEXPIREAT k 1',
      'SET k v',
      'EXPIREAT k 1',
      'RPUSH l a',
      'PEXPIRE l 0',
    ],
    'RENAME and RENAMENX': [
      'MSET a 1 b 2',
      'RENAME a b',
      'RENAME b b',
      'RENAME nok b',
      'RENAME b c',
      'RENAMENX c d',
      'RENAMENX d d',
      'SET e 1 EX 100',
      'RENAMENX d e',
      'RENAME e d',
      'RPUSH l a',
      'RENAME l d',
      'RENAMENX nok x',
    ],
    'COPY, MOVE and SWAPDB': [
      'SET a 1 EX 100',
      'COPY a b',
      'COPY a b',
      'COPY a b REPLACE',
      'COPY a a DB 1',
      'COPY a a DB 1 REPLACE',
      'COPY nok b',
      'RPUSH l a b',
      'COPY l b REPLACE',
      'MOVE a 1',
      'MOVE l 1',
      'MOVE nok 1',
      'SWAPDB 0 1',
      'SET a 2',
      'SELECT 1',
      'SET a 2',
      'COPY a z DB 0',
      'SWAPDB 0 0',
      'FLUSHDB',
      'SET a 3',
      'FLUSHALL',
      'SELECT 0',
      'SET a 3',
    ],
    'keys that are found to have expired': [
      'SET a 1 PX 1',
      'SET b 1 PX 1',
      'RPUSH c 1',
      'PEXPIRE c 1',
      'SET d 1 PX 1',
      'SET e 1 PX 1',
      'SET f 1 PX 1',
      'SET g 1 PX 1',
      'SET h 1 PX 1',
      'SET i 1 PX 1',
      'SET j 1 PX 1',
      'SET k 1 PX 1',
      'SET l 1 PX 1',
      'SET m 1 PX 1',
      'SET n 1 PX 1',
      'SET o 1 PX 1',
      'SET p 1 PX 1',
      'SET q 1 PX 1',
      'SET r 1 PX 1',
      'SET s 1 PX 1',
      'SET t 1 PX 1',
      'SET u 1 PX 1',
      'SET v 1 PX 1',
      'SET w 1 PX 1',
      'SET x 1 PX 1',
      'SET y 1 PX 1',
      'SET live 1',
      pass,
      'GET a',
      'SET b 2',
      'RPUSH c 2',
      'DEL d',
      'EXISTS e',
      'SET f 1 XX',
      'SET g 1 NX',
      'RENAME h hh',
      'RENAME live i',
      'RENAMENX i j',
      'COPY k l',
      'COPY j l',
      'COPY j m REPLACE',
      'MSET n 1 o 2',
      'MSETNX p 1 q 2',
      'EXPIRE r 100',
      'PERSIST s',
      'INCR t',
      'APPEND u x',
      'SETRANGE v 1 x',
      'GETDEL w',
      'GETEX x EX 100',
      'SETEX y 100 v',
      'SET a 1 PX 1',
      'SET b 1 PX 1',
      'SET d 1 PX 1',
      'SET e 1 PX 1',
      'SET f 1 PX 1',
      'SET g 1 PX 1',
      'SELECT 1',
      'SET z 1 PX 1',
      'SELECT 0',
      'SET z 2',
      'SET za 3 PX 1',
      pass,
      'TTL a',
      'TYPE b',
      'GETSET d 1',
      'SET e 1 GET',
      'SETRANGE f 0 ""',
      'UNLINK g',
      'MOVE z 1',
      'MOVE za 1',
    ],
    'expired keys that several keys are read of': [
      'MSET a 1 b 2 c 3',
      'PEXPIRE a 1',
      'PEXPIRE b 1',
      'PEXPIRE c 1',
      pass,
      'MGET a b c',
      'RPUSH l 1 2 3',
      'MSET w_1 3 w_2 2 w_3 1',
      'PEXPIRE w_1 1',
      'PEXPIRE w_3 1',
      pass,
      'SORT l BY w_*',
      'RPUSH d 1',
      'PEXPIRE d 1',
      pass,
      'SORT l STORE d',
      'SADD s1 a',
      'SADD s2 a',
      'PEXPIRE s1 1',
      'PEXPIRE s2 1',
      pass,
      'SUNIONSTORE s3 s1 s2',
      'OBJECT ENCODING s1',
      'TOUCH s1 s1',
    ],
    'expired keys that are looked for': [
      'SET a 1 PX 1',
      pass,
      'KEYS *',
      'SET b 1 PX 1',
      pass,
      'EXISTS a',
      'SCAN 0 COUNT 100',
      'SET d 1 PX 1',
      pass,
      'RANDOMKEY',
      'SET e 1 PX 1',
      pass,
      'OBJECT ENCODING e',
      'DBSIZE',
      'SET f 1 PX 1',
      pass,
      'FLUSHALL',
    ],
    SORT: [
      'RPUSH l 3 1 2',
      'SORT l STORE d',
      'SORT l STORE d',
      'SORT l LIMIT 5 1 STORE d',
      'SORT l LIMIT 5 1 STORE d',
      'SET s v EX 100',
      'SORT l STORE s',
      'SORT l STORE l',
      'SORT nok STORE l',
      'SORT l',
      'RPUSH x a',
      'SORT x STORE d',
    ],
    'pushing and popping': [
      'RPUSH l a b c',
      'LPUSH l d',
      'RPUSHX l e',
      'LPUSHX l f',
      'LPUSHX nok f',
      'LPOP l',
      'RPOP l 2',
      'LPOP l 0',
      'LPOP l 100',
      'LPOP l',
      'RPUSH l a',
      'RPOP l',
      'RPUSH l a b c',
      'RPUSH m a b c',
      'LMPOP 3 nok l m LEFT',
      'LMPOP 3 nok l m RIGHT COUNT 5',
      'LMPOP 1 nok LEFT',
    ],
    'editing lists': [
      'RPUSH l a b c a b c',
      'LSET l 0 x',
      'LSET l 0 x',
      'LSET l 99 x',
      'LINSERT l BEFORE b y',
      'LINSERT l AFTER c z',
      'LINSERT l AFTER nok z',
      'LINSERT nok AFTER c z',
      'LREM l 0 nok',
      'LREM l 1 a',
      'LREM l -1 b',
      'LTRIM l 0 -1',
      'LTRIM l 1 -2',
      'LTRIM l 5 1',
      'LTRIM l 5 1',
      'RPUSH l a a',
      'LREM l 0 a',
      'LRANGE l 0 -1',
    ],
    'moving list elements': [
      'RPUSH l a b c',
      'LMOVE l m LEFT RIGHT',
      'LMOVE l m RIGHT LEFT',
      'LMOVE l m LEFT LEFT',
      'LMOVE l m LEFT LEFT',
      'LMOVE m m LEFT RIGHT',
      'RPOPLPUSH m m',
      'RPOPLPUSH m n',
      'RPUSH o a',
      'LMOVE o o LEFT LEFT',
      'SET s v',
      'LMOVE o s LEFT LEFT',
    ],
    hashes: [
      'HSET h a 1 b 2',
      'HSET h a 1',
      'HSETNX h a 1',
      'HSETNX h c 1',
      'HMSET h d 1 e 2',
      'HINCRBY h a 5',
      'HINCRBYFLOAT h a 0.5',
      'HINCRBY i a 5',
      'HINCRBYFLOAT j a 5',
      'HDEL h a nok',
      'HDEL h nok',
      'HDEL i a',
      'HDEL h b c d e',
      'HSETNX k a 1',
    ],
    sets: [
      'SADD s a b c',
      'SADD s a',
      'SREM s nok',
      'SREM s a',
      'SMOVE s t b',
      'SMOVE s t nok',
      'SMOVE s s c',
      'SMOVE s t c',
      'SMOVE nok t c',
      'SADD u b',
      'SPOP u',
      'SADD u b c',
      'SPOP u 1',
      'SPOP u 5',
      'SPOP u 5',
      'SADD u b c',
      'SPOP u 0',
      'SINTERSTORE d t u',
      'SUNIONSTORE d t u',
      'SDIFFSTORE d t u',
      'SDIFFSTORE d t t',
      'SDIFFSTORE d t t',
      'SET str v',
      'SUNIONSTORE str t',
      'SREM t b c',
    ],
    'sorted sets': [
      'ZADD z 1 a 2 b 3 c',
      'ZADD z 1 a',
      'ZADD z CH 1 a 5 b',
      'ZADD z XX 1 nok',
      'ZADD z NX 1 a',
      'ZADD nok XX 1 a',
      'ZADD z INCR 5 a',
      'ZADD z INCR 0 a',
      'ZADD z NX INCR 5 a',
      'ZINCRBY z 1 a',
      'ZINCRBY z 0 a',
      'ZINCRBY y 1 a',
      'ZREM z nok',
      'ZREM z a nok',
      'ZPOPMIN z',
      'ZPOPMAX z 5',
      'ZPOPMAX z',
      'ZPOPMIN y 0',
      'ZADD z 1 a 2 b 3 c 4 d 5 e 6 f 7 g',
      'ZREMRANGEBYRANK z 0 0',
      'ZREMRANGEBYRANK z 99 100',
      'ZREMRANGEBYSCORE z 2 2',
      'ZREMRANGEBYSCORE z 200 200',
      'ZREMRANGEBYLEX z [c [c',
      'ZREMRANGEBYLEX z [x [z',
      'ZMPOP 2 nok z MIN',
      'ZMPOP 2 nok z MAX COUNT 2',
      'ZRANGESTORE d z 0 -1',
      'ZRANGESTORE d z 99 100',
      'ZRANGESTORE d z 99 100',
      'ZUNIONSTORE d 2 z y',
      'ZINTERSTORE d 2 z y',
      'ZINTERSTORE d 2 z y',
      'ZDIFFSTORE d 2 z y',
      'ZDIFFSTORE d 2 z z',
      'SET str v',
      'ZUNIONSTORE str 1 z',
      'ZREMRANGEBYRANK z 0 -1',
      'ZMPOP 1 y MIN COUNT 10',
    ],
  });
});
