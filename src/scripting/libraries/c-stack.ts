/**
 * How many values a native function of the reference implementation may hold at a time. Libraries that nest or return
 * without bound are stopped by it there, with errors scripts can see, so it is counted here.
 */
export const C_STACK_SLOTS = 8000;
