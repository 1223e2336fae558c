import type { ByteString } from '../../bytes/byte-string.ts';
import type { Server } from '../server.ts';
import { keysizesSection } from './keysizes-section.ts';
import { memorySection } from './memory-section.ts';
import { persistenceSection } from './persistence-section.ts';
import type { Section } from './section.ts';
import {
  clientsSection,
  clusterSection,
  cpuSection,
  keyspaceSection,
  modulesSection,
  replicationSection,
  serverSection,
  threadsSection,
} from './server-sections.ts';
import {
  commandStatsSection,
  errorStatsSection,
  latencyStatsSection,
  statsSection,
} from './statistics-sections.ts';

/** In the order in which they are shown, whatever the order they are asked in. */
const SECTIONS: readonly Section[] = [
  serverSection,
  clientsSection,
  memorySection,
  persistenceSection,
  threadsSection,
  statsSection,
  replicationSection,
  cpuSection,
  modulesSection,
  commandStatsSection,
  errorStatsSection,
  latencyStatsSection,
  clusterSection,
  keyspaceSection,
  keysizesSection,
];

/** INFO's text: the sections of these names; without any, those one usually wants. */
export function infoText(server: Server, names: readonly ByteString[]): string {
  const asked = new Set(names.map((name) => name.toLowerCase()));
  const isAll = asked.has('all') || asked.has('everything');
  const isDefault = names.length === 0 || asked.has('default');
  return SECTIONS.filter((section) => isAll || (isDefault && section.isDefault) || asked.has(section.name))
    .map(
      (section) =>
        `# ${section.title}\r\n${section
          .fields(server, isAll || asked.has(section.name))
          .map(([name, value]) => `${name}:${value}\r\n`)
          .join('')}`,
    )
    .join('\r\n');
}
