/**
 * A delivery to Slack by the Web API and a bot's token, for integrations of type `slack`.
 *
 * @packageDocumentation
 */
import {
  type Delivery,
  type DeliveryTarget,
  type IntegrationDefinition,
  type Issue,
  type Pacing,
  TocsinError,
} from '../../../src/index.js';
import { checkAdapterOptions } from '../../../src/ports/adapter-options.js';
import { slackWebApiPacing } from '../slack-message/pacing.js';
import { parseUrl } from '../slack-message/parse-url.js';
import { positiveMs } from '../slack-message/positive-ms.js';
import { addReaction } from './add-reaction.js';
import { deliverMessage } from './deliver-message.js';
import { createLearntOfSlack, type DeliverySession } from './delivery-session.js';
import { findChannels } from './find-channels.js';
import { createPermalinks } from './permalinks.js';
import { previewMessage } from './preview-message.js';
import { readToken } from './read-token.js';
import { failed, problemOf, verifyTarget } from './verify-target.js';

/** What {@link slackWebApi} takes. */
export interface SlackWebApiOptions {
  /**
   * The bot token for integrations without a `tokenSecretName`. It needs the scope `chat:write`; with `channels:history`
   * (private channels: `groups:history`) nothing is posted twice after an answer got lost, with `channels:read`
   * (`groups:read`) `verify` can look at the channel and channels can be searched, with `reactions:write` it adds reactions,
   * with `files:write` and `files:read` it uploads pictures, and with `chat:write.customize` it posts under another name.
   *
   * @default none: such integrations are refused as `not_authed`
   */
  readonly token?: string | undefined;
  /**
   * Where Slack's Web API is.
   *
   * @default 'https://slack.com/api/'
   */
  readonly slackApiUrl?: string | undefined;
  /**
   * How long one call of the Web API may take, in milliseconds, above 0. An attempt is one call; after an ambiguous
   * one some more, for looking, which together take five seconds at most. An upload takes two calls' time at most.
   *
   * @default 10_000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * How fast one channel may be fed, and all channels of one integration together. Slack allows about one message a second
   * in a channel, and several hundred a minute in a workspace.
   *
   * @default { messagesPerSecond: 1, burst: 3, together: { messagesPerSecond: 5, burst: 20 } }
   */
  readonly pacing?: Pacing | undefined;
  /**
   * Whether a message is looked for in the channel's history before it is posted again, after an attempt whose outcome is
   * not known. `false` saves the calls (`conversations.history`: about 50 a minute for an app in a workspace; one for apps
   * distributed outside of the Marketplace), and may post such a message twice; its receipt says so.
   *
   * @default true
   */
  readonly lookUp?: boolean | undefined;
}

/**
 * Delivers to Slack channels as a bot, through `chat.postMessage`.
 *
 * Slack takes no idempotency key, so each message carries its delivery id as metadata. After an attempt whose outcome is
 * not known it looks for that id in the channel's history, twice within a second, and posts only if it is not there. Where
 * it may not look, or five looks in a row failed within some two minutes, it posts again and says so in the receipt's note;
 * after looks that failed it does so once, and if nobody knows what became of that, it waits until it can look.
 * What remains: a request that Slack carries out only after the second look is posted twice, and nobody can tell.
 *
 * It replies in threads, adds reactions, and posts to any channel that its token may post to, also under another name. A
 * picture from memory is uploaded once, with the message as its comment; where that fails, or does not show within some
 * seconds, the message goes out without it and says so. What had to be left out stands in the receipt's note, and `verify`
 * says beforehand which scopes are missing for it.
 *
 * A receipt has the message's `permalink`: the workspace's URL is asked once for each token, after its first message.
 *
 * @param options - The token and how to call Slack.
 * @returns The adapter, named `slack-web-api`. Its `deliver` throws `DeliveryError` of every kind; its `verify` checks
 * token, scopes and channel, and throws one of kind `unavailable` only.
 * @throws `TocsinError` with code `invalid_options`.
 */
export function slackWebApi(options: SlackWebApiOptions = {}): Delivery {
  checkAdapterOptions(options, {
    token: 'text',
    slackApiUrl: 'text',
    timeoutMs: 'number',
    pacing: 'object',
    lookUp: 'boolean',
  });
  const lookUp = options.lookUp ?? true;
  const permalinks = createPermalinks();
  const learnt = createLearntOfSlack();
  const timeoutMs = positiveMs('timeoutMs', options.timeoutMs ?? 10_000);
  const slackApiUrl = apiUrl(options.slackApiUrl);
  const open = async (target: DeliveryTarget, plainText: boolean): Promise<DeliverySession> => ({
    token: await readToken(target, options.token),
    slackApiUrl,
    timeoutMs,
    signal: target.signal,
    plainText,
    learnt,
    lookUp,
  });
  return {
    name: 'slack-web-api',
    integrationTypes: ['slack'],
    pacing: options.pacing ?? slackWebApiPacing,
    capabilities: { threads: true, reactions: true, images: true, channels: true },
    check: (integration) => missingFrom(integration, options.token),
    deliver: async (request) => {
      const session = await open(request, request.plainText);
      const { receipt, threadTs } = await deliverMessage(session, request);
      return permalinks.addTo(session, receipt, threadTs);
    },
    react: async (request) => addReaction(await open(request, false), request),
    findChannels: async (target, query) => findChannels(await open(target, false), query),
    preview: previewMessage,
    verify: async (target) => {
      const session = await open(target, false).catch(problemOf);
      if ('problem' in session) {
        return failed([session.problem]);
      }
      return verifyTarget(session, target);
    },
  };
}

function missingFrom(integration: IntegrationDefinition, token: string | undefined): Issue[] {
  if (integration.type !== 'slack') return [];
  // Its channel may be chosen later, or by routing for each message.
  if (integration.tokenSecretName !== undefined || token !== undefined) return [];
  const message = 'Expected the name of the secret that holds the bot token, got nothing';
  return [{ code: 'required', path: 'tokenSecretName', message }];
}

function apiUrl(url: string | undefined): string | undefined {
  if (url !== undefined && parseUrl(url) === undefined) {
    throw new TocsinError({ code: 'invalid_options', message: 'Expected slackApiUrl to be a URL of http or https' });
  }
  return url;
}
