import { fromLatin1 } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { endOfFirstLine } from '../shebang.ts';
import { splitArguments } from '../split-arguments.ts';

/** The first line of a library, `#!lua name=mylib`, read. */
export interface LibraryHeader {
  /** One char per byte, as the code. */
  readonly name: string;
  /** The source without the line, but with its end, so that lines keep their numbers. */
  readonly code: string;
}

const NAME = /^[A-Za-z0-9_]+$/;

/**
 * @param source one char per byte
 * @throws ReplyError if there is no such line, it names another engine than Lua, or no name that a library can have
 */
export function readLibraryHeader(source: string): LibraryHeader {
  if (!source.startsWith('#!')) throw errors.libraryNoMetadata();
  const end = endOfFirstLine(source);
  if (end < 0) throw errors.libraryInvalidMetadata();
  const words = splitArguments(source.slice(0, end));
  const [shebang, ...options] = words ?? [];
  if (shebang === undefined) throw errors.libraryInvalidMetadata();
  let name: string | undefined;
  for (const option of options) {
    if (!/^name=/i.test(option)) throw errors.libraryMetadataValue(fromLatin1(option));
    if (name !== undefined) throw errors.libraryNameTwice();
    name = option.slice('name='.length);
  }
  if (name === undefined) throw errors.libraryNoName();
  requireName(name);
  const engine = shebang.slice(2);
  if (engine.toUpperCase() !== 'LUA') throw errors.libraryUnknownEngine(fromLatin1(engine));
  return { name, code: source.slice(end) };
}

/** @throws ReplyError if neither a library nor a function can be named so */
function requireName(name: string): void {
  if (!isName(name)) throw errors.libraryNameInvalid();
}

/** Whether a library, or a function of one, can be named so. */
export function isName(name: string): boolean {
  return NAME.test(name);
}
