import { describe, expect, test } from 'vitest';
import { ReplyError } from '../../../src/errors.ts';
import { type Connection, connect } from '../../../src/session/connection.ts';
import { serverOf } from '../../../src/session/server.ts';
import { Store } from '../../../src/store.ts';
import { splitInlineCommand } from '../../../src/wire/resp/inline-command.ts';
import type { Reply } from '../../../src/wire/resp/reply.ts';

/** Runs a command as one would type it. */
function say(connection: Connection, line: string): Reply {
  const bytes = new TextEncoder().encode(line);
  const [name, ...args] = splitInlineCommand(bytes, 0, bytes.length) as [string, ...string[]];
  return connection.call(name, ...args);
}

/** A store, the connection of who may do everything, and one signed in as `u` with these rules. */
function withUser(...rules: string[]) {
  const store = new Store();
  const admin = connect(store, { protocol: 3 });
  admin.call('ACL', 'SETUSER', 'u', 'on', 'nopass', ...rules);
  const user = connect(store, { protocol: 3 });
  user.call('AUTH', 'u', 'x');
  return { store, admin, user };
}

function fieldOf(reply: Reply, field: string): Reply | undefined {
  return (reply as Map<string, Reply>).get(field);
}

function commandsOf(connection: Connection, user = 'u'): Reply | undefined {
  return fieldOf(connection.call('ACL', 'GETUSER', user), 'commands');
}

describe('what Redis 8 says, and the reference server does not yet', () => {
  test('NOPERM names the user, but neither key nor channel', () => {
    const { user, admin } = withUser('~a', '&c', '+@all', '-del', '-object|freq', '+acl');
    expect(() => say(user, 'DEL a')).toThrow("NOPERM User u has no permissions to run the 'del' command");
    expect(() => say(user, 'OBJECT FREQ a')).toThrow(
      "NOPERM User u has no permissions to run the 'object|freq' command",
    );
    expect(() => say(user, 'GET b')).toThrow('NOPERM No permissions to access a key');
    expect(() => say(user, 'PUBLISH d m')).toThrow('NOPERM No permissions to access a channel');
    expect(say(admin, 'ACL DRYRUN u DEL a')).toBe("User u has no permissions to run the 'del' command");
    expect(say(admin, 'ACL DRYRUN u GET b')).toBe("User u has no permissions to access the 'b' key");
    expect(say(admin, 'ACL DRYRUN u PUBLISH d m')).toBe(
      "User u has no permissions to access the 'd' channel",
    );
  });

  test('HELLO hints at AUTH with the protocol', () => {
    const store = new Store();
    connect(store).call('ACL', 'SETUSER', 'default', '>pw');
    expect(() => connect(store).call('HELLO', '3')).toThrow(
      'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
    );
  });

  test('of several AUTH in a HELLO the last counts', () => {
    const { admin, user } = withUser('+@all');
    say(admin, 'ACL SETUSER v on >pw +@all');
    say(user, 'HELLO 3 AUTH u x AUTH nobody x AUTH v pw');
    expect(say(user, 'ACL WHOAMI')).toBe('v');
    expect(() => say(user, 'HELLO 3 AUTH v pw AUTH u x AUTH v wrong')).toThrow('WRONGPASS');
    expect(say(user, 'ACL WHOAMI')).toBe('v');
  });

  test('users are shown with the flag that new ones have', () => {
    const { admin } = withUser('resetchannels', '&foo', '+@all');
    expect(say(admin, 'ACL LIST')).toEqual([
      'user default on nopass sanitize-payload ~* &* +@all',
      'user u on nopass sanitize-payload resetchannels &foo +@all',
    ]);
    expect(fieldOf(say(admin, 'ACL GETUSER u'), 'flags')).toEqual(
      new Set(['on', 'nopass', 'sanitize-payload']),
    );
  });

  test.each([
    ['+@all -@hash -@sortedset +hget', '+@all -@hash -@sortedset +hget'],
    ['+@all -@hash +hget -@hash', '+@all +hget -@hash'],
    ['+@all -@hash +hget +@hash', '+@all +hget +@hash'],
    ['+@hash -@set -@all', '-@all'],
    ['-@string -@slow +@all', '+@all'],
    ['+@HASH +@hash +@HaSh', '-@all +@hash'],
    ['+HGET +hget +hGeT', '-@all +hget'],
    ['+@hash +@slow +@set +@set +@slow +@hash', '-@all +@set +@slow +@hash'],
    ['+hget -hset +hset -hget', '-@all +hset -hget'],
    ['+object|freq +object|freq +object|idletime +object +acl|list -acl', '-@all +object -acl'],
    ['+object +object|freq -object|idletime +object', '-@all +object'],
    ['+select|0 +select|0 +SELECT|1 +select', '-@all +select'],
    ['+select|A', '-@all +select|a'],
    ['+@all +object|freq', '+@all +object|freq'],
    ['-@dangerous', '-@all -@dangerous'],
  ])('rules about commands stay as they were given: %s', (rules, shown) => {
    const { admin } = withUser('-@all', ...rules.split(' '));
    expect(commandsOf(admin)).toBe(shown);
  });

  test('who takes from itself the right to listen, gets its reply and is cut off', () => {
    const { user, admin } = withUser('&own', '+@all');
    say(user, 'SUBSCRIBE own');
    expect(say(user, 'ACL SETUSER u resetchannels')).toBe('OK');
    expect(user.isClosed).toBe(true);
    expect(say(admin, 'PUBLISH own m')).toBe(0);
  });
});

