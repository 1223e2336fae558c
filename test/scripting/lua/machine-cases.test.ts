import { describe, expect, it } from 'vitest';
import { answerTo, machineWithLibraries, readCases } from './support/cases.ts';

/** Scripts with what lua5.1 answers to each. */
const FILES = [
  'errors.lua',
  'evaluation.lua',
  'metatables.lua',
  'coroutines.lua',
  'protected.lua',
  'environments.lua',
];

describe.each(FILES)('the machine answers as the reference: %s', (file) => {
  it.each(readCases(file).map((one) => [one.name, one] as const))('%s', (_, { source, expected }) => {
    expect(expected).not.toBe('');
    expect(answerTo(machineWithLibraries(), source)).toBe(expected);
  });
});
