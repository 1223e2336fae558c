/**
 * The tour: the everyday uses of Redis, one after the other, played by lodis inside this process.
 *
 *     npm start                      all of it, paced for reading: about a minute
 *     npm start -- --fast            all of it, at once
 *     npm start -- lock leaderboard  some chapters
 *
 * Each chapter is a file in examples/tour/ that can be read, and copied, by itself.
 */
import * as activity from './tour/activity.ts';
import * as cache from './tour/cache.ts';
import * as durable from './tour/durable.ts';
import * as jobs from './tour/jobs.ts';
import * as leaderboard from './tour/leaderboard.ts';
import * as lock from './tour/lock.ts';
import * as messages from './tour/messages.ts';
import * as orders from './tour/orders.ts';
import * as packages from './tour/packages.ts';
import * as places from './tour/places.ts';
import * as rateLimit from './tour/rate-limit.ts';
import * as scripts from './tour/scripts.ts';
import * as sessions from './tour/sessions.ts';
import * as similar from './tour/similar.ts';
import * as slidingWindow from './tour/sliding-window.ts';
import { count } from './tour/stage/answers.ts';
import { answerColumns, print, wrap } from './tour/stage/print.ts';
import { type Chapter, perform } from './tour/stage/stage.ts';
import { openTerminal, type Terminal } from './tour/stage/terminal.ts';
import * as tags from './tour/tags.ts';
import * as transfer from './tour/transfer.ts';
import * as visitors from './tour/visitors.ts';
import * as words from './tour/words.ts';
import * as workers from './tour/workers.ts';

const chapters = new Map<string, Chapter>([
  ['cache', cache],
  ['sessions', sessions],
  ['durable', durable],
  ['rate-limit', rateLimit],
  ['sliding-window', slidingWindow],
  ['jobs', jobs],
  ['workers', workers],
  ['orders', orders],
  ['activity', activity],
  ['tags', tags],
  ['leaderboard', leaderboard],
  ['visitors', visitors],
  ['places', places],
  ['lock', lock],
  ['transfer', transfer],
  ['scripts', scripts],
  ['messages', messages],
  ['words', words],
  ['packages', packages],
  ['similar', similar],
]);

const usage = `usage: npm start -- [--fast] [chapter ...]\nchapters: ${[...chapters.keys()].join(', ')}\n`;

async function main(words: readonly string[]): Promise<number> {
  if (words.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  const names = words.filter((word) => word !== '--fast');
  const unknown = names.find((name) => !chapters.has(name));
  if (unknown !== undefined) {
    process.stderr.write(`there is no chapter '${unknown}'\n${usage}`);
    return 1;
  }
  const programme = names.length === 0 ? [...chapters.values()] : names.map((name) => chapters.get(name)!);

  const terminal = openTerminal({ isFast: words.includes('--fast') });
  try {
    await intro(terminal);
    let elapsedMs = 0;
    for (const [at, chapter] of programme.entries()) {
      const performance = await perform(chapter, answerColumns(terminal));
      elapsedMs += performance.elapsedMs;
      await print(terminal, chapter, at + 1, performance);
    }
    outro(terminal, programme.length, elapsedMs);
  } finally {
    terminal.close();
  }
  return 0;
}

async function intro(terminal: Terminal): Promise<void> {
  const { palette, columns } = terminal;
  terminal.line();
  terminal.line(`${palette.strong('lodis')}  Redis inside your process`);
  terminal.line();
  const text =
    'The everyday uses of Redis, on a store that lives in this program. There is no server and no socket. ' +
    'The code you see is read from the file that is running, and → is what it answered just now.';
  for (const line of wrap(text, columns)) terminal.line(palette.faint(line));
  if (terminal.hasKeys) {
    terminal.line(palette.faint('Enter shows the rest of a chapter at once; q leaves.'));
  }
  terminal.line();
  await terminal.pause(2000);
}

function outro(terminal: Terminal, played: number, elapsedMs: number): void {
  const { palette, columns } = terminal;
  terminal.line(palette.faint('─'.repeat(columns)));
  terminal.line();
  const chaptersPlayed = played === 1 ? 'One chapter' : `${played} chapters`;
  terminal.line(
    `${palette.strong(chaptersPlayed)} in ${palette.strong(`${count(Math.ceil(elapsedMs))} ms`)} of this process, reading files included.`,
  );
  terminal.line();
  terminal.line(
    `${palette.faint('In your program:')}   ${palette.keyword('import')} { Store } ${palette.keyword('from')} ${palette.literal("'lodis'")};`,
  );
  terminal.line(`${palette.faint('One chapter again:')} npm start -- leaderboard`);
  terminal.line();
}

process.exitCode = await main(process.argv.slice(2));