describe('ACL LOG', () => {
  const entriesOf = (connection: Connection): Record<string, Reply>[] =>
    (say(connection, 'ACL LOG') as Map<string, Reply>[]).map((entry) => Object.fromEntries(entry));

  test('entries tell their times, by the clock of the store', () => {
    let nowMs = 1_700_000_000_000;
    const store = new Store({ clock: { now: () => nowMs } });
    const admin = connect(store, { protocol: 3 });
    say(admin, 'ACL SETUSER u on nopass');
    const user = connect(store);
    say(user, 'AUTH u x');
    const refused = () => expect(() => say(user, 'GET k')).toThrow('NOPERM');
    refused();
    nowMs += 1500;
    refused();
    nowMs += 250;
    const [entry, ...others] = entriesOf(admin);
    expect(others).toEqual([]);
    expect(Object.keys(entry!)).toEqual([
      ...['count', 'reason', 'context', 'object', 'username', 'age-seconds', 'client-info', 'entry-id'],
      ...['timestamp-created', 'timestamp-last-updated'],
    ]);
    expect(entry).toMatchObject({
      count: 2,
      'age-seconds': 0.25,
      'entry-id': 0,
      'timestamp-created': 1_700_000_000_000,
      'timestamp-last-updated': 1_700_000_001_500,
    });
    expect(entry!['client-info']).toMatch(/^id=\d+ addr=.* cmd=get user=u /);
    nowMs += 59_750;
    refused();
    expect(entriesOf(admin).map(({ count }) => count)).toEqual([3]);
    nowMs += 60_001;
    refused();
    expect(entriesOf(admin).map((each) => [each['entry-id'], each['count']])).toEqual([
      [1, 1],
      [0, 3],
    ]);
    say(admin, 'ACL LOG RESET');
    refused();
    expect(entriesOf(admin).map((each) => each['entry-id'])).toEqual([2]);
  });

  test('is as long as acllog-max-len says when something is added', () => {
    const { store, admin, user } = withUser('+@all', '-@admin');
    const { log } = serverOf(store.keyspace).acl;
    for (let at = 0; at < 200; at++) expect(() => say(user, `GET k${at}`)).toThrow('NOPERM');
    expect(say(admin, 'ACL LOG 1000')).toHaveLength(128);
    log.maxLength = 5;
    expect(say(admin, 'ACL LOG 1000')).toHaveLength(128);
    expect(() => say(user, 'GET k')).toThrow('NOPERM');
    expect(say(admin, 'ACL LOG 1000')).toHaveLength(5);
    log.maxLength = 0;
    expect(() => say(user, 'GET k')).toThrow('NOPERM');
    expect(say(admin, 'ACL LOG')).toEqual([]);
  });

  test('what is denied is counted', () => {
    const { store, user } = withUser('+get', '+publish');
    for (const line of ['SET k v', 'GET k', 'PUBLISH c m', 'AUTH u2 x', 'AUTH u3 x']) {
      expect(() => say(user, line)).toThrow(ReplyError);
    }
    expect(serverOf(store.keyspace).acl.denials).toEqual({ command: 1, key: 1, channel: 1, auth: 2 });
  });
});

