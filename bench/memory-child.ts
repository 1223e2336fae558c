/** Makes one subject of `memory.ts` in a process that holds nothing else, and prints how many bytes it takes. */
import { usedBytes } from './heap.ts';
import { type MemorySubject, memoryCases } from './memory-subjects.ts';
import { streamMemoryCases } from './stream-memory.ts';

const [caseName, side, count] = process.argv.slice(2);
const found = [...memoryCases, ...streamMemoryCases].find((candidate) => candidate.name === caseName);
if (found === undefined) throw new Error(`no case ${caseName}`);
const subject: MemorySubject = side === 'lodis' ? found.lodis : found.peer;

// Code that runs for the first time is compiled, and that too takes memory.
let held: unknown = subject.make(1000);
held = undefined;
const before = usedBytes();
held = subject.make(Number(count));
const bytes = usedBytes() - before;
if (held === undefined) throw new Error('it was not held');
console.log(bytes);
process.exit();
