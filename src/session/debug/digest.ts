import { type ByteString, toBytes } from '../../bytes/byte-string.ts';
import { formatDouble17 } from '../../numbers/double.ts';
import { MAX_INDEX } from '../../structures/arrays/array-arguments.ts';
import type { RawView } from '../raw-view.ts';
import { DIGEST_BYTES, sha1 } from './sha1.ts';

/**
 * Redis's digest of what a store holds: the same for two stores exactly if (but for chance) they hold the same,
 * whatever their encodings and the order of what has none. DEBUG DIGEST of a real server says the same of the same
 * data.
 *
 * It is put together by two steps. What comes in any order is *added*: the digest is xored with the SHA-1 of it. What
 * has an order is *mixed* in: added, and then the digest is replaced by its own SHA-1.
 */
class Digest {
  private bytes = new Uint8Array(DIGEST_BYTES);

  /** Of something that comes in any order. */
  add(part: Uint8Array): void {
    const hash = sha1(part);
    for (const [at, byte] of hash.entries()) this.bytes[at]! ^= byte;
  }

  /** Of something that has its place. */
  mix(part: Uint8Array): void {
    this.add(part);
    this.bytes = sha1(this.bytes) as Uint8Array<ArrayBuffer>;
  }

  addDigest(other: Digest): void {
    this.add(other.bytes);
  }

  mixText(part: ByteString): void {
    this.mix(toBytes(part));
  }

  get hex(): string {
    return Array.from(this.bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
}

/** Redis's numbers of the types. */
const TYPES: Readonly<Record<string, number>> = {
  string: 0,
  list: 1,
  set: 2,
  zset: 3,
  hash: 4,
  stream: 6,
  array: 8,
};

/** The digest of what one key holds; of nothing, zeros. O(n). */
export function valueDigest(view: RawView, key: ByteString): Digest {
  const digest = new Digest();
  mixValue(digest, view, key);
  return digest;
}

/** The digest of everything in these databases. O(n). */
export function datasetDigest(views: Iterable<RawView>): Digest {
  const whole = new Digest();
  for (const view of views) {
    const keys = view.keys('*') as readonly ByteString[];
    if (keys.length === 0) continue;
    whole.mix(bigEndian(view.databaseIndex));
    for (const key of keys) {
      const digest = new Digest();
      digest.mixText(key);
      mixValue(digest, view, key);
      whole.addDigest(digest);
    }
  }
  return whole;
}

function mixValue(digest: Digest, view: RawView, key: ByteString): void {
  const type = view.type(key);
  if (type === 'none') return;
  digest.mix(bigEndian(TYPES[type] ?? 0));
  switch (type) {
    case 'string':
      digest.mixText(view.get(key)!);
      break;
    case 'list':
      for (const element of view.lrange(key, 0, -1)) digest.mixText(element);
      break;
    case 'set':
      for (const member of view.smembers(key)) digest.add(toBytes(member));
      break;
    case 'zset':
      for (const { member, score } of view.zrangeWithScores(key, 0, -1)) {
        digest.addDigest(pairDigest(member, formatDouble17(score)));
      }
      break;
    case 'hash': {
      const flat = view.hgetall(key) as readonly ByteString[];
      for (let at = 0; at < flat.length; at += 2) {
        digest.addDigest(pairDigest(flat[at]!, flat[at + 1]!));
      }
      break;
    }
    case 'stream':
      // Of the entries alone: neither the groups nor the last id are told apart. Their ids are written with a dot.
      for (const { id, fields } of view.xrange(key, '-', '+')) {
        digest.mixText(id.replace('-', '.'));
        for (const part of fields as readonly ByteString[]) digest.mixText(part);
      }
      break;
    case 'array':
      // Each element under its index; the cursor is not told apart.
      for (const { index, value } of view.arscan(key, 0, MAX_INDEX)) {
        digest.mixText(String(index));
        digest.mixText(value as ByteString);
      }
      break;
  }
  if (view.pexpiretime(key) >= 0) digest.add(EXPIRES);
}

const EXPIRES = toBytes('!!expire!!');

function pairDigest(name: ByteString, value: ByteString): Digest {
  const digest = new Digest();
  digest.mixText(name);
  digest.mixText(value);
  return digest;
}

function bigEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
