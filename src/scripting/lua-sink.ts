import { type ByteString, fromBytes, toLatin1 } from '../bytes/byte-string.ts';
import type { ReplyError } from '../errors.ts';
import { formatDouble } from '../numbers/double.ts';
import type { ReplySink } from '../wire/resp/reply-sink.ts';
import { allocation } from './lua/values/allocation.ts';
import { LuaTable } from './lua/values/lua-table.ts';
import { LONG_TEXT, lookedAt } from './lua/values/metering.ts';
import type { LuaValue } from './lua/values/value.ts';

/** A value of a reply costs a script about as much as looking at so many bytes. */
const VALUE_BYTES = 256;

/** An aggregate whose values are still arriving. */
interface Open {
  readonly kind: 'array' | 'map' | 'set';
  /** What they are put into. */
  readonly items: LuaTable;
  /** What stands for the aggregate: the table itself, or one that holds it under `map` or `set`. */
  readonly value: LuaTable;
  /** How many have come, and how many are to come in all. */
  count: number;
  readonly length: number;
  /** Of a map: the last key. */
  key: LuaValue;
  readonly outer: Open | undefined;
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
    const table = new LuaTable(length, 0);
    this.begin('array', table, table, length);
  }

  map(pairs: number): void {
    if (this.protocol === 2) {
      this.array(2 * pairs);
      return;
    }
    const items = new LuaTable(0, pairs);
    this.begin('map', items, fieldTable('map', items), 2 * pairs);
  }

  set(size: number): void {
    if (this.protocol === 2) {
      this.array(size);
      return;
    }
    const items = new LuaTable(0, size);
    this.begin('set', items, fieldTable('set', items), size);
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

  private begin(kind: Open['kind'], items: LuaTable, value: LuaTable, length: number): void {
    lookedAt(length * VALUE_BYTES);
    if (length === 0) this.put(value);
    else this.open = { kind, items, value, count: 0, length, key: undefined, outer: this.open };
  }

  private put(value: LuaValue): void {
    let complete = value;
    let { open } = this;
    while (open !== undefined) {
      add(open, complete);
      if (open.count < open.length) {
        this.open = open;
        return;
      }
      complete = open.value;
      open = open.outer;
    }
    this.open = undefined;
    this.value = complete;
  }
}

function add(open: Open, value: LuaValue): void {
  open.count++;
  if (open.kind === 'array') {
    // Nil among the values leaves a hole.
    if (value !== undefined) open.items.setNumber(open.count, value);
  } else if (open.kind === 'set') {
    if (value !== undefined) open.items.set(value, true);
  } else if (open.count % 2 === 1) open.key = value;
  else if (open.key !== undefined) open.items.set(open.key, value);
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
