import type { OauthV2AccessResponse } from '@slack/web-api';
import { DeliveryError } from '../../src/index.js';
import { callSlack, type SlackAccess } from './call-slack.js';

/** What a code was exchanged for. */
export interface Installation {
  /** Of the app. */
  readonly appId: string;
  readonly team: { readonly id: string; readonly name: string };
  /** By which messages go out: the bot's token, or the channel's own URL. */
  readonly credential:
    | { readonly type: 'bot'; readonly token: string | RotatingToken }
    | { readonly type: 'webhook'; readonly url: string };
  /** The channel that the person chose; `undefined`: not asked for. */
  readonly channel: { readonly id: string; readonly name: string } | undefined;
}

/** A token that expires. */
interface RotatingToken {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** What came of an exchange; `organization`: the app was installed for a whole Enterprise organization. */
export type Exchange =
  | { readonly type: 'installed'; readonly installation: Installation }
  | { readonly type: 'organization' };

/** What an exchange has to know. */
export interface ExchangeRequest extends SlackAccess {
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the host asked for: a workspace may have granted more at another time. */
  readonly scopes: readonly string[];
  readonly now: () => number;
  readonly redirectUri: string;
  readonly code: string;
}

const mostNameLength = 100;

/**
 * Exchanges a code for what it stands for.
 *
 * @throws `DeliveryError` of kind `credential` when Slack refuses the code, else of kind `unavailable`.
 */
export async function exchangeCode(request: ExchangeRequest): Promise<Exchange> {
  const { clientId, clientSecret, scopes, now, redirectUri, code } = request;
  const askedAt = now();
  const answer = await callSlack(request, (client) =>
    client.oauth.v2.access({ client_id: clientId, client_secret: clientSecret, code, redirect_uri: redirectUri }),
  );
  if (answer.is_enterprise_install === true) return { type: 'organization' };
  const { id, name } = answer.team ?? {};
  const granted = answer.scope?.split(',') ?? [];
  const isBot = scopes.includes('chat:write') && granted.includes('chat:write');
  const credential = isBot ? botOf(answer, askedAt) : webhookOf(answer);
  if (credential === undefined || !isId(id) || !isId(answer.app_id)) throw unreadable();
  const team = { id, name: shortName(name) ?? id };
  return { type: 'installed', installation: { appId: answer.app_id, team, credential, channel: channelOf(answer) } };
}

function botOf(answer: OauthV2AccessResponse, askedAt: number): Installation['credential'] | undefined {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = answer;
  if (!accessToken) return undefined;
  if (!refreshToken || typeof seconds !== 'number') return { type: 'bot', token: accessToken };
  return { type: 'bot', token: { accessToken, refreshToken, expiresAt: askedAt + seconds * 1000 } };
}

function webhookOf({ incoming_webhook: webhook }: OauthV2AccessResponse): Installation['credential'] | undefined {
  return webhook?.url && isId(webhook.channel_id) ? { type: 'webhook', url: webhook.url } : undefined;
}

function channelOf({ incoming_webhook: webhook }: OauthV2AccessResponse): Installation['channel'] {
  const id = webhook?.channel_id;
  return isId(id) ? { id, name: shortName(webhook?.channel?.replace(/^#/, '')) ?? id } : undefined;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z0-9]{2,40}$/.test(value);
}

/** Short enough that two of them fit into the name of an integration, and never cut within a character. */
function shortName(name: string | undefined): string | undefined {
  let short = '';
  for (const character of name?.trim() ?? '') {
    if (short.length + character.length > mostNameLength) break;
    short += character;
  }
  return short === '' ? undefined : short;
}

function unreadable(): DeliveryError {
  const message = 'Slack answered without a token or webhook that can be used';
  return new DeliveryError({ kind: 'unavailable', reason: 'unreadable_response', message });
}
