import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { parseInteger } from '../../numbers/integer.ts';
import { isKeyword } from '../../wire/grammar/token-reader.ts';
import type { Tree } from '../../wire/tree-codec.ts';
import type { Session } from '../session.ts';
import { startsWithBytes } from './key-prefixes.ts';
import type { TrackingRequest } from './tracking-grammar.ts';

/** CLIENT TRACKING and what belongs to it: see `tracking.ts`. */
export class TrackingOperations {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** Has the connection, or another one, be told when keys change that it may have cached. */
  clientTracking({ status, items, fault }: TrackingRequest): 'OK' {
    const { session } = this;
    let redirectId = 0;
    const prefixes: ByteString[] = [];
    const given = new Set<string>();
    for (const item of items) {
      if (item.option === 'redirect') {
        if (redirectId !== 0) throw errors.redirectTwice();
        redirectId = this.redirectTarget(item.id);
      } else if (item.option === 'prefix') prefixes.push(item.prefix);
      else given.add(item.option);
    }
    if (fault !== undefined) throw fault;
    const { tracking } = session.server;
    if (isKeyword(status as ByteString, 'OFF')) {
      tracking.disable(session);
      return 'OK';
    }
    if (!isKeyword(status as ByteString, 'ON')) throw errors.syntax();
    const isBroadcast = given.has('bcast');
    this.requireCompatible(given, prefixes);
    if (isBroadcast) this.requireDisjoint(prefixes);
    const caching = given.has('optin') ? 'optin' : given.has('optout') ? 'optout' : 'all';
    tracking.enable(session, { redirectId, isBroadcast, caching, noLoop: given.has('noloop') }, prefixes);
    return 'OK';
  }

  private redirectTarget(token: ByteString): number {
    const id = parseInteger(token);
    if (id === undefined) throw errors.notAnInteger();
    if (!this.session.server.sessions.has(Number(id))) throw errors.redirectToNobody();
    return Number(id);
  }

  /** Options must go together, and with those in force. */
  private requireCompatible(given: ReadonlySet<string>, prefixes: readonly ByteString[]): void {
    const before = this.session.tracking;
    const isBroadcast = given.has('bcast');
    if (!isBroadcast && prefixes.length > 0) throw errors.prefixWithoutBroadcast();
    if (before !== undefined && before.isBroadcast !== isBroadcast) throw errors.broadcastSwitched();
    const [optin, optout] = [given.has('optin'), given.has('optout')];
    if (isBroadcast && (optin || optout)) throw errors.broadcastWithOpt();
    if (optin && optout) throw errors.optinAndOptout();
    const caching = before?.settings.caching;
    if ((optin && caching === 'optout') || (optout && caching === 'optin')) throw errors.optSwitched();
  }

  /** No key may have two prefixes of one client: it would be told twice. */
  private requireDisjoint(prefixes: readonly ByteString[]): void {
    const existing = this.prefixes;
    prefixes.forEach((prefix, at) => {
      for (const other of existing) {
        if (overlap(prefix, other)) throw errors.prefixOverlaps(prefix, other, false);
      }
      for (const other of prefixes.slice(at + 1)) {
        if (overlap(prefix, other)) throw errors.prefixOverlaps(prefix, other, true);
      }
    });
  }

  private get prefixes(): ByteString[] {
    return this.session.tracking?.sortedPrefixes ?? [];
  }

  /** The exception for the next command: to be remembered in OPTIN mode, not to be in OPTOUT mode. */
  clientCaching(mode: Bytes): 'OK' {
    const { tracking } = this.session;
    if (tracking === undefined) throw errors.cachingNeedsOpt();
    const { caching } = tracking.settings;
    if (isKeyword(mode as ByteString, 'YES')) {
      if (caching !== 'optin') throw errors.cachingYesNeedsOptin();
    } else if (isKeyword(mode as ByteString, 'NO')) {
      if (caching !== 'optout') throw errors.cachingNoNeedsOptout();
    } else throw errors.syntax();
    tracking.isExcepted = true;
    return 'OK';
  }

  /** The id of the connection that is told instead; 0 if there is none, -1 if nothing is tracked. */
  clientGetredir(): number {
    return this.session.tracking?.redirectId ?? -1;
  }

  /** How the connection tracks. */
  clientTrackinginfo(): Tree {
    const { tracking } = this.session;
    const flags: string[] = [];
    if (tracking === undefined) flags.push('off');
    else {
      const { caching, noLoop } = tracking.settings;
      flags.push('on');
      if (tracking.isBroadcast) flags.push('bcast');
      if (caching !== 'all') flags.push(caching);
      if (tracking.isExcepted) flags.push(caching === 'optin' ? 'caching-yes' : 'caching-no');
      if (noLoop) flags.push('noloop');
      if (tracking.isRedirectBroken) flags.push('broken_redirect');
    }
    return new Map<string, Tree>([
      ['flags', new Set(flags)],
      ['redirect', this.clientGetredir()],
      ['prefixes', this.prefixes],
    ]);
  }
}

function overlap(a: ByteString, b: ByteString): boolean {
  return startsWithBytes(a, b) || startsWithBytes(b, a);
}
