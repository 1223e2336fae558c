import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Store } from '../../src/index.ts';
import { collectingPeer } from '../../src/session/peer.ts';
import { registry } from '../../src/session/registry.ts';
import { serverOf } from '../../src/session/server.ts';
import { Session } from '../../src/session/session.ts';
import { targets } from '../../src/session/targets.ts';
import type { KeySpec } from '../../src/wire/grammar/piece.ts';
import { RespWriter } from '../../src/wire/resp/resp-writer.ts';

/** A row of the table of facts. A question mark stands where it states nothing. */
interface Facts {
  readonly name: string;
  readonly since: string;
  readonly group: string;
  readonly arity: string;
  readonly flags: string;
  readonly keys: string;
}

const table: readonly Facts[] = readFileSync(new URL('../fixtures/commands.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .slice(1)
  .map((line) => {
    const [name = '', since = '', group = '', arity = '', flags = '', keys = ''] = line.split('\t');
    return { name, since, group, arity, flags, keys };
  });

const known = table.filter(({ name }) => registry.get(name) !== undefined);

function specText({ begin, find, flags }: KeySpec): string {
  const start =
    begin === 'unknown'
      ? 'unknown'
      : 'index' in begin
        ? `index:${begin.index}`
        : `keyword:${begin.keyword}@${begin.startFrom}`;
  const found =
    find === 'unknown'
      ? 'unknown'
      : 'lastKey' in find
        ? `range:${find.lastKey},${find.step},${find.limit}`
        : `keynum:${find.keyNumberIndex},${find.firstKey},${find.step}`;
  return `${start}/${found}/${flags.map((flag) => flag.toLowerCase()).join('+')}`;
}

/** The facts give flags as somebody wrote them down, COMMAND INFO in an order of its own. */
function unordered(specs: string): string {
  return specs.replace(/[a-z_]+(?:\+[a-z_]+)+/g, (flags) => flags.split('+').sort().join('+'));
}

describe('the command tables agree with the published facts', () => {
  test.each(known)('$name', ({ name, since, group, arity, flags, keys }) => {
    const command = registry.get(name)!;
    expect(command.facts.since).toBe(since);
    expect(command.facts.group).toBe(group);
    if (arity !== '?') expect(command.arity).toBe(Number(arity));
    if (flags !== '?') {
      const stated = [...command.flags].filter((flag) => flag !== 'movablekeys');
      expect(stated.sort()).toEqual(flags.split(',').filter(Boolean).sort());
    }
    if (keys !== '?') expect(unordered(command.keySpecs.map(specText).join(' '))).toBe(unordered(keys));
  });

  test('none is missing', () => {
    const missing = table.filter(({ name }) => registry.get(name) === undefined);
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});

test('every command has a target, and the target its methods', () => {
  const session = new Session(serverOf(new Store().keyspace), collectingPeer(new RespWriter()));
  const lacking = registry.all.flatMap(({ fullName, facts, forms }) => {
    const target = facts.target === undefined ? session.view : targets[facts.target]?.(session, registry);
    return forms
      .filter(({ method }) => typeof Reflect.get(target ?? {}, method) !== 'function')
      .map(() => fullName);
  });
  expect(lacking).toEqual([]);
  const named = new Set(registry.all.map(({ facts }) => facts.target));
  expect(Object.keys(targets).filter((name) => !named.has(name))).toEqual([]);
});
