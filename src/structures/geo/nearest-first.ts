/**
 * Puts things in order of a key each has, and moves their numbers along. Both ways of sorting leave equal keys as Redis
 * does, so that places equally far away come in the same order.
 *
 *     keys     7.5  3.1  3.1  9.0          keys     3.1  3.1  7.5  9.0
 *     numbers   0    1    2    3     →     numbers   1    2    0    3
 */

/** All in ascending order, equal keys in the order they had. O(n log n). */
export function sortStably(keys: Float64Array, numbers: Int32Array): void {
  const { length } = keys;
  for (let start = 0; start < length; start += RUN)
    insertionSort(keys, numbers, start, Math.min(RUN, length - start));
  let from: Float64Array = keys;
  let fromNumbers: Int32Array = numbers;
  let to: Float64Array = new Float64Array(length);
  let toNumbers: Int32Array = new Int32Array(length);
  for (let width = RUN; width < length; width *= 2) {
    for (let start = 0; start < length; start += 2 * width) {
      const middle = Math.min(start + width, length);
      const end = Math.min(middle + width, length);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        const takesLeft = left < middle && !(right < end && from[left]! > from[right]!);
        const taken = takesLeft ? left++ : right++;
        to[at] = from[taken]!;
        toNumbers[at] = fromNumbers[taken]!;
      }
    }
    [from, to] = [to, from];
    [fromNumbers, toNumbers] = [toNumbers, fromNumbers];
  }
  if (from !== keys) {
    keys.set(from);
    numbers.set(fromNumbers);
  }
}

const RUN = 8;

/**
 * The `wanted` least in ascending order at the beginning, the others somewhere behind them. O(n + wanted · log wanted) as a
 * rule.
 *
 * Quicksort as Bentley and McIlroy engineered it ("Engineering a Sort Function", 1993), with BSD's change to it (what
 * needed no swap is nearly in order, so it is finished by insertion), which leaves alone the parts where nothing wanted is.
 * Its choice of pivots decides how equal keys come to stand.
 */
export function sortLeast(keys: Float64Array, numbers: Int32Array, wanted: number): void {
  sortPart(keys, numbers, 0, keys.length, wanted);
}

const FEW = 7;
const MANY = 40;

function sortPart(keys: Float64Array, numbers: Int32Array, from: number, size: number, wanted: number): void {
  let start = from;
  let length = size;
  for (;;) {
    if (length < FEW) break;
    swap(keys, numbers, start, pivotOf(keys, start, length));
    const pivot = keys[start]!;
    const last = start + length - 1;
    // What equals the pivot is gathered at both ends: [ = | < | ? | > | = ]
    let [equalLeft, left, right, equalRight] = [start + 1, start + 1, last, last];
    let isInOrder = true;
    for (;;) {
      for (; left <= right && keys[left]! <= pivot; left++) {
        if (keys[left]! !== pivot) continue;
        isInOrder = false;
        swap(keys, numbers, equalLeft++, left);
      }
      for (; left <= right && keys[right]! >= pivot; right--) {
        if (keys[right]! !== pivot) continue;
        isInOrder = false;
        swap(keys, numbers, right, equalRight--);
      }
      if (left > right) break;
      isInOrder = false;
      swap(keys, numbers, left++, right--);
    }
    if (isInOrder) break;
    const less = left - equalLeft;
    const greater = equalRight - right;
    // Then the equal ones are brought to the middle.
    swapBlocks(keys, numbers, start, left, Math.min(equalLeft - start, less));
    swapBlocks(keys, numbers, left, last + 1, Math.min(greater, last - equalRight));
    if (less > 1 && start < wanted) sortPart(keys, numbers, start, less, wanted);
    start = last + 1 - greater;
    length = greater;
    if (greater <= 1 || start >= wanted) return;
  }
  insertionSort(keys, numbers, start, length);
}

/** The middle of three keys, or, of many, of three middles of three. */
function pivotOf(keys: Float64Array, start: number, length: number): number {
  let low = start;
  let middle = start + Math.floor(length / 2);
  let high = start + length - 1;
  if (length === FEW) return middle;
  if (length > MANY) {
    const step = Math.floor(length / 8);
    low = median(keys, low, low + step, low + 2 * step);
    middle = median(keys, middle - step, middle, middle + step);
    high = median(keys, high - 2 * step, high - step, high);
  }
  return median(keys, low, middle, high);
}

/** Where the middle one of three keys is; which of equal ones that is matters. */
function median(keys: Float64Array, a: number, b: number, c: number): number {
  const [x, y, z] = [keys[a]!, keys[b]!, keys[c]!];
  if (x < y) return y < z ? b : x < z ? c : a;
  return y > z ? b : x < z ? a : c;
}

function insertionSort(keys: Float64Array, numbers: Int32Array, start: number, length: number): void {
  for (let next = start + 1; next < start + length; next++) {
    const key = keys[next]!;
    const number = numbers[next]!;
    let at = next;
    for (; at > start && keys[at - 1]! > key; at--) {
      keys[at] = keys[at - 1]!;
      numbers[at] = numbers[at - 1]!;
    }
    keys[at] = key;
    numbers[at] = number;
  }
}

function swap(keys: Float64Array, numbers: Int32Array, a: number, b: number): void {
  const key = keys[a]!;
  const number = numbers[a]!;
  keys[a] = keys[b]!;
  numbers[a] = numbers[b]!;
  keys[b] = key;
  numbers[b] = number;
}

/** Exchanges so many from `start` on with as many that end before `end`. */
function swapBlocks(
  keys: Float64Array,
  numbers: Int32Array,
  start: number,
  end: number,
  count: number,
): void {
  for (let at = 0; at < count; at++) swap(keys, numbers, start + at, end - count + at);
}
