/** The version of Redis whose behaviour this is: HELLO, INFO and RDB files tell it, and clients decide by it what they may ask. */
export const REDIS_VERSION = '8.10.0';
