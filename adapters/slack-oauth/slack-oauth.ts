import type { ChannelSearchQuery, ChannelSearchResult, Integration } from '../../src/index.js';
import { TocsinError } from '../../src/index.js';
import { checkAdapterOptions } from '../../src/ports/adapter-options.js';
import { bindingOfRequest } from './binding.js';
import { type CallbackContext, handleAnswer } from './callback.js';
import { type ConnectChannelOptions, connectChannel, type DisconnectOptions, disconnect } from './channels.js';
import type { SlackOAuthOptions } from './options.js';
import type { SlackOAuthOutcome } from './outcome.js';
import { pageOf, safeHeaders } from './pages.js';
import { createPendingInstallations } from './pending.js';
import { createStateSigner, readStateKey } from './state.js';
import { requireText } from './token-refresh.js';
import { createTurns } from './turns.js';

/** What {@link SlackOAuth.installUrl} takes. */
export interface InstallUrlOptions {
  /** Whose the integration will be; `null`: shared by all. Say yes only to who may act for it: this is not asked again. */
  readonly entity: string | null;
  /** Where Slack sends the browser back to. @default the option of {@link slackOAuth} */
  readonly redirectUri?: string | undefined;
  /** What only this person's browser can show again, such as the id of its session. It does not appear in the link. */
  readonly binding: string;
}

/** What {@link SlackOAuth.handleCallback} takes besides the request. */
export interface CallbackOptions {
  /** The binding of whoever made the request; `undefined`: it has no session, and is refused. It wins over `bindingOf`. */
  readonly binding: string | undefined;
}

/** Connects Slack workspaces. */
export interface SlackOAuth {
  /**
   * Makes a link to Slack's page on which a person allows the app. It is good for 10 minutes, once, and for this person alone.
   *
   * @param options - For whom.
   * @returns The link.
   * @throws `TocsinError` with code `invalid_options`.
   */
  installUrl(options: InstallUrlOptions): string;
  /**
   * Answers the request by which the browser comes back from Slack. It never rejects.
   *
   * @param request - A GET, with Slack's query.
   * @param options - Whose request it is; left out, as `bindingOf` says. Without either all are refused, and the log says why.
   * @returns The page to show, or the way to `successUrl`: 200 when it is connected or was denied, 400 and 405 for what is
   * refused, 502 when Slack and 503 when the storage failed, 500 when `bindingOf` did.
   */
  handleCallback(request: Request, options?: CallbackOptions): Promise<Response>;
  /**
   * Searches the channels of a connected workspace.
   *
   * @param integrationId - An integration of it, by bot token.
   * @param query - Which.
   * @returns As `engine.integrations.channels`.
   * @throws As `engine.integrations.channels`.
   */
  slackChannels(integrationId: string, query?: ChannelSearchQuery): Promise<ChannelSearchResult>;
  /**
   * Connects a channel of a connected workspace, without asking the person again: an integration that has no channel yet gets
   * it; for a further channel there will be a new integration, with the same token; one that is connected already, also by a second
   * click at the same time, is answered again. The bot joins the channel if it may (scope
   * `channels:join`), and posts that the integration was added.
   *
   * @param options - Which channel.
   * @returns The integration, and what keeps messages from arriving.
   * @throws `not_found`; `not_supported` for one without a bot token; `invalid_integration`; `invalid_options` for a channel that is
   * no text; `storage_unavailable`.
   */
  connectChannel(
    options: ConnectChannelOptions,
  ): Promise<{ readonly integration: Integration; readonly problems: readonly string[] }>;
  /**
   * Deletes an integration, and its sealed secret when no other uses it.
   *
   * @param integrationId - Its id.
   * @param options - With `force` also when something uses it.
   * @throws As `engine.integrations.delete`.
   */
  disconnect(integrationId: string, options?: DisconnectOptions): Promise<void>;
  /**
   * Deletes secrets of installations that were never completed, because the process died: those older than 15 minutes. Every
   * installation does it too; call it at the start.
   *
   * @throws Whatever the storage throws.
   */
  cleanUp(): Promise<void>;
}

/** As of an integration. */
const mostEntityLength = 255;

/**
 * "Add to Slack": leads a person of the host to Slack's page, and makes an integration of what they allow there.
 *
 * @param options - The Slack app, the engine, and where tokens are sealed.
 * @returns What makes the link and answers the callback; framework-neutral.
 * @throws `TocsinError` with code `invalid_options`; secrets are not quoted.
 */
