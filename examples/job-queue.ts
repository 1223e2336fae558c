/**
 * A queue of jobs with BullMQ, on a store instead of a server: jobs that wait for their time, that fail and are tried
 * again, and that nobody can do. BullMQ is unchanged: all it does, it does by scripts in Lua, which the store runs.
 *
 *     npx tsx examples/job-queue.ts
 */
import { pathToFileURL } from 'node:url';
import { type Job, type JobsOptions, Queue, Worker } from 'bullmq';
import { connectorFor } from '../src/clients/ioredis.ts'; // in your program: from 'lodis/ioredis'
import { Store } from '../src/index.ts'; // from 'lodis'
import { lua } from '../src/scripting/index.ts'; // from 'lodis/scripting'

/** What can be told of a mail. */
export type MailEvent = 'sent' | 'fails' | 'given up';

export interface Mail {
  readonly to: string;
  readonly about: string;
  readonly options?: JobsOptions;
}

/** Who is told what happens; attempts are counted from 1. */
export type Tell = (event: MailEvent, mail: Mail, attempt: number) => void;

/** Sends a mail. Who throws has not sent it: it is tried again as often as its options say. */
export type Send = (mail: Mail, attempt: number) => Promise<string>;

/**
 * Has a worker send mails until each was sent or given up. Resolves to how many are in which state then.
 *
 * @param store made with `scripting: lua()`
 */
export async function sendMails(store: Store, mails: readonly Mail[], send: Send, tell: Tell) {
  // All that BullMQ has to know of the store. It opens as many connections as it needs.
  const connection = { Connector: connectorFor(store) };
  const queue = new Queue<Mail>('mails', { connection });
  const worker = new Worker<Mail>('mails', (job) => send(job.data, job.attemptsMade + 1), { connection });

  const allEnded = new Promise<void>((resolve) => {
    let left = mails.length;
    const end = (event: MailEvent, { data, attemptsMade }: Job<Mail>) => {
      tell(event, data, attemptsMade);
      if (event !== 'fails' && --left === 0) resolve();
    };
    worker.on('completed', (job) => end('sent', job));
    worker.on('failed', (job) => {
      if (job !== undefined) end(job.finishedOn === undefined ? 'fails' : 'given up', job);
    });
  });
  await queue.addBulk(mails.map((mail) => ({ name: mail.about, data: mail, opts: mail.options ?? {} })));
  await allEnded;

  const counts = await queue.getJobCounts('waiting', 'delayed', 'active', 'completed', 'failed');
  await worker.close();
  await queue.close();
  return counts;
}

/** As in a shop: at once, later, at the third attempt, never, and when there is nothing else to do. */
export const MAILS: readonly Mail[] = [
  { to: 'ada', about: 'receipt' },
  { to: 'bob', about: 'how did you like it?', options: { delay: 250 } },
  { to: 'carol', about: 'invoice', options: { attempts: 3, backoff: { type: 'exponential', delay: 40 } } },
  { to: 'nobody', about: 'news', options: { attempts: 2, backoff: 10 } },
  { to: 'dan', about: 'our newsletter', options: { priority: 10 } }, // after all that have none
];

/** Carol's mailbox is full for two attempts, and nobody has none. */
export const send: Send = ({ to }, attempt) => {
  if (to === 'nobody') return Promise.reject(new Error('no such mailbox'));
  if (to === 'carol' && attempt < 3) return Promise.reject(new Error('mailbox full'));
  return Promise.resolve(`250 OK, ${to}`);
};

// ── the story, told in real time ───────────────────────────────────────────────────────────────────────────

async function main(): Promise<void> {
  const startedMs = Date.now();
  const store = new Store({ scripting: lua() });
  const counts = await sendMails(store, MAILS, send, (event, { to, about }, attempt) => {
    const text = `${event.padEnd(8)}  ${to.padEnd(6)}  ${about}${attempt > 1 ? ` (attempt ${attempt})` : ''}`;
    console.log(`${String(Date.now() - startedMs).padStart(5)} ms  ${text}`);
  });
  // What BullMQ has written are keys like others: typed calls see them.
  const [failed = ''] = store.zrange('bull:mails:failed', 0, 0);
  console.log(
    [
      '',
      `${counts['completed']} sent, ${counts['failed']} given up, ${counts['waiting']} waiting, ${counts['delayed']} delayed.`,
      `Job ${failed}: ${store.hget(`bull:mails:${failed}`, 'failedReason')}.`,
      `${store.keys('bull:mails:*').length} keys, one of them a stream of ${store.xlen('bull:mails:events')} events.`,
    ].join('\n'),
  );
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
