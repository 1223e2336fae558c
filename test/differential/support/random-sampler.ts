import type { ByteString } from '../../../src/bytes/byte-string.ts';
import { pickOne, type Sampler } from '../../../src/wire/grammar/sampler.ts';

/** A small generator of random numbers (mulberry32), so that a seed says everything. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const KEYS = ['k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'ключ', '\udcff\udc80'];
const VALUES = [
  'a',
  'b',
  'c',
  'd',
  'abc',
  'hello world',
  '',
  '1',
  '2',
  '3',
  '10',
  '-5',
  '3.5',
  'ünïcödé',
  '漢字',
  '😀',
  '\udcff',
  'é\udcc3',
  'x'.repeat(44),
  'x'.repeat(45),
  'y'.repeat(70),
  '9223372036854775807',
  'inf',
  'nan',
  ' 1',
  '__proto__',
  '\0',
];
const INTEGERS = ['0', '1', '2', '3', '5', '10', '-1', '-2', '-3', '100'];
const ODD_INTEGERS = [
  '9223372036854775807',
  '-9223372036854775808',
  '9223372036854775808',
  '4294967296',
  'abc',
  '1.5',
  '',
  '01',
  '+1',
];
const DOUBLES = ['0', '1', '2', '3', '-1', '1.5', '0.1', '0.2', '-0.5', '1e3', '10'];
const ODD_DOUBLES = [
  'inf',
  '-inf',
  'nan',
  'abc',
  '',
  '1e308',
  '1e-300',
  '-0',
  '(1',
  '[a',
  '-',
  '+',
  '(',
  '(inf',
];
const PATTERNS = ['*', 'k*', 'k?', 'k[12]', '*c*', 'a*', '[^a]*', '\\*', 'ключ', ''];
const TIMES = ['100000', '200000', '300000', '1000000'];
const ODD_TIMES = ['0', '-1', 'abc', '9223372036854775807', '9223372036854775', '1.5'];
const UNIX_TIMES = ['4102444800', '4102444800000', '5102444800000', '1'];
const GROUPS = ['g1', 'g2', 'g3'];
const CONSUMERS = ['c1', 'c2', 'c3', '\udcff'];
/** How many milliseconds, and how many in each, the ids of streams have; what is added goes up through them. */
const [ID_MILLISECONDS, ID_SEQUENCES] = [9, 3];
const INCOMPLETE_IDS = ['0', '1', '3', '5', '9', '0-0', '0-1', '2-0'];
const ODD_IDS = [
  ...['-', '+', '$', '>', '(3-1', '(-', '18446744073709551615', '18446744073709551615-18446744073709551615'],
  ...['9007199254740993-1', '18446744073709551616-1', '5--1', '-1', '05-1', '5-', 'abc', ''],
];

/** Makes up arguments from small pools, so that commands meet on the same keys, with something odd now and then. */
export class RandomSampler implements Sampler {
  private readonly random: () => number;
  private readonly version: string;
  private readonly keys: readonly ByteString[];

  constructor(seed: number, version: string, keys: readonly ByteString[] = KEYS) {
    this.random = randomFrom(seed);
    this.version = version;
    this.keys = keys;
  }

  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  key(): ByteString {
    return pickOne(this, this.keys);
  }

  value(): ByteString {
    return pickOne(this, VALUES);
  }

  integer(): ByteString {
    return pickOne(this, this.isOdd() ? ODD_INTEGERS : INTEGERS);
  }

  double(): ByteString {
    return pickOne(this, this.isOdd() ? ODD_DOUBLES : DOUBLES);
  }

  pattern(): ByteString {
    return pickOne(this, PATTERNS);
  }

  time(): ByteString {
    return pickOne(this, this.isOdd() ? ODD_TIMES : TIMES);
  }

  unixTime(): ByteString {
    return pickOne(this, this.isOdd() ? ODD_TIMES : UNIX_TIMES);
  }

  streamId(): ByteString {
    if (this.isOdd()) return pickOne(this, ODD_IDS);
    if (this.below(5) === 0) return pickOne(this, INCOMPLETE_IDS);
    return `${1 + this.below(ID_MILLISECONDS)}-${1 + this.below(ID_SEQUENCES)}`;
  }

  group(): ByteString {
    return pickOne(this, GROUPS);
  }

  consumer(): ByteString {
    return pickOne(this, CONSUMERS);
  }

  knows(since: string): boolean {
    return compareVersions(since, this.version) <= 0;
  }

  private isOdd(): boolean {
    return this.below(12) === 0;
  }
}

function compareVersions(a: string, b: string): number {
  const [x, y] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let at = 0; at < 3; at++) if ((x[at] ?? 0) !== (y[at] ?? 0)) return (x[at] ?? 0) - (y[at] ?? 0);
  return 0;
}

/** A time of a few milliseconds would be over (or idle for so long) on one side and not yet on the other. */
function hasTime(tokens: readonly ByteString[]): boolean {
  return tokens.some((token) =>
    /^(H?P?(SET|GET)?EX|.*EXPIRE(AT)?|(EX|PX)(AT)?|INCREX|MSETEX|X(AUTO)?CLAIM|XPENDING|CLAIM|RESTORE)$/i.test(
      token,
    ),
  );
}

/** A nearly valid command: a token dropped, doubled, replaced or in another case of letters. */
export function mutate(tokens: readonly ByteString[], sampler: RandomSampler): ByteString[] {
  const mutated = [...tokens];
  const at = 1 + sampler.below(Math.max(1, mutated.length - 1));
  switch (sampler.below(5)) {
    case 0:
      mutated.splice(at, 1);
      break;
    case 1:
      mutated.splice(at, 0, mutated[at] ?? 'x');
      break;
    case 2:
      mutated[at] = hasTime(tokens) ? sampler.time() : sampler.value();
      break;
    case 3:
      mutated[at] = hasTime(tokens) ? sampler.time() : sampler.integer();
      break;
    default:
      return mutated.map((token, index) => (index % 2 === 0 ? token.toLowerCase() : token));
  }
  return mutated;
}
