import { sortCommands } from '../../src/structures/sort/sort-commands.ts';
import type { Command } from '../../src/wire/command.ts';
import type { Sampler } from '../../src/wire/grammar/sampler.ts';
import { behaviours, bytes } from './support/behaviours.ts';
import { commandsNamed, generated } from './support/generated.ts';

const BINARY = bytes(0xff, 0x80);
const WEIGHTS = 'MSET w_1 30 w_2 20 w_3 10 w_10 5';

behaviours('SORT', {
  'of a list of numbers': [
    'RPUSH l 3 1 2 10 -5 2.5 1e2 0x10 inf -inf',
    'SORT l',
    'SORT l ASC',
    'SORT l DESC',
    'SORT l desc ASC',
    'SORT l ALPHA',
    'SORT l ALPHA DESC',
    'SORT_RO l DESC',
    'LRANGE l 0 -1',
  ],
  'reads numbers as C does': [
    ...[' 1', '1 ', '', ' ', 'nan', 'infinity', '+5', '0x', '1.', '.5', '- 1'].flatMap((text) => [
      ['DEL', 'l'],
      ['RPUSH', 'l', text, '0'],
      ['SORT', 'l'],
    ]),
    ['DEL', 'l'],
    ['RPUSH', 'l', '2\0x', '1', '\0'],
    ['SORT', 'l'],
  ],
  'of what is no number': [
    'RPUSH l b a C 1',
    'SORT l',
    'SORT l DESC STORE d',
    'EXISTS d',
    'SORT l ALPHA',
    'SORT l LIMIT 0 1',
  ],
  'ALPHA compares bytes': [
    ['RPUSH', 'l', 'b', 'B', '', 'é', 'z', BINARY, '漢', '😀', '\uffee', 'ab', 'a'],
    ['SORT', 'l', 'ALPHA'],
    ['SORT', 'l', 'ALPHA', 'DESC'],
    ['SORT', 'l', 'ALPHA', 'STORE', 'd'],
    ['LRANGE', 'd', '0', '-1'],
  ],
  LIMIT: [
    'RPUSH l 3 1 2 10',
    'SORT l LIMIT 1 2',
    'SORT l LIMIT 0 0',
    'SORT l LIMIT -1 2',
    'SORT l LIMIT 5 2',
    'SORT l LIMIT 4 1',
    'SORT l LIMIT 1 -5',
    'SORT l LIMIT 3 100',
    'SORT l LIMIT 0 1 LIMIT 1 1',
    'SORT l LIMIT 9223372036854775807 1',
    'SORT l LIMIT 1 9223372036854775807',
    'SORT l LIMIT -9223372036854775808 2',
    'SORT l DESC LIMIT 1 2',
    'SORT l BY nosort LIMIT 1 2',
    'SORT l BY nosort DESC LIMIT 1 2',
    'SORT nok LIMIT 0 1',
  ],
  'BY other keys': [
    'RPUSH l 3 1 2 10 4',
    WEIGHTS,
    'SORT l BY w_*',
    'SORT l BY w_* DESC',
    'SORT l BY w_* ALPHA',
    'SORT l BY w_* ALPHA DESC',
    'SORT l BY nok_*',
    'SORT l BY nok_* DESC',
    'SORT l BY nok_* ALPHA',
    'SORT l BY *',
    'SORT l BY *_w',
    'SORT l BY w_* LIMIT 1 2',
    'SET w_1 abc',
    'SORT l BY w_*',
    'SORT l BY w_* ALPHA',
    'SET w_1 ""',
    'SORT l BY w_*',
    'DEL w_1',
    'RPUSH w_1 a',
    'SORT l BY w_*',
  ],
  'BY a pattern without a star sorts nothing, and stays at that': [
    'RPUSH l 3 1 2 10',
    WEIGHTS,
    'SORT l BY nosort',
    'SORT l BY nosort DESC',
    'SORT l BY nosort ALPHA',
    'SORT l BY w_* BY nosort',
    'SORT l BY nosort BY w_*',
    'SORT l BY ""',
    'SORT l BY w_1',
    'SORT l BY nosort STORE d',
    'LRANGE d 0 -1',
    'RPUSH w a b',
    'SORT w BY nosort',
  ],
  GET: [
    'RPUSH l 3 1 2 10 4',
    WEIGHTS,
    'SORT l GET #',
    'SORT l GET w_*',
    'SORT l GET # GET w_* GET nok_* GET #',
    'SORT l GET nostar',
    'SORT l GET ##',
    'SORT l GET #*',
    'SORT l GET *',
    'SORT l GET w_* LIMIT 1 2',
    'SORT l GET w_*->f',
    'SORT l GET w_*->',
    'SORT l GET l',
    'SORT_RO l GET w_* GET # BY w_*',
    'SORT l GET w_* STORE d',
    'LRANGE d 0 -1',
  ],
  'patterns with stars and arrows': [
    'RPUSH l a',
    'MSET x_a 1 x_a* 2 x_a-> 3 ->a 4',
    'SORT l ALPHA GET x_* GET x_** GET x_*-> GET ->* GET x_*->->',
    ['RPUSH', 'b', BINARY],
    ['SET', `w_${BINARY}`, 'x'],
    ['SORT', 'b', 'ALPHA', 'GET', 'w_*'],
  ],
  'STORE replaces whatever there was': [
    'RPUSH l 3 1 2',
    'SET d x EX 1000',
    'SORT l STORE d',
    'TTL d',
    'LRANGE d 0 -1',
    'SORT l STORE l DESC',
    'LRANGE l 0 -1',
    'SORT nok STORE d',
    'EXISTS d',
    'SORT nok STORE d',
    'SORT l STORE d STORE e',
    'EXISTS d e',
    'SORT l LIMIT 0 0 STORE e',
    'EXISTS e',
  ],
  'errors in order': [
    'SET s x',
    'RPUSH l b a',
    'SORT s',
    'SORT s FOO',
    'SORT s LIMIT a b',
    'SORT nok FOO',
    'SORT nok',
    'SORT l LIMIT 1',
    'SORT l LIMIT a 2',
    'SORT l LIMIT 1 b FOO',
    'SORT l LIMIT 9223372036854775808 1',
    'SORT l BY',
    'SORT l GET',
    'SORT l STORE',
    'SORT_RO l STORE d',
    'SORT_RO s',
    'SORT',
    'SORT_RO',
    'SORT l STORE s',
    'GET s',
  ],
  'COMMAND GETKEYS': [
    'COMMAND GETKEYS SORT k BY p GET q STORE d STORE e',
    'COMMAND GETKEYS SORT k GET STORE',
    'COMMAND GETKEYS SORT k GET STORE STORE d LIMIT 0 1',
    'COMMAND GETKEYS SORT_RO k BY p',
    'COMMAND GETKEYSANDFLAGS sort k store d',
  ],
});

