import type { JsonValue } from '../json.js';
import type { Execution } from '../record/execution.js';
import type { Redactor } from './redact.js';

/**
 * Takes the secrets that are known by now out of whatever an execution tells, wherever they came from: a host may put one
 * into an event, and an author into a text or a header. One that has none is given back as it is.
 */
export function redactExecution(execution: Execution, redactor: Redactor): Execution {
  const text = JSON.stringify(execution);
  if (redactor.text(text) === text) return execution;
  // Names of our own are no secrets, whatever a secret is like.
  const { id, automationId, status, reason } = execution;
  return { ...(redacted(JSON.parse(text), redactor) as unknown as Execution), id, automationId, status, reason };
}

function redacted(value: JsonValue | undefined, redactor: Redactor): JsonValue | undefined {
  if (typeof value === 'string') return redactor.text(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => redacted(member, redactor) ?? null);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [redactor.text(key), redacted(part, redactor)]));
}
