/** What there may be to come back with once the host has seen to everything else. */
interface TurnHost {
  setImmediate?: (callback: () => void) => unknown;
  MessageChannel?: new () => { readonly port1: TurnPort; readonly port2: TurnPort };
}

interface TurnPort {
  onmessage?: (event: never) => void;
  postMessage(message: null): void;
}

// As they are when the library is imported: with a test runner's fake timers in their place, a client that awaits
// its replies would wait for ever.
const { setImmediate, MessageChannel } = globalThis as TurnHost;
const { setTimeout } = globalThis;

/** Calls it once the host's event loop has turned: others have read, written and had their timers in between. */
export const afterTurn: (callback: () => void) => void = setImmediate ?? viaChannel;

const queue: (() => void)[] = [];
let port: TurnPort | undefined;

/** Browsers put off nested timers by four milliseconds; messages come at once. */
function viaChannel(callback: () => void): void {
  if (MessageChannel === undefined) {
    setTimeout(callback, 0);
    return;
  }
  if (port === undefined) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => queue.shift()?.();
    port = port2;
  }
  queue.push(callback);
  port.postMessage(null);
}
