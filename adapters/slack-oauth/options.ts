import type { Engine, IntegrationType, Logger, Secrets, Storage } from '../../src/index.js';
import type { InstalledOutcome, SlackOAuthOutcome } from './outcome.js';

/** Where tokens are sealed: `sealedSecrets` of `tocsin/secrets`, or another that keeps them safe. */
export interface TokenVault extends Secrets {
  /**
   * Keeps a secret, in the place of the one that has this name and owner.
   *
   * @param name - What the integration calls it.
   * @param value - A token or URL, or a token that expires with what the next one is got with.
   * @param options - Which integrations alone may have it.
   */
  put(
    name: string,
    value: string | { readonly accessToken: string; readonly refreshToken: string; readonly expiresAt: number },
    options: { readonly entity?: string | undefined; readonly integrationType: IntegrationType },
  ): Promise<void>;
  /**
   * Deletes a secret; does nothing when there is none.
   *
   * @param name - Its name.
   * @param owner - Whose it is.
   */
  delete(name: string, owner: { readonly entity?: string | undefined }): Promise<void>;
}

/** What {@link slackOAuth} takes. */
export interface SlackOAuthOptions {
  /** Where integrations are made. It needs the deliveries `slack-web-api` (scope `chat:write`) or `slack-webhook`. */
  readonly engine: Engine;
  /** Where tokens are sealed; the engine must read its secrets there, alone or through `firstOf`. */
  readonly secrets: TokenVault;
  /** Where used states and unfinished installations are kept: the engine's storage. */
  readonly storage: Storage;
  /** Of the Slack app, from its page "Basic Information". */
  readonly clientId: string;
  /** Of the Slack app; a secret. */
  readonly clientSecret: string;
  /** What states are signed with: at least 32 random bytes or characters; a secret, the same in all processes. */
  readonly stateKey: Uint8Array | string;
  /**
   * What the app may do. With `chat:write` messages go out by bot token; with `incoming-webhook` Slack lets the person choose a
   * channel. At least one of both; with both, the bot posts in the channel chosen.
   */
  readonly scopes: readonly string[];
  /** Where Slack sends the browser back to, as it stands in the app's settings. @default none: each link names its own */
  readonly redirectUri?: string | undefined;
  /**
   * Finds out who makes the request by which the browser comes back from Slack, such as by its session cookie: the same text that
   * `installUrl` was given as `binding`, or `undefined` for a browser without a session, which is refused. When it throws, the
   * person gets status 500 and can try again.
   *
   * @default none: each call of `handleCallback` says it
   */
  readonly bindingOf?: ((request: Request) => Promise<string | undefined> | string | undefined) | undefined;
  /** Where Slack's pages are. @default 'https://slack.com' */
  readonly slackUrl?: string | undefined;
  /** Where Slack's Web API is. @default 'https://slack.com/api/' */
  readonly slackApiUrl?: string | undefined;
  /** How long one call of Slack may take, in milliseconds above 0. @default 10_000 */
  readonly timeoutMs?: number | undefined;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** Called when a workspace or channel has been connected, before the answer; what it throws is logged. */
  readonly onInstalled?: ((installed: InstalledOutcome) => Promise<void> | void) | undefined;
  /** Where the browser goes after an installation, instead of a page that says so. */
  readonly successUrl?: string | ((installed: InstalledOutcome) => string) | undefined;
  /**
   * Pages of your own: an answer to show, or `undefined` for the one that comes with it. Never write what stands in the request
   * into a page.
   */
  readonly page?: ((outcome: SlackOAuthOutcome) => Promise<Response | undefined> | Response | undefined) | undefined;
  /** Where faults are written, without secrets. @default console */
  readonly logger?: Logger | undefined;
}
