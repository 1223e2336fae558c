export type { Bytes } from './bytes/byte-string.ts';
