import type { Attempt } from 'tocsin';
import type { SlackFault } from 'tocsin/testing';
import type { Strike } from './fault-matrix-lane.js';

/** One row: what goes wrong with one request, and what must come of it. */
export interface FaultCase {
  readonly fault: SlackFault;
  /** The failed attempts of the struck message, in order; one that delivers follows, unless it `fails`. */
  readonly failed: readonly Partial<Attempt>[];
  /** The same for the first message of a lane, whose channel is known by name alone. @default as `failed` */
  readonly failedAtFirst?: readonly Partial<Attempt>[];
  /** How often it stands in the channel in the end. @default 1 */
  readonly arrivals?: number;
  /** What its receipt says, at its beginning. @default nothing */
  readonly note?: string;
  /** The attempt that delivers goes as plain text. @default false */
  readonly plainText?: boolean;
}

/** One row: a refusal that stays until somebody mends its cause. */
export interface RefusalCase {
  readonly name: string;
  readonly strike: Strike;
  readonly mend: Strike;
  readonly kind: 'credential' | 'channel';
  readonly error: string;
}

const unavailable = { outcome: 'failed', kind: 'unavailable' } as const;
/** The outcome is not known. */
const lost = { ...unavailable, ambiguous: true } as const;
const refusedMessage = { outcome: 'failed', kind: 'message', retryInMs: 0 } as const;

const found = 'found after an ambiguous attempt';
/** What a receipt says, at its beginning, where nobody can tell. */
export const mayBeDoubled = 'may be a duplicate';

const platform = (error: string, times = 1): SlackFault => ({ type: 'platform-error', error, times });

/** Where no answer says what became of the request: the same for every way of sending. */
interface LostAnswer {
  readonly fault: SlackFault;
  readonly failed: Partial<Attempt>;
  readonly isCommitted: boolean;
}

const lostAnswers: readonly LostAnswer[] = [
  { fault: { type: 'reset' }, failed: { ...lost, error: 'reset' }, isCommitted: false },
  { fault: { type: 'commit-then-reset' }, failed: { ...lost, error: 'reset' }, isCommitted: true },
  { fault: { type: 'http-500' }, failed: { ...lost, error: 'http_500', status: 500 }, isCommitted: false },
  { fault: { type: 'http-503' }, failed: { ...lost, error: 'http_503', status: 503 }, isCommitted: false },
  { fault: { type: 'commit-then-500' }, failed: { ...lost, error: 'http_500', status: 500 }, isCommitted: true },
  { fault: { type: 'slow-headers' }, failed: { ...lost, error: 'timeout' }, isCommitted: false },
  { fault: { type: 'slow-headers', commit: true }, failed: { ...lost, error: 'timeout' }, isCommitted: true },
  { fault: { type: 'slow-headers', commit: 'late' }, failed: { ...lost, error: 'timeout' }, isCommitted: true },
  { fault: { type: 'stalled-body' }, failed: { ...lost, error: 'timeout' }, isCommitted: true },
  { fault: { type: 'stalled-body', commit: false }, failed: { ...lost, error: 'timeout' }, isCommitted: false },
  { fault: { type: 'non-json-200' }, failed: { ...lost, error: 'unreadable_response' }, isCommitted: false },
  {
    fault: { type: 'non-json-200', commit: true },
    failed: { ...lost, error: 'unreadable_response' },
    isCommitted: true,
  },
  { fault: { type: 'non-json-200', body: '' }, failed: { ...lost, error: 'unreadable_response' }, isCommitted: false },
  {
    fault: { type: 'non-json-200', commit: true, body: 'null' },
    failed: { ...lost, error: 'unreadable_response' },
    isCommitted: true,
  },
];

/** With the lookup: what was carried out is found, what was not is posted, and nothing is there twice. */
export const lostAndLookedUp: readonly FaultCase[] = [
  ...lostAnswers.map(({ fault, failed, isCommitted }) => ({
    fault,
    failed: [failed],
    ...(isCommitted ? { note: found } : {}),
  })),
  // Carried out between the first look and the second.
  {
    fault: { type: 'slow-headers', commit: 'late', afterRequests: 1 },
    failed: [{ ...lost, error: 'timeout' }],
    note: found,
  },
  // Carried out after the second look: this is what remains.
  {
    fault: { type: 'slow-headers', commit: 'late', afterRequests: 2 },
    failed: [{ ...lost, error: 'timeout' }],
    arrivals: 2,
  },
  // Slack's own words for not knowing; a status of 5xx comes from something in front of it.
  { fault: platform('internal_error'), failed: [{ ...lost, error: 'internal_error' }] },
  { fault: platform('fatal_error'), failed: [{ ...lost, error: 'fatal_error' }] },
  {
    fault: { type: 'platform-error', error: 'internal_error', statusCode: 500 },
    failed: [{ ...lost, error: 'internal_error', status: 500 }],
  },
];

/** Without a look it is sent again in any case: what was carried out stands there twice, and the record says it may. */
export const lostAndSentAgain: readonly FaultCase[] = lostAnswers.map(({ fault, failed, isCommitted }) => ({
  fault,
  failed: [failed],
  arrivals: isCommitted ? 2 : 1,
  note: mayBeDoubled,
}));

