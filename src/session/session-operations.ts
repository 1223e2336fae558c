import type { ByteString, Bytes } from '../bytes/byte-string.ts';
import type { Session } from './session.ts';

/** The commands that concern the connection itself. Byte strings are in their inner form. */
export class SessionOperations {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** PONG, or the message. */
  ping(message?: Bytes): ByteString | undefined {
    return message as ByteString | undefined;
  }

  echo(message: Bytes): ByteString {
    return message as ByteString;
  }

  /** Has all further commands of this connection work on another database. */
  select(index: number): 'OK' {
    this.session.selectDatabase(index);
    return 'OK';
  }
}
