// What an RDB file may have in the place of a type of value: bytes that say what else comes. Types are far below.

/** A template of hashes, which those refer to: Redis 8.10. */
export const HASH_TEMPLATE = 242;
/** What modules keep beside a key (Redis 8.6), or a slot that was under way (Valkey 9). */
export const KEY_METADATA_OR_SLOT_IMPORT = 243;
/** How many keys a slot of a cluster has: Redis 7.4. */
export const SLOT_INFO = 244;
/** The source of a library of functions: Redis 7.0. */
export const FUNCTION = 245;
/** A library as release candidates of Redis 7.0 wrote it. */
export const FUNCTION_BEFORE_RELEASE = 246;
/** What a module keeps beside all keys: Redis 5.0. */
export const MODULE_AUX = 247;
/** For how many seconds nobody has used the next key: Redis 5.0. */
export const IDLE = 248;
/** How often the next key is used: Redis 5.0. */
export const FREQUENCY = 249;
/** A name and a value about the file: Redis 3.2. */
export const AUX = 250;
/** How many keys the database has, and how many of them expire: Redis 3.2. */
export const RESIZE = 251;
/** When the next key expires, in milliseconds: Redis 2.6. */
export const EXPIRES_MS = 252;
/** The same in seconds. */
export const EXPIRES_SECONDS = 253;
/** In which database the next keys are. */
export const SELECT_DATABASE = 254;
/** The end; the checksum follows. */
export const END = 255;
