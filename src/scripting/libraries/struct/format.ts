import type { NativeCall } from '../../lua/values/native-call.ts';

/*
 * The formats of `struct`, read one option at a time:
 *
 *   > <        big endian, little endian (which is the default)
 *   ! !n       align to at most 8, or n, bytes, a power of 2 (default: 1, which is not at all)
 *   x          a byte of padding
 *   b B h H    signed and unsigned integers of 1 and 2 bytes
 *   l L T      of 8 bytes
 *   i I in In  of 4, or n, bytes, at most 32
 *   c cn       1, or n, chars; c0: as many as the string has, or as the number read before says
 *   s          a string that ends with a zero byte
 *   f d        float and double
 *   space      nothing
 */

const LARGEST_INTEGER = 32;
const LARGEST_ALIGNMENT = 8;
const MOST = 2 ** 31 - 1;

/** Reads a format. */
export class FormatReader {
  /** The option that was read last, as its char's code. */
  option = 0;
  /** What it takes, as far as the format alone says; 0 for what needs no alignment. */
  size = 0;
  isLittle = true;
  private alignment = 1;
  private readonly call: NativeCall;
  private readonly format: string;
  private at = 0;

  constructor(call: NativeCall, format: string) {
    this.call = call;
    // It is a string of C.
    const end = format.indexOf('\0');
    this.format = end < 0 ? format : format.slice(0, end);
  }

  /** Reads the next option. False at the end. */
  next(): boolean {
    if (this.at === this.format.length) return false;
    this.option = this.format.charCodeAt(this.at++);
    this.size = this.sizeOfOption();
    return true;
  }

  /** How many bytes of padding come before the option at this position. */
  padding(position: number): number {
    if (this.size === 0 || this.option === 0x63) return 0;
    const size = Math.min(this.size, this.alignment);
    // Only the low bits of the position count, and size - 1 selects them, even if size is no power of 2.
    return (size - (position & (size - 1))) & (size - 1);
  }

  /**
   * Does what an option that is not data says.
   *
   * @throws LuaError if there is no such option
   */
  control(): void {
    switch (this.option) {
      case 0x20: // space
        return;
      case 0x3e: // >
        this.isLittle = false;
        return;
      case 0x3c: // <
        this.isLittle = true;
        return;
      case 0x21: {
        // !
        const alignment = this.readNumber(LARGEST_ALIGNMENT);
        if (alignment === 0 || (alignment & (alignment - 1)) !== 0) {
          throw this.call.error(`alignment ${alignment} is not a power of 2`);
        }
        this.alignment = alignment;
        return;
      }
      default:
        throw this.call.argumentError(1, `invalid format option '${String.fromCharCode(this.option)}'`);
    }
  }

  private sizeOfOption(): number {
    switch (this.option) {
      case 0x42: // B
      case 0x62: // b
      case 0x78: // x
        return 1;
      case 0x48: // H
      case 0x68: // h
        return 2;
      case 0x66: // f
        return 4;
      case 0x4c: // L
      case 0x6c: // l
      case 0x54: // T
      case 0x64: // d
        return 8;
      case 0x63: // c
        return this.readNumber(1);
      case 0x49: // I
      case 0x69: {
        // i
        const size = this.readNumber(4);
        if (size > LARGEST_INTEGER) {
          throw this.call.error(`integral size ${size} is larger than limit of ${LARGEST_INTEGER}`);
        }
        return size;
      }
      default:
        return 0;
    }
  }

  /** The digits here as a number. */
  private readNumber(otherwise: number): number {
    const { format } = this;
    let code = format.charCodeAt(this.at);
    if (!(code >= 0x30 && code <= 0x39)) return otherwise;
    let value = 0;
    while (code >= 0x30 && code <= 0x39) {
      value = value * 10 + (code - 0x30);
      if (value > MOST) throw this.call.error('integral size overflow');
      code = format.charCodeAt(++this.at);
    }
    return value;
  }
}
