import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { MAILS, send, sendMails } from '../../examples/job-queue.ts';
import { connect, Store } from '../../src/index.ts';
import { lua } from '../../src/scripting/index.ts';

describe('a queue of jobs with BullMQ', () => {
  it('sends what can be sent, as often as it takes, and keeps what cannot', async () => {
    const store = new Store({ scripting: lua() });
    const told: Record<string, string[]> = {};
    const order: string[] = [];
    const counts = await sendMails(store, MAILS, send, (event, { to }, attempt) => {
      told[to] = [...(told[to] ?? []), `${event} ${attempt}`];
      if (event === 'sent') order.push(to);
    });
    expect(told).toEqual({
      ada: ['sent 1'],
      bob: ['sent 1'],
      carol: ['fails 1', 'fails 2', 'sent 3'],
      nobody: ['fails 1', 'given up 2'],
      dan: ['sent 1'],
    });
    expect(order.indexOf('ada')).toBeLessThan(order.indexOf('dan'));
    expect(counts).toEqual({ waiting: 0, delayed: 0, active: 0, completed: 4, failed: 1 });

    // The same, as the store has it.
    const [failed = ''] = store.zrange('bull:mails:failed', 0, -1);
    expect(store.hgetall(`bull:mails:${failed}`)).toMatchObject({
      name: 'news',
      data: expect.stringContaining('"to":"nobody"'),
      failedReason: 'no such mailbox',
      atm: '2',
    });
    const ids = store.zrange('bull:mails:completed', 0, -1);
    expect(ids.map((id) => store.hget(`bull:mails:${id}`, 'returnvalue')).sort()).toEqual(
      ['ada', 'bob', 'carol', 'dan'].map((to) => `"250 OK, ${to}"`),
    );
    store.keyspace.checkInvariants();
    // All clients have gone, also the one that waited for jobs.
    expect(String(connect(store).call('CLIENT', 'LIST')).trim().split('\n')).toHaveLength(1);
  });

  it('tells a story when it is run by hand, and ends by itself', async () => {
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', `${root}examples/job-queue.ts`],
      { cwd: root },
    );
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^ *\d+ ms {2}sent {6}carol {3}invoice \(attempt 3\)$/m);
    expect(stdout).toMatch(/^ *\d+ ms {2}given up {2}nobody {2}news \(attempt 2\)$/m);
    expect(stdout).toContain('4 sent, 1 given up, 0 waiting, 0 delayed.');
    expect(stdout).toMatch(/^Job \d+: no such mailbox\.$/m);
  });
});
