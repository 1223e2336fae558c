import type { ReplyNode } from '../../../src/wire/resp/reply-node.ts';

/** What later versions than the reference server's (7.0) say otherwise: both are brought to the same. */
const SAID_OTHERWISE: readonly (readonly [RegExp, string])[] = [
  // 7.2: NOPERM tells the user's name, and is shorter about keys and channels.
  [/(User \S*|[Tt]his user) has no permissions/, 'the user has no permissions'],
  [
    /the user has no permissions to access one of the (key|channel)s used as arguments/,
    'No permissions to access a $1',
  ],
  // 7.2: a key or channel is told whole, and not as C's strings end.
  [/\0[^']*' (key|channel)$/, "' $1"],
  // 7.2: HELLO's hint names the protocol.
  [/HELLO AUTH <user>/, 'HELLO <proto> AUTH <user>'],
  // 7.2: every user is shown with this, which is the default.
  [/(^user \S* .*?)(?<!skip)(?<! skip-) sanitize-payload/, '$1'],
];

/** The fields of HELLO and ACL LOG that differ from run to run, or (the ids and times) are newer than the reference server. */
const UNCOMPARED_FIELDS = new Set([
  'version',
  'id',
  'age-seconds',
  'client-info',
  'entry-id',
  'timestamp-created',
  'timestamp-last-updated',
]);

function textOf(node: ReplyNode | undefined): string {
  return node?.type === '$' || node?.type === '+' ? (node.value ?? '') : '';
}

/** A reply in the form in which ours and the older reference server's agree. */
export function normalise(node: ReplyNode): ReplyNode {
  if (node.type === '%') {
    const entries = node.entries
      .filter(([name]) => !UNCOMPARED_FIELDS.has(textOf(name)))
      .map(([name, value]) => [normalise(name), normalise(value)] as [ReplyNode, ReplyNode]);
    return { ...node, entries };
  }
  if ('items' in node) {
    if (node.items === null) return node;
    const items = node.items.filter(
      (item, at, all) =>
        textOf(item) !== 'sanitize-payload' &&
        !UNCOMPARED_FIELDS.has(textOf(item)) &&
        !UNCOMPARED_FIELDS.has(textOf(all[at - 1])),
    );
    return { ...node, items: items.map(normalise) };
  }
  if ((node.type === '-' || node.type === '$') && typeof node.value === 'string') {
    let text = node.value;
    for (const [pattern, replacement] of SAID_OTHERWISE) text = text.replace(pattern, replacement);
    return { ...node, value: text };
  }
  return node;
}
