import { AclOperations } from './acl/acl-operations.ts';
import { CommandOperations } from './command-operations.ts';
import type { CommandRegistry } from './command-registry.ts';
import type { Session } from './session.ts';
import { SessionOperations } from './session-operations.ts';
import { SubscriptionOperations } from './subscription-operations.ts';
import { TransactionOperations } from './transaction-operations.ts';

/** What commands are called on that are not the store's: made for a session when it first runs one. */
export const targets: Readonly<Record<string, (session: Session, registry: CommandRegistry) => object>> = {
  acl: (session, registry) => new AclOperations(session, registry),
  commands: (_session, registry) => new CommandOperations(registry),
  session: (session) => new SessionOperations(session),
  subscription: (session) => new SubscriptionOperations(session),
  transaction: (session) => new TransactionOperations(session),
};
