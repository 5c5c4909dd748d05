/** Every type of event, for what a host emits and for what an automation watches alike. */
export const eventTypes = [
  'run.metrics',
  'run.state',
  'run.alert',
  'artifact.created',
  'artifact.alias-added',
] as const;

/** What can happen. */
export type EventType = (typeof eventTypes)[number];

/** The states that a run can be in and an automation can wait for. */
export const runStates = ['running', 'finished', 'failed', 'crashed', 'killed'] as const;

/** A state of a run. An automation that waits for `failed` rings for `crashed` too. */
export type RunState = (typeof runStates)[number];

/** Whether an event of this type is about a run. */
export function isRunEventType(type: EventType): boolean {
  return type.startsWith('run.');
}
