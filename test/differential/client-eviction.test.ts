import { interleavings } from './support/interleavings.ts';

const KILOBYTE = 1024;
const TOO_MUCH = { client: 'a', tokens: ['SET', 'k', 'x'.repeat(3000 * KILOBYTE)] };
const ENOUGH = { client: 'c', tokens: ['SET', 'k', 'x'.repeat(100 * KILOBYTE)] };

/** Whether a client is still there shows in what CLIENT KILL answers. */
interleavings(
  'maxmemory-clients',
  {
    'the largest goes, and the others stay': [
      'b: CONFIG SET maxmemory-clients 1mb',
      'c: MULTI',
      ENOUGH,
      'a: MULTI',
      TOO_MUCH,
      'b: CLIENT KILL ID {a}',
      'b: CONFIG SET maxmemory-clients 0',
      'c: EXEC',
      'b: CLIENT KILL ID {c}',
      'b: STRLEN k',
    ],
    'a percentage of no limit is none': [
      'b: CONFIG SET maxmemory-clients 1%',
      'a: MULTI',
      TOO_MUCH,
      'a: EXEC',
      'b: CONFIG GET maxmemory-clients',
      'b: CONFIG SET maxmemory-clients 0',
      'b: CLIENT KILL ID {a}',
    ],
    'a percentage of a limit': [
      'b: CONFIG SET maxmemory 100mb maxmemory-clients 1%',
      'a: MULTI',
      TOO_MUCH,
      'b: CLIENT KILL ID {a}',
      'b: CONFIG SET maxmemory-clients 0 maxmemory 0',
    ],
  },
  {
    // The server looks at the limit while the command comes in, so that `a` gets no reply; here it gets one, and is gone too.
    isExempt: (step, client) => client === 'a' && step === TOO_MUCH,
  },
);
