import { generatedPrograms } from '../support/lua-programs.ts';
import { expressionProgram } from './generators/expressions.ts';
import { formatProgram, numberProgram } from './generators/formats.ts';
import { patternProgram } from './generators/patterns.ts';
import { statementProgram } from './generators/statements.ts';

generatedPrograms('Lua expressions', expressionProgram, 5000, 0.2);
generatedPrograms('Lua statements', statementProgram, 1200, 0.2);
generatedPrograms('Lua patterns', patternProgram, 5000, 0.5);
generatedPrograms('Lua formats', formatProgram, 3000, 0.3);
generatedPrograms('Lua numbers as text', numberProgram, 2000, 0.5);
