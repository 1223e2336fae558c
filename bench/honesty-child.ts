/**
 * Makes each subject of `honesty.ts` that is named, in a process that holds nothing else, and prints for each how many bytes
 * it takes, and how many lodis says it takes: `[[bytes, estimate], …]`.
 */
import { Store } from '../src/index.ts';
import { usedBytes } from './heap.ts';
import { fillWith, type HonestySubject, mixed, subjects } from './honesty-subjects.ts';

const WARM_UP_SHARE = 0.1;

/** What is compiled or kept ready for the first time takes memory too, and is none of the data's. */
function warmUp(subject: HonestySubject): void {
  const store = new Store();
  fillWith(store, subject, WARM_UP_SHARE);
  store.keyspace.countMemory();
  store.close();
  store.flushall();
}

function measure(subject: HonestySubject): [bytes: number, estimate: number] {
  warmUp(subject);
  const before = usedBytes();
  const store = new Store();
  fillWith(store, subject);
  const bytes = usedBytes() - before;
  const estimate = store.keyspace.countMemory().usedBytes;
  store.flushall();
  store.close();
  return [bytes, estimate];
}

const names = process.argv.slice(2);
const results = names.map((name) => {
  const seed = /^mix (\d+)$/.exec(name)?.[1];
  const subject = seed === undefined ? subjects.find((each) => each.name === name) : mixed(Number(seed));
  if (subject === undefined) throw new Error(`no subject ${name}`);
  return measure(subject);
});
console.log(JSON.stringify(results));
process.exit();
