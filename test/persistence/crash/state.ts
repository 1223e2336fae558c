import { connect, type Store } from '../../../src/index.ts';

/**
 * Everything a store holds, as one text that is the same for the same data: keys, types, contents, expiry times of keys and
 * fields, groups with who has what pending.
 */
export function stateOf(store: Store): string {
  const connection = connect(store);
  const call = (...tokens: string[]): unknown => connection.call(tokens[0] as string, ...tokens.slice(1));
  const state: unknown[] = [];
  for (const database of ['0', '1']) {
    call('SELECT', database);
    for (const key of (call('KEYS', '*') as string[]).sort()) {
      const type = String(call('TYPE', key));
      state.push([database, key, type, String(call('PEXPIRETIME', key)), contentOf(call, type, key)]);
    }
  }
  return JSON.stringify(state, (_, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    if (value instanceof Map) return [...value];
    return value;
  });
}

type Call = (...tokens: string[]) => unknown;

function contentOf(call: Call, type: string, key: string): unknown {
  if (type === 'string') return call('GET', key);
  if (type === 'list') return call('LRANGE', key, '0', '-1');
  if (type === 'set') return (call('SMEMBERS', key) as string[]).sort();
  if (type === 'zset') return call('ZRANGE', key, '0', '-1', 'WITHSCORES');
  if (type === 'hash')
    return (call('HKEYS', key) as string[])
      .sort()
      .map((field) => [field, call('HGET', key, field), call('HPEXPIRETIME', key, 'FIELDS', '1', field)]);
  if (type === 'vectorset')
    return (call('VRANGE', key, '-', '+') as string[]).sort().map((name) => [name, call('VEMB', key, name)]);
  if (type === 'array') return call('ARSCAN', key, '0', '18446744073709551614');
  if (type === 'stream') return streamOf(call, key);
  throw new Error(`no type that is known here: ${type}`);
}

/** Not when consumers were seen: that is no data. */
function streamOf(call: Call, key: string): unknown {
  const groups = (call('XINFO', 'GROUPS', key) as unknown[]).map((group) => named(group));
  return [
    call('XRANGE', key, '-', '+'),
    ...['length', 'last-generated-id', 'max-deleted-entry-id', 'entries-added'].map(
      (name) => named(call('XINFO', 'STREAM', key))[name],
    ),
    groups.map((group) => [
      group,
      call('XPENDING', key, String(group['name']), '-', '+', '1000'),
      (call('XINFO', 'CONSUMERS', key, String(group['name'])) as unknown[]).map(
        (consumer) => named(consumer)['name'],
      ),
    ]),
  ];
}

function named(reply: unknown): Record<string, unknown> {
  if (!Array.isArray(reply)) return reply as Record<string, unknown>;
  const pairs: [string, unknown][] = [];
  for (let i = 0; i < reply.length; i += 2) pairs.push([String(reply[i]), reply[i + 1]]);
  return Object.fromEntries(pairs);
}
