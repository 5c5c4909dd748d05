import { createHash } from 'node:crypto';
import type { Receipt } from '../../../src/index.js';
import { parseUrl } from '../slack-message/parse-url.js';
import { callSlack, type SlackSession } from './call-slack.js';

/** How long a delivery waits for Slack to tell the workspace's URL, in milliseconds. */
const askForMs = 1_000;
/** After a failure it is left unasked for so long, in milliseconds. */
const askAgainAfterMs = 60_000;
/** How many tokens are remembered; the one that was used longest ago goes. */
const maxTokens = 1_000;

/** Links to messages, without a call for each: `chat.getPermalink` is what Slack offers, and costs one. */
export interface Permalinks {
  /**
   * Adds the link to the receipt of a message that stands in a channel. The first time for a token it asks `auth.test`
   * where the workspace is, for a second at most. Never rejects: without an answer there is no link.
   *
   * @param session - The attempt.
   * @param receipt - Names channel and message.
   * @param threadTs - The thread that it stands in, by its first message.
   * @returns The receipt.
   */
  addTo(session: SlackSession, receipt: Receipt, threadTs?: string): Promise<Receipt>;
}

type Workspace =
  | { readonly type: 'asking'; readonly url: Promise<string | undefined> }
  | { readonly type: 'known'; readonly url: string }
  | { readonly type: 'unknown'; readonly untilMs: number };

/**
 * Makes links to messages. What it remembers of a token is where its workspace is, under a hash of the token.
 *
 * @param now - A clock in milliseconds that never goes back.
 */
export function createPermalinks(now: () => number = () => performance.now()): Permalinks {
  const workspaces = new Map<string, Workspace>();

  const remember = (key: string, workspace: Workspace): void => {
    workspaces.delete(key);
    workspaces.set(key, workspace);
    const [oldest] = workspaces.keys();
    if (workspaces.size > maxTokens && oldest !== undefined) workspaces.delete(oldest);
  };

  const ask = async (key: string, session: SlackSession): Promise<string | undefined> => {
    const url = await askWorkspaceUrl(session);
    remember(key, url === undefined ? { type: 'unknown', untilMs: now() + askAgainAfterMs } : { type: 'known', url });
    return url;
  };

  const urlFor = async (session: SlackSession): Promise<string | undefined> => {
    const key = createHash('sha256').update(session.token).digest('base64');
    const workspace = workspaces.get(key);
    if (workspace === undefined || (workspace.type === 'unknown' && now() >= workspace.untilMs)) {
      const url = ask(key, session);
      remember(key, { type: 'asking', url });
      return url;
    }
    remember(key, workspace);
    return workspace.type === 'unknown' ? undefined : workspace.url;
  };

  return {
    async addTo(session, receipt, threadTs) {
      const { channelId, messageId } = receipt;
      if (channelId === undefined || messageId === undefined) return receipt;
      const url = await urlFor(session);
      return url === undefined
        ? receipt
        : { ...receipt, permalink: permalink(url, channelId, messageId) + inThread(channelId, threadTs) };
    },
  };
}

function permalink(workspaceUrl: string, channelId: string, ts: string): string {
  return `${workspaceUrl}/archives/${encodeURIComponent(channelId)}/p${encodeURIComponent(ts.replace('.', ''))}`;
}

function inThread(channelId: string, threadTs: string | undefined): string {
  return threadTs === undefined
    ? ''
    : `?thread_ts=${encodeURIComponent(threadTs)}&cid=${encodeURIComponent(channelId)}`;
}

async function askWorkspaceUrl(session: SlackSession): Promise<string | undefined> {
  const timeoutMs = Math.min(session.timeoutMs, askForMs);
  try {
    const { url, is_enterprise_install: isWholeOrganisation } = await callSlack({ ...session, timeoutMs }, (client) =>
      client.auth.test(),
    );
    // A token for a whole organisation names the organisation's URL, where no channel is.
    return isWholeOrganisation === true ? undefined : originOfSlack(url);
  } catch {
    // The message has arrived: nothing that goes wrong here may look as if it had not.
    return undefined;
  }
}

/** A person is going to click on it, so it leads to Slack or nowhere. */
function originOfSlack(url: unknown): string | undefined {
  const parsed = typeof url === 'string' ? parseUrl(url) : undefined;
  const isSlack = parsed?.protocol === 'https:' && /(?:^|\.)slack(?:-gov)?\.com$/.test(parsed.hostname);
  return isSlack ? parsed.origin : undefined;
}
