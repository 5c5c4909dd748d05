import { storageKey } from '../record/keys.js';

const runPrefix = 'run/';
const valuesPrefix = 'run-values/';
const idsPrefix = 'event-ids/';
const projectPrefix = 'project-runs/';

/** Whole numbers in keys have as many digits, so that they are in order. */
const digits = 12;

/** Where checkpoints stand. */
export const checkpointKeys = {
  runs: runPrefix,
  /** @param name - See {@link runName}. */
  run: (name: string) => `${runPrefix}${name}`,
  allValues: valuesPrefix,
  /** The chunks of one series of a run. */
  values: (run: string, series: number) => `${valuesPrefix}${run}/${padded(series)}/`,
  chunk: (run: string, series: number, chunk: number) => `${valuesPrefix}${run}/${padded(series)}/${padded(chunk)}`,
  allIds: idsPrefix,
  ids: (owner: string, batch: string) => `${idsPrefix}${owner}/${batch}`,
  allProjectRuns: projectPrefix,
  projectRuns: (owner: string, entity: string, metric: string) =>
    `${projectPrefix}${storageKey(owner, JSON.stringify([entity, metric]))}`,
} as const;

/** What a run is called in keys. */
export function runName(runKey: string): string {
  return storageKey(runKey);
}

/** The name of the run of a record. */
export function runNameOf(key: string): string {
  return key.slice(runPrefix.length);
}

/** Which process saved a batch of ids or the last values of a project. */
export function ownerOf(key: string): string {
  return key.split('/')[1] ?? '';
}

/** To which run and series a chunk belongs, and which one of its chunks it is. */
export function chunkOf(key: string): { readonly run: string; readonly series: number; readonly chunk: number } {
  const [, run = '', series, chunk] = key.split('/');
  return { run, series: Number(series), chunk: Number(chunk) };
}

function padded(number: number): string {
  return String(number).padStart(digits, '0');
}
