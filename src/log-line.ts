import { describeThrown } from './definition/path.js';
import type { EngineEvents } from './record/engine-events.js';

/** One line for the logger. */
interface LogLine {
  readonly level: 'warn' | 'error';
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

type Lines = { readonly [Name in keyof EngineEvents]?: (payload: Parameters<EngineEvents[Name]>[0]) => LogLine };

/** What must not pass in silence. No line holds a message or an event: a log is read by more people than a channel. */
const lines: Lines = {
  error: ({ code, message, cause }) => ({
    level: 'error',
    message: `tocsin: ${message}`,
    details: { code, ...(cause === undefined ? {} : { cause: describeThrown(cause) }) },
  }),
  warning: ({ code, message }) => ({ level: 'warn', message: `tocsin: ${message}`, details: { code } }),
  'delivery-lagging': ({ integrationId, handler, executionId, waitedMs, undelivered, reason }) => ({
    level: 'warn',
    message: `tocsin: ${handler === undefined ? `The integration ${integrationId}` : `The handler ${handler}`} lags: ${undelivered} undelivered, the oldest for ${Math.round(waitedMs / 1000)} s: ${reason}`,
    details: { executionId },
  }),
  'integration-disabled': ({ id, name, statusReason = 'no reason given' }) => ({
    level: 'warn',
    message: `tocsin: The integration ${name} was disabled: ${statusReason}`,
    details: { integrationId: id },
  }),
  'execution-failed': ({ id, automationName, reason }) => ({
    level: 'warn',
    message: `tocsin: An execution of ${automationName} failed: ${reason ?? 'no reason given'}`,
    details: { executionId: id },
  }),
};

/** The line for what nobody listened for; `undefined` for what is no news to an operator. */
export function logLine(name: keyof EngineEvents, payload: unknown): LogLine | undefined {
  return lines[name]?.(payload as never);
}
