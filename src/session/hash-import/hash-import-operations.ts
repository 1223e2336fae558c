import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { type Many, manyOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { findHash } from '../../structures/hashes/hash-access.ts';
import { replaceHash } from '../../structures/hashes/replace-hash.ts';
import type { Session } from '../session.ts';
import { Fieldset, Fieldsets } from './fieldset.ts';

/** HIMPORT: hashes with the same fields, which a client names once. */
export class HashImportOperations {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** Remembers the names of fields for this client, under a name: in the place of those it may have had. */
  himportPrepare(name: Bytes, fields: Many): 'OK' {
    const fieldset = new Fieldset(manyOf(fields) as readonly ByteString[]);
    this.session.fieldsets ??= new Fieldsets();
    this.session.fieldsets.set(name as ByteString, fieldset);
    return 'OK';
  }

  /** Makes the key hold a hash of these fields and no other, without a TTL. */
  himportSet(key: Bytes, name: Bytes, values: Many): 'OK' {
    const database = this.session.view.selected;
    const replaced = findHash(database, key as ByteString);
    const fieldset = this.session.fieldsets?.get(name as ByteString);
    if (fieldset === undefined) throw errors.noSuchFieldset();
    const ordered = fieldset.valuesInOrder(manyOf(values) as readonly ByteString[]);
    replaceHash(database, key as ByteString, replaced, fieldset.fields, ordered);
    return 'OK';
  }

  /** Forgets the names of fields under a name. @returns 1 if there were any */
  himportDiscard(name: Bytes): number {
    return this.session.fieldsets?.delete(name as ByteString) === true ? 1 : 0;
  }

  /** Forgets all of this client. @returns how many there were */
  himportDiscardall(): number {
    const count = this.session.fieldsets?.size ?? 0;
    this.session.fieldsets = undefined;
    return count;
  }
}
