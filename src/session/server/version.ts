/** The version of Redis whose behaviour this is: HELLO and INFO tell it, and clients decide by it what they may ask. */
export const REDIS_VERSION = '8.10.0';
