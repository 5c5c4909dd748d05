import type { WorkspaceState } from '../state/workspace-state.js';
import { type ConsentRequest, readConsentRequest } from './consent-request.js';
import type { HttpReply } from './operation.js';

/** Where apps send people for consent. */
export const authorizePath = '/oauth/v2/authorize';

/** How long a code is good, in milliseconds. */
const codeLifetimeMs = 600_000;

type Page = Omit<HttpReply, 'outcome'>;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');

const htmlPage = (statusCode: number, title: string, body: string): Page => ({
  statusCode,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  body: `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head><body>
<h1>${escapeHtml(title)}</h1>
${body}
</body></html>
`,
});

const problemPage = (problem: string): Page =>
  htmlPage(400, 'Something went wrong', `<p id="problem">${escapeHtml(problem)}</p>`);

const asksForWebhook = ({ scopes }: ConsentRequest): boolean => scopes.includes('incoming-webhook');

/** The channels to choose from for an incoming webhook. */
const channelPicker = (state: WorkspaceState): string => {
  const channels = [...state.channels.values()].filter(({ isArchived }) => !isArchived);
  const options = channels.map(({ id, name }) => `<option value="${escapeHtml(id)}">#${escapeHtml(name)}</option>`);
  return `<p><label>Where should it post? <select name="channel" required><option value=""></option>
${options.join('\n')}
</select></label></p>`;
};

const askPage = (state: WorkspaceState, request: ConsentRequest, parameters: URLSearchParams): Page => {
  const hidden = [...parameters].map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  const { app, scopes } = request;
  return htmlPage(
    200,
    `${app.name} is requesting permission to access ${state.team.name}`,
    `<ul>
${scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join('\n')}
</ul>
<form method="post" action="${authorizePath}">
${hidden.join('\n')}
${asksForWebhook(request) ? channelPicker(state) : ''}
<button name="decision" value="deny" formnovalidate>Cancel</button>
<button name="decision" value="allow">Allow</button>
</form>`,
  );
};

const leadBack = (request: ConsentRequest, answer: Readonly<Record<string, string>>): Page => {
  const url = new URL(request.returnTo);
  for (const [name, value] of Object.entries({ ...answer, state: request.state })) url.searchParams.set(name, value);
  return { statusCode: 302, headers: { location: url.href }, body: '' };
};

const decide = (state: WorkspaceState, request: ConsentRequest, form: URLSearchParams): Page => {
  const decision = form.get('decision');
  if (decision === 'deny') return leadBack(request, { error: 'access_denied' });
  if (decision !== 'allow') return problemPage('Choose Allow or Cancel.');
  const channel = asksForWebhook(request) ? state.channels.get(form.get('channel') ?? '') : undefined;
  if (asksForWebhook(request) && (channel === undefined || channel.isArchived)) {
    return problemPage('Choose a channel that the app can post to.');
  }
  const code = `code-${state.nextSecret()}`;
  state.grants.set(code, {
    clientId: request.app.clientId,
    scopes: request.scopes,
    channelId: channel?.id,
    redirectUri: request.redirectUri,
    expiresAtMs: state.clock() + codeLifetimeMs,
    isUsed: false,
  });
  return leadBack(request, { code });
};

/** What the authorize page answers; undefined for a request that is not for it. */
export const consentPage = (
  state: WorkspaceState,
  { method, url, body }: { readonly method: string | undefined; readonly url: string; readonly body: Buffer },
): Page | undefined => {
  const [path, query] = url.split('?');
  if (path !== authorizePath || (method !== 'GET' && method !== 'POST')) return undefined;
  const parameters = new URLSearchParams(method === 'GET' ? query : body.toString('utf8'));
  const request = readConsentRequest(state, parameters);
  if ('problem' in request) return problemPage(request.problem);
  return method === 'GET' ? askPage(state, request, parameters) : decide(state, request, parameters);
};
