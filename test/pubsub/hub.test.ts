import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchGlob } from '../../src/keyspace/glob.ts';
import { Hub, type Subscriber, type SubscriptionKind } from '../../src/pubsub/hub.ts';

/** Writes down what it receives, and then does what it was told to. */
class Recorder implements Subscriber {
  readonly received: string[];
  private readonly name: string;
  private readonly reaction: (message: string) => void;

  constructor(name: string, received: string[] = [], reaction: (message: string) => void = () => {}) {
    this.name = name;
    this.received = received;
    this.reaction = reaction;
  }

  deliver(kind: SubscriptionKind, channel: string, message: string, pattern: string | undefined): void {
    const by = pattern === undefined ? '' : ` by ${pattern}`;
    this.received.push(`${this.name}: ${kind} ${channel} ${message}${by}`);
    this.reaction(message);
  }
}

/** A hub that must not report errors. */
function quietHub(): Hub {
  return new Hub((error) => {
    throw error;
  });
}

describe('subscribing and counting', () => {
  test('a subscriber counts once for the channel and once for every pattern that matches', () => {
    const hub = quietHub();
    const received: string[] = [];
    const a = new Recorder('a', received);
    const b = new Recorder('b', received);
    expect(hub.subscribe('pattern', 'n*', a)).toBe(true);
    expect(hub.subscribe('pattern', '*s', a)).toBe(true);
    expect(hub.subscribe('channel', 'news', a)).toBe(true);
    expect(hub.subscribe('channel', 'news', b)).toBe(true);
    expect(hub.subscribe('channel', 'news', a)).toBe(false);
    expect(hub.publish('news', 'x')).toBe(4);
    expect(received).toEqual([
      'a: channel news x',
      'b: channel news x',
      'a: pattern news x by n*',
      'a: pattern news x by *s',
    ]);
    expect(hub.subscriberCount('news')).toBe(2);
    expect(hub.subscriberCount('nothing')).toBe(0);
    expect(hub.patternCount).toBe(2);
    expect(hub.unsubscribe('pattern', 'n*', a)).toBe(true);
    expect(hub.unsubscribe('pattern', 'n*', a)).toBe(false);
    expect(hub.unsubscribe('channel', 'nothing', a)).toBe(false);
    expect(hub.publish('news', 'y')).toBe(3);
    hub.checkInvariants();
  });

  test('shard channels are channels of their own, which patterns do not see', () => {
    const hub = quietHub();
    const a = new Recorder('a');
    hub.subscribe('shard', 'news', a);
    hub.subscribe('pattern', '*', a);
    expect(hub.publishShard('news', 'x')).toBe(1);
    expect(hub.publish('news', 'y')).toBe(1);
    expect(a.received).toEqual(['a: shard news x', 'a: pattern news y by *']);
    expect([hub.channelNames(), hub.shardChannelNames()]).toEqual([[], ['news']]);
    expect([hub.subscriberCount('news'), hub.shardSubscriberCount('news')]).toEqual([0, 1]);
  });

  test('channels without subscribers are forgotten', () => {
    const hub = quietHub();
    const a = new Recorder('a');
    for (const name of ['x1', 'x2', 'y1']) hub.subscribe('channel', name, a);
    expect(hub.channelNames('x*')).toEqual(['x1', 'x2']);
    for (const name of ['x1', 'x2', 'y1']) hub.unsubscribe('channel', name, a);
    expect(hub.channelNames()).toEqual([]);
    expect(hub.hasSubscribers).toBe(false);
    hub.checkInvariants();
  });

  test('bytes that are no text are channels and patterns like all others', () => {
    const hub = quietHub();
    const a = new Recorder('a');
    hub.subscribe('channel', '\udcff', a);
    hub.subscribe('pattern', '\udcff*', a);
    expect(hub.publish('\udcff', 'x')).toBe(2);
    expect(hub.publish('\udcffé', 'x')).toBe(1);
    expect(hub.publish('\udcfe', 'x')).toBe(0);
  });
});

