/** A bulk string as RESP has it, of text with one byte per character. */
export function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

/** A command as clients send it, likewise. */
export function request(...tokens: string[]): string {
  return `*${tokens.length}\r\n${tokens.map(bulk).join('')}`;
}
