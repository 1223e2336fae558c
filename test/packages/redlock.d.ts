// redlock 4 has no types of its own: what is used of it here.
declare module 'redlock' {
  import type { Redis } from 'ioredis';

  interface Lock {
    readonly resource: string[];
    extend(ttlMs: number): Promise<Lock>;
    unlock(): Promise<void>;
  }

  export default class Redlock {
    constructor(clients: Redis[], options?: { retryCount?: number; retryDelay?: number });
    lock(resource: string | string[], ttlMs: number): Promise<Lock>;
  }
}

// 5's types are where its exports do not let the compiler look.
declare module 'redlock-5' {
  import type { Redis } from 'ioredis';

  interface Lock {
    extend(ttlMs: number): Promise<Lock>;
    release(): Promise<unknown>;
  }

  export default class Redlock {
    constructor(clients: Redis[], options?: { retryCount?: number; retryDelay?: number });
    acquire(resources: string[], ttlMs: number): Promise<Lock>;
    using(resources: string[], ttlMs: number, routine: () => Promise<void>): Promise<void>;
  }
}
