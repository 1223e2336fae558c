import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { boardLines, valueLines } from '../../examples/tour/stage/answers.ts';
import { coloured, highlight, plain } from '../../examples/tour/stage/highlight.ts';
import { print } from '../../examples/tour/stage/print.ts';
import { perform } from '../../examples/tour/stage/stage.ts';
import type { Terminal } from '../../examples/tour/stage/terminal.ts';
import * as shopping from './fixtures/shopping.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const tourFolder = `${root}examples/tour/`;

/** The tour as a child process that has no terminal, as in a pipe. */
async function run(words: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { NO_COLOR: _, CI: __, ...env } = process.env;
  const child = promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', `${root}examples/tour.ts`, ...words],
    {
      cwd: root,
      env,
      maxBuffer: 1 << 24,
    },
  );
  return child.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

/** The files that are chapters, with the bodies of their `play`, found without the tour's own help. */
const chapters = readdirSync(tourFolder)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, source: readFileSync(`${tourFolder}${name}`, 'utf8') }))
  .flatMap(({ name, source }) => {
    const body = /^export (?:async )?function play\([^)]*\): [^{]+ \{\n([\s\S]*?)^\}$/m.exec(source)?.[1];
    return body === undefined ? [] : [{ name, code: body.trimEnd().split('\n') }];
  });

const ESCAPE = String.fromCharCode(27);

function withoutColour(text: string): string {
  return text.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '');
}

/** The part of the output that is about one chapter's file. */
function section(output: string, name: string): string {
  const start = output.indexOf(` examples/tour/${name}\n`);
  expect(start, `${name} is in the tour`).toBeGreaterThan(0);
  const next = output.indexOf('──', start);
  return output.slice(start, next < 0 ? undefined : next);
}

