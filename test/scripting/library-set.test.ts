import { expect, test } from 'vitest';
import type { Library, LibraryFunction } from '../../src/scripting/functions/library.ts';
import { LibrarySet } from '../../src/scripting/functions/library-set.ts';
import { NativeFunction } from '../../src/scripting/lua/values/native-function.ts';

function library(name: string, ...functions: string[]): Library {
  const made = functions.map((one): [string, LibraryFunction] => [
    one,
    { name: one, callback: new NativeFunction(one, () => undefined), description: null, flags: new Set() },
  ]);
  return { name, code: `#!lua name=${name}`, functions: new Map(made), bytes: 0 };
}

test('what collides changes nothing', () => {
  const set = new LibrarySet();
  set.add(library('a', 'f', 'g'), false);
  set.add(library('b', 'h'), false);
  const before = [...set.libraries.keys()];
  expect(() => set.add(library('a', 'x'), false)).toThrow("Library 'a' already exists");
  expect(() => set.add(library('c', 'x', 'F'), false)).toThrow('Function F already exists');
  expect(() => set.add(library('a', 'x', 'H'), true)).toThrow('Function H already exists');
  expect([...set.libraries.keys()]).toEqual(before);
  expect(set.find('G')?.name).toBe('g');
  expect(set.find('x')).toBeUndefined();
  set.checkInvariants();
});

test('a set is joined whole or not at all', () => {
  const set = new LibrarySet();
  set.add(library('a', 'f'), false);
  set.add(library('b', 'g'), false);
  const others = new LibrarySet();
  others.add(library('a', 'f2'), false);
  others.add(library('c', 'g'), false);
  expect(() => set.join(others, false)).toThrow('Library a already exists');
  expect(() => set.join(others, true)).toThrow('Function g already exists');
  expect([...set.libraries.keys()]).toEqual(['a', 'b']);
  expect(set.find('f')).toBeDefined();
  set.checkInvariants();
  set.delete('b');
  set.join(others, true);
  expect(set.find('f')).toBeUndefined();
  expect(set.find('f2')).toBeDefined();
  expect(set.functionCount).toBe(2);
  set.checkInvariants();
});

test('names that differ by case only: the first can be called', () => {
  const set = new LibrarySet();
  set.add(library('a', 'f', 'F'), false);
  expect(set.find('F')?.name).toBe('f');
  set.checkInvariants();
  set.delete('a');
  expect(set.functionCount).toBe(0);
  set.checkInvariants();
});
