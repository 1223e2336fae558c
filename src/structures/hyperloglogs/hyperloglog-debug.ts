import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Database } from '../../keyspace/database.ts';
import { Operations, type Raw } from '../../keyspace/operations.ts';
import type { RawString } from '../strings/raw-string.ts';
import { isDense, makeDense, opcodesOf, registersOf } from './hyperloglog.ts';
import { editableHyperLogLog } from './hyperloglog-value.ts';
import { selfTest } from './self-test.ts';

/** What a subcommand of PFDEBUG answers. */
export type PfdebugAnswer =
  | { readonly status: string }
  | { readonly text: string }
  | { readonly integer: number }
  | { readonly integers: readonly number[] };

/** PFDEBUG and PFSELFTEST, which are there for those who test Redis: over the wire only. */
export class HyperloglogDebug {
  private readonly view: Operations<Raw>;

  constructor(view: Operations<Raw>) {
    this.view = view;
  }

  /**
   * Shows how a HyperLogLog is kept: GETREG, DECODE, ENCODING; or has it take the dense encoding: TODENSE. GETREG does
   * that, too. `PFDEBUG SIMD ON|OFF` tells whether there is a faster way to merge that could be turned on: there is not.
   */
  pfdebug(subcommand: ByteString, argument: Bytes): PfdebugAnswer {
    const name = subcommand.toLowerCase();
    const key = Operations.namesOf(this.view, argument)[0]!;
    if (name === 'simd') {
      if (!/^(on|off)$/i.test(key)) throw errors.simdOnOrOff();
      return { status: 'disabled' };
    }
    const database = Operations.databaseOf(this.view);
    const found = database.findForWrite(key);
    if (found === undefined) throw errors.noSuchHyperLogLog();
    const raw = editableHyperLogLog(database, key, found);
    switch (name) {
      case 'getreg':
        toDense(database, key, raw);
        return { integers: registersOf(raw) };
      case 'decode':
        if (isDense(raw)) throw errors.hyperLogLogNotSparse();
        return { text: opcodesOf(raw) };
      case 'encoding':
        return { status: isDense(raw) ? 'dense' : 'sparse' };
      case 'todense':
        return { integer: toDense(database, key, raw) ? 1 : 0 };
      default:
        throw errors.unknownPfdebug(subcommand);
    }
  }

  /** Tries out hash, registers and estimates. Some 50 ms, in which nothing else happens. */
  pfselftest(): 'OK' {
    const failure = selfTest(Math.random);
    if (failure !== undefined) throw errors.selfTestFailed(failure);
    return 'OK';
  }
}

/** Whether it was not dense yet. Redis tells nobody of it, though the value is another. */
function toDense(database: Database, key: ByteString, raw: RawString): boolean {
  if (isDense(raw)) return false;
  if (!makeDense(raw)) throw errors.damagedHyperLogLog();
  if (database.changedSilently(key)) database.effect('PFDEBUG', 'TODENSE', key);
  return true;
}
