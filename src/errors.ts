/** An error that Redis would have replied with. Its `message` is Redis's own text, its `code` the first word of it. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';

  /** The error's code: `ERR`, `WRONGTYPE`, … */
  get code(): string {
    const space = this.message.indexOf(' ');
    return space < 0 ? this.message : this.message.slice(0, space);
  }
}

/** An error of a script that was one of its commands': it was counted when that failed. */
export class CountedError extends ReplyError {}

/** What V8 has beside the standard. */
const Host = Error as { stackTraceLimit?: number; captureStackTrace?: (target: object) => void };
let isTracing = true;

/**
 * Whether errors made from now on know where they come from. To find that out takes longer than most commands, and a
 * session only replies with the text.
 *
 * @returns what was set before
 */
export function traceErrors(isOn: boolean): boolean {
  const before = isTracing;
  isTracing = isOn;
  return before;
}

/** Has an error that was made without a trace come from here. */
export function traceFromHere(made: ReplyError): ReplyError {
  Host.captureStackTrace?.(made);
  return made;
}

/** A name as Redis puts it into a text: C's strings end at a zero byte. */
function upToZero(name: string): string {
  const end = name.indexOf('\0');
  return end < 0 ? name : name.slice(0, end);
}

/** A number as C's `%f` prints it. */
function sixDigits(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const absolute = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (absolute >= 1e21) return `${sign}${BigInt(absolute)}.000000`;
  // Exactly half of the last digit are the odd multiples of 1/128: those go to the even digit.
  const isHalf = Math.abs((absolute * 128) % 2) === 1 && Math.floor(absolute * 1e6) % 2 === 0;
  return sign + (isHalf ? Math.floor(absolute * 1e6) / 1e6 : absolute).toFixed(6);
}

function error(message: string): ReplyError {
  const limit = Host.stackTraceLimit;
  // Reflect, because it may be frozen.
  if (isTracing || limit === undefined || !Reflect.set(Host, 'stackTraceLimit', 0))
    return new ReplyError(message);
  const made = new ReplyError(message);
  Host.stackTraceLimit = limit;
  return made;
}

/** What can be wrong with a rule of ACL SETUSER. */
const ACL_PROBLEMS = {
  syntax: 'Syntax error',
  unknownCommand: 'Unknown command or category name in ACL',
  firstArgumentOfSubcommand: 'Allowing first-arg of a subcommand is not supported',
  keysAfterAll:
    "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any effect. Try 'resetkeys' to start with an empty list of patterns",
  channelsAfterAll:
    "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any effect. Try 'resetchannels' to start with an empty list of channels",
  noSuchPassword: 'The password you are trying to remove from the user does not exist',
  badHash:
    'The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters',
} as const;

/** What can be wrong with a rule of ACL SETUSER. */
export type AclProblem = keyof typeof ACL_PROBLEMS;

