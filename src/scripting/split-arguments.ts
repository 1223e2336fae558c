import { toLatin1 } from '../bytes/byte-string.ts';
import { splitInlineCommand } from '../wire/resp/inline-command.ts';

/** The words of a line, quoted as in redis-cli; `undefined` if the quotes do not match. One char per byte, both ways. */
export function splitArguments(line: string): string[] | undefined {
  const bytes = new Uint8Array(line.length);
  for (let at = 0; at < line.length; at++) bytes[at] = line.charCodeAt(at);
  return splitInlineCommand(bytes, 0, bytes.length)?.map(toLatin1);
}
