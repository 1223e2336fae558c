import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// The package as a stranger gets it: built, installed beside his program, imported in each way there is.

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'lodis-package-'));
const installed = join(folder, 'node_modules', 'lodis');

beforeAll(async () => {
  await run(process.execPath, [
    'node_modules/tsup/dist/cli-default.js',
    '--silent',
    '--out-dir',
    join(installed, 'dist'),
  ]);
  cpSync('package.json', join(installed, 'package.json'));
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const USE = `
const store = new Store();
store.set('k', 'v', { ex: 10 });
store.zadd('z', { a: 1 });
console.log(JSON.stringify([store.get('k'), store.ttl('k'), store.zrange('z', 0, -1), connect(store).call('PING')]));
`;
const ANSWER = '["v",10,["a"],"PONG"]\n';

async function node(file: string, text: string, ...flags: string[]): Promise<string> {
  writeFileSync(join(folder, file), text);
  const { stdout, stderr } = await run(process.execPath, [...flags, file], { cwd: folder });
  return stdout + stderr;
}

describe('the built package', () => {
  test('is imported as an ES module', async () => {
    expect(await node('a.mjs', `import { Store, connect } from 'lodis';${USE}`)).toBe(ANSWER);
  });

  test('is required as a CommonJS module', async () => {
    expect(await node('b.cjs', `const { Store, connect } = require('lodis');${USE}`)).toBe(ANSWER);
  });

  test('names its classes as they are imported', async () => {
    const code = `
      import { connect, MultiError, ReplyError, Store } from 'lodis';
      console.log([Store, MultiError, ReplyError].map(({ name }) => name).join(), connect(new Store()).constructor.name);`;
    expect(await node('n.mjs', code)).toBe('Store,MultiError,ReplyError Connection\n');
  });

  test('exits by itself while a key has a TTL', async () => {
    const code = `import { Store } from 'lodis'; new Store().set('k', 'v', { ex: 1000 }); console.log('end');`;
    expect(await node('c.mjs', code)).toBe('end\n');
  });

  test('does nothing when it is imported, nor when a store is made', async () => {
    const code = `
      let calls = 0;
      const spy = (object, name) => { const real = object[name]; object[name] = (...args) => { calls++; return real(...args); }; };
      for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch']) spy(globalThis, name);
      spy(Math, 'random'); spy(Date, 'now'); spy(performance, 'now');
      import('lodis').then(({ Store }) => { calls = 0; const store = new Store(); store.set('k', 'v'); console.log(store.get('k'), calls); });`;
    expect(await node('d.mjs', code)).toBe('v 0\n');
    const alone = `
      const kept = [globalThis.setTimeout, Math.random];
      globalThis.setTimeout = Math.random = () => { throw new Error('called while it was imported'); };
      const { Store } = require('lodis');
      [globalThis.setTimeout, Math.random] = kept;
      console.log(typeof Store);`;
    expect(await node('e.cjs', alone)).toBe('function\n');
  });

  test('needs nothing of Node: it runs where only the language and its encoders are', async () => {
    const code = `
      const { createContext, runInContext } = require('node:vm');
      const { readFileSync } = require('node:fs');
      const context = createContext({ TextEncoder, TextDecoder, Uint8Array }, { codeGeneration: { strings: false, wasm: false } });
      const load = (name) => {
        if (!name.startsWith('./')) throw new Error('required ' + name);
        const built = { exports: {} };
        const text = readFileSync('node_modules/lodis/dist/' + name, 'utf8');
        runInContext('(function (module, exports, require) {' + text + '\\n})', context)(built, built.exports, load);
        return built.exports;
      };
      const { Store } = load('./index.cjs');
      const store = new Store({ clock: { now: () => 1_700_000_000_000 } });
      store.set('k', 'v', { px: 50_000 });
      store.advance(49_999);
      console.log(store.get('k'), store.pttl('k'));
      store.advance(1);
      console.log(store.get('k'));`;
    expect(await node('f.cjs', code)).toBe('v 1\nnull\n');
  });

  test('runs scripts in a browser-like place that forbids eval and WebAssembly', async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `
          import { connect, Store } from 'lodis';
          import { lua } from 'lodis/scripting';
          const store = new Store({ scripting: lua() });
          store.functionLoad("#!lua name=l\\nredis.register_function('f', function(keys) return redis.call('GET', keys[1]) end)");
          globalThis.answer = [
            store.script("redis.call('SET', KEYS[1], cjson.encode({ARGV[1]})) return loadstring('return 1 + 1')()")('k', 'v'),
            store.fcall('f', 'k'),
            connect(store).call('EVAL', "return pcall(function() error('caught') end) and 1 or 0", '0'),
          ];`,
        resolveDir: folder,
      },
      bundle: true,
      minify: true,
      write: false,
      format: 'iife',
      platform: 'browser',
    });
    // What browsers, workers and edge isolates have, and no more of it.
    const context = createContext(
      { TextEncoder, TextDecoder, Uint8Array, performance },
      { codeGeneration: { strings: false, wasm: false } },
    );
    expect(() => runInContext("new Function('')", context)).toThrow('disallowed');
    runInContext(outputFiles[0]!.text, context);
    expect(runInContext('JSON.stringify(answer)', context)).toBe('[2,"[\\"v\\"]",0]');
  });

  /** A program as a browser gets it: its text, and how many bytes it is gzipped. */
  const minified = async (code: string): Promise<{ bytes: number; text: string }> => {
    writeFileSync(join(folder, 'minified.mjs'), code);
    const { outputFiles } = await build({
      entryPoints: [join(folder, 'minified.mjs')],
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      platform: 'browser',
    });
    return { bytes: gzipSync(outputFiles[0]!.contents).length, text: outputFiles[0]!.text };
  };

  test('leaves the wire and the command tables out of a program that never connects', async () => {
    const typed = await minified("import { Store } from 'lodis'; console.log(new Store().get('k'));");
    const wired = await minified(
      "import { connect, Store } from 'lodis'; console.log(connect(new Store()).call('PING'));",
    );
    // A summary, as only the tables have.
    expect(wired.text).toContain('Returns the string value of a key.');
    expect(typed.text).not.toContain('Returns the string value of a key.');
    expect(typed.bytes).toBeLessThan(wired.bytes * 0.8);
    const served = await minified(
      "import { serve, Store } from 'lodis'; serve(new Store(), new MessageChannel().port1);",
    );
    // Its error for what is no stream.
    const ofServe = 'expected a duplex stream of Node';
    expect(served.text).toContain(ofServe);
    expect(wired.text).not.toContain(ofServe);
    expect(typed.text).not.toContain(ofServe);
    expect(typed.bytes).toBeLessThan(162 * 1024);
  });

  test('leaves what runs scripts out of a program that runs none', async () => {
    // What a script is told that assigns to a global.
    const ofLua = 'Attempt to modify a readonly table';
    const typed = await minified("import { Store } from 'lodis'; new Store();");
    const wired = await minified(
      "import { connect, Store } from 'lodis'; connect(new Store()).call('PING');",
    );
    const scripting = await minified(
      "import { Store } from 'lodis'; import { lua } from 'lodis/scripting'; new Store({ scripting: lua() });",
    );
    expect(typed.text).not.toContain(ofLua);
    expect(wired.text).not.toContain(ofLua);
    expect(scripting.text).toContain(ofLua);
    // Scripts run commands as they come over the wire: what a connection needs, and Lua.
    expect(scripting.bytes).toBeLessThan(wired.bytes + 55 * 1024);
  });

  test('leaves the wire and the engine out of a program that only asks for the bytes of a store', async () => {
    const typed = await minified("import { Store } from 'lodis'; new Store();");
    const asBytes = await minified(
      "import { Store } from 'lodis'; import { readRdb, writeRdb } from 'lodis/persistence'; readRdb(new Store(), writeRdb(new Store()));",
    );
    expect(asBytes.text).not.toContain('Returns the string value of a key.');
    expect(asBytes.text).not.toContain('Found an empty AOF manifest');
    expect(asBytes.bytes).toBeLessThan(typed.bytes + 10 * 1024);
  });

  test('leaves what keeps stores out of a program that keeps none, and storages out of one with another', async () => {
    // What each says that nothing else does.
    const said = {
      engine: 'Found an empty AOF manifest',
      node: 'node:fs',
      opfs: 'origin private file system',
      indexedDb: 'there is no IndexedDB here',
    };
    const parts = ({ text }: { text: string }) =>
      Object.entries(said).flatMap(([part, sentence]) => (text.includes(sentence) ? [part] : []));
    const open = (call: string, entry: string) =>
      minified(
        `import { Store } from 'lodis'; import { ${call} } from '${entry}'; Store.open({ storage: ${call}() });`,
      );
    const typed = await minified("import { Store } from 'lodis'; new Store();");
    const wired = await minified(
      "import { connect, Store } from 'lodis'; connect(new Store()).call('PING');",
    );
    expect(parts(typed)).toEqual([]);
    expect(parts(wired)).toEqual([]);
    const memory = await open('memoryFiles', 'lodis/persistence');
    expect(parts(memory)).toEqual(['engine']);
    const opfs = await open('opfsFiles', 'lodis/browser');
    expect(parts(opfs)).toEqual(['engine', 'opfs']);
    const indexedDb = await open('indexedDbFiles', 'lodis/browser');
    expect(parts(indexedDb)).toEqual(['engine', 'indexedDb']);
    // Kept commands are replayed as they come over the wire: what a connection needs, and what keeps.
    expect(memory.bytes).toBeLessThan(wired.bytes + 24 * 1024);
    expect(opfs.bytes).toBeLessThan(memory.bytes + 4 * 1024);
    expect(indexedDb.bytes).toBeLessThan(memory.bytes + 4 * 1024);
  });

  const KEPT = `
  (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lodis-kept-'));
    try {
      for (const storage of [nodeFiles(folder), memoryFiles()]) {
        const open = () => Store.open({ storage, appendonly: true, appendfsync: 'always' });
        const store = await open();
        connect(store).call('RPUSH', 'list', 'a', 'b');
        await store.close();
        const again = await open();
        console.log(again.lrange('list', 0, -1).join());
        await again.close();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  })();`;

  test('keeps stores in files, as ES and as CommonJS modules', async () => {
    const esm = `
      import { mkdtempSync, rmSync } from 'node:fs';
      import { tmpdir } from 'node:os';
      import { join } from 'node:path';
      import { connect, Store } from 'lodis';
      import { nodeFiles } from 'lodis/node';
      import { memoryFiles } from 'lodis/persistence';`;
    expect(await node('k.mjs', esm + KEPT)).toBe('a,b\na,b\n');
    const cjs = `
      const { mkdtempSync, rmSync } = require('node:fs');
      const { tmpdir } = require('node:os');
      const { join } = require('node:path');
      const { connect, Store } = require('lodis');
      const { nodeFiles } = require('lodis/node');
      const { memoryFiles } = require('lodis/persistence');`;
    expect(await node('k.cjs', cjs + KEPT)).toBe('a,b\na,b\n');
  });

  test('imports what is for browsers anywhere, and starts nothing', async () => {
    const code = `
      const { opfsFiles, indexedDbFiles, StorageLocked } = require('lodis/browser');
      console.log(typeof opfsFiles('a').attach, typeof indexedDbFiles('a').attach, new StorageLocked('x').name);
      for (const name of ['', '..', 'a/b']) try { opfsFiles(name); } catch (error) { console.log(error.message); }
      try { indexedDbFiles('a', { locks: false }); } catch (error) { console.log(error.message); }`;
    expect(await node('w.cjs', code)).toBe(
      'function function StorageLocked\n' +
        'expected a name without slashes, got ""\n' +
        'expected a name without slashes, got ".."\n' +
        'expected a name without slashes, got "a/b"\n' +
        'unknown option locks; there are lock\n',
    );
  });

  const SCRIPTS = `
  const store = new Store({ scripting: lua() });
  const connection = connect(store);
  console.log(JSON.stringify([
    store.eval("return redis.call('INCR', KEYS[1])", 'n'),
    connection.call('EVAL', "return redis.call('INCR', KEYS[1])", '1', 'n'),
    connection.call('INFO', 'memory').includes('number_of_cached_scripts:1'),
    connection.id,
  ]));`;

  test('runs scripts of the same store, as ES and as CommonJS modules', async () => {
    const answer = '[1,2,true,1]\n';
    const esm = `import { connect, Store } from 'lodis'; import { lua } from 'lodis/scripting';`;
    expect(await node('t.mjs', esm + SCRIPTS, '--disallow-code-generation-from-strings')).toBe(answer);
    const cjs = `const { connect, Store } = require('lodis'); const { lua } = require('lodis/scripting');`;
    expect(await node('t.cjs', cjs + SCRIPTS)).toBe(answer);
  });

  test('refuses a store of its other copy, where one entry is imported and another required', async () => {
    const code = `
      import { createRequire } from 'node:module';
      import { Store } from 'lodis';
      const require = createRequire(import.meta.url);
      const { lua } = require('lodis/scripting');
      const { connectorFor } = require('lodis/ioredis');
      const { socketFor } = require('lodis/node-redis');
      const store = new Store({ scripting: lua() });
      const told = (run) => { try { return run(); } catch (error) { return error.constructor.name + ': ' + error.message; } };
      const answers = [() => store.eval('return 1'), () => connectorFor(store), () => socketFor(store)].map(told);
      console.log(new Set(answers).size, answers[0]);
      console.log(told(() => connectorFor()));`;
    expect(await node('m.mjs', code)).toBe(
      '1 TypeError: this store is of another copy of lodis: either import all of its entries, or require all of them\n' +
        'TypeError: expected a Store, got undefined\n',
    );
  });

  // One store, two entries: they must be made of the same modules.
  const CLIENTS = `
  const store = new Store();
  store.sadd('s', 'm');
  const redis = new Redis({ Connector: connectorFor(store) });
  const client = createClient({ socket: socketFor(store) });
  client.connect()
    .then(() => Promise.all([redis.set('k', 'v'), redis.get('s').catch((error) => error.message), client.sMembers('s')]))
    .then(async (replies) => {
      console.log(JSON.stringify([...replies, store.get('k'), connect(store).id]));
      redis.disconnect();
      client.destroy();
    });`;
  const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value';
  const REPLIES = `${JSON.stringify(['OK', WRONG_TYPE, ['m'], 'v', 3])}\n`;

  test('gives clients the same store, as ES modules', async () => {
    const code = `
      import { connect, Store } from 'lodis';
      import { connectorFor } from 'lodis/ioredis';
      import { socketFor } from 'lodis/node-redis';
      import { Redis } from ${JSON.stringify(pathToFileURL(resolve('node_modules/ioredis/built/index.js')))};
      import nodeRedis from ${JSON.stringify(pathToFileURL(resolve('node_modules/redis/dist/index.js')))};
      const { createClient } = nodeRedis;`;
    expect(await node('h.mjs', code + CLIENTS)).toBe(REPLIES);
  });

  test('gives clients the same store, as CommonJS modules', async () => {
    const code = `
      const { connect, Store } = require('lodis');
      const { connectorFor } = require('lodis/ioredis');
      const { socketFor } = require('lodis/node-redis');
      const { Redis } = require(${JSON.stringify(resolve('node_modules/ioredis'))});
      const { createClient } = require(${JSON.stringify(resolve('node_modules/redis'))});`;
    expect(await node('i.cjs', code + CLIENTS)).toBe(REPLIES);
  });

  test('has types for both kinds of modules, and they are cheap', async () => {
    const program = `
      import { connect, portStream, serve, Store } from 'lodis';
      import type { BytePort, PortStream, ServedConnection, StoreOptions } from 'lodis';
      const options: StoreOptions = {};
      const store = new Store(options);
      const value: string | null = store.get('k');
      const scores: { member: string; score: number }[] = store.zrangeWithScores('z', 0, -1);
      const reply = connect(store).call('GET', 'k');
      const port: BytePort = { postMessage() {}, close() {} };
      const served = (): ServedConnection => serve(store, port);
      const far = (): PortStream => portStream(port);
      export { value, scores, reply, served, far };`;
    mkdirSync(join(folder, 'types'), { recursive: true });
    writeFileSync(join(folder, 'types', 'esm.mts'), program);
    writeFileSync(join(folder, 'types', 'cjs.cts'), program);
    const config = {
      compilerOptions: {
        module: 'NodeNext',
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        target: 'ES2022',
        lib: ['ES2022'],
        types: [],
      },
      include: ['types'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = resolve('node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', 'tsconfig.json', '--extendedDiagnostics'], {
      cwd: folder,
    });
    const instantiations = Number(/Instantiations:\s+(\d+)/.exec(stdout)?.[1]);
    // Comparable clients need thousands for a program of this size.
    expect(instantiations).toBeLessThan(1000);
  }, 60_000);

  test('has types that stay cheap where queues, transactions and views are compared with one another', async () => {
    const program = `
      import { type BigIntsView, type BytesView, type GeoFound, type Multi, Store, type Text, type Transaction, type Watch } from 'lodis';
      const store = new Store();
      const near: GeoFound[] = store.geosearchWithDetails('g', { frommember: 'x', byradius: { radius: 1, unit: 'km' } });
      const alike = store.vsimWithScores('v', { element: 'e' }, { count: 3, filter: '.year > 1980' });
      const fields = store.bitfield('b', [{ incrby: 'u8', offset: '#1', increment: 1, overflow: 'sat' }]);
      const [visits, length] = store.multi().incr('n').rpush('l', 'x').exec();
      const settled = store.bytes.multi().get('k').execSettled();
      const counted: number = store.transaction((tx) => tx.incr('n'));
      const read = (view: Store | BytesView | BigIntsView) => view.multi().get('k');
      const either = visits > 1 ? store.multi().get('k') : store.multi().incr('n');
      const queues = [store.multi().get('k'), store.multi().incr('n'), store.multi()];
      const run = <R extends unknown[]>(queue: Multi<Text, R>): R => queue.exec();
      const ran: [string | null, number] = run(store.multi().get('k').incr('n'));
      interface Database { multi(): Pick<Multi, 'get' | 'set' | 'exec'> }
      const database: Database = store;
      const narrowed = (tx: Transaction): Pick<Store, 'get' | 'incr'> => tx;
      const both = (watch: Watch) => [watch.multi(), store.multi()];
      export { near, alike, fields, visits, length, settled, counted, read, either, queues, ran, database, narrowed, both };`;
    mkdirSync(join(folder, 'queues'), { recursive: true });
    writeFileSync(join(folder, 'queues', 'esm.mts'), program);
    const compilerOptions = {
      module: 'NodeNext',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: 'ES2022',
      lib: ['ES2022'],
      types: [],
    };
    writeFileSync(
      join(folder, 'tsconfig.queues.json'),
      JSON.stringify({ compilerOptions, include: ['queues'] }),
    );
    const tsc = resolve('node_modules/typescript/bin/tsc');
    // A compiler that begins to compare hundreds of methods does not end by itself: it is given little memory, and fails soon.
    const { stdout } = await run(
      process.execPath,
      ['--max-old-space-size=250', tsc, '-p', 'tsconfig.queues.json', '--extendedDiagnostics'],
      { cwd: folder },
    );
    // About 7,000 and 45 MB.
    expect(Number(/Instantiations:\s+(\d+)/.exec(stdout)?.[1])).toBeLessThan(15_000);
    expect(Number(/Memory used:\s+(\d+)K/.exec(stdout)?.[1])).toBeLessThan(120_000);
  }, 60_000);

  test('has types that stand by themselves: without DOM, without Node, with all that is checked', async () => {
    const program = `
      import { Store, type CancelSignal, type ScriptHandle, type ScriptReply } from 'lodis';
      import { lua, type LogLevel, type OnLog, type Scripting, type ScriptingOptions } from 'lodis/scripting';
      import type { OpenOptions, StoragePlace } from 'lodis';
      import { indexedDbFiles, opfsFiles } from 'lodis/browser';
      import { nodeFiles } from 'lodis/node';
      import { memoryFiles, persistent, type Storage } from 'lodis/persistence';
      export const places: StoragePlace[] = [memoryFiles(), nodeFiles('data'), opfsFiles(), indexedDbFiles('x', { lock: true })];
      export const own = (storage: Storage): OpenOptions => ({ storage: persistent(storage), appendfsync: 'always' });
      const onLog: OnLog = (level: LogLevel, message: string) => void [level, message];
      const options: ScriptingOptions = { timeLimitMs: 100, onLog };
      const scripting: Scripting = lua(options);
      const store = new Store({ scripting });
      export const take: ScriptHandle = store.script('return 1');
      export const taken: ScriptReply = take('k', ['1']);
      export const subscribe = (signal: CancelSignal) => store.subscribe('news', undefined, { signal });
      export const wait = (signal: CancelSignal) => store.blocking.blpop('jobs', { signal });
      export const [first] = store.multi().get('k').execSettled();
      export const value: string | null = first.status === 'fulfilled' ? first.value : null;`;
    mkdirSync(join(folder, 'bare'), { recursive: true });
    writeFileSync(join(folder, 'bare', 'esm.mts'), program);
    writeFileSync(join(folder, 'bare', 'cjs.cts'), program);
    const compilerOptions = {
      module: 'Node16',
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: false,
      target: 'ES2022',
      lib: ['ES2022'],
      types: [],
    };
    writeFileSync(join(folder, 'tsconfig.bare.json'), JSON.stringify({ compilerOptions, include: ['bare'] }));
    const tsc = resolve('node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', 'tsconfig.bare.json'], { cwd: folder });
    expect(stdout).toBe('');
  }, 60_000);
});
