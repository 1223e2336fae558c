import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Store } from '../../../src/index.ts';
import { persistent } from '../../../src/persistence/index.ts';
import { NodeStorage } from '../../../src/persistence/storage/node-storage.ts';
import { lua } from '../../../src/scripting/index.ts';
import type { ChildOrder } from './crash.ts';
import { KillingStorage } from './killing-storage.ts';
import { numbersFrom, operationOf, Runner, timeAt } from './operations.ts';
import { stateOf } from './state.ts';

// Opens a store in a folder, says what it holds, is told at which step to go on, and says of each step that it is done; until
// it is killed. What it says is written at once: a line that was said is read, whatever happens then.

const say = (line: string): void => {
  const bytes = Buffer.from(`${line}\n`);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(1, bytes, done);
    } catch (failure) {
      if ((failure as { code?: unknown }).code !== 'EAGAIN') throw failure;
    }
  }
};

const order = JSON.parse(process.argv[2] as string) as ChildOrder;
const { folder, seed, dies, options, clock } = order;
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

let step = order.step;
let random = numbersFrom(seed);
const files = new NodeStorage(folder);
const store = await Store.open({
  ...options,
  storage: persistent(dies === undefined ? files : new KillingStorage(files, dies.at, dies.part)),
  clock: { now: () => timeAt(clock === 'stands' ? 0 : step) },
  random: () => random(),
  scripting: lua(),
  onWarning: () => {},
});
say(stateOf(store));

const { value } = await lines.next();
step = Number(value);
const runner = new Runner(store);
const chance = numbersFrom(seed ^ Math.imul(step, 31));
for (; ; step++) {
  random = numbersFrom(seed + step);
  const operation = operationOf(seed, step);
  const answer = runner.run(operation);
  say(operation.spops === undefined ? String(step) : `${step} ${JSON.stringify(answer ?? null)}`);
  // What goes on beside: rewrites and saves, which are refused while one is under way.
  const beside = Math.floor(chance() * 60);
  try {
    if (beside === 0 && options.appendonly === true) store.bgrewriteaof();
    if (beside === 1) store.bgsave();
  } catch (error) {
    if ((error as Error).name !== 'ReplyError') throw error;
  }
  if (options.appendonly !== true && beside === 2) {
    const saved = step;
    await store.save().then(
      () => say(`sure ${saved}`),
      () => undefined,
    );
  }
  if (beside < 20) {
    await new Promise((resolve) => setImmediate(resolve));
    if (options.appendonly === true) say(`sure ${step}`);
  }
}
