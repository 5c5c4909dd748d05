/** Where a field filter stands: both sides name the fields of runs and of artifacts differently. */
export type FieldFamily = 'run' | 'artifact' | 'other';

interface Names {
  /** W&B's name, and ours. Where ours has several, the first is the one that is written. */
  readonly pairs: readonly (readonly [wire: string, ours: string])[];
  /** Prefixes of fields with a key of their own: W&B's, and ours. */
  readonly prefixes: readonly (readonly [wire: string, ours: string])[];
}

const families: Readonly<Record<FieldFamily, Names>> = {
  run: {
    pairs: [
      ['display_name', 'name'],
      // To W&B a run's `name` is its id.
      ['name', 'runId'],
      ['tags', 'tag'],
      ['tag', 'tag'],
      ['username', 'user'],
      ['user', 'user'],
    ],
    prefixes: [['config.', 'config.']],
  },
  artifact: {
    pairs: [
      ['alias', 'alias'],
      ['tag', 'tag'],
      ['artifact_type', 'artifactType'],
    ],
    prefixes: [
      ['metadata.', 'metadata.'],
      ['artifact_metadata.', 'metadata.'],
    ],
  },
  other: { pairs: [], prefixes: [] },
};

/** A field's name on the other side. */
export interface FieldName {
  readonly name: string;
  /** Whether both sides are known to mean the same by it; else the name is kept. */
  readonly known: boolean;
}

/**
 * Our name of a field of W&B's.
 *
 * @returns `undefined` for a name that W&B does not know and that means something else here.
 */
export function fieldFromWandb(field: string, family: FieldFamily): FieldName | undefined {
  return translate(field, family, 0, 1);
}

/**
 * W&B's name of a field of ours.
 *
 * @returns `undefined` for a name that we do not know and that means something else at W&B.
 */
export function fieldToWandb(field: string, family: FieldFamily): FieldName | undefined {
  return translate(field, family, 1, 0);
}

function translate(field: string, family: FieldFamily, from: 0 | 1, to: 0 | 1): FieldName | undefined {
  const { pairs, prefixes } = families[family];
  const pair = pairs.find((each) => each[from] === field);
  if (pair !== undefined) return { name: pair[to], known: true };
  const prefix = prefixes.find((each) => field.startsWith(each[from]) && field !== each[from]);
  if (prefix !== undefined) return { name: prefix[to] + field.slice(prefix[from].length), known: true };
  const taken = pairs.some((each) => each[to] === field) || prefixes.some((each) => field.startsWith(each[to]));
  return taken ? undefined : { name: field, known: family === 'other' };
}
