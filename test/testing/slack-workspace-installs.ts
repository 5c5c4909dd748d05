import type { OAuthV2AccessArguments } from '@slack/web-api';
import type { SlackWorkspace, SlackWorkspaceOptions } from '../../testing/slack-workspace/index.js';
import { startWorkspace, webClient } from './slack-workspace-clients.js';

export const redirectUri = 'https://host.example/slack/callback';

/** The app that these tests install. */
export const app = { clientId: '111.222', clientSecret: 'shh', redirectUris: [redirectUri], name: 'tocsin' };

/** Starts a workspace with the app and no tokens. */
export const start = (options: SlackWorkspaceOptions = {}) => startWorkspace({ tokens: [], apps: [app], ...options });

/** The authorize page's URL as the app links to it. */
export const link = (workspace: SlackWorkspace, parameters: Readonly<Record<string, string>> = {}): string => {
  const query = { client_id: app.clientId, scope: 'chat:write', redirect_uri: redirectUri, state: 's1', ...parameters };
  return `${workspace.authorizeUrl}?${new URLSearchParams(query)}`;
};

/** What the authorize page adds to the app's own URL. */
export const answerOf = (location: string): Record<string, string> =>
  Object.fromEntries(new URL(location).searchParams);

/** The code for a consent that was given. */
export const consentCode = async (
  workspace: SlackWorkspace,
  scope = 'chat:write',
  channel?: string,
): Promise<string> => {
  const location = await workspace.consent(link(workspace, { scope }), channel === undefined ? {} : { channel });
  return String(answerOf(location)['code']);
};

/** Calls oauth.v2.access with the app's secrets. */
export const exchange = (workspace: SlackWorkspace, more: Readonly<Record<string, string>>) => {
  const sent = { client_id: app.clientId, client_secret: app.clientSecret, ...more };
  return webClient(workspace, '').oauth.v2.access(sent as OAuthV2AccessArguments);
};

/** Exchanges a code. */
export const trade = (workspace: SlackWorkspace, code: string) =>
  exchange(workspace, { code, redirect_uri: redirectUri });
