// Compiled by `npm run typecheck`, never run: what the types of scripting promise, and what they refuse.
import {
  type BigIntegers,
  type Binary,
  connect,
  type LibraryInfo,
  type ReplyError,
  type ScriptHandle,
  type ScriptReply,
  Store,
} from '../../src/index.ts';
import { lua, type OnLog, type Scripting } from '../../src/scripting/index.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Does not compile unless both types are the same. */
function same<A, B>(_proof: Same<A, B>): void {}

const onLog: OnLog = (level, message) => console.log(level.toUpperCase(), message);
const scripting: Scripting = lua({ timeLimitMs: 100, instructionLimit: 1e6, memoryLimitBytes: 1e6, onLog });
const store = new Store({ scripting });
// @ts-expect-error it is the answer of lua() that is wanted
new Store({ scripting: lua });
// @ts-expect-error nor true
new Store({ scripting: true });
// @ts-expect-error there is no such option
lua({ timeout: 5 });
// @ts-expect-error limits are numbers
lua({ timeLimitMs: '100' });

// What is given.
store.eval('return 1');
store.eval(new Uint8Array(3), new Uint8Array(1), ['a', new Uint8Array(1)]);
store.eval('return 1', ['a', 'b'] as const, 'c');
// @ts-expect-error the number of keys is not told, the keys are
store.eval('return 1', 1, 'key');
// @ts-expect-error arguments are strings or bytes
store.eval('return 1', 'key', 5);
// @ts-expect-error nor are numbers among them
store.eval('return 1', 'key', ['a', 5]);
// @ts-expect-error one list of keys and one of arguments
store.eval('return 1', 'key', 'a', 'b');
// @ts-expect-error without a script there is nothing to run
store.eval();
// @ts-expect-error options are an object
store.functionLoad('code', 'REPLACE');
// @ts-expect-error of known names
store.functionLoad('code', { REPLACE: true });
// @ts-expect-error policies are written small
store.functionRestore(store.functionDump(), 'REPLACE');
// @ts-expect-error a payload is bytes
store.functionRestore('payload');

// What is answered.
same<ReturnType<Store['eval']>, ScriptReply>(true);
same<ScriptReply, string | number | null | ReplyError | ScriptReply[]>(true);
same<ReturnType<Store['scriptShow']>, string>(true);
same<ReturnType<Store['scriptLoad']>, string>(true);
same<ReturnType<Store['scriptExists']>, number[]>(true);
same<ReturnType<Store['functionList']>, LibraryInfo[]>(true);
same<ReturnType<Store['functionDump']>, Uint8Array>(true);
const handle: ScriptHandle = store.script('return 1');
const answer: ScriptReply = handle('key', ['a', 'b']);
// @ts-expect-error what a script answers is not known
answer.length;
// @ts-expect-error nor is it a number
handle() + 1;
const binary: ScriptReply<Binary> = store.bytes.eval('return 1');
const exact: ScriptReply<BigIntegers> = store.bigints.script('return 1')();
// @ts-expect-error bytes are no strings
const text: string | number | null | ReplyError | ScriptReply[] = binary;
const other: ScriptReply = store.select(3).evalRo('return 1');
const inside: ScriptReply = store.transaction((tx) => tx.eval('return 1', 'k'));
const replies = store.multi().eval('return 1').set('k', 'v').exec();
void [answer, exact, text, other, inside, replies, connect(store).call('EVAL', 'return 1', '0')];
