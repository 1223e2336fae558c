import { hashOfString } from './lua/values/key-hash.ts';
import { LuaTable } from './lua/values/lua-table.ts';
import type { LuaValue } from './lua/values/value.ts';
import { DEEPEST } from './reply-writer.ts';

/** About how many bytes a value of an answer takes besides its text. */
const VALUE_BYTES = 32;
const TABLE_BYTES = 96;

/** A field of a table, found without its name being hashed each time. */
class Field {
  private readonly name: string;
  private readonly hash: number;

  constructor(name: string) {
    this.name = name;
    this.hash = hashOfString(name);
  }

  in(table: LuaTable): LuaValue {
    return table.getHashed(this.name, this.hash);
  }
}

/** What is answered of a table that has such a field: another table, or a text. */
const TABLE_FIELDS = [new Field('map'), new Field('set'), new Field('verbatim_string')];
const TEXT_FIELDS = [new Field('ok'), new Field('err'), new Field('big_number')];

/** A table whose values are being counted: as an array up to its first nil, or all its keys and values. */
interface Level {
  readonly table: LuaTable;
  readonly isArray: boolean;
  at: number;
}

/**
 * Whether an answer would take more than so many bytes: a table may stand in it many times, so that a small script can
 * answer what no memory holds. O(size of the answer), and ends with the limit.
 */
export function isAnswerLarger(answer: LuaTable, limitBytes: number): boolean {
  const levels: Level[] = [levelOf(answer)];
  let bytes = VALUE_BYTES;
  const count = (value: LuaValue): void => {
    bytes += VALUE_BYTES;
    if (typeof value === 'string') bytes += value.length;
    else if (value instanceof LuaTable) {
      bytes += TABLE_BYTES;
      for (const field of TEXT_FIELDS) {
        const text = field.in(value);
        if (typeof text === 'string') bytes += text.length;
      }
      // What is deeper is not answered.
      if (levels.length < DEEPEST) levels.push(levelOf(value));
    }
  };
  while (bytes <= limitBytes) {
    const level = levels.at(-1);
    if (level === undefined) return false;
    const { table } = level;
    level.at = level.isArray ? level.at + 1 : table.nextPosition(level.at);
    const value = level.isArray ? table.getNumber(level.at) : table.valueAt(level.at);
    if (value === undefined) levels.pop();
    else {
      if (!level.isArray) count(table.keyAt(level.at));
      count(value);
    }
  }
  return true;
}

function levelOf(table: LuaTable): Level {
  for (const field of TABLE_FIELDS) {
    const inner = field.in(table);
    if (inner instanceof LuaTable) return { table: inner, isArray: false, at: 0 };
  }
  return { table, isArray: true, at: 0 };
}