describe('the users of a store', () => {
  test('nobody is asked anything while nobody is restricted', () => {
    const store = new Store();
    const { acl, sessions } = serverOf(store.keyspace);
    const admin = connect(store);
    const other = connect(store);
    const guarded = () => [...sessions.values()].map(({ access }) => access.isGuarded);
    expect(guarded()).toEqual([false, false]);
    say(admin, 'ACL SETUSER u on nopass +@all ~*');
    expect(guarded()).toEqual([false, false]);
    say(other, 'AUTH u x');
    expect(guarded()).toEqual([false, true]);
    say(admin, 'ACL SETUSER u &*');
    expect(guarded()).toEqual([false, false]);
    say(admin, 'ACL SETUSER default -keys');
    expect(guarded()).toEqual([true, false]);
    say(admin, 'ACL SETUSER default +keys >pw');
    expect(guarded()).toEqual([false, false]);
    // Who was there before stays; who comes now must sign in.
    connect(store);
    expect(guarded()).toEqual([false, false, true]);
    acl.requirepass = '';
    expect(guarded()).toEqual([false, false, false]);
  });

  test('requirepass is the password of the default user', () => {
    const store = new Store();
    const { acl } = serverOf(store.keyspace);
    const before = connect(store);
    acl.requirepass = 'foo';
    expect(acl.requirepass).toBe('foo');
    expect(say(before, 'PING')).toBe('PONG');
    const after = connect(store);
    expect(() => say(after, 'PING')).toThrow('NOAUTH Authentication required.');
    expect(() => say(after, 'AUTH bar')).toThrow('WRONGPASS');
    expect(say(after, 'AUTH foo')).toBe('OK');
    expect(say(after, 'PING')).toBe('PONG');
    say(after, 'ACL SETUSER default >other');
    acl.requirepass = 'bar';
    expect(() => say(after, 'AUTH other')).toThrow('WRONGPASS');
    expect(say(after, 'AUTH bar')).toBe('OK');
    acl.requirepass = '';
    expect(() => say(after, 'AUTH bar')).toThrow('without any password configured for the default user');
    expect(say(connect(store), 'PING')).toBe('PONG');
  });

  test('acl-pubsub-default says how users and selectors begin', () => {
    const { store, admin } = withUser();
    const { acl } = serverOf(store.keyspace);
    acl.allowsChannelsByDefault = true;
    say(admin, 'ACL SETUSER open (+get)');
    expect(say(admin, 'ACL LIST')).toContain('user open off sanitize-payload &* -@all (&* -@all +get)');
    expect(fieldOf(say(admin, 'ACL GETUSER u'), 'channels')).toBe('');
    say(admin, 'ACL SETUSER u reset');
    expect(fieldOf(say(admin, 'ACL GETUSER u'), 'channels')).toBe('&*');
    expect(() => say(admin, 'ACL SETUSER another &c')).toThrow("Try 'resetchannels' to start");
  });

  test('a bad rule changes nothing, and makes nobody', () => {
    const { admin } = withUser('+get', '~a');
    const before = say(admin, 'ACL LIST');
    expect(() => say(admin, 'ACL SETUSER u off >pw +@all allkeys (+set) +nope')).toThrow("modifier '+nope'");
    expect(() => say(admin, 'ACL SETUSER v on +nope')).toThrow("modifier '+nope'");
    expect(say(admin, 'ACL LIST')).toEqual(before);
  });

  test('rules may name what Redis has and an in-process store has not', () => {
    const { admin } = withUser('+@all', '-cluster|info', '-module', '+readonly', '-replicaof');
    expect(commandsOf(admin)).toBe('+@all -cluster|info -module +readonly -replicaof');
    say(admin, 'ACL SETUSER u -cluster');
    expect(commandsOf(admin)).toBe('+@all -module +readonly -replicaof -cluster');
    expect(() => say(admin, 'ACL SETUSER u +cluster|')).toThrow('Syntax error');
  });

  test('the typed store has no users', () => {
    const { store, admin } = withUser();
    say(admin, 'ACL SETUSER default reset');
    expect(store.set('k', 'v')).toBe('OK');
    expect(() => say(admin, 'GET k')).toThrow(
      "NOPERM User default has no permissions to run the 'get' command",
    );
  });

  test('a connection that is cut off leaves nothing behind', () => {
    const { store, admin, user } = withUser('+@all', '&*', '~*');
    say(user, 'SUBSCRIBE c');
    say(user, 'WATCH k');
    expect(serverOf(store.keyspace).sessions.size).toBe(2);
    expect(say(admin, 'ACL DELUSER u')).toBe(1);
    expect(user.isClosed).toBe(true);
    expect(serverOf(store.keyspace).sessions.size).toBe(1);
    expect(say(admin, 'PUBLISH c m')).toBe(0);
    expect(() => say(user, 'PING')).toThrow('the connection is closed');
  });

  test('ten thousand key patterns', () => {
    const rules = Array.from({ length: 10_000 }, (_, at) => `~user:${at}:*`);
    const { store, user } = withUser('+@all', ...rules);
    const { acl } = serverOf(store.keyspace);
    expect(say(user, 'SET user:9999:name x')).toBe('OK');
    expect(() => say(user, 'SET user:10000:name x')).toThrow('NOPERM');
    expect(acl.user('u')!.describe().split(' ')).toHaveLength(rules.length + 7);
  });
});