describe('what subscribers do while they are called', () => {
  test('who was unsubscribed before their turn is not called, who was subscribed is not called yet', () => {
    const hub = quietHub();
    const received: string[] = [];
    const b = new Recorder('b', received);
    const c = new Recorder('c', received);
    const p = new Recorder('p', received);
    const q = new Recorder('q', received);
    const a = new Recorder('a', received, () => {
      hub.unsubscribe('channel', 'news', a);
      hub.unsubscribe('channel', 'news', b);
      hub.unsubscribe('pattern', 'n*', p);
      hub.subscribe('channel', 'news', c);
      hub.subscribe('pattern', '*', q);
      hub.subscribe('pattern', 'ne*', q);
      hub.subscribe('channel', 'news', b);
    });
    hub.subscribe('channel', 'news', a);
    hub.subscribe('channel', 'news', b);
    hub.subscribe('pattern', 'n*', p);
    hub.subscribe('pattern', 'ne*', p);
    expect(hub.publish('news', 'x')).toBe(4);
    expect(received).toEqual(['a: channel news x', 'p: pattern news x by ne*']);
    received.length = 0;
    expect(hub.publish('news', 'y')).toBe(5);
    expect(received).toEqual([
      'c: channel news y',
      'b: channel news y',
      'p: pattern news y by ne*',
      'q: pattern news y by ne*',
      'q: pattern news y by *',
    ]);
    hub.checkInvariants();
  });

  test('the last to leave and come back gets the next message, not this one', () => {
    const hub = quietHub();
    const a = new Recorder('a', [], () => {
      hub.unsubscribe('channel', 'news', a);
      hub.subscribe('channel', 'news', a);
    });
    hub.subscribe('channel', 'news', a);
    expect(hub.publish('news', 'x')).toBe(1);
    expect(hub.publish('news', 'y')).toBe(1);
    expect(a.received).toEqual(['a: channel news x', 'a: channel news y']);
  });

  test('what one publishes comes to all after the present message', () => {
    const hub = quietHub();
    const received: string[] = [];
    const counts: number[] = [];
    const late = new Recorder('late', received);
    const a = new Recorder('a', received, (message) => {
      if (message === '3') return;
      const next = String(Number(message) + 1);
      counts.push(hub.publish('news', next), hub.publish('nobody', next));
      hub.subscribe('channel', 'news', late);
    });
    const b = new Recorder('b', received);
    hub.subscribe('channel', 'news', a);
    hub.subscribe('pattern', 'new?', b);
    expect(hub.publish('news', '1')).toBe(2);
    expect(counts).toEqual([2, 0, 3, 0]);
    expect(received).toEqual([
      'a: channel news 1',
      'b: pattern news 1 by new?',
      'a: channel news 2',
      'b: pattern news 2 by new?',
      'a: channel news 3',
      'late: channel news 3',
      'b: pattern news 3 by new?',
    ]);
  });

  test('two that answer each other ten thousand times need no stack', () => {
    const hub = quietHub();
    let calls = 0;
    hub.subscribe('channel', 'ping', new Recorder('a', [], () => hub.publish('pong', '')));
    hub.subscribe(
      'channel',
      'pong',
      new Recorder('b', [], () => ++calls < 10_000 && hub.publish('ping', '')),
    );
    hub.publish('ping', '');
    expect(calls).toBe(10_000);
  });

  test('errors are reported when all were served, and the hub goes on', () => {
    const reported: unknown[] = [];
    const received: string[] = [];
    const hub = new Hub((error) => reported.push([error, received.length]));
    const fail = (error: unknown) => () => {
      throw error;
    };
    hub.subscribe('channel', 'news', new Recorder('a', received, fail('first')));
    hub.subscribe('channel', 'news', new Recorder('b', received));
    hub.subscribe('pattern', '*', new Recorder('c', received, fail('second')));
    expect(hub.publish('news', 'x')).toBe(3);
    expect(reported).toEqual([
      ['first', 3],
      ['second', 3],
    ]);
    expect(hub.publish('news', 'y')).toBe(3);
    expect(received).toHaveLength(6);
  });

  test('without anybody to report to, an error becomes an unhandled rejection', async () => {
    const hub = new Hub();
    const error = new Error('of a subscriber');
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    const unhandled = new Promise((resolve) => process.once('unhandledRejection', resolve));
    try {
      hub.subscribe(
        'channel',
        'news',
        new Recorder('a', [], () => {
          throw error;
        }),
      );
      expect(hub.publish('news', 'x')).toBe(1);
      expect(await unhandled).toBe(error);
    } finally {
      for (const listener of others) process.on('unhandledRejection', listener);
    }
  });
});