export function slackOAuth(options: SlackOAuthOptions): SlackOAuth {
  const { clientId, scopes, slackUrl = 'https://slack.com', now = Date.now, logger = console } = checked(options);
  const { engine, secrets, storage, clientSecret, slackApiUrl, timeoutMs = 10_000 } = options;
  const access = { slackApiUrl, timeoutMs };
  const context: CallbackContext = {
    engine,
    secrets,
    storage,
    access,
    logger,
    now,
    pending: createPendingInstallations(storage, engine, secrets, now),
    turns: createTurns(storage, now),
    states: createStateSigner(readStateKey(options.stateKey), now),
    exchange: { ...access, clientId, clientSecret, scopes, now },
  };

  /** What a host's function throws is the host's affair, and no reason to show the person another outcome. */
  const ask = async <Answer>(what: string, question: () => Promise<Answer> | Answer): Promise<Answer | undefined> => {
    try {
      return await question();
    } catch {
      logger.error(`The ${what} of slackOAuth threw`);
      return undefined;
    }
  };

  const respond = async (outcome: SlackOAuthOutcome): Promise<Response> => {
    const { onInstalled, successUrl, page } = options;
    if (outcome.type === 'installed') {
      if (onInstalled !== undefined) await ask('onInstalled', () => onInstalled(outcome));
      const onward = await ask('successUrl', () => {
        const location = typeof successUrl === 'function' ? successUrl(outcome) : successUrl;
        if (location === undefined) return undefined;
        return new Response(null, { status: 303, headers: { ...safeHeaders, location } });
      });
      if (onward !== undefined) return onward;
    }
    return (page === undefined ? undefined : await ask('page', () => page(outcome))) ?? pageOf(outcome);
  };

  return {
    installUrl({ entity, redirectUri = options.redirectUri, binding }) {
      requireText({ binding });
      if (entity !== null) requireText({ entity });
      if ((entity ?? '').length > mostEntityLength) {
        throw invalid(`Expected at most ${mostEntityLength} characters at entity`);
      }
      const url = new URL('/oauth/v2/authorize', slackUrl);
      url.searchParams.set('client_id', clientId);
      url.searchParams.set('scope', scopes.join(','));
      url.searchParams.set('redirect_uri', webUrl('redirectUri', redirectUri));
      url.searchParams.set('state', context.states.write(webUrl('redirectUri', redirectUri), entity, binding));
      return url.href;
    },
    async handleCallback(request, given) {
      const found = await bindingOfRequest(request, given, { bindingOf: options.bindingOf, logger });
      if (found.type === 'failed') return respond({ type: 'failed', status: 500, reason: 'binding_unavailable' });
      return respond(await handleAnswer(context, request, found.binding));
    },
    slackChannels: (integrationId, query) => engine.integrations.channels(integrationId, query),
    connectChannel: (given) => connectChannel(context, given),
    disconnect: (integrationId, given = {}) => disconnect(context, integrationId, given),
    cleanUp: context.pending.cleanUp,
  };
}

function checked(options: SlackOAuthOptions): SlackOAuthOptions {
  const kinds = {
    engine: 'object',
    secrets: 'object',
    storage: 'object',
    clientId: 'text',
    clientSecret: 'text',
  } as const;
  const links = { redirectUri: 'text', slackUrl: 'text', slackApiUrl: 'text', timeoutMs: 'number' } as const;
  const functions = { now: 'function', bindingOf: 'function', onInstalled: 'function', page: 'function' } as const;
  // These two may be of two kinds, and are looked at where they are read.
  const others = { stateKey: 'text', successUrl: 'text', scopes: 'list', logger: 'object' } as const;
  checkAdapterOptions(
    { ...options, stateKey: '', successUrl: undefined },
    { ...kinds, ...links, ...functions, ...others },
  );
  const { engine, secrets, storage, clientId, clientSecret, scopes, timeoutMs = 1 }: SlackOAuthOptions = { ...options };
  requireText({ clientId, clientSecret });
  if (!(timeoutMs > 0)) throw invalid('Expected milliseconds above 0 at timeoutMs');
  if (typeof engine?.integrations?.create !== 'function') throw invalid('Expected an engine at engine');
  if (typeof secrets?.put !== 'function') throw invalid('Expected sealed secrets at secrets, such as sealedSecrets');
  if (typeof storage?.commit !== 'function') throw invalid('Expected a storage at storage');
  const canPost = scopes?.some((scope) => scope === 'chat:write' || scope === 'incoming-webhook');
  if (!canPost || !scopes.every((scope) => typeof scope === 'string' && /^[a-z._:-]+$/.test(scope))) {
    throw invalid("Expected scopes with 'chat:write' or 'incoming-webhook' among them at scopes");
  }
  for (const name of ['redirectUri', 'slackUrl', 'slackApiUrl'] as const) {
    if (options[name] !== undefined) webUrl(name, options[name]);
  }
  return options;
}

function webUrl(name: string, url: unknown): string {
  if (typeof url === 'string' && /^https?:\/\//.test(url) && URL.canParse(url)) return url;
  throw invalid(`Expected a URL of http or https at ${name}`);
}

function invalid(message: string): TocsinError {
  return new TocsinError({ code: 'invalid_options', message });
}