// As Redis 8.10 has it, and the last releases of the versions before: the reference server is older.
describe('an option that stands there twice', () => {
  const NO_PERMISSION = 'NOPERM No permissions to access a key';

  test.each([
    'GEORADIUS ok 1 1 9 km STORE ok STORE secret',
    'GEORADIUS ok 1 1 9 km STOREDIST ok STOREDIST secret',
    'GEORADIUS ok 1 1 9 km STOREDIST ok STORE secret',
    'GEORADIUS ok 1 1 9 km STORE ok COUNT 1 STOREDIST secret',
    'GEORADIUSBYMEMBER ok m 9 km STORE ok STORE secret',
    'GEORADIUSBYMEMBER ok STORE 9 km STORE ok STORE secret',
    'SORT list STORE ok STORE secret',
    'SORT list STORE by STORE secret',
    'SORT list STORE limit STORE secret',
    'SORT list STORE get STORE secret',
  ])('%s: the user must be allowed the key that counts', (line) => {
    const { store, user } = withUser('+@all', '~ok', '~list', '~by', '~get', '~limit');
    store.geoadd('ok', [
      { longitude: 1, latitude: 1, member: 'm' },
      { longitude: 1, latitude: 1, member: 'STORE' },
    ]);
    store.rpush('list', '1');
    expect(() => say(user, line)).toThrow(NO_PERMISSION);
    expect(store.exists('secret')).toBe(0);
  });

  test('and that one alone', () => {
    const { store, admin, user } = withUser('+@all', '~ok', '~list', '~to');
    store.geoadd('ok', [{ longitude: 1, latitude: 1, member: 'm' }]);
    store.rpush('list', '1');
    for (const line of [
      'GEORADIUS ok 1 1 9 km STORE secret STOREDIST to',
      'GEORADIUSBYMEMBER ok m 9 km STOREDIST secret STOREDIST to',
      'SORT list STORE secret STORE to',
    ]) {
      expect(say(user, line)).toBe(1);
      expect(say(admin, `COMMAND GETKEYS ${line}`)).toEqual([line.split(' ')[1], 'to']);
    }
    expect(store.exists('secret')).toBe(0);
  });
});

describe('ACL GENPASS', () => {
  test('as many hexadecimal digits as the bits fill', () => {
    const connection = connect(new Store());
    for (const [bits, digits] of [
      [undefined, 64],
      [1, 1],
      [4, 1],
      [5, 2],
      [128, 32],
      [4096, 1024],
    ] as const) {
      const password = connection.call('ACL', 'GENPASS', ...(bits === undefined ? [] : [String(bits)]));
      expect(password).toMatch(/^[0-9a-f]+$/);
      expect(password).toHaveLength(digits);
    }
    expect(connection.call('ACL', 'GENPASS')).not.toBe(connection.call('ACL', 'GENPASS'));
  });
});
