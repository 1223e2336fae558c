import { type ByteString, byteLength, writeBytes } from '../../bytes/byte-string.ts';

/**
 * Bytes that are written one after the other, into a buffer that grows by doubling. Amortised O(bytes).
 *
 *     buffer  [ written … (length) | room ]
 */
export class ByteWriter {
  #buffer: Uint8Array;
  #length = 0;

  constructor(roomBytes = FIRST_ROOM_BYTES) {
    this.#buffer = new Uint8Array(roomBytes);
  }

  /** How many bytes are written. */
  get length(): number {
    return this.#length;
  }

  writeByte(byte: number): void {
    const at = this.#length;
    if (at === this.#buffer.length) this.#grow(1);
    this.#buffer[at] = byte;
    this.#length = at + 1;
  }

  writeBytes(bytes: Uint8Array): void {
    const at = this.#length;
    this.#grow(bytes.length);
    this.#buffer.set(bytes, at);
    this.#length = at + bytes.length;
  }

  /** The bytes of a byte string of which the caller knows how many they are. */
  writeText(text: ByteString, lengthBytes = byteLength(text)): void {
    const at = this.#length;
    this.#grow(lengthBytes);
    this.#length = writeBytes(text, this.#buffer, at);
  }

  /** Little endian, as the others are. */
  writeUint16(value: number): void {
    const at = this.#length;
    this.#grow(2);
    this.#buffer[at] = value;
    this.#buffer[at + 1] = value >>> 8;
    this.#length = at + 2;
  }

  /** The low 32 bits of a number: signed and unsigned ones alike. */
  writeUint32(value: number): void {
    const at = this.#length;
    this.#grow(4);
    const buffer = this.#buffer;
    buffer[at] = value;
    buffer[at + 1] = value >>> 8;
    buffer[at + 2] = value >>> 16;
    buffer[at + 3] = value >>> 24;
    this.#length = at + 4;
  }

  /** The low 64 bits of an integer, negative ones in two's complement. A number must be a safe integer. */
  writeUint64(value: number | bigint): void {
    if (typeof value === 'number') {
      this.writeUint32(value % TWO_TO_32);
      this.writeUint32(Math.floor(value / TWO_TO_32));
    } else {
      this.writeUint32(Number(BigInt.asUintN(32, value)));
      this.writeUint32(Number(BigInt.asUintN(32, value >> 32n)));
    }
  }

  /** The 32 bits of a number, big endian. */
  writeUint32BigEndian(value: number): void {
    this.writeByte(value >>> 24);
    this.writeByte(value >>> 16);
    this.writeByte(value >>> 8);
    this.writeByte(value);
  }

  /** A double, little endian. */
  writeFloat64(value: number): void {
    const at = this.#length;
    this.#grow(8);
    conversion.setFloat64(0, value, true);
    this.#buffer.set(conversionBytes, at);
    this.#length = at + 8;
  }

  /** Puts 32 bits, little endian, in the place of four bytes that are written already: a size known afterwards. */
  patchUint32(at: number, value: number): void {
    const buffer = this.#buffer;
    buffer[at] = value;
    buffer[at + 1] = value >>> 8;
    buffer[at + 2] = value >>> 16;
    buffer[at + 3] = value >>> 24;
  }

  /** Puts 16 bits, little endian, in the place of two bytes that are written already. */
  patchUint16(at: number, value: number): void {
    this.#buffer[at] = value;
    this.#buffer[at + 1] = value >>> 8;
  }

  /** What is written, for reading only, until the next write. */
  get written(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Forgets what is written, and keeps its room unless that is large. */
  clear(): void {
    this.#length = 0;
    if (this.#buffer.length > LARGEST_ROOM_KEPT_BYTES) this.#buffer = new Uint8Array(FIRST_ROOM_BYTES);
  }

  /** What is written, in an array of its own; the writer is empty then, and keeps its room unless that is large. */
  take(): Uint8Array {
    const taken = this.#buffer.slice(0, this.#length);
    this.clear();
    return taken;
  }

  /** What is written, without copying it: its buffer goes with it, and the writer begins a new one with so much room. */
  handOver(roomBytes: number): Uint8Array {
    const { written } = this;
    this.#buffer = new Uint8Array(roomBytes);
    this.#length = 0;
    return written;
  }

  /** Makes room for so many bytes more. */
  #grow(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}

const FIRST_ROOM_BYTES = 64;
const LARGEST_ROOM_KEPT_BYTES = 65_536;
const TWO_TO_32 = 2 ** 32;
const conversion = new DataView(new ArrayBuffer(8));
const conversionBytes = new Uint8Array(conversion.buffer);
