import { STRING, type StringValue } from '../../structures/strings/string-value.ts';
import { readString, writeRawString, writeString } from './strings.ts';
import { RDB_VERSION_7_0, type ValueForm } from './value-form.ts';

const TYPE_STRING = 0;

/** Strings: one string. */
export const STRING_FORM: ValueForm<StringValue> = {
  kind: STRING,
  write(writer, value, options) {
    writer.writeByte(TYPE_STRING);
    if (typeof value === 'string') writeString(writer, value, options);
    else writeRawString(writer, value.bytes, options);
    return RDB_VERSION_7_0;
  },
  readers: { [TYPE_STRING]: readString },
};
