export type { Blocking } from './blocking/blocking.ts';
export type * from './blocking/blocking-options.ts';
export type { Bytes } from './bytes/byte-string.ts';
export type { Many, Pairs } from './bytes/many.ts';
export { ReplyError } from './errors.ts';
export type { CancelSignal } from './keyspace/cancel-signal.ts';
export type { MaxMemoryPolicy } from './keyspace/eviction/policy.ts';
export type * from './keyspace/key-options.ts';
export type { Limits } from './keyspace/limits.ts';
export type * from './keyspace/memory/memory-options.ts';
export type { BigIntegers, Binary, Text } from './keyspace/operations.ts';
export type {
  AppendFsync,
  LoadProgress,
  PersistenceOptions,
  PersistenceStatus,
  StoragePlace,
} from './keyspace/persistence.ts';
export type * from './persistence/rdb/dump-options.ts';
export type { ChannelSubscribers } from './pubsub/pubsub-operations.ts';
export type * from './pubsub/subscribe-options.ts';
export type { Subscription } from './pubsub/subscription.ts';
export type { ScriptReply } from './scripting/answer-builder.ts';
export type { ScriptHandle } from './scripting/script-handle.ts';
export type { Scripting } from './scripting/scripting.ts';
export type {
  FunctionInfo,
  FunctionListOptions,
  FunctionLoadOptions,
  LibraryInfo,
} from './scripting/scripting-operations.ts';
export { type Connection, type ConnectionOptions, connect } from './session/connection.ts';
export { type ServableStream, type ServedConnection, type ServeOptions, serve } from './session/serve.ts';
export type { NodeStream } from './session/streams/node-stream.ts';
export type { BytePort } from './session/streams/port-channel.ts';
export { type PortStream, portStream } from './session/streams/port-stream.ts';
export type { ByteReadable, ByteWritable, WebStreams } from './session/streams/web-streams.ts';
export type { Snapshot } from './snapshots/snapshot.ts';
export { type OpenOptions, Store, type StoreOptions } from './store.ts';
export type { ConsumedEntry, ConsumeOptions } from './streams/consume.ts';
export type * from './streams/read-options.ts';
export type { ClaimedEntry, PendingStreamEntry, StreamEntry } from './streams/stream-entry.ts';
export type * from './streams/stream-options.ts';
export type * from './streams/stream-results.ts';
export type * from './structures/arrays/array-options.ts';
export type { BitOperation } from './structures/bitmaps/bit-operation.ts';
export type * from './structures/bitmaps/bitmap-options.ts';
export type * from './structures/geo/geo-options.ts';
export type * from './structures/hashes/hash-options.ts';
export type * from './structures/lists/list-options.ts';
export type * from './structures/sets/set-options.ts';
export type * from './structures/sort/sort-options.ts';
export type * from './structures/sorted-sets/sorted-set-options.ts';
export type * from './structures/strings/string-options.ts';
export type { Quantisation } from './structures/vector-sets/quantisation.ts';
export type * from './structures/vector-sets/vector-set-options.ts';
export { type Multi, type MultiEnd, MultiError } from './transactions/multi.ts';
export type { Transaction } from './transactions/transaction.ts';
export type { Watch } from './transactions/watch.ts';
export type { Clock } from './ttl/clock.ts';
export type { BigIntsView, BytesView } from './views/views.ts';
export type { Reply } from './wire/resp/reply.ts';
