import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { checkHashes } from '../structures/hashes/support.ts';
import { imageOf, randomCommand, STAGE, Subject } from './support.ts';

// Transactions of random commands over all families, nested, that throw or do not: what is left must be what a store
// without transactions holds that never was given the commands which were undone; and so must what it tells.

const SEED = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_261_121);
const RUNS = Number(process.env['LODIS_FUZZ_RUNS'] ?? 150);
/** Longer than some TTLs of the sampler, shorter than others. */
const PAUSE_MS = 150_000;

type Step = { readonly command: number } | { readonly inner: readonly Step[]; readonly isThrown: boolean };

const { steps } = fc.letrec<{ step: Step; steps: readonly Step[] }>((tie) => ({
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 12, arbitrary: fc.record({ command: fc.noShrink(fc.nat(0x7fffffff)) }) },
    { weight: 1, arbitrary: fc.record({ inner: tie('steps'), isThrown: fc.boolean() }) },
  ),
  steps: fc.array(tie('step'), { maxLength: 25, size: 'max' }),
}));
const seeds = fc.array(fc.noShrink(fc.nat(0x7fffffff)), { maxLength: 30, size: 'max' });

class Undone extends Error {}

/** Runs the steps inside of the transaction that is under way. */
function runSteps(subject: Subject, all: readonly Step[], replies: ReplyNode[]): void {
  for (const step of all) {
    if ('command' in step) replies.push(subject.run(randomCommand(step.command)));
    else runTransaction(subject, step.inner, step.isThrown, replies);
  }
}

function runTransaction(
  subject: Subject,
  all: readonly Step[],
  isThrown: boolean,
  replies: ReplyNode[],
): void {
  const { chance } = subject;
  const { length } = replies;
  try {
    subject.store.transaction(() => {
      runSteps(subject, all, replies);
      if (isThrown) throw new Undone();
    });
    expect(isThrown).toBe(false);
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
    // Chance is no part of the store, but the one to compare with has not used any.
    subject.chance = chance;
    replies.length = length;
  }
}

/** The commands that are left when those are dropped which are undone. */
function surviving(all: readonly Step[]): number[] {
  return all.flatMap((step) => {
    if ('command' in step) return [step.command];
    return step.isThrown ? [] : surviving(step.inner);
  });
}

/**
 * KEYS promises no order, and SCAN not even that a key that went and came is told once: a transaction may change the order of
 * the keys it touches, and so what is on which page.
 */
function comparable(seed: number, reply: ReplyNode): unknown {
  const [name] = randomCommand(seed) as [string];
  if (reply.type !== '*') return reply;
  if (/^scan$/i.test(name)) return 'a page';
  return /^keys$/i.test(name) ? reply.items?.map((item) => JSON.stringify(item)).sort() : reply;
}

let undone = 0;
let kept = 0;

test.each([true, false])(`transactions of random commands (observed: %s)`, (isObserved) => {
  fc.assert(
    fc.property(seeds, steps, fc.boolean(), seeds, (before, during, isThrown, after) => {
      const subject = new Subject({ isObserved });
      const plain = new Subject({ isObserved });
      for (const tokens of [...STAGE, ...before.map(randomCommand)]) {
        subject.run(tokens);
        plain.run(tokens);
      }
      subject.nowMs += PAUSE_MS;
      plain.nowMs += PAUSE_MS;
      subject.told.length = 0;
      plain.told.length = 0;

      const image = imageOf(subject.store);
      const replies: ReplyNode[] = [];
      runTransaction(subject, during, isThrown, replies);
      const left = isThrown ? [] : surviving(during);
      const plainReplies = left.map((seed) => plain.run(randomCommand(seed)));
      if (isThrown) {
        expect(imageOf(subject.store)).toEqual(image);
        undone++;
      } else if (left.length > 0) kept++;
      expect(left.map((seed, at) => comparable(seed, replies[at]!))).toEqual(
        left.map((seed, at) => comparable(seed, plainReplies[at]!)),
      );
      expect(subject.told).toEqual(plain.told);
      checkHashes(subject.store);

      // It must go on as if nothing had been, too.
      for (const seed of after) {
        const [mine, others] = [subject.run(randomCommand(seed)), plain.run(randomCommand(seed))];
        expect(comparable(seed, mine), randomCommand(seed).join(' ')).toEqual(comparable(seed, others));
      }
      expect(subject.told).toEqual(plain.told);
      checkHashes(subject.store);
    }),
    { seed: SEED, numRuns: RUNS },
  );
  expect(undone).toBeGreaterThan(RUNS / 4);
  expect(kept).toBeGreaterThan(RUNS / 4);
});
