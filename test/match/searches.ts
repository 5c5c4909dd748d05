import type { ParsedEvent } from '../../src/event/parsed-event.js';
import { type AutomationIndex, createAutomationIndex } from '../../src/match/automation-index.js';
import { compileAutomation } from '../../src/rule/compiled-automation.js';
import { type Json, smallest, stored } from '../support/definitions.js';
import { artifactCreated } from '../support/events.js';
import { parsedEvent } from '../support/parsed-events.js';

const registry = { type: 'registry', entity: 'my-team', registry: 'models' };

/** The id of the automation of a filter, by its index. */
export function idOf(at: number): string {
  return String(at).padStart(5, '0');
}

/** An index of automations with these filters. */
export function indexOf(
  filters: readonly Json[],
  type = 'run.metrics',
  scope: Json = smallest.event.scope,
): AutomationIndex {
  const index = createAutomationIndex();
  for (const [at, filter] of filters.entries()) {
    index.set(compileAutomation(stored({ ...smallest, event: { type, scope, filter } }, idOf(at))));
  }
  return index;
}

/** An index of automations on artifacts with these filters. */
export function onArtifacts(filters: readonly Json[], type = 'artifact.created'): AutomationIndex {
  return indexOf(filters, type, registry);
}

/** Which of the filters are candidates of an event, and how many measures were read to tell. */
export function search(index: AutomationIndex, event: ParsedEvent, measured: number | boolean | undefined = undefined) {
  let reads = 0;
  const window = () => {
    reads += 1;
    return measured;
  };
  const run = 'run' in event ? event.run : undefined;
  const candidates = index.watch(event.place).candidates({ event, run, window });
  return { found: candidates.map(({ compiled }) => Number(compiled.automation.id)), reads };
}

/** Which of the filters are candidates of an event, when every metric measures the same. */
export function found(index: AutomationIndex, event: object, measured?: number | boolean): number[] {
  return search(index, parsedEvent(event), measured).found;
}

/** A version of a model is created, with any other fields. */
export function created(more: object): object {
  return artifactCreated(more);
}
