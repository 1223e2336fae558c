import { LuaTable } from '../../lua/values/lua-table.ts';

/** The field of a metatable that says a table is an array. */
export const ARRAY_MARK = '__is_cjson_array';

/** What to do with a number that JSON does not have. */
export const INVALID_REFUSED = 0;
export const INVALID_WRITTEN = 1;
export const INVALID_AS_NULL = 2;

/**
 * The settings of one `cjson`. They stay as scripts leave them, for all later scripts of the same interpreter;
 * `cjson.new()` gives a `cjson` with settings of its own.
 */
export class JsonSettings {
  /** Whether a sparse array is written as an object rather than refused. */
  encodeSparseConvert = false;
  /** An array is sparse if its highest index is more than so many times the number of its elements; 0: none is. */
  encodeSparseRatio = 2;
  /** No array with at most this highest index is sparse. */
  encodeSparseSafe = 10;
  encodeMaxDepth = 1000;
  decodeMaxDepth = 1000;
  /** Significant digits, 1 to 14. */
  encodeNumberPrecision = 14;
  /** Has no effect here: there is no buffer. */
  encodeKeepBuffer = true;
  encodeInvalidNumbers: typeof INVALID_REFUSED | typeof INVALID_WRITTEN | typeof INVALID_AS_NULL =
    INVALID_REFUSED;
  decodeInvalidNumbers = true;
  /** Whether decoded arrays are marked as such, so that they are arrays again even when they are empty. */
  decodeArrayWithArrayMt = false;
  private mark: LuaTable | undefined = undefined;

  /** The metatable that marks an array; scripts may not change it. */
  arrayMetatable(): LuaTable {
    if (this.mark === undefined) {
      this.mark = new LuaTable(0, 1);
      this.mark.setString(ARRAY_MARK, true);
      this.mark.isReadonly = true;
    }
    return this.mark;
  }
}
