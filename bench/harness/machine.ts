import { cpus } from 'node:os';
import type { Machine } from './result.js';

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  const processors = cpus();
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    processor: processors[0]?.model.trim() ?? 'unknown',
    processors: processors.length,
  };
}
