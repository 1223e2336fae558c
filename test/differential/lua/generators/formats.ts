import fc from 'fast-check';
import { numberLiteral, stringLiteral, stringText } from './literals.ts';

/** Programs that format numbers and strings by random formats, sometimes malformed ones. */

const directive = fc
  .tuple(
    fc.string({ unit: fc.constantFrom('-', '+', ' ', '#', '0'), maxLength: 3 }),
    fc.constantFrom('', '', '', '0', '1', '5', '10', '20', '99', '100'),
    fc.constantFrom('', '', '', '.', '.0', '.1', '.3', '.10', '.14', '.17', '.20', '.99', '.100'),
    fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...'diuoxXcsqeEfgG') },
      { weight: 1, arbitrary: fc.constantFrom(...'aApnlhyLF%*', '') },
    ),
  )
  .map((parts) => `%${parts.join('')}`);
const text = fc.constantFrom('', '', ' ', 'x', '%%', '\0', '\xe9');
const value = fc.oneof(
  { weight: 8, arbitrary: numberLiteral },
  { weight: 3, arbitrary: stringText.map(stringLiteral) },
  { weight: 1, arbitrary: fc.constantFrom('nil', 'true', '{}', "('x'):rep(120)", "('x\\0'):rep(60)") },
);

export const formatProgram: fc.Arbitrary<string> = fc
  .array(fc.tuple(text, directive, value), { minLength: 1, maxLength: 3 })
  .chain((parts) => fc.tuple(fc.constant(parts), text, fc.constantFrom(0, 0, 0, 0, 1)))
  .map(([parts, end, missing]) => {
    const format = parts.map(([before, one]) => before + one).join('') + end;
    const values = parts.map(([, , one]) => one).slice(missing);
    return `return string.format(${[stringLiteral(format), ...values].join(', ')})`;
  });

/** The same numbers as text in the other ways there are. */
export const numberProgram: fc.Arbitrary<string> = fc
  .tuple(
    numberLiteral,
    stringText.map(stringLiteral),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -3, max: 38 }),
  )
  .map(([number, string, double, base]) => {
    const own = double === 0 ? '0.0' : String(double);
    return `local n, s, d = ${number}, ${string}, ${own}
return tostring(n), n .. '', tonumber(s), tonumber(tostring(d)), d .. '|' .. n, select(2, pcall(cjson.encode, {n, d})), select(2, pcall(tonumber, s, ${base})), tostring(d) + 0 == d`;
  });
