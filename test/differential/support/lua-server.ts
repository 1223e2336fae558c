import type { RawClient } from '../../support/raw-client.ts';

/** What a script that returns a list of strings answers on the real server, each as one char per byte. */
export async function evalStrings(
  client: RawClient,
  script: string,
  args: readonly string[] = [],
): Promise<string[]> {
  const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
  const reply = await client.send(['EVAL', bytes(script), '0', ...args.map(bytes)]);
  if (reply.type !== '*' || reply.items === null) throw new Error(`${script}\n${JSON.stringify(reply)}`);
  return reply.items.map((item) => {
    if (item.type !== '$' || item.value === null) throw new Error(`${script}\n${JSON.stringify(item)}`);
    return item.value;
  });
}
