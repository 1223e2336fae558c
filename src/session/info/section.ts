import type { Server } from '../server.ts';

/** A field of INFO, and what it is worth. */
export type Field = readonly [name: string, value: string | number];

/** A section of INFO. */
export interface Section {
  /** As it is asked for. */
  readonly name: string;
  /** As its heading says it. */
  readonly title: string;
  /** Whether one gets it without asking for it by name. */
  readonly isDefault: boolean;
  /** @param isNamed whether somebody has asked for it by its name, or for everything: then it may take its time */
  fields(server: Server, isNamed: boolean): readonly Field[];
}

/** A number of bytes as people read it: `919.12K`. */
export function humanBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  let value = bytes / 1024;
  for (const unit of ['K', 'M', 'G', 'T']) {
    if (value < 1024) return `${value.toFixed(2)}${unit}`;
    value /= 1024;
  }
  return `${value.toFixed(2)}P`;
}

/** Figures that somebody else keeps, zero where nobody does. */
export function gauges(server: Server, ...names: readonly string[]): Field[] {
  return names.map((name) => [name, server.gauges.get(name)?.() ?? 0]);
}
