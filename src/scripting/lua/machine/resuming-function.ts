import { type NativeBody, NativeFunction } from '../values/native-function.ts';
import type { Coroutine } from './coroutine.ts';

/** A function that resumes a coroutine, and keeps it alive: what `coroutine.wrap` makes. */
export class ResumingFunction extends NativeFunction {
  readonly coroutine: Coroutine;

  constructor(coroutine: Coroutine, body: NativeBody) {
    super('wrap', body);
    this.coroutine = coroutine;
  }
}
