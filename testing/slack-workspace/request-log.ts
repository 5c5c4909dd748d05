import type { SlackFault } from './faults.js';
import { isJsonObject, type JsonObject } from './json.js';

/** What became of a request. */
export type SlackRequestOutcome =
  | { readonly type: 'ok'; readonly ts?: string }
  | { readonly type: 'error'; readonly error: string; readonly statusCode: number }
  | { readonly type: 'fault'; readonly fault: SlackFault['type']; readonly committed: boolean };

/** One request that the workspace received. */
export interface SlackRequest {
  /** The Web API method, or 'webhook', or 'upload'. */
  readonly method: string;
  /** The channel it resolved to, if it named one that exists. */
  readonly channelId: string | undefined;
  /** What was sent, JSON decoded; tokens, secrets and OAuth codes read '[redacted]'. */
  readonly arguments: JsonObject;
  /** When it came, in milliseconds of the workspace's clock. */
  readonly receivedAtMs: number;
  readonly outcome: SlackRequestOutcome;
}

const secretName = /token|secret|authorization|^code/i;

/** A copy in which the top-level arguments that hold credentials read '[redacted]'. */
export const redactArguments = (value: unknown): JsonObject =>
  isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, secretName.test(key) ? '[redacted]' : part]))
    : {};