/** What Slack refuses in so many words, so that nothing can have arrived. */
export const refusedByWebApi: readonly FaultCase[] = [
  {
    fault: { type: '429', retryAfterSeconds: 30 },
    failed: [{ ...unavailable, error: 'ratelimited', status: 429, retryInMs: 30_000 }],
  },
  { fault: { type: '429', retryAfterSeconds: 0 }, failed: [{ ...unavailable, error: 'ratelimited', status: 429 }] },
  { fault: { type: '429-without-header' }, failed: [{ ...unavailable, error: 'ratelimited', status: 429 }] },
  ...['ratelimited', 'rate_limited', 'service_unavailable', 'request_timeout'].map((error) => ({
    fault: platform(error),
    failed: [{ ...unavailable, error }],
  })),
  ...['team_added_to_org', 'org_login_required', 'external_channel_migrating', 'message_limit_exceeded'].map(
    (error) => ({ fault: platform(error), failed: [{ ...unavailable, error, retryInMs: 300_000 }] }),
  ),
  // A slip: auth.test and conversations.info say that all is well, so nothing is disabled.
  ...['not_authed', 'invalid_auth', 'account_inactive', 'token_revoked', 'token_expired', 'missing_scope'].map(
    (error) => ({ fault: platform(error), failed: [{ outcome: 'failed', kind: 'credential', error } as const] }),
  ),
  {
    fault: platform('channel_not_found'),
    failed: [{ outcome: 'failed', kind: 'channel', error: 'channel_not_found' }],
    // The name that is not found is looked up, and the id that it leads to is tried in the same attempt.
    failedAtFirst: [],
  },
  ...['not_in_channel', 'no_permission', 'is_archived', 'restricted_action_thread_locked'].map((error) => ({
    fault: platform(error),
    failed: [{ outcome: 'failed', kind: 'channel', error } as const],
  })),
  // One try as plain text, which arrives.
  ...['no_text', 'msg_too_long', 'msg_blocks_too_long', 'invalid_blocks', 'too_many_attachments'].map((error) => ({
    fault: platform(error),
    failed: [{ ...refusedMessage, error }],
    plainText: true,
  })),
  {
    fault: platform('a_name_of_next_year'),
    failed: [{ ...refusedMessage, error: 'a_name_of_next_year' }],
    plainText: true,
  },
  // Only what the message is found by was refused, so it goes without, in the same attempt.
  { fault: platform('metadata_must_be_sent_from_app'), failed: [], note: 'sent without delivery id' },
];

/** The same for an incoming webhook; what is refused for good is further down. */
export const refusedByWebhook: readonly FaultCase[] = [
  {
    fault: { type: '429', retryAfterSeconds: 30 },
    failed: [{ ...unavailable, error: 'ratelimited', status: 429, retryInMs: 30_000 }],
  },
  { fault: { type: '429-without-header' }, failed: [{ ...unavailable, error: 'ratelimited', status: 429 }] },
  { fault: platform('rollup_error'), failed: [{ ...lost, error: 'rollup_error', status: 500 }], note: mayBeDoubled },
  ...['invalid_payload', 'no_text', 'too_many_attachments'].map((error) => ({
    fault: platform(error),
    failed: [{ ...refusedMessage, error, status: 400 }],
    plainText: true,
  })),
];

/** The message is wrong in plain text, too. */
export const poison = { webApi: platform('invalid_blocks', 2), webhook: platform('invalid_payload', 2) } as const;

/** Refused for good in the middle of a run, and mended later. */
export const webApiRefusals: readonly RefusalCase[] = [
  ...((['token_revoked', 'account_inactive', 'token_expired', 'invalid_auth'] as const).map((error) => ({
    name: `the token is refused as ${error}`,
    strike: ({ workspace, token }) => workspace.revokeToken(token, error),
    mend: ({ workspace, token }) => workspace.grantToken({ token }),
    kind: 'credential' as const,
    error,
  })) satisfies RefusalCase[]),
  {
    name: 'the app loses the scope to write',
    strike: ({ workspace, token }) => workspace.grantToken({ token, scopes: ['channels:read', 'channels:history'] }),
    mend: ({ workspace, token }) => workspace.grantToken({ token }),
    kind: 'credential',
    error: 'missing_scope',
  },
  {
    name: 'the channel is archived',
    strike: ({ workspace, channel }) => workspace.archive(channel),
    mend: ({ workspace, channel }) => workspace.unarchive(channel),
    kind: 'channel',
    error: 'is_archived',
  },
  {
    name: 'the bot is thrown out of the channel',
    strike: ({ workspace, channel }) => workspace.removeBot(channel),
    mend: ({ workspace, channel }) => workspace.inviteBot(channel),
    kind: 'channel',
    error: 'not_in_channel',
  },
];

const webhookFault = (error: string): Strike => {
  return ({ workspace, channel }) => void workspace.fault({ ...platform(error), channel, method: 'webhook' });
};

/** A webhook can't be asked without posting: its refusal stands. */
export const webhookRefusals: readonly RefusalCase[] = [
  {
    name: 'the webhook is revoked',
    strike: ({ workspace, channel }) => workspace.revokeWebhook(channel),
    mend: (lane) => lane.renewWebhook(),
    kind: 'credential',
    error: 'no_service',
  },
  {
    name: 'the channel is archived',
    strike: ({ workspace, channel }) => workspace.archive(channel),
    mend: ({ workspace, channel }) => workspace.unarchive(channel),
    kind: 'channel',
    error: 'channel_is_archived',
  },
  ...(['invalid_token', 'action_prohibited', 'no_team'] as const).map((error) => ({
    name: `it is refused as ${error}`,
    strike: webhookFault(error),
    mend: () => {},
    kind: 'credential' as const,
    error,
  })),
  ...(['channel_not_found', 'posting_to_general_channel_denied'] as const).map((error) => ({
    name: `it is refused as ${error}`,
    strike: webhookFault(error),
    mend: () => {},
    kind: 'channel' as const,
    error,
  })),
];
