import { describe } from '../../bytes/byte-string.ts';
import { errors, type ReplyError } from '../../errors.ts';
import { requireInt64, requireOptions } from '../../keyspace/arguments.ts';
import type { Integer } from '../../numbers/integer.ts';
import {
  type FieldKind,
  type FieldOverflow,
  fitted,
  incremented,
  readField,
  writeField,
} from './bit-field.ts';
import type { BitfieldOperation } from './bitmap-options.ts';

/** An operation of BITFIELD, looked through: what it does to which bits. */
export interface BitfieldStep {
  readonly action: 'get' | 'set' | 'incrby';
  readonly kind: FieldKind;
  /** The first bit. */
  readonly offset: number;
  /** What it is set to, or incremented by. */
  readonly operand: Integer;
  readonly overflow: FieldOverflow;
}

/** In the place of an operation that could not be read: what Redis says of it, once it has looked at those before. */
export interface RefusedOperation {
  readonly refusal: ReplyError;
}

/** What a step answers, and what it has the field hold: `undefined` where it leaves it alone. */
export interface BitfieldOutcome {
  readonly answer: Integer | null;
  readonly held: Integer;
  readonly written: Integer | undefined;
}

/**
 * Looks through operations in their order.
 *
 * @param limitBytes the longest string
 * @throws ReplyError what Redis would say of the first that is wrong
 * @throws TypeError if one is no operation at all
 */
export function stepsOf(operations: readonly BitfieldOperation[], limitBytes: number): BitfieldStep[] {
  if (!Array.isArray(operations))
    throw new TypeError(`expected an array of operations, got ${describe(operations)}`);
  const steps: BitfieldStep[] = [];
  for (const operation of operations as readonly (BitfieldOperation | RefusedOperation | undefined)[]) {
    if (typeof operation === 'object' && operation !== null && 'refusal' in operation)
      throw operation.refusal;
    requireOptions(operation as BitfieldOperation, OPERATION_OPTIONS);
    steps.push(stepOf(operation as BitfieldOperation, limitBytes));
  }
  return steps;
}

const OPERATION_OPTIONS: ReadonlySet<string> = new Set([
  ...['get', 'set', 'incrby'],
  ...['offset', 'value', 'increment', 'overflow'],
]);

function stepOf(operation: BitfieldOperation, limitBytes: number): BitfieldStep {
  const { get, set, incrby } = operation;
  const type = get ?? set ?? incrby;
  const named = Number(get !== undefined) + Number(set !== undefined) + Number(incrby !== undefined);
  if (named !== 1) throw errors.syntax();
  const overflow = get === undefined ? (operation.overflow ?? 'wrap') : 'wrap';
  if (overflow !== 'wrap' && overflow !== 'sat' && overflow !== 'fail') throw errors.bitfieldOverflow();
  const kind = KINDS.get(type!);
  if (kind === undefined) throw errors.bitfieldType();
  const offset = firstBit(operation.offset, kind, limitBytes);
  if (get !== undefined) return { action: 'get', kind, offset, operand: 0, overflow };
  const operand = requireInt64(set !== undefined ? operation.value : operation.increment);
  return { action: set !== undefined ? 'set' : 'incrby', kind, offset, operand, overflow };
}

/** The kinds of fields by their names. */
const KINDS: ReadonlyMap<string, FieldKind> = new Map(
  Array.from({ length: 64 }, (_, at) => at + 1).flatMap((width): [string, FieldKind][] => [
    [`i${width}`, { isSigned: true, width }],
    ...(width < 64 ? [[`u${width}`, { isSigned: false, width }] as [string, FieldKind]] : []),
  ]),
);

/** The name of a kind of field. */
export function nameOfKind({ isSigned, width }: FieldKind): string {
  return `${isSigned ? 'i' : 'u'}${width}`;
}

function firstBit(offset: number | string, { width }: FieldKind, limitBytes: number): number {
  const isNumbered = typeof offset === 'string' && NUMBERED.test(offset);
  const bit = isNumbered ? Number(offset.slice(1)) * width : offset;
  const isOffset =
    typeof bit === 'number' && Number.isInteger(bit) && bit >= 0 && Math.floor(bit / 8) < limitBytes;
  if (!isOffset) throw errors.bitOffset();
  return bit;
}

/** Redis reads no integer with zeros in front. */
const NUMBERED = /^#(0|[1-9][0-9]*)$/;

/** How many bytes a string has that reaches to the end of the step's field. */
export function reachOf({ offset, kind }: BitfieldStep): number {
  return Math.floor((offset + kind.width - 1) / 8) + 1;
}

/** What the step does to these bytes, which stay as they are. */
export function outcomeOf(step: BitfieldStep, bytes: Uint8Array, offset = step.offset): BitfieldOutcome {
  const { action, kind, operand, overflow } = step;
  const held = readField(bytes, kind, offset);
  if (action === 'get') return { answer: held, held, written: undefined };
  const written =
    action === 'set' ? fitted(kind, operand, overflow) : incremented(kind, held, operand, overflow);
  return { answer: written === undefined ? null : action === 'set' ? held : written, held, written };
}

/** Whether an answer may lie beyond 2^53. */
export function answersWide(steps: readonly BitfieldStep[]): boolean {
  return steps.some(({ kind }) => kind.width > 53);
}

/**
 * The answers of the steps, one after the other, where these bytes stay as they are: what they would write is put beside them.
 * O(bytes of all fields).
 */
export function rehearse(steps: readonly BitfieldStep[], bytes: Uint8Array): (Integer | null)[] {
  const written = new Map<number, number>();
  return steps.map((step) => {
    const first = Math.floor(step.offset / 8);
    const window = Uint8Array.from(
      { length: reachOf(step) - first },
      (_, at) => written.get(first + at) ?? bytes[first + at] ?? 0,
    );
    const offset = step.offset % 8;
    const outcome = outcomeOf(step, window, offset);
    if (outcome.written !== undefined) {
      writeField(window, step.kind, offset, outcome.written);
      window.forEach((byte, at) => void written.set(first + at, byte));
    }
    return outcome.answer;
  });
}
