import type { SlackAppOptions } from '../options.js';
import type { AppState, WorkspaceState } from './workspace-state.js';

/** Lets people install an app. */
export const registerApp = (state: WorkspaceState, options: SlackAppOptions): void => {
  state.apps.set(options.clientId, {
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    redirectUris: options.redirectUris,
    name: options.name ?? 'tocsin',
    tokenRotation: options.tokenRotation ?? false,
    bot: undefined,
    token: undefined,
  });
};

const parseUrl = (url: string): URL | undefined => (URL.canParse(url) ? new URL(url) : undefined);

/** Whether an app may be led back to a URL: one of its own, or one below such a one; the query is free, as in Slack. */
export const allowsRedirect = (app: AppState, redirectUri: string): boolean => {
  const wanted = parseUrl(redirectUri);
  if (wanted === undefined) return false;
  return app.redirectUris.some((uri) => {
    const own = parseUrl(uri);
    if (own === undefined || own.origin !== wanted.origin) return false;
    const folder = own.pathname.endsWith('/') ? own.pathname : `${own.pathname}/`;
    return wanted.pathname === own.pathname || wanted.pathname.startsWith(folder);
  });
};
