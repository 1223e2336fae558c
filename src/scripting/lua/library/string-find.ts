import type { MachineServices } from '../values/native-call.ts';

/** Finding a text as it is: with the engine's own search, but never for long at a time. */

/** So many comparisons, at worst, are made between two words with the machine. */
const LUMP_COMPARISONS = 2 ** 24;
/** Texts so long are sought in a way that has no worst case. */
const LONG_TEXT = 4096;
const BYTES_PER_STEP_BITS = 7;

/**
 * The first place from `from` on where a text is, or -1.
 *
 * @throws Interruption if the run must end
 */
export function findText(machine: MachineServices, subject: string, text: string, from: number): number {
  const rest = subject.length - from;
  if (rest < text.length) return -1;
  if (rest * text.length <= LUMP_COMPARISONS || text.length <= 1) {
    machine.spend(1 + (rest >>> BYTES_PER_STEP_BITS));
    return subject.indexOf(text, from);
  }
  return text.length > LONG_TEXT
    ? findLongText(machine, subject, text, from)
    : findInWindows(machine, subject, text, from);
}

function findInWindows(machine: MachineServices, subject: string, text: string, from: number): number {
  const size = Math.floor(LUMP_COMPARISONS / text.length);
  for (let start = from; start + text.length <= subject.length; start += size) {
    machine.spend(size >>> BYTES_PER_STEP_BITS);
    const found = subject.slice(start, start + size + text.length - 1).indexOf(text);
    if (found >= 0) return start + found;
  }
  return -1;
}

/** Knuth, Morris and Pratt's way: no byte of the subject is looked at again. */
function findLongText(machine: MachineServices, subject: string, text: string, from: number): number {
  machine.allocate(text.length * 4);
  // For each beginning of the text: how long its longest true end is that is a beginning of the text too.
  const borders = new Int32Array(text.length);
  let border = 0;
  for (let at = 1; at < text.length; at++) {
    if ((at & 4095) === 0) machine.spend(4096 >>> 2);
    while (border > 0 && text.charCodeAt(at) !== text.charCodeAt(border)) border = borders[border - 1]!;
    if (text.charCodeAt(at) === text.charCodeAt(border)) border++;
    borders[at] = border;
  }
  let matched = 0;
  for (let at = from; at < subject.length; at++) {
    if ((at & 4095) === 0) machine.spend(4096 >>> 2);
    while (matched > 0 && subject.charCodeAt(at) !== text.charCodeAt(matched))
      matched = borders[matched - 1]!;
    if (subject.charCodeAt(at) === text.charCodeAt(matched)) matched++;
    if (matched === text.length) return at - matched + 1;
  }
  return -1;
}
