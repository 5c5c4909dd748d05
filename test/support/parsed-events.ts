import { defaultLimits } from 'tocsin';
import { parseEvent } from '../../src/event/parse-event.js';
import type { ParsedEvent, ParsedRunEvent } from '../../src/event/parsed-event.js';

/** An event that must be fine, as it is after parsing. */
export function parsedEvent(input: unknown, nowMs = 0): ParsedEvent {
  const { event, issues } = parseEvent(input, nowMs, defaultLimits);
  if (event === undefined) throw new Error(`Expected a fine event, got ${JSON.stringify(issues)}`);
  return event;
}

/** An event of a run that must be fine, as it is after parsing. */
export function parsedRunEvent(input: unknown, nowMs = 0): ParsedRunEvent {
  const event = parsedEvent(input, nowMs);
  if (!('run' in event)) throw new Error(`Expected an event of a run, got ${event.type}`);
  return event;
}

/** What is wrong with an event, as `code path`. */
export function eventFaults(input: unknown, limits = defaultLimits): string[] {
  return (parseEvent(input, 0, limits).issues ?? []).map(({ code, path }) => `${code} ${path}`);
}
