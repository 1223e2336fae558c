import { RawString } from '../strings/raw-string.ts';
import { denseRegister, MAX_REGISTER, setDenseRegister } from './dense-registers.ts';
import { placeOf, REGISTER_COUNT } from './element-place.ts';
import { addPlace, emptyHyperLogLog, estimateOf, isDense, makeDense, registersOf } from './hyperloglog.ts';

const REGISTER_CYCLES = 20;
/** How many elements are counted, up to the last of these numbers. */
const CHECKPOINTS = [1, 10, 100, 1000, 10_000, 100_000];
/** Until then the registers must be sparse. */
const SPARSE_ELEMENTS = 1000;
const SPARSE_BYTES = 3000;
/** The error is rarely more than a few times the standard error: more than this, and something is wrong. */
const MOST_STANDARD_ERRORS = 6;
const STANDARD_ERROR = 1.04 / Math.sqrt(REGISTER_COUNT);

/**
 * Tries out registers, encodings and estimates with random elements: some 50 ms.
 *
 * @param random numbers from 0 up to 1
 * @returns what is wrong, `undefined` if nothing is
 */
export function selfTest(random: () => number): string | undefined {
  return testRegisters(random) ?? testEstimates(random);
}

/** Each register is to hold what it was made to hold, whatever its neighbours are. */
function testRegisters(random: () => number): string | undefined {
  const values = new Uint8Array(REGISTER_COUNT);
  const bytes = new Uint8Array((REGISTER_COUNT / 4) * 3);
  for (let cycle = 0; cycle < REGISTER_CYCLES; cycle++) {
    for (let register = 0; register < REGISTER_COUNT; register++) {
      values[register] = Math.floor(random() * (MAX_REGISTER + 1));
      setDenseRegister(bytes, 0, register, values[register]!);
    }
    for (let register = 0; register < REGISTER_COUNT; register++) {
      const value = denseRegister(bytes, 0, register);
      if (value !== values[register])
        return `Register ${register} should be ${values[register]} but is ${value}`;
    }
  }
  return undefined;
}

/** Both encodings are to hold the same, and to count about right. */
function testEstimates(random: () => number): string | undefined {
  const dense = RawString.from('');
  const sparse = RawString.from('');
  dense.replace(emptyHyperLogLog());
  sparse.replace(emptyHyperLogLog());
  makeDense(dense);
  const element = new Uint8Array(8);
  const view = new DataView(element.buffer);
  view.setUint32(4, Math.floor(random() * 2 ** 32));
  const salt = Math.floor(random() * 2 ** 32);
  let count = 0;
  for (const checkpoint of CHECKPOINTS) {
    while (count < checkpoint) {
      view.setUint32(0, count++ ^ salt);
      const place = placeOf(element);
      if (addPlace(dense, place, SPARSE_BYTES) !== addPlace(sparse, place, SPARSE_BYTES))
        return 'dense/sparse disagree';
    }
    if (checkpoint <= SPARSE_ELEMENTS && isDense(sparse)) return 'sparse encoding not used';
    const estimate = estimateOf(dense);
    if (estimate === undefined || estimate !== estimateOf(sparse)) return 'dense/sparse disagree';
    const error = Math.abs(checkpoint - Number(estimate));
    if (error > Math.ceil(STANDARD_ERROR * MOST_STANDARD_ERRORS * checkpoint))
      return `Too big error. card:${checkpoint} abserr:${error}`;
  }
  makeDense(sparse);
  const others = registersOf(sparse);
  return registersOf(dense).every((value, register) => value === others[register])
    ? undefined
    : 'dense/sparse disagree';
}
