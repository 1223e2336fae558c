import type { ByteString, Bytes } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import type { ReplySink } from '../wire/resp/reply-sink.ts';
import type { Tree } from '../wire/tree-codec.ts';
import { requireClientName } from './client/client-attributes.ts';
import { nullSink } from './client/null-sink.ts';
import type { Greeting } from './hello-grammar.ts';
import { REDIS_VERSION } from './server/version.ts';
import type { Session } from './session.ts';

/** What PING answers: a status, a message, or (to a RESP2 client that has subscribed) both in the form of a message. */
export type Pong = 'PONG' | { readonly message: ByteString } | { readonly subscribed: ByteString };

/** The commands that concern the connection itself. Byte strings are in their inner form. */
export class SessionOperations {
  /** How the client spelled the command's name: ACL LOG tells it. */
  spelling: ByteString = 'HELLO';
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** PONG, or the message. */
  ping(message?: Bytes): Pong {
    const { session } = this;
    if (session.protocol === 2 && session.isSubscribed) return { subscribed: (message ?? '') as ByteString };
    return message === undefined ? 'PONG' : { message: message as ByteString };
  }

  echo(message: Bytes): ByteString {
    return message as ByteString;
  }

  /** Has all further commands of this connection work on another database. */
  select(index: number): 'OK' {
    if (this.session.isClusterNode && index !== 0) throw errors.notInClusterMode('SELECT');
    this.session.selectDatabase(index);
    return 'OK';
  }

  /** Agrees on a protocol, and says who is there. */
  hello({ protocol, auth, name }: Greeting): Tree {
    const { session } = this;
    if (auth !== undefined) {
      session.access.signIn(auth.username as ByteString, auth.password as ByteString, this.spelling);
    }
    // Also where PING would be answered: the default user may need no password any more since it connected.
    if (!session.access.isAuthenticated) throw errors.helloNeedsAuthentication();
    if (name !== undefined) session.name = requireClientName(name as ByteString);
    if (protocol !== undefined) session.setProtocol(protocol);
    return new Map<string, Tree>([
      ['server', 'redis'],
      ['version', REDIS_VERSION],
      ['proto', session.protocol],
      ['id', session.id],
      ['mode', session.isClusterNode ? 'cluster' : 'standalone'],
      ['role', 'master'],
      ['modules', []],
    ]);
  }

  /** As if it had just connected. Answers where the reply goes, for replies may have been off. */
  reset(): ReplySink {
    this.session.reset();
    return this.session.replies.areSilent(true) ? nullSink : this.session.peer.replies;
  }

  /** The last command: the connection ends once this is answered. */
  quit(): 'OK' {
    this.session.closeAfterReply();
    return 'OK';
  }
}
