import type { Workload } from './harness/workload.js';

/** A workload that can be asked for by its id. Only the process that runs it loads it, with the packages it needs. */
export interface WorkloadEntry {
  readonly id: string;
  load(): Promise<Workload>;
}

/** All workloads, in the order of the tables. */
export const workloads: readonly WorkloadEntry[] = [
  { id: 'P1', load: async () => (await import('./workloads/p1-steady-emit.js')).workload },
  { id: 'P2', load: async () => (await import('./workloads/p2-peers.js')).workload },
  { id: 'P3', load: async () => (await import('./workloads/p3-automations.js')).workload },
  { id: 'P4', load: async () => (await import('./workloads/p4-windows.js')).workload },
  { id: 'P5', load: async () => (await import('./workloads/p5-cooldown.js')).workload },
  { id: 'P6', load: async () => (await import('./workloads/p6-firing.js')).workload },
  { id: 'P7', load: async () => (await import('./workloads/p7-trainer.js')).workload },
  { id: 'P8', load: async () => (await import('./workloads/p8-memory.js')).workload },
  { id: 'P9', load: async () => (await import('./workloads/p9-start.js')).workload },
  { id: 'P10', load: async () => (await import('./workloads/p10-dense-scope.js')).workload },
];
