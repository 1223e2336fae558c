import type { ByteString } from '../../bytes/byte-string.ts';
import type { Session } from '../session.ts';

/** The client as ACL LOG shows who was denied something. */
export function clientInfo(session: Session): ByteString {
  const { id, peer, name, databaseIndex, lastCommand, access, protocol } = session;
  return `id=${id} addr=${peer.address} name=${name} db=${databaseIndex} cmd=${lastCommand?.fullName ?? 'NULL'} user=${access.user.name} resp=${protocol}`;
}
