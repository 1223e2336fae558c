import { errors } from '../errors.ts';
import { isScriptFlag, type ScriptFlag } from './script-flags.ts';
import { splitArguments } from './split-arguments.ts';

/** A script's first line, read. */
export interface Shebang {
  /** `undefined` where there is none: as before Redis 7 the script may then do whatever its commands may. */
  readonly flags: ReadonlySet<ScriptFlag> | undefined;
  /** The source without the line, but with its end, so that lines keep their numbers. */
  readonly code: string;
}

/**
 * Reads `#!lua flags=no-writes,allow-oom`, which may stand before a script.
 *
 * @throws ReplyError if it begins like one, and is none
 */
export function readShebang(source: string): Shebang {
  if (!source.startsWith('#!')) return { flags: undefined, code: source };
  const end = endOfFirstLine(source);
  if (end < 0) throw errors.scriptInvalidShebang();
  const [engine, ...options] = splitArguments(source.slice(0, end)) ?? [];
  if (engine === undefined) throw errors.scriptInvalidEngine();
  if (engine !== '#!lua') throw errors.scriptUnknownEngine(engine);
  const flags = new Set<ScriptFlag>();
  for (const option of options) {
    if (!option.startsWith('flags=')) throw errors.scriptUnknownOption(option);
    for (const flag of flagList(option.slice('flags='.length))) {
      if (!isScriptFlag(flag)) throw errors.scriptUnknownFlag(flag);
      flags.add(flag);
    }
  }
  return { flags, code: source.slice(end) };
}

/** Where the first line ends; -1 if it does not, or has a zero byte in it, where Redis stops to look. */
export function endOfFirstLine(source: string): number {
  const end = source.indexOf('\n');
  const zero = source.indexOf('\0');
  return zero >= 0 && zero < end ? -1 : end;
}

function flagList(text: string): string[] {
  return text === '' ? [] : text.split(',');
}
