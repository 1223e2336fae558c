import { afterEach, describe, expect, test, vi } from 'vitest';
import { collectingPeer } from '../../src/session/peer.ts';
import { serverOf } from '../../src/session/server.ts';
import { Session } from '../../src/session/session.ts';
import { Store } from '../../src/store.ts';
import { RespWriter } from '../../src/wire/resp/resp-writer.ts';

// How long commands took, by a clock that the test turns: SLOWLOG, INFO's commandstats.

let nowMs = 0;
let readings = 0;
vi.spyOn(performance, 'now').mockImplementation(() => {
  readings++;
  return nowMs;
});
afterEach(() => {
  nowMs = 0;
});

function side() {
  const server = serverOf(new Store().keyspace);
  const writer = new RespWriter();
  const session = new Session(server, collectingPeer(writer));
  const run = (line: string) => session.execute(line.split(' '), false);
  const text = (line: string) => {
    writer.discard();
    run(line);
    return new TextDecoder().decode(writer.take());
  };
  return { server, run, text };
}

describe('commands in succession', () => {
  test('brief ones are timed together, and share the time', () => {
    const { server, run, text } = side();
    readings = 0;
    server.inSuccession(() => {
      for (let at = 0; at < 8; at++) run('GET k');
      nowMs += 4;
    });
    expect(readings).toBe(2);
    expect(text('INFO commandstats')).toContain('cmdstat_get:calls=8,usec=4000,usec_per_call=500.00,');
    expect(server.statistics.commandCount).toBe(9);
  });

  test('one that may take long is timed by itself', () => {
    const { server, run, text } = side();
    server.inSuccession(() => {
      run('GET k');
      nowMs += 1;
      run('KEYS *');
      run('GET k');
      nowMs += 2;
    });
    const stats = text('INFO commandstats');
    expect(stats).toContain('cmdstat_get:calls=2,usec=3000,');
    expect(stats).toContain('cmdstat_keys:calls=1,usec=0,');
  });

  test('figures asked for in the midst know of all before', () => {
    const { server, run, text } = side();
    server.inSuccession(() => {
      run('GET k');
      run('GET k');
      expect(text('INFO commandstats')).toContain('cmdstat_get:calls=2,');
      run('CONFIG RESETSTAT');
      run('GET k');
      expect(text('INFO commandstats')).toContain('cmdstat_get:calls=1,');
    });
  });

  test('a long pause among brief ones is told of the last of them', () => {
    const { server, run, text } = side();
    server.inSuccession(() => {
      run('SET a 1');
      nowMs += 12;
      run('SET b 2');
    });
    expect(text('SLOWLOG LEN')).toBe(':1\r\n');
    const entry = text('SLOWLOG GET');
    expect(entry).toContain(':12000\r\n');
    expect(entry).toContain('$1\r\nb\r\n');
  });

  test('who logs all commands is told of each', () => {
    const { server, run, text } = side();
    run('CONFIG SET slowlog-log-slower-than 0');
    run('SLOWLOG RESET');
    server.inSuccession(() => {
      run('GET a');
      run('GET b');
      run('MULTI');
      run('GET c');
      run('EXEC');
    });
    const entries = text('SLOWLOG GET');
    for (const key of ['a', 'b', 'c']) expect(entries).toContain(`$3\r\nGET\r\n$1\r\n${key}\r\n`);
  });

  test('many tokens are not brief', () => {
    const { server, run, text } = side();
    server.inSuccession(() => {
      run('GET k');
      run(`HMGET h ${'f '.repeat(20).trim()}`);
      nowMs += 5;
      run('GET k');
    });
    expect(text('INFO commandstats')).toContain('cmdstat_hmget:calls=1,usec=0,');
  });
});
