import type { ParsedRunEvent } from '../event/parsed-event.js';
import type { LiveRun } from './live-run.js';

/** Runs by where they are and their ids; no text is made of these to look one up. */
export interface RunIndex {
  /** The run of an event. */
  find(event: Pick<ParsedRunEvent, 'place' | 'run'>): LiveRun | undefined;
  /** Puts a run in, in place of one with the same id at the same place. */
  set(run: LiveRun): void;
  delete(run: LiveRun): void;
}

/** The runs of one place. */
interface PlaceRuns {
  readonly byId: Map<string, LiveRun>;
  /** The one that was put in last, while it is in: most events are of it, and are spared a search. */
  latest: LiveRun | undefined;
}

/** The runs of one entity: a project and a registry may have the same name, and a run may be in neither. */
interface EntityRuns {
  readonly projects: Map<string, PlaceRuns>;
  readonly registries: Map<string, PlaceRuns>;
  readonly elsewhere: PlaceRuns;
}

/** Where a run is. */
type RunPlace = Pick<LiveRun, 'entity' | 'project' | 'registry'>;

/** Makes an index without runs. */
export function createRunIndex(): RunIndex {
  const byEntity = new Map<string, EntityRuns>();

  const runsAt = ({ entity, project, registry }: RunPlace): PlaceRuns | undefined => {
    const runs = byEntity.get(entity);
    if (project !== undefined) return runs?.projects.get(project);
    return registry === undefined ? runs?.elsewhere : runs?.registries.get(registry);
  };

  const makeRunsAt = ({ entity, project, registry }: RunPlace): PlaceRuns => {
    const runs = byEntity.get(entity) ?? { projects: new Map(), registries: new Map(), elsewhere: noRuns() };
    byEntity.set(entity, runs);
    const name = project ?? registry;
    if (name === undefined) return runs.elsewhere;
    const made = noRuns();
    (project === undefined ? runs.registries : runs.projects).set(name, made);
    return made;
  };

  return {
    find({ place, run: { id } }) {
      const runs = runsAt(place as RunPlace);
      return runs?.latest?.id === id ? runs.latest : runs?.byId.get(id);
    },
    set(run) {
      const runs = runsAt(run) ?? makeRunsAt(run);
      runs.byId.set(run.id, run);
      runs.latest = run;
    },
    delete(run) {
      const runs = runsAt(run);
      const { entity, project, registry, id } = run;
      if (runs?.byId.get(id) !== run) return;
      runs.byId.delete(id);
      if (runs.latest === run) runs.latest = undefined;
      if (runs.byId.size > 0) return;
      const { projects, registries, elsewhere } = byEntity.get(entity) as EntityRuns;
      if (project !== undefined) projects.delete(project);
      else if (registry !== undefined) registries.delete(registry);
      if (projects.size === 0 && registries.size === 0 && elsewhere.byId.size === 0) byEntity.delete(entity);
    },
  };
}

function noRuns(): PlaceRuns {
  return { byId: new Map(), latest: undefined };
}
