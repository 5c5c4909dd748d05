/** What can happen: for what a host emits and for what an automation watches alike. */
export type EventType = 'run.metrics' | 'run.state' | 'run.alert' | 'artifact.created' | 'artifact.alias-added';

/** Every type of event. */
export const eventTypes = [
  'run.metrics',
  'run.state',
  'run.alert',
  'artifact.created',
  'artifact.alias-added',
] as const satisfies readonly EventType[];

/** A state of a run. An automation that waits for `failed` rings for `crashed` too. */
export type RunState = 'running' | 'finished' | 'failed' | 'crashed' | 'killed';

/** The states that a run can be in and an automation can wait for. */
export const runStates = ['running', 'finished', 'failed', 'crashed', 'killed'] as const satisfies readonly RunState[];

/** Whether an event of this type is about a run. */
export function isRunEventType(type: EventType): boolean {
  return type.startsWith('run.');
}