/** Every error text of Redis that lodis can answer with, in one place. */
export const errors = {
  // Of any command
  wrongType: () => error('WRONGTYPE Operation against a key holding the wrong kind of value'),
  syntax: () => error('ERR syntax error'),
  wrongArity: (command: string) => error(`ERR wrong number of arguments for '${command}' command`),
  unknownCommand: (name: string, args: string) =>
    error(`ERR unknown command '${name}', with args beginning with: ${args}`),
  unknownSubcommand: (name: string, container: string) =>
    error(`ERR unknown subcommand '${name}'. Try ${container} HELP.`),
  subcommandSyntax: (name: string, container: string) =>
    error(`ERR unknown subcommand or wrong number of arguments for '${name}'. Try ${container} HELP.`),

  // Connections and transactions
  nestedMulti: () => error('ERR MULTI calls can not be nested'),
  /** A write to a store whose data is kept no more. */
  keptNoMore: () => error('ERR the store is closed: what is written now would be lost'),
  /** Its files may be another store's by now. */
  isClosed: () => error('ERR the store is closed: its files are no longer its own'),
  loading: () => error('LOADING Redis is loading the dataset in memory'),
  saveInProgress: () => error('ERR Background save already in progress'),
  rewriteInProgress: () => error('ERR Background append only file rewriting already in progress'),
  appendOnlyIsOff: () => error('ERR the append-only file is off: CONFIG SET appendonly yes begins one'),
  rewriteInTheWay: () =>
    error(
      "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a BGSAVE whenever possible.",
    ),
  savesHaveFailed: () =>
    error(
      "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify the data set are disabled, because this instance is configured to report errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error.",
    ),
  storeClosed: () => error('UNBLOCKED the store was closed'),
  execWithoutMulti: () => error('ERR EXEC without MULTI'),
  discardWithoutMulti: () => error('ERR DISCARD without MULTI'),
  watchInsideMulti: () => error('ERR WATCH inside MULTI is not allowed'),
  execAborted: () => error('EXECABORT Transaction discarded because of previous errors.'),
  notInTransaction: () => error('ERR Command not allowed inside a transaction'),
  unsupportedProtocol: () => error('NOPROTO unsupported protocol version'),
  protocolNotAnInteger: () => error('ERR Protocol version is not an integer or out of range'),
  helloSyntax: (option: string) => error(`ERR Syntax error in HELLO option '${option}'`),
  onlySubscriptions: (command: string) =>
    error(
      `ERR Can't execute '${command}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
    ),
  wrongPassword: () => error('WRONGPASS invalid username-password pair or user is disabled.'),
  noPasswordConfigured: () =>
    error(
      'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
    ),
  authenticationRequired: () => error('NOAUTH Authentication required.'),
  helloNeedsAuthentication: () =>
    error(
      'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
    ),
  execRejected: (reason: string) => error(`EXECABORT Transaction discarded because of: ${reason}`),
  clientNameInvalid: () => error('ERR Client names cannot contain spaces, newlines or special characters.'),

  // Users and permissions
  noPermission: (reason: string) => error(`NOPERM ${reason}`),
  noLongerPermitted: (reason: string) =>
    error(
      `NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: ${reason}`,
    ),
  sortOptionDenied: (option: 'BY' | 'GET') =>
    error(`ERR ${option} option of SORT denied due to insufficient ACL permissions.`),
  usernameInvalid: () => error("ERR Usernames can't contain spaces or null characters"),
  aclRule: (rule: string, problem: AclProblem) =>
    error(`ERR Error in ACL SETUSER modifier '${rule}': ${ACL_PROBLEMS[problem]}`),
  aclUnmatchedParenthesis: (start: string) =>
    error(`ERR Unmatched parenthesis in acl selector starting at '${start}'.`),
  aclDefaultUserRemoved: () => error("ERR The 'default' user cannot be removed"),
  aclUnknownCategory: (name: string) => error(`ERR Unknown category '${name}'`),
  aclUserNotFound: (name: string) => error(`ERR User '${name}' not found`),
  aclCommandNotFound: (name: string) => error(`ERR Command '${name}' not found`),
  aclPasswordBits: () =>
    error(
      'ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096',
    ),
  aclWithoutFile: () =>
    error(
      'ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users in the Redis configuration.',
    ),

  // The server
  unknownParameter: (name: string) =>
    error(`ERR Unknown option or number of arguments for CONFIG SET - '${name}'`),
  configSetFailed: (name: string, reason: string) =>
    error(`ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`),
  noConfigFile: () => error('ERR The server is running without a config file'),
  monitorsHaveNoKeys: () => error("ERR Replica can't interact with the keyspace"),
  monitorDenied: () => error("ERR MONITOR isn't allowed for DENY BLOCKING client"),
  hotKeysStarted: () => error('ERR hotkey tracking session already in progress'),
  hotKeysInProgress: () => error('ERR hotkey tracking session in progress, stop tracking first'),
  hotKeysNeedMetrics: () => error('ERR METRICS parameter is required'),
  hotKeysMetricsCount: () => error('ERR METRICS count must be > 0 and <= 2'),
  hotKeysMetricsMissing: () => error('ERR METRICS count does not match number of metric types provided'),
  hotKeysMetricsUnknown: () => error('ERR METRICS no valid metrics passed. Supported: CPU|NET'),
  hotKeysMetricTwice: (metric: string) => error(`ERR METRICS ${metric} defined more than once!`),
  hotKeysCount: () => error('ERR COUNT must be between 1 and 64'),
  hotKeysDuration: () => error('ERR DURATION must be between 1 and 1000000'),
  hotKeysSample: () => error('ERR SAMPLE ratio must be positive'),
  hotKeysWithoutCluster: () => error('ERR SLOTS parameter cannot be used in non-cluster mode'),
  hotKeysSlotsTwice: () => error('ERR SLOTS parameter already specified'),
  hotKeysSlotCount: () => error('ERR SLOTS count must be between 1 and 16384'),
  hotKeysSlotsMissing: () => error('ERR not enough slot numbers provided'),
  hotKeysSlotRepeated: () => error('ERR duplicate slot number'),
  slotOutOfRange: () => error('ERR Invalid or out of range slot'),
  slowlogCount: () => error('ERR count should be greater than or equal to -1'),
  noLatencySamples: (event: string) => error(`ERR No samples available for event '${event}'`),
  timeoutNotAnInteger: () => error('ERR timeout is not an integer or out of range'),
  timeoutNegative: () => error('ERR timeout is negative'),
  noAppendOnly: () => error('ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.'),
  asked: (message: string) => error(message),
  databaseOfStatistics: () => error('ERR Out of range database'),
  notAHashTable: () =>
    error('ERR The value stored at the specified key is not represented using an hash table'),
  notAListpack: () => error('ERR Not a listpack encoded object.'),
  packedThreshold: () => error('ERR argument must be a memory value bigger than 1 and smaller than 4gb'),
  needsResp3: () => error('ERR RESP2 is not supported by this command'),
  unknownProtocolType: () =>
    error(
      'ERR Wrong protocol type name. Please use one of the following: string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false',
    ),
  noShutdown: () => error('ERR No shutdown in progress.'),
  shutdownFailed: () => error('ERR Errors trying to SHUTDOWN. Check logs.'),
  noStorage: (command: string) =>
    error(`ERR ${command}: this store has no storage; open it with Store.open({ storage })`),
  saveFailed: (reason: string) => error(`ERR saving failed: ${reason}`),
  reloadOption: () => error('ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.'),
  reloadFailed: (reason: string) => error(`ERR Error trying to load the RDB dump: ${reason}`),
  loadAppendOnlyFailed: (reason: string) =>
    error(`ERR Error trying to load the AOF files, check server logs: ${reason}`),
  crossSlot: () => error("CROSSSLOT Keys in request don't hash to the same slot"),
  notInClusterMode: (command: string) => error(`ERR ${command} is not allowed in cluster mode`),
  clusterDisabled: () => error('ERR This instance has cluster support disabled'),
  // CLIENT
  clientAttributeInvalid: (attribute: string) =>
    error(`ERR ${attribute} cannot contain spaces, newlines or special characters.`),
  unrecognizedOption: (option: string) => error(`ERR Unrecognized option '${option}'`),
  unknownClientType: (type: string) => error(`ERR Unknown client type '${type}'`),
  invalidClientId: () => error('ERR Invalid client ID'),
  clientIdNotPositive: () => error('ERR client-id should be greater than 0'),
  maxageNotAnInteger: () => error('ERR maxage is not an integer or out of range'),
  maxageNotPositive: () => error('ERR maxage should be greater than 0'),
  noSuchClient: () => error('ERR No such client'),
  subscribesToShardsInExec: () => error("ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client"),
  noSuchUser: (name: string) => error(`ERR No such user '${name}'`),
  pauseMode: () => error('ERR CLIENT PAUSE mode must be WRITE or ALL'),
  pauseNotAnInteger: () => error('ERR timeout is not an integer or out of range'),
  pauseNegative: () => error('ERR timeout is negative'),
  unblockReason: () => error('ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR'),
  redirectTwice: () => error('ERR A client can only redirect to a single other client'),
  redirectToNobody: () => error('ERR The client ID you want redirect to does not exist'),
  prefixWithoutBroadcast: () => error('ERR PREFIX option requires BCAST mode to be enabled'),
  broadcastSwitched: () =>
    error(
      "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with a different mode.",
    ),
  broadcastWithOpt: () => error('ERR OPTIN and OPTOUT are not compatible with BCAST'),
  optinAndOptout: () => error("ERR You can't specify both OPTIN mode and OPTOUT mode"),
  optSwitched: () =>
    error(
      "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then re-enabling it with a different mode.",
    ),
  prefixOverlaps: (prefix: string, other: string, isProvided: boolean) =>
    error(
      `ERR Prefix '${prefix}' overlaps with ${isProvided ? 'another provided' : 'an existing'} prefix '${other}'. Prefixes for a single client must not overlap.`,
    ),
  cachingNeedsOpt: () =>
    error(
      'ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled',
    ),
  cachingYesNeedsOptin: () =>
    error('ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.'),
  cachingNoNeedsOptout: () =>
    error('ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.'),

  // Numbers
  notAnInteger: () => error('ERR value is not an integer or out of range'),
  notAFloat: () => error('ERR value is not a valid float'),
  outOfRange: () => error('ERR value is out of range'),
  mustBePositive: () => error('ERR value is out of range, must be positive'),
  wouldOverflow: () => error('ERR increment or decrement would overflow'),
  decrementWouldOverflow: () => error('ERR decrement would overflow'),
  notFinite: () => error('ERR increment would produce NaN or Infinity'),

  // Keys
  noSuchKey: () => error('ERR no such key'),
  sameObject: () => error('ERR source and destination objects are the same'),
  databaseOutOfRange: () => error('ERR DB index is out of range'),
  invalidExpireTime: (command: string) => error(`ERR invalid expire time in '${command}' command`),
  invalidCursor: () => error('ERR invalid cursor'),
  indexOutOfRange: () => error('ERR index out of range'),

  // Dumps
  busyKey: () => error('BUSYKEY Target key name already exists.'),
  invalidTtl: () => error('ERR Invalid TTL value, must be >= 0'),
  invalidIdletime: () => error('ERR Invalid IDLETIME value, must be >= 0'),
  invalidFrequency: () => error('ERR Invalid FREQ value, must be >= 0 and <= 255'),
  badPayload: () => error('ERR DUMP payload version or checksum are wrong'),
  badDataFormat: () => error('ERR Bad data format'),

  // Strings
  stringTooLong: () => error('ERR string exceeds maximum allowed size (proto-max-bulk-len)'),
  offsetOutOfRange: () => error('ERR offset is out of range'),
  lcsNeedsStrings: () => error('ERR The specified keys must contain string values'),
  lcsTooLarge: () => error('ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len'),
  lcsLengthAndIndexes: () => error('ERR If you want both the length and indexes, please just use IDX.'),
  invalidNumberOfKeys: () => error('ERR invalid numkeys value'),
  wrongNumberOfPairs: () => error('ERR wrong number of key-value pairs'),
  digestLength: () => error('ERR must be exactly 16 hexadecimal characters'),
  delexNeedsString: () => error('ERR Key should be of string type if conditions are specified'),
  delexCondition: () => error('ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE'),
  enxNeedsExpiry: () => error('ERR ENX flag requires an expiration'),
  incrementNotAnInteger: () => error('ERR Increment is not an integer or out of range'),
  incrementNotAFloat: () => error('ERR Increment is not a valid float'),
  incrementInfinite: () => error('ERR BYFLOAT increment cannot be Infinity'),
  boundNotAnInteger: (bound: 'LBOUND' | 'UBOUND') => error(`ERR ${bound} is not an integer or out of range`),
  boundNotAFloat: (bound: 'LBOUND' | 'UBOUND') => error(`ERR ${bound} is not a valid float`),
  boundsCrossed: () => error("ERR LBOUND can't be greater than UBOUND"),
  valueInfinite: () => error('ERR value cannot be Infinity'),
  appliedWouldOverflow: () => error('ERR applied increment would overflow'),

  // Bitmaps
  bitOffset: () => error('ERR bit offset is not an integer or out of range'),
  bitNotAnInteger: () => error('ERR bit is not an integer or out of range'),
  bitMustBe1Or0: () => error('ERR The bit argument must be 1 or 0.'),
  bitopNeedsOneSource: () => error('ERR BITOP NOT must be called with a single source key.'),
  bitopNeedsTwoSources: (operation: string) =>
    error(`ERR BITOP ${operation} must be called with at least two source keys.`),
  bitfieldType: () =>
    error('ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.'),
  bitfieldOverflow: () => error('ERR Invalid OVERFLOW type specified'),
  bitfieldReadOnly: () => error('ERR BITFIELD_RO only supports the GET subcommand'),
  // HyperLogLogs
  notAHyperLogLog: () => error('WRONGTYPE Key is not a valid HyperLogLog string value.'),
  damagedHyperLogLog: () => error('INVALIDOBJ Corrupted HLL object detected'),
  noSuchHyperLogLog: () => error('ERR The specified key does not exist'),
  hyperLogLogNotSparse: () => error('ERR HLL encoding is not sparse'),
  unknownPfdebug: (name: string) => error(`ERR Unknown PFDEBUG subcommand '${upToZero(name)}'`),
  simdOnOrOff: () => error('ERR Argument must be ON or OFF'),
  selfTestFailed: (what: string) => error(`ERR TESTFAILED ${what}`),

  // Lists
  numkeysMustBePositive: () => error('ERR numkeys should be greater than 0'),
  countMustBePositive: () => error('ERR count should be greater than 0'),
  rankIsZero: () =>
    error(
      "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list",
    ),
  rankOutOfRange: () =>
    error('ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807'),
  countIsNegative: () => error("ERR COUNT can't be negative"),
  maxlenIsNegative: () => error("ERR MAXLEN can't be negative"),

  // Streams
  invalidStreamId: () => error('ERR Invalid stream ID specified as stream command argument'),
  streamIdIsZero: () => error('ERR The ID specified in XADD must be greater than 0-0'),
  streamIdTooSmall: () =>
    error('ERR The ID specified in XADD is equal or smaller than the target stream top item'),
  streamExhausted: () => error('ERR The stream has exhausted the last possible ID, unable to add more items'),
  invalidStartId: () => error('ERR invalid start ID for the interval'),
  invalidEndId: () => error('ERR invalid end ID for the interval'),
  trimMaxlenNegative: () => error('ERR The MAXLEN argument must be >= 0.'),
  trimLimitNegative: () => error('ERR The LIMIT argument must be >= 0.'),
  trimMaxlenAndMinid: () =>
    error('ERR syntax error, MAXLEN and MINID options at the same time are not compatible'),
  trimLimitWithoutStrategy: () =>
    error('ERR syntax error, LIMIT cannot be used without specifying a trimming strategy'),
  trimWithoutStrategy: () => error('ERR syntax error, XTRIM must be called with a trimming strategy'),
  trimLimitWithoutApproximation: () =>
    error('ERR syntax error, LIMIT cannot be used without the special ~ option'),
  setidTooSmall: () => error('ERR The ID specified in XSETID is smaller than the target stream top item'),
  setidBelowMaxDeleted: () =>
    error('ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id'),
  entriesAddedNegative: () => error('ERR entries_added must be positive'),
  entriesAddedTooSmall: () =>
    error('ERR The entries_added specified in XSETID is smaller than the target stream length'),
  groupNeedsKey: () =>
    error(
      'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.',
    ),
  groupExists: () => error('BUSYGROUP Consumer Group name already exists'),
  noGroup: (group: string, key: string) =>
    error(`NOGROUP No such consumer group '${upToZero(group)}' for key name '${upToZero(key)}'`),
  noKeyOrGroup: (key: string, group: string) =>
    error(`NOGROUP No such key '${upToZero(key)}' or consumer group '${upToZero(group)}'`),
  entriesReadInvalid: () => error('ERR value for ENTRIESREAD must be positive or -1'),
  minIdleInvalid: (command: string) => error(`ERR Invalid min-idle-time argument for ${command}`),
  claimOptionInvalid: (option: string) => error(`ERR Invalid ${option} option argument for XCLAIM`),
  claimOptionUnknown: (option: string) => error(`ERR Unrecognized XCLAIM option '${upToZero(option)}'`),
  autoclaimCount: () => error('ERR COUNT must be > 0'),
  autoclaimCountTooHigh: () =>
    error('ERR Insufficient memory, failed allocating transient memory, COUNT too high.'),
  idmpTwice: () => error('ERR IDMP/IDMPAUTO specified multiple times'),
  idmpProducerEmpty: (word: string) => error(`ERR ${word} requires a non-empty producer ID`),
  idmpIdEmpty: (word: string) => error(`ERR ${word} requires a non-empty idempotent ID`),
  idmpNeedsChosenId: () => error('ERR IDMP/IDMPAUTO can be used only with auto-generated IDs'),
  idmpRecordedOtherwise: () => error('ERR IDMP entry already exists with a different stream ID'),
  noSuchMessage: () => error('ERR No such message in stream'),
  cfgsetNothing: () => error('ERR At least one parameter must be specified'),
  cfgsetDuration: () => error('ERR IDMP-DURATION must be between 1 and 86400 seconds'),
  cfgsetMaxsize: () => error('ERR IDMP-MAXSIZE must be between 1 and 10000 entries'),
  idsNotPositive: () => error('ERR Number of IDs must be a positive integer'),
  idsNumberMismatch: () => error('ERR The `numids` parameter must match the number of arguments'),
  nackMode: () => error('ERR mode must be SILENT, FAIL, or FATAL'),
  nackNumidsNotPositive: () => error('ERR numids must be a positive integer'),
  nackNumidsMismatch: () => error("ERR number of IDs doesn't match numids"),
  nackRetryCountNegative: () => error('ERR Invalid RETRYCOUNT value, must be >= 0'),
  nackOptionUnknown: (option: string) => error(`ERR Unrecognized XNACK option '${upToZero(option)}'`),
  nackNeedsIds: () => error('ERR syntax error, expected IDS keyword'),

  // Streams: reading
  unbalancedStreams: (command: 'xread' | 'xreadgroup') =>
    error(
      `ERR Unbalanced '${command}' list of streams: for each stream key an ${command === 'xread' ? "ID, '+', or '$'" : "ID or '>'"} must be specified.`,
    ),
  missingGroup: () => error('ERR Missing GROUP option for XREADGROUP'),
  onlyWithXreadgroup: (option: 'GROUP' | 'NOACK' | 'CLAIM') =>
    error(`ERR The ${option} option is only supported by XREADGROUP. You called XREAD instead.`),
  newIdWithoutGroup: () =>
    error(
      'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
    ),
  meaninglessInGroup: (id: '$' | '+') =>
    error(
      `ERR The ${id} ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The ${id} ID would just return an empty result set.`,
    ),
  noGroupToRead: (key: string, group: string) =>
    error(
      `NOGROUP No such key '${upToZero(key)}' or consumer group '${upToZero(group)}' in XREADGROUP with GROUP option`,
    ),
  minIdleNotAnInteger: () => error('ERR min-idle-time is not an integer or out of range'),
  minIdleNegative: () => error('ERR min-idle-time must be a positive integer'),
  maxcountNotPositive: () => error('ERR MAXCOUNT must be a positive integer'),
  maxsizeNotPositive: () => error('ERR MAXSIZE must be a positive integer'),
  maxcountBelowCount: () => error('ERR MAXCOUNT must be greater than or equal to COUNT'),

  // Waiting
  timeoutNotAFloat: () => error('ERR timeout is not a float or out of range'),
  timeoutIsNegative: () => error('ERR timeout is negative'),
  timeoutOutOfRange: () => error('ERR timeout is out of range'),
  unblocked: () => error('UNBLOCKED client unblocked via CLIENT UNBLOCK'),

  // Generic key commands
  outOfRangeBetween: (least: number | bigint, greatest: number | bigint) =>
    error(`ERR value is out of range, value must between ${least} and ${greatest}`),
  unsupportedOption: (option: string) => error(`ERR Unsupported option ${option}`),
  expireNxWithOthers: () => error('ERR NX and XX, GT or LT options at the same time are not compatible'),
  expireGtAndLt: () => error('ERR GT and LT options at the same time are not compatible'),
  invalidFirstDatabase: () => error('ERR invalid first DB index'),
  invalidSecondDatabase: () => error('ERR invalid second DB index'),
  novaluesOutsideHscan: () => error('ERR NOVALUES option can only be used in HSCAN'),
  outOfMemory: () => error("OOM command not allowed when used memory > 'maxmemory'."),
  idleTimeNotTracked: () =>
    error(
      'ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.',
    ),
  frequencyNotTracked: () =>
    error(
      'ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.',
    ),

  // Scripts
  scriptingIsOff: () =>
    error(
      "ERR scripting is off: new Store({ scripting: lua() }) with lua from 'lodis/scripting' lets this store run scripts",
    ),
  noScript: () => error('NOSCRIPT No matching script. Please use EVAL.'),
  numkeysNegative: () => error("ERR Number of keys can't be negative"),
  numkeysBad: () => error('ERR Bad number of keys provided'),
  scriptCompile: (message: string) => error(`ERR Error compiling script (new function): ${message}`),
  scriptKilled: (why: string, script: string) => error(`ERR Script killed${why} script: ${script}.`),
  scriptInvalidShebang: () => error('ERR Invalid script shebang'),
  scriptInvalidEngine: () => error('ERR Invalid engine in script shebang'),
  scriptUnknownEngine: (engine: string) => error(`ERR Unexpected engine in script shebang: ${engine}`),
  scriptUnknownOption: (option: string) => error(`ERR Unknown lua shebang option: ${option}`),
  scriptUnknownFlag: (flag: string) => error(`ERR Unexpected flag in script shebang: ${flag}`),
  scriptMayWrite: () => error('ERR Can not execute a script with write flag using *_ro command.'),
  scriptNotInCluster: () => error("ERR Can not run script on cluster, 'no-cluster' flag is set."),
  scriptCommandCrossSlot: (fullName: string) =>
    error(`ERR Command '${fullName}' in script attempted to access keys that don't hash to the same slot`),
  scriptCrossSlot: () => error('ERR Script attempted to access keys that do not hash to the same slot'),
  scriptUnknownCommand: () => error('ERR Unknown Redis command called from script'),
  scriptWrongArity: () => error('ERR Wrong number of args calling Redis command from script'),
  scriptForbiddenCommand: () => error('ERR This Redis command is not allowed from script'),
  scriptIsReadonly: () => error('ERR Write commands are not allowed from read-only scripts.'),
  scriptDenied: (reason: string) => error(`NOPERM ACL failure in script: ${reason}`),
  scriptInvalidCommand: () => error('ERR Invalid command passed to redis.acl_check_cmd()'),
  scriptOutOfMemory: () =>
    error("OOM allow-oom flag is not set on the script, can not run it when used memory > 'maxmemory'"),
  scriptNotRunning: () => error('NOTBUSY No scripts in execution right now.'),
  scriptFlushMode: () => error('ERR SCRIPT FLUSH only support SYNC|ASYNC option'),
  scriptDebugMode: () => error('ERR Use SCRIPT DEBUG YES/SYNC/NO'),
  scriptDebugOff: () => error('ERR SCRIPT DEBUG is not supported: there is no debugger for scripts here'),
  functionFlushMode: () => error('ERR FUNCTION FLUSH only supports SYNC|ASYNC option'),
  functionNotFound: () => error('ERR Function not found'),
  functionExists: (name: string) => error(`ERR Function ${name} already exists`),
  functionCompile: (message: string) => error(`ERR Error compiling function: ${message}`),
  functionRegister: (message: string) => error(`ERR Error registering functions: ${message}`),
  functionNoneRegistered: () => error('ERR No functions registered'),
  functionUnknownOption: (option: string) => error(`ERR Unknown option given: ${option}`),
  functionUnknownArgument: (argument: string) => error(`ERR Unknown argument ${argument}`),
  functionNoPattern: () => error('ERR library name argument was not given'),
  functionRestorePolicy: () =>
    error('ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.'),
  functionPayloadNotFunctions: () => error('ERR given type is not a function'),
  functionPayloadEnded: () => error('ERR Failed loading library payload'),
  restoredLibraryExists: (name: string) => error(`ERR Library ${name} already exists`),
  libraryNotFound: () => error('ERR Library not found'),
  libraryExists: (name: string) => error(`ERR Library '${name}' already exists`),
  libraryNoMetadata: () => error('ERR Missing library metadata'),
  libraryInvalidMetadata: () => error('ERR Invalid library metadata'),
  libraryMetadataValue: (value: string) => error(`ERR Invalid metadata value given: ${value}`),
  libraryNameTwice: () => error('ERR Invalid metadata value, name argument was given multiple times'),
  libraryNoName: () => error('ERR Library name was not given'),
  libraryNameInvalid: () =>
    error(
      'ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long',
    ),
  libraryUnknownEngine: (engine: string) => error(`ERR Engine '${engine}' not found`),

  // COMMAND
  invalidCommandSpecified: () => error('ERR Invalid command specified'),
  noKeyArguments: () => error('ERR The command has no key arguments'),
  invalidArgumentNumber: () => error('ERR Invalid number of arguments specified for command'),
  invalidArguments: () => error('ERR Invalid arguments specified for command'),

  // SORT
  notADoubleToSort: () => error("ERR One or more scores can't be converted into double"),

  // Sets
  numkeysBeyondArguments: () => error("ERR Number of keys can't be greater than number of args"),
  limitNegative: () => error("ERR LIMIT can't be negative"),

  // Hashes
  hashValueNotAnInteger: () => error('ERR hash value is not an integer'),
  hashValueNotAFloat: () => error('ERR hash value is not a float'),
  incrementNotFinite: () => error('ERR value is NaN or Infinity'),
  randomCountOutOfRange: () =>
    error('ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807'),

  // HIMPORT
  noSuchFieldset: () => error('ERR no such fieldset'),
  duplicateFieldInFieldset: () => error('ERR duplicate field name in fieldset'),
  fieldsetValueCount: () => error('ERR value count does not match fieldset field count'),

  // Expiry of hash fields
  negativeExpireTime: () => error('ERR invalid expire time, must be >= 0'),
  missingExpireTime: () => error('ERR missing expire time'),
  missingFields: () => error('ERR missing FIELDS argument'),
  repeatedFields: () => error('ERR FIELDS keyword specified multiple times'),
  fieldsWithoutNumber: () => error('ERR FIELDS requires at least numfields and one field argument'),
  numFieldsTooSmall: () => error('ERR Parameter `numFields` should be greater than 0'),
  invalidNumberOfFields: () => error('ERR invalid number of fields'),
  wrongArityUnnamed: () => error('ERR wrong number of arguments'),
  unknownArgument: (token: string) => error(`ERR unknown argument: ${token}`),
  multipleConditions: () => error('ERR Multiple condition flags specified'),
  onlyOneOf: (words: string) => error(`ERR Only one of ${words} arguments can be specified`),
  fieldsMisplaced: () => error('ERR Mandatory argument FIELDS is missing or not at the right position'),
  numFieldsNotPositive: () => error('ERR Number of fields must be a positive integer'),
  numFieldsMismatch: () => error('ERR The `numfields` parameter must match the number of arguments'),

  // Arrays
  invalidArrayIndex: () => error('ERR invalid array index'),
  arrayIndexOverflow: () => error('ERR array index overflow'),
  insertIndexOverflow: () => error('ERR insert index overflow'),
  ringSizeInvalid: () => error('ERR invalid size'),
  ringSizeNotPositive: () => error('ERR size must be positive'),
  invalidCount: () => error('ERR invalid COUNT'),
  rangeTooLarge: (most: number) => error(`ERR range exceeds maximum of ${most} items`),
  tooManyLastItems: (most: number) => error(`ERR count exceeds maximum of ${most} items`),
  limitNotPositive: () => error('ERR LIMIT must be positive'),
  unknownOperation: () => error('ERR unknown operation'),
  matchNeedsValue: () => error('ERR MATCH requires a value argument'),
  tooManyPredicates: (most: number) => error(`ERR too many predicates, maximum is ${most}`),
  regexTooLong: (mostBytes: number) =>
    error(`ERR regular expression is too long, maximum is ${mostBytes} bytes`),
  regexEmpty: () => error('ERR regular expression is empty'),
  regexInvalid: (problem: string) => error(`ERR invalid regular expression: ${problem}`),
  regexReferences: () => error('ERR regular expression backreferences are not supported'),

  // Sorted sets
  zaddNxAndXx: () => error('ERR XX and NX options at the same time are not compatible'),
  zaddGtLtNx: () => error('ERR GT, LT, and/or NX options at the same time are not compatible'),
  zaddIncrPairs: () => error('ERR INCR option supports a single increment-element pair'),
  scoreNotANumber: () => error('ERR resulting score is not a number (NaN)'),
  scoreBoundNotAFloat: () => error('ERR min or max is not a float'),
  lexBoundInvalid: () => error('ERR min or max not valid string range item'),
  limitNeedsByscoreOrBylex: () =>
    error('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX'),
  withscoresAndBylex: () => error('ERR syntax error, WITHSCORES not supported in combination with BYLEX'),
  noInputKeys: (command: string) => error(`ERR at least 1 input key is needed for '${command}' command`),
  weightNotAFloat: () => error('ERR weight value is not a float'),

  // Geo
  invalidPosition: (longitude: number, latitude: number) =>
    error(`ERR invalid longitude,latitude pair ${sixDigits(longitude)},${sixDigits(latitude)}`),
  unsupportedUnit: () => error('ERR unsupported unit provided. please use M, KM, FT, MI'),
  radiusNotNumeric: () => error('ERR need numeric radius'),
  radiusNegative: () => error('ERR radius cannot be negative'),
  widthNotNumeric: () => error('ERR need numeric width'),
  heightNotNumeric: () => error('ERR need numeric height'),
  sideNegative: () => error('ERR height or width cannot be negative'),
  searchCountNotPositive: () => error('ERR COUNT must be > 0'),
  anyNeedsCount: () => error('ERR the ANY argument requires COUNT argument'),
  noPositionOfMember: () => error('ERR could not decode requested zset member'),
  centerMissing: (command: string) =>
    error(`ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for ${upToZero(command)}`),
  shapeMissing: (command: string) =>
    error(`ERR exactly one of BYRADIUS and BYBOX can be specified for ${upToZero(command)}`),
  storeWithDetails: (command: 'GEOSEARCHSTORE' | 'STORE option in GEORADIUS') =>
    error(`ERR ${command} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`),
  invalidNumberOfVertices: () => error('ERR invalid number of vertices'),
  tooFewVertices: () => error('ERR GEOSEARCH BYPOLYGON must have at least 3 vertices'),

  // Vector sets
  invalidVector: () => error('ERR invalid vector specification'),
  invalidExploration: () => error('ERR invalid EF'),
  invalidLinks: () => error('ERR invalid M'),
  invalidVaddOption: () => error('ERR invalid option after element'),
  quantisationMismatch: () => error('ERR asked quantization mismatch with existing vector set'),
  linksMismatch: () => error('ERR asked M value mismatch with existing vector set'),
  dimensionMismatch: (got: number, has: number) =>
    error(`ERR Vector dimension mismatch - got ${got} but set has ${has}`),
  projectionOfUnprojected: () => error('ERR cannot add projection to existing set without projection'),
  inputDimensionMismatch: (got: number, expected: number) =>
    error(`ERR Input dimension mismatch for projection - got ${got} but projection expects ${expected}`),
  noSuchElement: () => error('ERR element not found in set'),
  invalidVsimCount: () => error('ERR invalid COUNT'),
  invalidEpsilon: () => error('ERR invalid EPSILON'),
  invalidFilterExploration: () => error('ERR invalid FILTER-EF'),
  filterSyntax: (rest: string) => error(`ERR syntax error in FILTER expression near: ${upToZero(rest)}`),
  vsimSyntax: () => error('ERR syntax error in VSIM command'),
  keyDoesNotExist: () => error('ERR key does not exist'),
  invalidVembOption: () => error('ERR invalid option'),
  randomCountNotAnInteger: () => error('ERR COUNT value is not an integer'),
  invalidRangeCount: () => error('ERR invalid COUNT value'),
  invalidRangeStart: () => error('ERR invalid start range format'),
  invalidRangeEnd: () => error('ERR invalid end range format'),
  rangeEndsExchanged: () => error("ERR '-' can only be used as first argument, '+' only as second"),
} as const;
