import { eventFamily, isEventType } from '../definition/event-type.js';
import type { Mute } from '../definition/mute.js';
import { ownPath } from '../event/own-path.js';
import type { JsonObject } from '../json.js';
import type { AutomationIndex } from '../match/automation-index.js';
import type { Runtime } from '../ports/runtime.js';
import type { Execution } from '../record/execution.js';
import type { FindMute, MutableMatch } from '../record/mute-table.js';
import { noticeId } from './notices.js';

/** Finds the mute that silences an execution now, from what it records; none ever silences a notice. */
export type MuteOfExecution = (execution: Execution) => Mute | undefined;

/** Makes the function that says which mute silences an execution. */
export function createMuteOfExecution(mutes: FindMute, index: AutomationIndex, runtime: Runtime): MuteOfExecution {
  return (execution) =>
    execution.automationId === noticeId ? undefined : mutes.find(matchOf(execution, index), runtime.now());
}

/** The match as it was. Of an automation that is gone nobody knows any more which metrics its filter named. */
function matchOf({ automationId, event }: Execution, index: AutomationIndex): MutableMatch {
  const type = textOf(event, 'type') ?? '';
  const family = isEventType(type) ? eventFamily(type) : 'custom';
  const run = family === 'run' ? ownPath(event['run'], 'id') : undefined;
  const isOfAnomaly = family === 'anomaly' || family === 'anomaly-update';
  const metric = isOfAnomaly ? textOf(event, 'metric') : undefined;
  const named = isOfAnomaly ? [] : [...(index.get(automationId)?.metricNames ?? [])];
  return {
    automationId,
    event: {
      type,
      place: {
        entity: textOf(event, 'entity') ?? '',
        project: textOf(event, 'project'),
        registry: textOf(event, 'registry'),
      },
      ...(typeof run === 'string' ? { run: { id: run } } : {}),
    },
    metrics: metric === undefined ? named : [metric],
  };
}

function textOf(json: JsonObject, key: string): string | undefined {
  const value = json[key];
  return typeof value === 'string' ? value : undefined;
}
