import { type FormatSpecification, formatDouble, formatInteger } from '../values/c-format.ts';
import type { NativeCall } from '../values/native-call.ts';
import type { NativeResult } from '../values/native-function.ts';
import { StringBuilder } from './string-builder.ts';

/** One too many of the flags, though each may be repeated. */
const MOST_FLAGS = 6;
/** Strings so long are not given to the C library's `printf`, unless to be cut: it would stop at a zero byte. */
const LONG_STRING = 100;

const PERCENT = 0x25;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const DOT = 0x2e;

/** `string.format`. */
export function format(call: NativeCall): NativeResult {
  const template = call.string(1);
  const builder = new StringBuilder(call.machine);
  const { length } = template;
  let argument = 1;
  let copied = 0;
  for (;;) {
    const at = template.indexOf('%', copied);
    if (at < 0) break;
    if (at > copied) builder.add(template.slice(copied, at));
    if (template.charCodeAt(at + 1) === PERCENT) {
      builder.add('%');
      copied = at + 2;
      continue;
    }
    argument++;
    if (argument > call.count) throw call.argumentError(argument, 'no value');
    const end = endOfSpecification(call, template, at + 1);
    const conversion = end < length ? template[end]! : '';
    if (end === at + 1) builder.add(convertPlainly(call, argument, conversion));
    else builder.add(convert(call, argument, conversion, template.slice(at + 1, end)));
    copied = end + 1;
  }
  if (copied === 0) return template;
  if (copied < length) builder.add(template.slice(copied));
  return builder.finish();
}

/** Where the letter is that ends what stands after a `%`. */
function endOfSpecification(call: NativeCall, template: string, from: number): number {
  let at = from;
  while (at < template.length && '-+ #0'.includes(template[at]!)) at++;
  if (at - from >= MOST_FLAGS) throw call.error('invalid format (repeated flags)');
  at = endOfDigits(template, at);
  if (template.charCodeAt(at) === DOT) at = endOfDigits(template, at + 1);
  if (isDigit(template, at)) throw call.error('invalid format (width or precision too long)');
  return at;
}

/** Two digits at most. */
function endOfDigits(template: string, from: number): number {
  if (!isDigit(template, from)) return from;
  return isDigit(template, from + 1) ? from + 2 : from + 1;
}

function isDigit(template: string, at: number): boolean {
  const code = template.charCodeAt(at);
  return code >= DIGIT_0 && code <= DIGIT_9;
}

/** The commonest ones, without anything between `%` and the letter. */
function convertPlainly(call: NativeCall, argument: number, conversion: string): string {
  if (conversion === 's') {
    const text = call.string(argument);
    return text.length < LONG_STRING ? upToZero(text) : text;
  }
  if (conversion === 'd') {
    const value = Math.trunc(call.number(argument));
    if (Number.isSafeInteger(value)) return `${value + 0}`;
  }
  return convert(call, argument, conversion, '');
}

function convert(call: NativeCall, argument: number, conversion: string, modifiers: string): string {
  switch (conversion) {
    case 'c':
      return padded(charOf(call.number(argument)), modifiers, false);
    case 'd':
    case 'i':
      return formatInteger(signed(call.number(argument)), specificationOf(modifiers, conversion));
    case 'o':
    case 'u':
    case 'x':
    case 'X':
      return formatInteger(unsigned(call.number(argument)), specificationOf(modifiers, conversion));
    case 'e':
    case 'E':
    case 'f':
    case 'g':
    case 'G':
      return formatDouble(call.number(argument), specificationOf(modifiers, conversion));
    case 'q':
      return quoted(call, call.string(argument));
    case 's': {
      const text = call.string(argument);
      return text.length >= LONG_STRING && !modifiers.includes('.') ? text : padded(text, modifiers, true);
    }
    default:
      throw call.error(`invalid option '%${conversion === '\0' ? '' : conversion}' to 'format'`);
  }
}

const MODIFIERS = /^([-+ #0]*)(\d*)(\.\d*)?$/;

function specificationOf(modifiers: string, conversion: string): FormatSpecification {
  const [, flags = '', width = '', precision] = MODIFIERS.exec(modifiers)!;
  return {
    flags,
    width: Number(width),
    precision: precision === undefined ? undefined : Number(precision.slice(1)),
    conversion,
  };
}

/** A text as C's `%s` and `%c` write it; what comes after the first zero byte is lost, padding too. */
function padded(text: string, modifiers: string, isString: boolean): string {
  const { flags, width, precision } = specificationOf(modifiers, 's');
  let shown = isString ? upToZero(text) : text;
  if (isString && precision !== undefined) shown = shown.slice(0, precision);
  return upToZero(flags.includes('-') ? shown.padEnd(width, ' ') : shown.padStart(width, ' '));
}

function upToZero(text: string): string {
  const zero = text.indexOf('\0');
  return zero < 0 ? text : text.slice(0, zero);
}

/** The byte a double becomes by way of a C int, which is the least one where it does not fit. */
function charOf(value: number): string {
  const integer = Math.trunc(value);
  const fits = integer >= -(2 ** 31) && integer < 2 ** 31;
  return String.fromCharCode(fits ? integer & 255 : 0);
}

const LEAST_SIGNED = -(2n ** 63n);

/** A double as a C long: what does not fit becomes the least one. */
function signed(value: number): bigint {
  return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : LEAST_SIGNED;
}

/** A double as a C unsigned long, as x86-64 does it: negative ones wrap, what is too small becomes 2^63, too large 0. */
function unsigned(value: number): bigint {
  if (!(value >= 2 ** 63)) return BigInt.asUintN(64, signed(value));
  return value < 2 ** 64 ? BigInt(value) : 0n;
}

const NEEDS_QUOTING = /["\\\n\r\0]/g;

/** Longer texts are quoted in pieces of so many bytes. */
const QUOTED_AT_ONCE = 4096;

function quoted(call: NativeCall, text: string): string {
  if (text.length <= QUOTED_AT_ONCE) return `"${escaped(text)}"`;
  const builder = new StringBuilder(call.machine);
  builder.add('"');
  for (let at = 0; at < text.length; at += QUOTED_AT_ONCE) {
    call.machine.spend(QUOTED_AT_ONCE);
    builder.add(escaped(text.slice(at, at + QUOTED_AT_ONCE)));
  }
  builder.add('"');
  return builder.finish();
}

function escaped(text: string): string {
  return text.replace(NEEDS_QUOTING, (char) => {
    if (char === '\r') return '\\r';
    return char === '\0' ? '\\000' : `\\${char}`;
  });
}
