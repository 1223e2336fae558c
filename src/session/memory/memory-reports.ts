import type { Session } from '../session.ts';
import { memoryAdvice } from './memory-advice.ts';
import { type MemoryOverview, memoryOverview } from './memory-overview.ts';

/** MEMORY, but for its USAGE, which is a command on a key. */
export class MemoryReports {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** What the store uses, and for what. */
  memoryStats(): MemoryOverview {
    return memoryOverview(this.session.server);
  }

  /** What is to be thought of it. */
  memoryDoctor(): string {
    return memoryAdvice(this.session.server);
  }

  /** What the allocator tells of itself. */
  memoryMallocStats(): string {
    return 'Memory is allocated by the host of JavaScript, which tells nothing of it. MEMORY STATS tells what the store uses.\n';
  }

  /** Gives back what is not used: the host does so by itself. */
  memoryPurge(): 'OK' {
    return 'OK';
  }
}
