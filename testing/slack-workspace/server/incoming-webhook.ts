import { type ContentErrorNames, readMessageContent } from '../blocks/message-content.js';
import { isJsonObject, parseJson } from '../json.js';
import { isFailure } from '../methods/method.js';
import { redactArguments } from '../request-log.js';
import { postMessage } from '../state/messages.js';
import { takeFromBucket } from '../state/rate-limit.js';
import type { WebhookState, WorkspaceState } from '../state/workspace-state.js';
import { type HttpReply, type Operation, rateLimitedReply } from './operation.js';

const errorNames: ContentErrorNames = { attachments: 'invalid_attachments', blocksTooLong: 'msg_blocks_too_long' };

const statusCodes: Readonly<Record<string, number>> = {
  invalid_token: 403,
  no_service: 404,
  no_team: 404,
  channel_is_archived: 410,
  rollup_error: 500,
};

const textReply = (body: string, statusCode: number, outcome: HttpReply['outcome']): HttpReply => ({
  statusCode,
  headers: { 'content-type': 'text/html' },
  body,
  outcome,
});

/** A webhook answers a refusal by the bare error name under a status that depends on it. */
const refuse = (error: string, statusCode = statusCodes[error] ?? 400): HttpReply =>
  textReply(error, statusCode, { type: 'error', error, statusCode });

const optionalText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const post = (state: WorkspaceState, webhook: WebhookState, payload: unknown): HttpReply => {
  const channel = state.channels.get(webhook.channelId);
  if (!isJsonObject(payload) || channel === undefined) return refuse('invalid_payload');
  if (payload['text'] !== undefined && typeof payload['text'] !== 'string') return refuse('invalid_payload');
  if (channel.isArchived) return refuse('channel_is_archived');
  const retryAfterSeconds = takeFromBucket(channel, state.rateLimit, state.clock());
  if (retryAfterSeconds !== undefined) return rateLimitedReply(retryAfterSeconds);
  const content = readMessageContent(payload, errorNames);
  if (isFailure(content)) return refuse(content.error);
  // An app's webhook keeps the app's own name, icon and channel, whatever the payload asks for.
  const posted = postMessage(state, channel, {
    ...content,
    via: 'webhook',
    botId: webhook.id,
    userId: undefined,
    username: webhook.bot.name,
    iconEmoji: undefined,
    threadTs: optionalText(payload['thread_ts']),
    isBroadcast: payload['reply_broadcast'] === true,
  });
  return textReply('ok', 200, { type: 'ok', ts: posted.ts });
};

/**
 * A post to a webhook's URL as an operation.
 *
 * @param path - the URL's path: `/services/T…/B…/secret`
 */
export const webhookOperation = (state: WorkspaceState, path: string, body: string): Operation => {
  const [teamId, webhookId, secret] = path.split('/').slice(2);
  const webhook = state.webhooks.get(webhookId ?? '');
  const payload = parseJson(body);
  const perform = (): HttpReply => {
    if (teamId !== state.team.id) return refuse('no_team');
    if (webhook === undefined || webhook.isRevoked) return refuse('no_service');
    return secret === webhook.secret ? post(state, webhook, payload) : refuse('invalid_token');
  };
  return {
    method: 'webhook',
    channelId: webhook?.channelId,
    arguments: redactArguments(payload),
    perform,
    refuse,
    refuseForRate: rateLimitedReply,
  };
};
