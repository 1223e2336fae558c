import type { ByteString } from '../../bytes/byte-string.ts';

/**
 * An error's message as it goes over the wire: on one line. Texts that quote what a client sent may hold line
 * breaks; as in Redis each becomes a space, and those at the end go.
 */
export function errorLine(message: string): ByteString {
  if (!message.includes('\n') && !message.includes('\r')) return message;
  return message.replace(/[\r\n]+$/, '').replace(/[\r\n]/g, ' ');
}
