import { type ByteString, fromBytes, toLatin1 } from '../bytes/byte-string.ts';
import type { ReplyError } from '../errors.ts';
import { formatDouble } from '../numbers/double.ts';
import type { ReplySink } from '../wire/resp/reply-sink.ts';
import { allocation } from './lua/values/allocation.ts';
import { LuaTable } from './lua/values/lua-table.ts';
import { LONG_TEXT, lookedAt } from './lua/values/metering.ts';
import { tableOf } from './lua/values/table-of.ts';
import type { LuaValue } from './lua/values/value.ts';

/** A value of a reply costs a script about as much as looking at so many bytes. */
const VALUE_BYTES = 256;

/** An aggregate whose values are still arriving. */
class Open {
  readonly kind: 'array' | 'map' | 'set';
  /** How many are to come in all. */
  readonly length: number;
  /** Those that have come. */
  readonly values: LuaValue[] = [];
  readonly outer: Open | undefined;

  constructor(kind: Open['kind'], length: number, outer: Open | undefined) {
    this.kind = kind;
    this.length = length;
    this.outer = outer;
  }
}

/**
 * Where a script's commands reply: builds the values of Lua that Redis makes of a reply.
 *
 * In RESP2 nil is `false` and a status `{ ok = … }`. After `redis.setresp(3)` nil is nil, and maps, sets, doubles, big
 * numbers and verbatim strings are tables that say so.
 */
export class LuaSink implements ReplySink {
  protocol: 2 | 3 = 2;
  /** What was written. */
  value: LuaValue = undefined;
  private open: Open | undefined = undefined;

  /** Forgets half a reply. */
  reset(): void {
    this.value = undefined;
    this.open = undefined;
  }

  simple(text: string): void {
    this.put(fieldTable('ok', toLatin1(text)));
  }

  error(error: ReplyError): void {
    this.put(errorTable(error.message));
  }

  integer(value: number | bigint): void {
    this.put(Number(value));
  }

  bulk(value: ByteString): void {
    const text = toLatin1(value);
    allocation.bytes += text.length;
    if (text.length > LONG_TEXT) lookedAt(text.length);
    if (this.open === undefined) this.value = text;
    else this.put(text);
  }

  bytes(value: Uint8Array): void {
    this.bulk(fromBytes(value));
  }

  nil(): void {
    this.put(this.protocol === 2 ? false : undefined);
  }

  nilArray(): void {
    this.nil();
  }

  array(length: number): void {
    this.begin('array', length);
  }

  map(pairs: number): void {
    if (this.protocol === 2) {
      this.array(2 * pairs);
      return;
    }
    this.begin('map', 2 * pairs);
  }

  set(size: number): void {
    if (this.protocol === 2) {
      this.array(size);
      return;
    }
    this.begin('set', size);
  }

  push(length: number): void {
    this.array(length);
  }

  double(value: number): void {
    if (this.protocol === 2) this.bulk(formatDouble(value));
    else this.put(fieldTable('double', value));
  }

  boolean(value: boolean): void {
    this.put(this.protocol === 3 ? value : value ? 1 : 0);
  }

  bigNumber(digits: string): void {
    if (this.protocol === 2) this.bulk(digits);
    else this.put(fieldTable('big_number', digits));
  }

  verbatim(format: string, text: ByteString): void {
    if (this.protocol === 2) {
      this.bulk(text);
      return;
    }
    const table = new LuaTable(0, 2);
    table.setString('string', toLatin1(text));
    table.setString('format', format);
    this.put(fieldTable('verbatim_string', table));
  }

  private begin(kind: Open['kind'], length: number): void {
    lookedAt(length * VALUE_BYTES);
    if (length === 0) this.put(aggregateOf(kind, []));
    else this.open = new Open(kind, length, this.open);
  }

  private put(value: LuaValue): void {
    let complete = value;
    let { open } = this;
    while (open !== undefined) {
      const { values } = open;
      values.push(complete);
      if (values.length < open.length) {
        this.open = open;
        return;
      }
      complete = aggregateOf(open.kind, values);
      open = open.outer;
    }
    this.open = undefined;
    this.value = complete;
  }
}

/** The table for what has come, or one that holds it under `map` or `set`. Nil leaves a hole, and is neither key nor member. */
function aggregateOf(kind: Open['kind'], values: LuaValue[]): LuaTable {
  if (kind === 'array') return tableOf(values);
  const isSet = kind === 'set';
  const step = isSet ? 1 : 2;
  const items = new LuaTable(0, values.length / step);
  for (let at = 0; at < values.length; at += step) {
    const key = values[at];
    if (key !== undefined) items.set(key, isSet ? true : values[at + 1]);
  }
  return fieldTable(kind, items);
}

function fieldTable(name: string, value: LuaValue): LuaTable {
  const table = new LuaTable();
  table.setString(name, value);
  return table;
}

/** An error as scripts see it. It was counted when the command failed, and is not counted again where it is returned. */
export function errorTable(message: string): LuaTable {
  const table = new LuaTable();
  table.setString('err', toLatin1(message));
  table.setString('ignore_error_stats_update', true);
  return table;
}
