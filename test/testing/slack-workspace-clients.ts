import { type Logger, LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import {
  type SlackWorkspace,
  type SlackWorkspaceOptions,
  startSlackWorkspace,
} from '../../testing/slack-workspace/index.js';

const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** The clock of these tests: it stands until a test moves it. */
export const manualClock = (startMs = 1_700_000_000_000) => {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
};

/** Starts a workspace without a rate limit, on a standing clock, that closes with its test. */
export const startWorkspace = async (options: SlackWorkspaceOptions = {}): Promise<SlackWorkspace> => {
  const workspace = await startSlackWorkspace({ clock: manualClock().now, rateLimit: false, ...options });
  onTestFinished(() => workspace.close());
  return workspace;
};

/** The real client, set to answer once: no retries, no sleeping on 429. */
export const webClient = (workspace: SlackWorkspace, token = workspace.token, options: WebClientOptions = {}) =>
  new WebClient(token, {
    slackApiUrl: workspace.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silentLogger,
    ...options,
  });

/** The body that the client turned into a WebAPIPlatformError; fails the test where the call succeeds. */
export const platformError = async (call: Promise<unknown>): Promise<Record<string, unknown>> => {
  const error: unknown = await call.then(
    () => new Error('Expected the call to fail.'),
    (reason: unknown) => reason,
  );
  if (error instanceof Error && 'data' in error) return error.data as Record<string, unknown>;
  throw error;
};

/** The name under which Slack refused a call. */
export const refusal = async (call: Promise<unknown>): Promise<unknown> => (await platformError(call))['error'];
