/**
 * The instructions of the machine. Each takes four places in the code: the opcode, then its operands a, b and c.
 * R is a register of the function, K a constant, U an upvalue, and `to` the place in the code of an instruction.
 *
 * A captured local lives in a cell, and its register holds the cell.
 */
export const Op = {
  /** R[a] = R[b] */
  MOVE: 0,
  /** R[a] = K[b] */
  LOADK: 1,
  /** R[a] … R[b] = nil */
  LOADNIL: 2,
  /** R[a] = U[b] */
  GETUPVAL: 3,
  /** U[b] = R[a] */
  SETUPVAL: 4,
  /** R[a] = a new cell with R[a] in it */
  NEWCELL: 5,
  /** R[a] = what is in the cell R[b] */
  GETCELL: 6,
  /** What is in the cell R[a] = R[b] */
  SETCELL: 7,
  /** R[a] = environment[K[b]] */
  GETGLOBAL: 8,
  /** environment[K[b]] = R[a] */
  SETGLOBAL: 9,
  /** R[a] = R[b][K[c]], K[c] a string */
  GETFIELD: 10,
  /** R[a] = R[b][R[c]] */
  GETINDEX: 11,
  /** R[a][K[b]] = R[c], K[b] a string */
  SETFIELD: 12,
  /** R[a][R[b]] = R[c] */
  SETINDEX: 13,
  /** R[a + 1] = R[b]; R[a] = R[b][K[c]] */
  SELF: 14,
  /** R[a] = a new table with room for b items and c fields */
  NEWTABLE: 15,
  /** R[a][c + i] = R[a + i] for i from 1 to b - 1; if b is 0, to the top */
  SETLIST: 16,
  /** R[a] = R[b] + R[c], and so on */
  ADD: 17,
  SUB: 18,
  MUL: 19,
  DIV: 20,
  MOD: 21,
  POW: 22,
  /** R[a] = R[b] + K[c], K[c] a number, and so on */
  ADDK: 23,
  SUBK: 24,
  MULK: 25,
  DIVK: 26,
  MODK: 27,
  POWK: 28,
  /** R[a] = -R[b] */
  UNM: 29,
  NOT: 30,
  LEN: 31,
  /** R[a] = R[b] .. … .. R[c] */
  CONCAT: 32,
  /** Goes to c, which is further on. */
  JUMP: 33,
  /** Goes to c, which is b places back: an iteration of a loop. */
  LOOP: 34,
  /** Goes to c if R[a] is neither nil nor false. */
  IF: 35,
  IFNOT: 36,
  /** If R[b] is neither nil nor false, R[a] = R[b] and goes to c. */
  IFSET: 37,
  IFNOTSET: 38,
  /** Goes to c if R[a] == R[b], and so on. N: if not. */
  EQ: 39,
  NEQ: 40,
  LT: 41,
  NLT: 42,
  LE: 43,
  NLE: 44,
  /** Goes to c if R[a] == K[b]; the others for K[b] a number. */
  EQK: 45,
  NEQK: 46,
  LTK: 47,
  NLTK: 48,
  LEK: 49,
  NLEK: 50,
  GTK: 51,
  NGTK: 52,
  GEK: 53,
  NGEK: 54,
  /** R[a] … = R[a](R[a + 1] … R[a + b - 1]): c - 1 results; b 0: arguments to the top; c 0: all results, top behind them */
  CALL: 55,
  /** As CALL with c 0, in place of this function. A RETURN follows, for functions of the host. */
  TAILCALL: 56,
  /** Returns R[a] … R[a + b - 2]; b 0: to the top */
  RETURN: 57,
  RETURN0: 58,
  RETURN1: 59,
  /** R[a] … = ..., b - 1 of them; b 0: all, top behind them */
  VARARG: 60,
  /** R[a] = a closure of the inner function b */
  CLOSURE: 61,
  /** Checks R[a] (index), R[a + 1] (limit), R[a + 2] (step), goes to the FORLOOP at c. */
  FORPREP: 62,
  /** R[a] += R[a + 2]; while it has not passed the limit, R[a + 3] = R[a] and goes to c, b places back. */
  FORLOOP: 63,
  /** R[a + 3] … R[a + 2 + b] = R[a](R[a + 1], R[a + 2]) */
  ITERATE: 64,
  /** If R[a + 3] is not nil: R[a + 2] = R[a + 3], goes to c, b places back. */
  ITERATED: 65,
  /** R[a] = a table of the arguments in `...`, with their number as n */
  ARGTABLE: 66,
} as const;

/** The places of an instruction. */
export const INSTRUCTION_WIDTH = 4;
