/**
 * A count of the bytes Lua values take as they come to be, in pieces too small to ask for one by one: whoever makes a
 * table bigger, a string or a closure adds an estimate. The machine looks at it now and then. It is one count for all
 * machines, because only one runs at a time: a machine reads it when it begins and compares.
 */
export const allocation = { bytes: 0 };
