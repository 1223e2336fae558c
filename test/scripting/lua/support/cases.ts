import { readFileSync } from 'node:fs';
import { RandomState } from '../../../../src/scripting/lua/library/random.ts';
import { Machine, type MachineOptions } from '../../../../src/scripting/lua/machine/machine.ts';
import { LuaError } from '../../../../src/scripting/lua/values/lua-error.ts';
import type { LuaValue } from '../../../../src/scripting/lua/values/value.ts';
import { openStandardLibraries } from './standard-libraries.ts';

/** A script with what the reference implementation answers. */
export interface Case {
  readonly name: string;
  readonly source: string;
  readonly expected: string;
}

/**
 * The cases of a file of `cases/`: each begins with `--- name`, then comes the source, then the answer, each line behind `-->`:
 * `ok: ` and the results as `tostring` writes them, or `error: ` or `syntax: ` and the message.
 */
export function readCases(file: string): Case[] {
  const text = readFileSync(new URL(`../cases/${file}`, import.meta.url), 'latin1');
  return text
    .split(/^--- /m)
    .slice(1)
    .map((piece) => {
      const [name, ...lines] = piece.replace(/\n$/, '').split('\n');
      const isAnswer = (line: string) => line.startsWith('-->');
      return {
        name: name ?? '',
        source: lines.filter((line) => !isAnswer(line)).join('\n'),
        expected: lines
          .filter(isAnswer)
          .map((line) => line.slice(4))
          .join('\n'),
      };
    });
}

/** A machine with all the standard libraries. */
export function machineWithLibraries(options?: MachineOptions): Machine {
  const machine = new Machine(options);
  openStandardLibraries(machine, new RandomState());
  return machine;
}

/** What a script answers, written as in the files of cases. */
export function answerTo(machine: Machine, source: string): string {
  let phase = 'syntax';
  try {
    const chunk = machine.compile(source, '@case');
    phase = 'error';
    return `ok: ${show(machine, machine.run(chunk, []))}`;
  } catch (error) {
    if (!(error instanceof LuaError)) throw error;
    return `${phase}: ${show(machine, [error.value])}`;
  }
}

function show(machine: Machine, values: readonly LuaValue[]): string {
  return values
    .map((value) => String(machine.run(machine.globals.getString('tostring'), [value])[0]))
    .join('\t')
    .replace(/0x[0-9a-f]+/g, '0x');
}

/** What a chunk gives back. */
export function resultsOf(machine: Machine, source: string, ...args: LuaValue[]): readonly LuaValue[] {
  return machine.run(machine.compile(source, '=case'), args);
}