describe('the tour, piped', () => {
  let output = '';

  beforeAll(async () => {
    const result = await run([]);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    output = result.stdout;
  });

  it('has twenty chapters', () => {
    expect(chapters.map(({ name }) => name).sort()).toEqual([
      'activity.ts',
      'cache.ts',
      'durable.ts',
      'jobs.ts',
      'leaderboard.ts',
      'lock.ts',
      'messages.ts',
      'orders.ts',
      'packages.ts',
      'places.ts',
      'rate-limit.ts',
      'scripts.ts',
      'sessions.ts',
      'similar.ts',
      'sliding-window.ts',
      'tags.ts',
      'transfer.ts',
      'visitors.ts',
      'words.ts',
      'workers.ts',
    ]);
  });

  it.each(chapters)('prints every line of $name, in order', ({ name, code }) => {
    const lines = section(output, name).split('\n');
    let at = 0;
    for (const line of code) {
      const wanted = line === '' ? '' : `    ${line.slice(2)}`;
      const found = lines.findIndex(
        (printed, index) => index >= at && (printed === wanted || printed.startsWith(`${wanted} `)),
      );
      expect(found, `"${wanted}" after line ${at}`).toBeGreaterThanOrEqual(at);
      at = found + 1;
    }
  });

  it.each([
    ['cache.ts', ["show(price('tea'));", "'3.50'"]],
    ['cache.ts', ["show(store.ttl('price:tea')); // seconds left", '60']],
    ['cache.ts', ["show(store.exists('price:tea'));", '0']],
    ['sessions.ts', ["show(store.ttl('session:7f3a'));", '1800']],
    ['sessions.ts', ["show(store.hget('session:7f3a', 'user'));", "'ada'"]],
    ['sliding-window.ts', ["show(allow('ada')); // at 65: the first is past", 'true']],
    ['activity.ts', ["show(store.llen('activity'));", '100']],
    ['tags.ts', ["show(store.sismember('tag:vegan', 'brioche'));", '0']],
    ['leaderboard.ts', ["show(store.zincrby('game', 20, 'grace'));", '325']],
    ['leaderboard.ts', ['show(rank + 1); // ranks begin at 0', '4']],
    ['leaderboard.ts', ["show(store.zscore('game', 'linus'));", 'null']],
    ['lock.ts', ["show(release('worker 2')); // by somebody else", 'false']],
    ['lock.ts', ["show(store.get('lock:report'));", "'worker 3'"]],
    ['transfer.ts', ["show(pay('ada', 'bob', 3));", '3']],
    ['transfer.ts', ["show(store.lrange('payments', 0, -1));", "[ 'ada bob 3' ]"]],
    ['messages.ts', ["show(store.publish('chat:tea', 'anyone?'));", '1']],
    ['messages.ts', ['show(left);', "[ 'online:ada' ]"]],
    ['visitors.ts', ["show(store.strlen('here:week'));", '6250']], // 50,000 bits
    ['visitors.ts', ["show(store.strlen('about:week'));", '12304']],
    ['scripts.ts', ["show(store.lrange('guests', 0, -1));", "[ 'ada', 'bob' ]"]],
    ['places.ts', ["show(store.geoadd('termini', termini));", '12']],
    ['workers.ts', ['show(await late);', 'null']],
    ['orders.ts', ['show(first.fields);', "{ order: 'tea' }"]],
    ['orders.ts', ["show(take('bob').fields);", "{ order: 'coffee' }"]],
    ['orders.ts', ['show(read!.entries.length);', '3']],
    ['workers.ts', ['show(await idle.catch((reason) => reason));', "'we are closing'"]],
  ])('answers beside the code in %s: %j', (name, [code, answer]) => {
    const line = section(output, name)
      .split('\n')
      .find((printed) => printed.startsWith(`    ${code} `) && printed.includes('→'));
    expect(line?.split('→')[1]?.trim()).toBe(answer);
  });

  it('answers below the code where there is no room beside it, as often as it was asked', () => {
    expect(section(output, 'rate-limit.ts')).toContain(
      '    }\n        → [ 1, 1 ]\n        → [ 2, 1 ]\n        → [ 3, 1 ]\n        → [ 3, 0 ]\n',
    );
    expect(section(output, 'tags.ts')).toContain(
      "    show(store.sinter(['tag:bread', 'tag:vegan']));\n        → [ 'sourdough', 'flatbread' ]\n",
    );
    expect(section(output, 'leaderboard.ts')).toContain(
      [
        "        → { member: 'grace', score: 325 }",
        "          { member: 'ada',   score: 310 }",
        "          { member: 'alan',  score: 275 }\n",
      ].join('\n'),
    );
  });

  it('serves workers in the order in which they came', () => {
    const text = section(output, 'workers.ts');
    expect(text).toContain("    show(await ada);\n        → { key: 'mail', element: 'newsletter' }\n");
    expect(text).toContain("    show(await bob);\n        → { key: 'urgent', element: 'invoice' }\n");
  });

  it('delivers a message to the channel and to the pattern, and tells why a transfer was undone', () => {
    const text = section(output, 'messages.ts');
    expect(text).toContain("    show(heard);\n        → [ 'hello', 'chat:tea hello' ]\n");
    expect(section(output, 'transfer.ts')).toMatch(/\n {4}\} +→ 'ada is short of 1'\n/);
  });

  it('has an order claimed whose cook is gone', () => {
    const text = section(output, 'orders.ts');
    expect(text).toContain("show(store.xack('orders', 'kitchen', first.id)); // it is done\n        → 1\n");
    expect(text).toMatch(/→ \[ ?\{ name: 'bob', count: 1 \} ?\]\n/);
    expect(text).toMatch(/show\(late.*→ \[ ?\{ order: 'coffee' \} ?\]\n/);
  });

  it('counts visitors exactly, and estimates them within a few percent', () => {
    const text = section(output, 'visitors.ts');
    const answer = (code: string) => {
      const line = text.split('\n').find((printed) => printed.includes(`show(${code});`));
      return Number(line?.split('→')[1]);
    };
    const mondays = Number(/→ mon +([\d,]+) {2}▇+\n/.exec(text)?.[1]?.replace(',', ''));
    const week = answer("store.bitcount('here:week')");
    expect(mondays).toBeGreaterThan(10_000);
    expect(week).toBeGreaterThan(mondays);
    expect(answer("store.bitcount('here:lost')")).toBeLessThan(mondays);
    expect(answer("store.pfcount('about:mon')") / mondays).toBeCloseTo(1, 1);
    expect(answer('store.pfcount(about)') / week).toBeCloseTo(1, 1);
  });

  it('finds the nearest stations, and packages that are alike', () => {
    const places = section(output, 'places.ts');
    expect(places).toContain("        → { member: 'Euston',        km: 1.0831 }\n");
    expect(places).toContain("→ [ 'Waterloo', 'Charing Cross', 'Blackfriars', 'London Bridge' ]\n");
    const similar = section(output, 'similar.ts');
    expect(similar).toMatch(/→ \[ 'chalk 1\.00', 'ansi-styles 0\.9\d'/);
    expect(similar).toMatch(/→ \[ 'highlight\.js', 'cli-highlight', '[^']+' \]\n/);
    expect(similar).toMatch(/→ '\{"license":"BSD-3-Clause","needs":0\}'\n/);
  });

  it('loses no job with the worker', () => {
    expect(section(output, 'jobs.ts')).toMatch(/→ \[ 'mail grace', 'mail alan' \]\n$/m);
  });

  it('counts words and packages that are really there', () => {
    const lock = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as {
      packages: Record<string, { license?: string }>;
    };
    const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
    const mit = packages.filter(([, { license }]) => license === 'MIT').length;
    const text = section(output, 'packages.ts');
    expect(text).toMatch(new RegExp(`show\\(packages\\.length\\); +→ ${packages.length}\n`));
    expect(text).toMatch(/→ '[\d,]+ commands in \d+ ms: [\d,]+ a second'\n/);
    expect(text).toMatch(new RegExp(`→ MIT +${mit}  ▇+\n`));
    expect(text).toMatch(/\[ ?[^\]]*'ioredis'[^\]]*\]/);

    const words = /documents: (\d+), words: (\d+)/.exec(section(output, 'words.ts'));
    expect(Number(words?.[1])).toBeGreaterThan(50);
    expect(Number(words?.[2])).toBeGreaterThan(20_000);
  });

  it('is plain text of at most 80 columns', () => {
    expect(output).not.toContain(ESCAPE);
    expect(output.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('what the tour is asked for', () => {
  it('plays some chapters, in the order given', async () => {
    const { code, stdout } = await run(['--fast', 'lock', 'cache']);
    expect(code).toBe(0);
    expect(stdout.match(/examples\/tour\/[a-z-]+\.ts/g)).toEqual([
      'examples/tour/lock.ts',
      'examples/tour/cache.ts',
    ]);
  });

  it('says which chapters there are when it is asked for another', async () => {
    const { code, stdout, stderr } = await run(['lok']);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain("there is no chapter 'lok'");
    expect(stderr).toContain('chapters: cache, sessions, durable');
  });
});

describe('the stage', () => {
  it('puts each answer after the statement that asked, seen from the outermost call', async () => {
    const { passages } = await perform(shopping, 70);
    expect(passages.map(({ code, answers }) => [code.at(-1), answers.flatMap(({ lines }) => lines)])).toEqual(
      [
        ["const apples = buy('apples');", ["'apples'"]],
        ['show(apples + pears);', ['3']],
        ['}', ["'bread'", "'milk'"]],
        [');', ['{ a: 1 }']],
        ["board({ milk: '1', bread: '2' });", ['bread  2  '.padEnd(42, '▇'), 'milk   1  '.padEnd(26, '▇')]],
        ["basket.push('the end');", []],
      ],
    );
    expect(passages.flatMap(({ code }) => code)).toEqual(
      readFileSync(fileURLToPath(shopping.url), 'utf8')
        .split('export function play({ show, board }: Stage): void {\n')[1]!
        .split('\n}\n')[0]!
        .split('\n')
        .map((line) => line.slice(2)),
    );
  });

  it('prints the same text with colour and without', async () => {
    const painted = await printed(coloured);
    expect(painted).toContain(ESCAPE);
    expect(withoutColour(painted)).toBe(await printed(plain));
  });

  async function printed(palette: typeof plain): Promise<string> {
    const lines: string[] = [];
    const terminal: Terminal = {
      palette,
      columns: 80,
      hasKeys: false,
      line: (text = '') => void lines.push(text),
      pause: () => Promise.resolve(),
      resume: () => {},
      close: () => {},
    };
    await print(terminal, shopping, 1, await perform(shopping, 70));
    return lines.join('\n');
  }

  it('paints keywords, literals and comments, and nothing within them', () => {
    const marked = {
      strong: (text: string) => text,
      faint: (text: string) => `#${text}#`,
      keyword: (text: string) => `<${text}>`,
      literal: (text: string) => `"${text}"`,
      answer: (text: string) => text,
    };
    expect(highlight("const a = show('new 1'); // for 2", marked)).toBe(
      '<const> a = #show#("\'new 1\'"); #// for 2#',
    );
    expect(highlight('newest(`a 1`, 60_000 / 2)', marked)).toBe('newest("`a 1`", "60_000" / "2")');
  });

  it('writes values as TypeScript does', () => {
    const record = Object.assign(Object.create(null) as Record<string, string>, { user: 'ada' });
    expect(valueLines(record, 70)).toEqual(["{ user: 'ada' }"]);
    expect(valueLines([], 70)).toEqual(['[]']);
    expect(valueLines([1, 'two', null], 70)).toEqual(["[ 1, 'two', null ]"]);
    expect(valueLines(['one', 'two', 'three', 'four', 'five'], 20)).toEqual([
      "[ 'one', 'two',",
      "  'three', 'four',",
      "  'five' ]",
    ]);
    expect(
      valueLines(
        [
          { member: 'a', score: 10 },
          { member: 'bcd', score: 1 },
        ],
        70,
      ),
    ).toEqual(["{ member: 'a',   score: 10 }", "{ member: 'bcd', score: 1 }"]);
  });

  it('draws bars in proportion, the largest first when they come from a hash', () => {
    expect(boardLines({ a: '1000', b: '4000', c: '1' })).toEqual([
      `b  4,000  ${'▇'.repeat(32)}`,
      `a  1,000  ${'▇'.repeat(8)}`,
      'c      1  ▇',
    ]);
  });
});