describe('what must wait', () => {
  /** Puts its calls off, as typed subscriptions do. */
  class Listener implements Subscriber {
    readonly called: string[];
    private readonly hub: Hub;
    private readonly reaction: (message: string) => void;

    constructor(hub: Hub, called: string[], reaction: (message: string) => void = () => {}) {
      this.hub = hub;
      this.called = called;
      this.reaction = reaction;
    }

    deliver(_kind: SubscriptionKind, _channel: string, message: string): void {
      const call = () => {
        this.called.push(message);
        this.reaction(message);
      };
      if (this.hub.isDeferring) this.hub.postpone(call);
      else call();
    }
  }

  test('what is told in the midst of a command reaches subscribers at once and listeners in a microtask', async () => {
    const hub = quietHub();
    const called: string[] = [];
    const raw = new Recorder('raw');
    hub.subscribe('channel', 'k', new Listener(hub, called));
    hub.subscribe('channel', 'k', raw);
    hub.notify('k', '1');
    hub.notify('k', '2');
    expect(raw.received).toHaveLength(2);
    expect(called).toEqual([]);
    await Promise.resolve();
    expect(called).toEqual(['1', '2']);
  });

  test('what waits comes before what is published afterwards', () => {
    const hub = quietHub();
    const called: string[] = [];
    hub.subscribe('channel', 'k', new Listener(hub, called));
    hub.notify('k', '1');
    hub.publish('k', '2');
    expect(called).toEqual(['1', '2']);
    hub.notify('k', '3');
    hub.flush();
    expect(called).toEqual(['1', '2', '3']);
  });

  test('commands of listeners tell of themselves in turn', () => {
    const hub = quietHub();
    const called: string[] = [];
    const first = new Listener(hub, called, (message) => {
      if (message === '1') hub.notify('k', '2');
    });
    hub.subscribe('channel', 'k', first);
    hub.subscribe('channel', 'k', new Listener(hub, called));
    hub.publish('k', '1');
    expect(called).toEqual(['1', '1', '2', '2']);
  });

  test('while somebody holds the hub listeners wait, also for what is published', () => {
    const hub = quietHub();
    const called: string[] = [];
    const raw = new Recorder('raw');
    hub.subscribe('channel', 'k', new Listener(hub, called));
    hub.subscribe('channel', 'k', raw);
    hub.hold();
    hub.hold();
    expect(hub.publish('k', '1')).toBe(2);
    hub.notify('k', '2');
    hub.flush();
    hub.release();
    expect(called).toEqual([]);
    expect(raw.received).toHaveLength(2);
    hub.release();
    expect(called).toEqual(['1', '2']);
  });
});

/** A generated history of a hub: subscribers are numbered, names are few. */
const kind = fc.constantFrom<SubscriptionKind>('channel', 'pattern', 'shard');
const name = fc.constantFrom('a', 'ab', 'b', 'a*', '*b', '*', '?', 'a?');
const who = fc.nat(4);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ subscribe: kind, name, who }) },
  { weight: 2, arbitrary: fc.record({ unsubscribe: kind, name, who }) },
  { weight: 3, arbitrary: fc.record({ publish: fc.constantFrom('channel', 'shard'), name }) },
);

test('any history agrees with lists of subscriptions searched one by one', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 100, size: 'max' }), (steps) => {
      const hub = quietHub();
      const received: string[] = [];
      const everybody = Array.from({ length: 5 }, (_, number) => new Recorder(String(number), received));
      let model: Subscribed[] = [];
      let patterns: string[] = [];
      for (const each of steps) {
        if ('subscribe' in each) {
          const subscription = { kind: each.subscribe, name: each.name, who: each.who };
          const isNew = !model.some((other) => same(other, subscription));
          expect(hub.subscribe(each.subscribe, each.name, everybody[each.who]!)).toBe(isNew);
          if (isNew) model.push(subscription);
        } else if ('unsubscribe' in each) {
          const subscription = { kind: each.unsubscribe, name: each.name, who: each.who };
          const rest = model.filter((other) => !same(other, subscription));
          expect(hub.unsubscribe(each.unsubscribe, each.name, everybody[each.who]!)).toBe(
            rest.length < model.length,
          );
          model = rest;
        } else {
          received.length = 0;
          const direct = model.filter((other) => other.kind === each.publish && other.name === each.name);
          const expected = direct.map((other) => `${other.who}: ${each.publish} ${each.name} m`);
          if (each.publish === 'channel') {
            // Patterns in the order in which they came, and subscribers within each.
            for (const pattern of patterns) {
              if (!matchGlob(pattern, each.name)) continue;
              for (const other of model) {
                if (isOf(other, pattern)) expected.push(`${other.who}: pattern ${each.name} m by ${pattern}`);
              }
            }
          }
          const count =
            each.publish === 'channel' ? hub.publish(each.name, 'm') : hub.publishShard(each.name, 'm');
          expect(count).toBe(expected.length);
          expect(received).toEqual(expected);
        }
        patterns = patterns.filter((each) => model.some((other) => isOf(other, each)));
        for (const other of model) {
          if (other.kind === 'pattern' && !patterns.includes(other.name)) patterns.push(other.name);
        }
        hub.checkInvariants();
        const named = (ofKind: SubscriptionKind) =>
          new Set(model.filter((other) => other.kind === ofKind).map((other) => other.name));
        expect(new Set(hub.channelNames())).toEqual(named('channel'));
        expect(new Set(hub.shardChannelNames())).toEqual(named('shard'));
        expect(hub.patternCount).toBe(named('pattern').size);
      }
    }),
    { seed: 3, numRuns: 500 },
  );
});

type Subscribed = { kind: SubscriptionKind; name: string; who: number };

function isOf(subscription: Subscribed, pattern: string): boolean {
  return subscription.kind === 'pattern' && subscription.name === pattern;
}

function same(a: Subscribed, b: Subscribed): boolean {
  return a.kind === b.kind && a.name === b.name && a.who === b.who;
}
