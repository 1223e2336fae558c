import { describe, expect, test } from 'vitest';
import { toBytes } from '../../../src/bytes/byte-string.ts';
import {
  aofNaming,
  EMPTY_MANIFEST,
  nextBaseName,
  parseManifest,
  printManifest,
  takenOver,
  withBase,
  withIncremental,
  withoutHistory,
} from '../../../src/persistence/aof/manifest.ts';

const parse = (text: string) => parseManifest(toBytes(text), 'm');
const print = (manifest: typeof EMPTY_MANIFEST) => new TextDecoder().decode(printManifest(manifest));
const naming = aofNaming('appendonly.aof');

test('names and lines are those of Redis', () => {
  let manifest = withBase(EMPTY_MANIFEST, naming, true, 0);
  manifest = withIncremental(manifest, naming);
  expect(print(manifest)).toBe(
    'file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n',
  );
  manifest = withIncremental(manifest, naming);
  expect(nextBaseName(manifest, naming, false)).toBe('appendonly.aof.2.base.aof');
  manifest = withBase(manifest, naming, false, 1);
  expect(print(manifest)).toBe(
    [
      'file appendonly.aof.2.base.aof seq 2 type b',
      'file appendonly.aof.1.incr.aof seq 1 type h',
      'file appendonly.aof.1.base.rdb seq 1 type h',
      'file appendonly.aof.2.incr.aof seq 2 type i',
      '',
    ].join('\n'),
  );
  expect(parse(print(manifest))).toEqual(manifest);
  expect(print(withoutHistory(manifest)).split('\n')).toHaveLength(3);
  expect(print(takenOver('old.aof'))).toBe('file old.aof seq 1 type b\n');
});

test('odd names come back', () => {
  for (const name of [
    'a b',
    'quote"d',
    'back\\slash'.replace('\\', '"'),
    'naïve.aof',
    "apo'strophe",
    'tab\t',
  ]) {
    const manifest = withIncremental(takenOver(name), aofNaming(name));
    expect(parse(print(manifest))).toEqual(manifest);
    expect(print(manifest)).toMatch(/^[ -~\n]*$/);
  }
});

test('remarks are passed over, and what later versions add is kept', () => {
  const manifest = parse('# a remark\nfile x seq 3 type i startoffset 17\n');
  expect(manifest.incrementalSequence).toBe(3);
  expect(print(manifest)).toBe('file x seq 3 type i startoffset 17\n');
});

describe('what Redis refuses is refused, in its words', () => {
  test.each([
    ['', 'Found an empty AOF manifest'],
    ['file x seq 1 type b', 'The AOF manifest file contains too long line'],
    [`file ${'x'.repeat(1100)} seq 1 type b\n`, 'The AOF manifest file contains too long line'],
    ['\n', 'Invalid AOF manifest file format'],
    ['file x seq 1\n', 'Invalid AOF manifest file format'],
    ['file x seq 1 type\n', 'Invalid AOF manifest file format'],
    ['file x seq 0 type b\n', 'Invalid AOF manifest file format'],
    ['file x seq one type b\n', 'Invalid AOF manifest file format'],
    ['file "x seq 1 type b\n', 'Invalid AOF manifest file format'],
    ['file a/b seq 1 type b\n', "File can't be a path, just a filename"],
    ['file x seq 1 type z\n', 'Unknown AOF file type'],
    ['file x seq 1 type b\nfile y seq 2 type b\n', 'Found duplicate base file information'],
    ['file x seq 2 type i\nfile y seq 2 type i\n', 'Found a non-monotonic sequence number'],
  ])('%j', (text, problem) => {
    expect(() => parse(text)).toThrow(problem);
    if (text !== '') expect(() => parse(text)).toThrow(`at line ${Math.max(1, text.split('\n').length - 1)}`);
  });
});
