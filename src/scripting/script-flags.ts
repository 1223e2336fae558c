/** What a script or a function says of itself, in the words in which it says it, and in Redis's order. */
export const SCRIPT_FLAGS = [
  'no-writes',
  'allow-oom',
  'allow-stale',
  'no-cluster',
  'allow-cross-slot-keys',
] as const;

export type ScriptFlag = (typeof SCRIPT_FLAGS)[number];

export function isScriptFlag(word: string): word is ScriptFlag {
  return (SCRIPT_FLAGS as readonly string[]).includes(word);
}

/** Whether what says this of itself runs where there is no room: it does not care, or only reads. */
export function needsNoRoom(flags: ReadonlySet<ScriptFlag>): boolean {
  return flags.has('allow-oom') || flags.has('no-writes');
}
