import type { Bytes } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import { requireInteger } from '../keyspace/arguments.ts';
import { Operations, type Output, type Text } from '../keyspace/operations.ts';
import { requireKnown, XCFGSET_OPTIONS } from './known-options.ts';
import { requireId } from './stream-arguments.ts';
import { equalIds } from './stream-id.ts';
import type { XcfgsetOptions } from './stream-options.ts';
import { STREAM } from './stream-value.ts';

const LONGEST_DURATION_SECONDS = 86_400;
const GREATEST_MAX_SIZE = 10_000;

/** How streams remember which messages were added: `xadd` with `idmp` or `idmpauto`. */
export abstract class IdempotencyOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Sets for how long, and of how many messages of each producer, a stream remembers the names. A change forgets all of
   * them. O(1), O(n) for a change. Redis 8.6.0.
   *
   * @throws ReplyError if there is no such stream, nothing is to be set, or a value is out of its range; WRONGTYPE if the
   * key holds something else
   * @example
   * store.xcfgset('events', { idmpDuration: 300, idmpMaxsize: 1000 });
   */
  xcfgset(key: Bytes, options: XcfgsetOptions): 'OK' {
    requireKnown(options, XCFGSET_OPTIONS);
    const name = this.input(key);
    const { idmpDuration: seconds, idmpMaxsize: maxSize } = options;
    const { database } = this;
    const stream = database.getForWrite(name, STREAM);
    if (stream === undefined) throw errors.noSuchKey();
    if (seconds !== undefined) {
      requireInteger(seconds);
      if (seconds < 1 || seconds > LONGEST_DURATION_SECONDS) throw errors.cfgsetDuration();
    }
    if (maxSize !== undefined) {
      requireInteger(maxSize);
      if (maxSize < 1 || maxSize > GREATEST_MAX_SIZE) throw errors.cfgsetMaxsize();
    }
    if (seconds === undefined && maxSize === undefined) throw errors.cfgsetNothing();
    const idempotency = stream.startIdempotency();
    idempotency.configure({
      ...(seconds === undefined ? {} : { durationMs: seconds * 1000 }),
      ...(maxSize === undefined ? {} : { maxSize }),
    });
    if (database.changedSilently(name)) {
      database.effect(
        ...['XCFGSET', name, 'IDMP-DURATION', String(idempotency.durationMs / 1000)],
        ...['IDMP-MAXSIZE', String(idempotency.maxSize)],
      );
    }
    return 'OK';
  }

  /**
   * Has a stream remember that an entry which it has is this message of this producer: for those who rebuild a stream.
   * O(log n). Redis 8.8.0.
   *
   * @throws ReplyError if a name is empty, the id is none, there is no such stream or entry, or the message is remembered
   * with another id; WRONGTYPE if the key holds something else
   */
  xidmprecord(key: Bytes, producer: Bytes, message: Bytes, id: string): 'OK' {
    this.makeRoom();
    const name = this.input(key);
    const { database } = this;
    const stream = database.getForWrite(name, STREAM);
    if (stream === undefined) throw errors.noSuchKey();
    const [producerName, messageName] = [this.input(producer), this.input(message)];
    if (producerName === '') throw errors.idmpProducerEmpty('XIDMPRECORD');
    if (messageName === '') throw errors.idmpIdEmpty('XIDMPRECORD');
    const entryId = requireId(id);
    if (!stream.log.has(entryId)) throw errors.noSuchMessage();
    const nowMs = this.keyspace.now();
    const idempotency = stream.startIdempotency();
    const known = idempotency.find(producerName, messageName, nowMs);
    if (known !== undefined) {
      if (!equalIds(known, entryId)) throw errors.idmpRecordedOtherwise();
      return 'OK';
    }
    idempotency.record(producerName, messageName, entryId, nowMs);
    if (database.changedSilently(name)) database.effect('XIDMPRECORD', name, producerName, messageName, id);
    return 'OK';
  }
}
