/**
 * Makes each subject of `honesty.ts` that is named, in a process that holds nothing else, and prints for each how many bytes
 * it takes, and how many lodis says it takes: `[[bytes, estimate], …]`.
 */
import { Store } from '../src/index.ts';
import { usedBytes } from './heap.ts';
import { type Churn, churned, churnName, churns } from './honesty-churn.ts';
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

function measureChurned(churn: Churn): [bytes: number, estimate: number] {
  const warm = churned(churn, WARM_UP_SHARE);
  warm.flushall();
  warm.close();
  const before = usedBytes();
  const store = churned(churn);
  const bytes = usedBytes() - before;
  const estimate = store.keyspace.countMemory().usedBytes;
  store.flushall();
  store.close();
  return [bytes, estimate];
}

/** By its name; `mix 3 of 1000` is a thousand keys of the third mix. */
function subjectOf(name: string): HonestySubject {
  const mix = /^mix (\d+)(?: of (\d+))?$/.exec(name);
  if (mix !== null) return mixed(Number(mix[1]), mix[2] === undefined ? undefined : Number(mix[2]));
  const subject = subjects.find((each) => each.name === name);
  if (subject === undefined) throw new Error(`no subject ${name}`);
  return subject;
}

const results = process.argv.slice(2).map((name) => {
  const churn = churns.find((each) => churnName(each) === name);
  return churn === undefined ? measure(subjectOf(name)) : measureChurned(churn);
});
console.log(JSON.stringify(results));
process.exit();
