import { expect, test } from 'vitest';
import { registry } from '../../../src/session/registry.ts';
import { RandomSampler } from '../../differential/support/random-sampler.ts';
import { Subject } from '../../transactions/support.ts';
import { stage, stateOf, walkOf } from './support.ts';

// Whatever changes a value tells those who keep what there was, before it does: command by command.

/** So many times a command must have changed something. */
const CHANGES = 3;
const MOST_RUNS = 80;
const NEWEST = '99.0.0';

const commands = registry.all.filter(
  ({ facts, forms }) => forms.length > 0 && ['store', 'streamReads'].includes(facts.target ?? 'store'),
);
test.each(commands.map((command) => [command.facts.name, command] as const))('%s', (_, command) => {
  const isWrite = command.flags.has('write');
  let changes = 0;
  let runs = 0;
  while (runs < MOST_RUNS && changes < CHANGES && (isWrite || runs < CHANGES)) {
    const subject = new Subject({ isObserved: false });
    stage(subject);
    // Some keys and fields have expired by now, and are gone as soon as somebody looks.
    if (runs % 3 === 2) subject.nowMs += 150_000;
    const { keyspace } = subject.store;
    const state = stateOf(keyspace);
    const { walk, found } = walkOf(keyspace);
    const { dirty } = keyspace;
    const tokens = command.sample(new RandomSampler(runs * 7919 + 1, NEWEST));
    subject.run(tokens);
    if (keyspace.dirty > dirty) changes++;
    walk.finish();
    expect(found, tokens.join(' ')).toEqual(state);
    runs++;
  }
  if (isWrite) expect(changes).toBeGreaterThan(0);
});
