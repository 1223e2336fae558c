import type { ByteString } from '../src/bytes/byte-string.ts';
import type { CommandGroup } from '../src/wire/command.ts';
import { pickOne, type Sampler } from '../src/wire/grammar/sampler.ts';
import { Chance, freshString } from './data.ts';

/** How many keys of each type there are, and how many elements each holds. */
const KEYS = 50;
const ELEMENTS = 100;

const MEMBERS = Array.from({ length: ELEMENTS }, (_, number) => freshString(`member:${number}`));
const TYPES: readonly CommandGroup[] = ['string', 'hash', 'list', 'set', 'sorted_set', 'stream'];
const GROUP = 'workers';

/** Commands whose strings must spell numbers, and what they must spell. */
const COUNTERS = /^(INCR|DECR)/;

/** The keys a command of this group works on. */
function keysOf(group: CommandGroup, name: string): ByteString[] {
  if (COUNTERS.test(name)) return keysNamed('counter');
  return keysNamed(TYPES.includes(group) ? group : 'string');
}

function keysNamed(type: string): ByteString[] {
  return Array.from({ length: KEYS }, (_, number) => `${type}:${number}`);
}

/** The commands that make the data for those of this group, the same on both sides. */
export function dataCommands(group: CommandGroup): ByteString[][] {
  return group === 'stream' ? streamCommands() : commandsOfOtherTypes();
}

/** Half of what is in a stream is pending with one of the consumers. */
function streamCommands(): ByteString[][] {
  const commands: ByteString[][] = [['FLUSHALL']];
  for (const key of keysNamed('stream')) {
    for (const [at, member] of MEMBERS.entries())
      commands.push(['XADD', key, `${at + 1}-1`, 'member', member]);
    commands.push(['XGROUP', 'CREATE', key, GROUP, '0']);
    commands.push(
      ...['alice', 'bob'].map((consumer) => [
        ...['XREADGROUP', 'GROUP', GROUP, consumer],
        ...['COUNT', String(ELEMENTS / 4), 'STREAMS', key, '>'],
      ]),
    );
  }
  return commands;
}

function commandsOfOtherTypes(): ByteString[][] {
  const commands: ByteString[][] = [['FLUSHALL']];
  for (const key of keysNamed('string')) commands.push(['SET', key, 'a value of some thirty characters']);
  for (const key of keysNamed('counter')) commands.push(['SET', key, '100']);
  for (const key of keysNamed('hash'))
    commands.push(['HSET', key, ...MEMBERS.flatMap((member, at) => [member, String(at)])]);
  for (const key of keysNamed('list')) commands.push(['RPUSH', key, ...MEMBERS]);
  for (const key of keysNamed('set')) commands.push(['SADD', key, ...MEMBERS]);
  for (const key of keysNamed('sorted_set'))
    commands.push(['ZADD', key, ...MEMBERS.flatMap((member, at) => [String(at % 37), member])]);
  return commands;
}

/** Makes up arguments that meet the data: keys of the command's own type, members that are mostly there. */
export class DataSampler implements Sampler {
  private readonly chance = new Chance(11);
  private readonly keys: readonly ByteString[];
  private readonly version: string;
  private readonly name: string;
  private made = 0;

  constructor(group: CommandGroup, name: string, version: string) {
    this.name = name;
    this.keys = keysOf(group, name);
    this.version = version;
  }

  below(limit: number): number {
    return this.chance.below(limit);
  }

  key(): ByteString {
    return pickOne(this, this.keys);
  }

  value(): ByteString {
    return pickOne(this, MEMBERS);
  }

  integer(): ByteString {
    return String(this.below(20));
  }

  double(): ByteString {
    return String(this.below(100) / 4);
  }

  pattern(): ByteString {
    return 'member:1*';
  }

  time(): ByteString {
    return '100000';
  }

  unixTime(): ByteString {
    return '4102444800';
  }

  streamId(): ByteString {
    const isNew = this.name === 'XADD' || this.name === 'XSETID';
    return isNew ? `${ELEMENTS + 1 + this.made++}-1` : `${1 + this.below(ELEMENTS)}-1`;
  }

  group(): ByteString {
    return this.name === 'XGROUP CREATE' ? `group:${this.made++}` : GROUP;
  }

  consumer(): ByteString {
    return pickOne(this, ['alice', 'bob']);
  }

  knows(since: string): boolean {
    return since.localeCompare(this.version, undefined, { numeric: true }) <= 0;
  }
}
