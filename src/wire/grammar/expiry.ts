import type { ExpiryOptions } from '../../keyspace/expiry-options.ts';
import { type OptionsOf, valued } from './options.ts';
import { type NumberOptions, time } from './pieces.ts';

/** EX, PX, EXAT and PXAT, as many commands have them. */
export function expiryOptions(numbers: NumberOptions): OptionsOf<ExpiryOptions> {
  return {
    ex: valued('EX', time('seconds', numbers)),
    px: valued('PX', time('milliseconds', numbers)),
    exat: valued('EXAT', time('unix-time-seconds', { ...numbers, docType: 'unix-time' })),
    pxat: valued('PXAT', time('unix-time-milliseconds', { ...numbers, docType: 'unix-time' })),
  };
}
