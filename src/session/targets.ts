import { BlockingOperations } from '../blocking/blocking-operations.ts';
import type { Raw } from '../keyspace/operations.ts';
import { StreamReads } from '../streams/stream-reads.ts';
import { HyperloglogDebug } from '../structures/hyperloglogs/hyperloglog-debug.ts';
import { AclOperations } from './acl/acl-operations.ts';
import { ClientOperations } from './client/client-operations.ts';
import { ClusterOperations } from './cluster/cluster-operations.ts';
import { CommandOperations } from './command/command-operations.ts';
import type { CommandRegistry } from './command/command-registry.ts';
import { ConfigOperations } from './config/config-operations.ts';
import { DebugOperations } from './debug/debug-operations.ts';
import { HashImportOperations } from './hash-import/hash-import-operations.ts';
import { HotKeysOperations } from './hotkeys/hot-keys-operations.ts';
import { LatencyOperations } from './latency/latency-operations.ts';
import { MemoryReports } from './memory/memory-reports.ts';
import { PersistenceOperations } from './persistence/persistence-operations.ts';
import { ScriptingSessionOperations } from './scripting/scripting-session-operations.ts';
import { ServerOperations } from './server/server-operations.ts';
import type { Session } from './session.ts';
import { SessionOperations } from './session-operations.ts';
import { SlowLogOperations } from './slowlog/slow-log-operations.ts';
import { SubscriptionOperations } from './subscriptions/subscription-operations.ts';
import { TrackingOperations } from './tracking/tracking-operations.ts';
import { TransactionOperations } from './transactions/transaction-operations.ts';

/** What commands are called on that are not the store's: made for a session when it first runs one. */
export const targets: Readonly<Record<string, (session: Session, registry: CommandRegistry) => object>> = {
  acl: (session, registry) => new AclOperations(session, registry),
  blocking: ({ view }) => new BlockingOperations<Raw>(view),
  client: (session) => new ClientOperations(session),
  cluster: (session) => new ClusterOperations(session),
  commands: (_session, registry) => new CommandOperations(registry),
  config: (session) => new ConfigOperations(session),
  debug: (session) => new DebugOperations(session),
  hashImport: (session) => new HashImportOperations(session),
  hotKeys: (session) => new HotKeysOperations(session),
  hyperloglogDebug: ({ view }) => new HyperloglogDebug(view),
  latency: (session, registry) => new LatencyOperations(session, registry),
  memory: (session) => new MemoryReports(session),
  persistence: (session) => new PersistenceOperations(session),
  scripting: (session) => new ScriptingSessionOperations(session),
  slowlog: (session) => new SlowLogOperations(session),
  server: (session) => new ServerOperations(session),
  session: (session) => new SessionOperations(session),
  streamReads: ({ view }) => new StreamReads<Raw>(view),
  subscription: (session) => new SubscriptionOperations(session),
  tracking: (session) => new TrackingOperations(session),
  transaction: (session) => new TransactionOperations(session),
};