behaviours('SORT of other types, and by fields', {
  'a set': [
    'SADD s 3 1 2 10',
    'SORT s',
    'SORT s DESC',
    'SORT s ALPHA',
    'SORT s LIMIT 1 2',
    'SADD one 1',
    'SORT one BY nosort',
    'SORT one BY nosort DESC',
    'SADD t b a c C',
    'SORT t',
    'SORT t ALPHA DESC',
    'SORT t ALPHA GET # GET w_*',
  ],
  'a set that is not sorted is, where it is stored': [
    'SADD s b a c 10 9',
    'SORT s BY nosort STORE d',
    'LRANGE d 0 -1',
    'SORT s BY nosort STORE d DESC LIMIT 1 2',
    'LRANGE d 0 -1',
    'SORT s BY nosort GET # GET w_* STORE s ASC',
    'LRANGE s 0 -1',
  ],
  'fields of hashes': [
    'RPUSH l 1 2 3 4',
    'HSET h_1 f 5 g x',
    'HSET h_2 f 4 "" empty',
    'SET h_3 string',
    'SORT l BY h_*->f',
    'SORT l BY h_*->f DESC',
    'SORT l BY h_*->g ALPHA',
    'SORT l BY h_*->g',
    'SORT l GET h_*->f GET h_*->g GET h_*->nok',
    'SORT l GET h_*',
    'SORT l GET h_*->',
    'SORT l BY h_*',
    'HSET x_1_y a->b deep',
    'SORT l GET x_*_y->a->b',
    'SORT l GET *->f',
    'HSET h_1->f f late',
    'SORT l GET h_*->f->f',
    'SORT h_1',
    'SORT h_1 STORE d',
    'SORT h_1 FOO',
  ],
});

/**
 * With BY, ALPHA and LIMIT the server sorts only as far as it must, and leaves those that weigh the same in an order
 * of its own: no such commands.
 */
function withoutTies(command: Command): Command {
  const sample = (sampler: Sampler): string[] => {
    for (;;) {
      const tokens = command.sample(sampler);
      if (!['BY', 'ALPHA', 'LIMIT'].every((word) => tokens.includes(word))) return tokens;
    }
  };
  return Object.assign(Object.create(command) as Command, { sample });
}

generated(
  'SORT',
  [
    ...sortCommands.map(withoutTies),
    ...commandsNamed('RPUSH', 'LPUSH', 'MSET', 'DEL', 'APPEND', 'EXPIRE', 'HSET', 'HDEL'),
  ],
  { commands: 10_000 },
);
