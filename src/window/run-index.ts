import type { ParsedRunEvent } from '../event/parsed-event.js';
import type { LiveRun } from './live-run.js';

/** Runs by where they are and their ids; no text is made of these to look one up. */
export interface RunIndex {
  /** The run of an event. */
  find(event: ParsedRunEvent): LiveRun | undefined;
  /** Puts a run in, in place of one with the same id at the same place. */
  set(run: LiveRun): void;
  delete(run: LiveRun): void;
}

/** Runs by their ids. */
type RunsById = Map<string, LiveRun>;

/** The runs of one entity: a project and a registry may have the same name, and a run may be in neither. */
interface EntityRuns {
  readonly projects: Map<string, RunsById>;
  readonly registries: Map<string, RunsById>;
  readonly elsewhere: RunsById;
}

/** Where a run is. */
type RunPlace = Pick<LiveRun, 'entity' | 'project' | 'registry'>;

/** Makes an index without runs. */
export function createRunIndex(): RunIndex {
  const byEntity = new Map<string, EntityRuns>();

  const runsAt = ({ entity, project, registry }: RunPlace): RunsById | undefined => {
    const runs = byEntity.get(entity);
    if (project !== undefined) return runs?.projects.get(project);
    return registry === undefined ? runs?.elsewhere : runs?.registries.get(registry);
  };

  const makeRunsAt = ({ entity, project, registry }: RunPlace): RunsById => {
    const runs = byEntity.get(entity) ?? { projects: new Map(), registries: new Map(), elsewhere: new Map() };
    byEntity.set(entity, runs);
    const name = project ?? registry;
    if (name === undefined) return runs.elsewhere;
    const made: RunsById = new Map();
    (project === undefined ? runs.registries : runs.projects).set(name, made);
    return made;
  };

  return {
    find: ({ place, run }) => runsAt(place as RunPlace)?.get(run.id),
    set(run) {
      const runs = runsAt(run) ?? makeRunsAt(run);
      runs.set(run.info.id, run);
    },
    delete(run) {
      const runs = runsAt(run);
      const { entity, project, registry, info } = run;
      if (runs?.get(info.id) !== run) return;
      runs.delete(info.id);
      if (runs.size > 0) return;
      const { projects, registries, elsewhere } = byEntity.get(entity) as EntityRuns;
      if (project !== undefined) projects.delete(project);
      else if (registry !== undefined) registries.delete(registry);
      if (projects.size === 0 && registries.size === 0 && elsewhere.size === 0) byEntity.delete(entity);
    },
  };
}
