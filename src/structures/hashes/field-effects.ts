import type { ByteString, Bytes } from '../../bytes/byte-string.ts';

/** `command` with what the commands on the TTLs of fields end with: `FIELDS`, how many, and which. */
export function withFieldNames(command: readonly Bytes[], fields: readonly ByteString[]): Bytes[] {
  return [...command, 'FIELDS', String(fields.length), ...fields];
}
