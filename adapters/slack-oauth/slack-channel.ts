import { callSlack } from './call-slack.js';
import type { SlackOAuthContext } from './context.js';
import type { SlackIntegration } from './pending.js';

/**
 * Asks Slack what a channel is called.
 *
 * @param channel - Its id.
 * @returns Its name without `#`; `undefined` when Slack does not tell: the token may not see it, or it can't be asked now.
 */
export async function channelNameOf(
  context: SlackOAuthContext,
  integration: SlackIntegration,
  channel: string,
): Promise<string | undefined> {
  try {
    const token = await tokenOf(context, integration);
    const { channel: found } = await callSlack(
      context.access,
      (client) => client.conversations.info({ channel }),
      token,
    );
    return typeof found?.name === 'string' && found.name !== '' ? found.name : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Lets the bot join a channel: it needs the scope `channels:join`, and a public channel.
 *
 * @param channel - Its id.
 * @returns Whether it is in it; else somebody has to invite it.
 * @throws Whatever the secrets throw.
 */
export async function joinChannel(
  context: SlackOAuthContext,
  integration: SlackIntegration,
  channel: string,
): Promise<boolean> {
  const token = await tokenOf(context, integration);
  try {
    await callSlack(context.access, (client) => client.conversations.join({ channel }), token);
    return true;
  } catch {
    return false;
  }
}

async function tokenOf({ secrets }: SlackOAuthContext, integration: SlackIntegration): Promise<string | undefined> {
  return secrets.resolve({ name: integration.tokenSecretName ?? '', integration });
}
