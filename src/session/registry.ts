import { blockingCommands } from '../blocking/blocking-commands.ts';
import { genericCommands } from '../keyspace/generic-commands.ts';
import { dumpCommands } from '../persistence/rdb/dump-commands.ts';
import { pubsubCommands } from '../pubsub/pubsub-commands.ts';
import { streamCommands } from '../streams/stream-commands.ts';
import { arrayCommands } from '../structures/arrays/array-commands.ts';
import { bitmapCommands } from '../structures/bitmaps/bitmap-commands.ts';
import { geoCommands } from '../structures/geo/geo-commands.ts';
import { hashFamilyCommands } from '../structures/hashes/hash-family-commands.ts';
import {
  hyperloglogCommands,
  hyperloglogDebugCommands,
} from '../structures/hyperloglogs/hyperloglog-commands.ts';
import { listCommands } from '../structures/lists/list-commands.ts';
import { setAlgebraCommands } from '../structures/sets/set-algebra-commands.ts';
import { setCommands } from '../structures/sets/set-commands.ts';
import { sortCommands } from '../structures/sort/sort-commands.ts';
import { sortedSetCommands } from '../structures/sorted-sets/sorted-set-commands.ts';
import { comparisonCommands } from '../structures/strings/comparison-commands.ts';
import { counterCommands } from '../structures/strings/counter-commands.ts';
import { stringCommands } from '../structures/strings/string-commands.ts';
import { vectorSetCommands } from '../structures/vector-sets/vector-set-commands.ts';
import { aclCommands } from './acl/acl-commands.ts';
import { clientCommands } from './client/client-commands.ts';
import { clusterCommands } from './cluster/cluster-commands.ts';
import { commandCommands } from './command/command-commands.ts';
import { CommandRegistry } from './command/command-registry.ts';
import { configCommands } from './config/config-commands.ts';
import { debugCommands } from './debug/debug-commands.ts';
import { hashImportCommands } from './hash-import/hash-import-commands.ts';
import { hotKeysCommands } from './hotkeys/hot-keys-commands.ts';
import { latencyCommands } from './latency/latency-commands.ts';
import { memoryCommands } from './memory/memory-commands.ts';
import { persistenceCommands } from './persistence/persistence-commands.ts';
import { scriptingCommands } from './scripting/scripting-commands.ts';
import { serverCommands } from './server/server-commands.ts';
import { sessionCommands } from './session-commands.ts';
import { slowLogCommands } from './slowlog/slow-log-commands.ts';
import { subscriptionCommands } from './subscriptions/subscription-commands.ts';
import { trackingCommands } from './tracking/tracking-commands.ts';
import { transactionCommands } from './transactions/transaction-commands.ts';

/** Every command lodis knows: one table per family. */
export const registry = new CommandRegistry([
  sessionCommands,
  aclCommands,
  commandCommands,
  transactionCommands,
  scriptingCommands,
  subscriptionCommands,
  serverCommands,
  persistenceCommands,
  configCommands,
  slowLogCommands,
  latencyCommands,
  memoryCommands,
  hotKeysCommands,
  debugCommands,
  clientCommands,
  trackingCommands,
  clusterCommands,
  ...genericCommands,
  dumpCommands,
  stringCommands,
  counterCommands,
  comparisonCommands,
  ...bitmapCommands,
  listCommands,
  blockingCommands,
  setCommands,
  setAlgebraCommands,
  sortCommands,
  ...hashFamilyCommands,
  hashImportCommands,
  hyperloglogCommands,
  hyperloglogDebugCommands,
  ...sortedSetCommands,
  geoCommands,
  ...streamCommands,
  vectorSetCommands,
  ...arrayCommands,
  pubsubCommands,
]);
