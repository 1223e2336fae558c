export type { Bytes } from './bytes/byte-string.ts';
export type { Many, Pairs } from './bytes/many.ts';
export { ReplyError } from './errors.ts';
export type { Limits } from './keyspace/limits.ts';
export { type Connection, type ConnectionOptions, connect } from './session/connection.ts';
export { type BigIntsView, type BytesView, Store, type StoreOptions } from './store.ts';
export type * from './structures/strings/string-options.ts';
export type { Clock } from './ttl/clock.ts';
export type { Reply } from './wire/resp/reply.ts';
