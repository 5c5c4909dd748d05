import { DeliveryError, type Integration, type Verification } from '../../src/index.js';
import { callSlack } from './call-slack.js';
import type { SlackOAuthContext } from './context.js';
import { isSlack } from './pending.js';

/** An integration as it is after its welcome. */
export interface Welcomed {
  readonly integration: Integration;
  /** What keeps messages from arriving, for a person. */
  readonly problems: readonly string[];
}

/**
 * Sees to it that an integration can be used: the bot joins the channel if it may, and a first message says that the
 * integration was added. Nothing that goes wrong here undoes the integration.
 *
 * @param isNewPlace - Whether it posts where it did not before.
 */
export async function welcome(
  context: SlackOAuthContext,
  integration: Integration,
  isNewPlace: boolean,
): Promise<Welcomed> {
  const { engine, logger } = context;
  const { id } = integration;
  if (!isSlack(integration) || (integration.tokenSecretName !== undefined && integration.channel === undefined)) {
    return { integration, problems: [] };
  }
  try {
    const { ok, problems } = await verifyOrJoin(context, integration);
    if (ok && isNewPlace) await engine.integrations.notify(id, wordsFor(integration));
    return { integration: await engine.integrations.get(id), problems: problems.map(({ message }) => message) };
  } catch (error) {
    const reason = DeliveryError.is(error) ? error.reason : 'unexpected_error';
    logger.warn(`The integration ${id} was made, but its first message was not sent`, { reason });
    return { integration, problems: [] };
  }
}

async function verifyOrJoin(context: SlackOAuthContext, integration: Integration): Promise<Verification> {
  const { verify } = context.engine.integrations;
  const found = await verify(integration.id);
  const isOutside = found.problems.length > 0 && found.problems.every(({ reason }) => reason === 'not_in_channel');
  if (!isOutside || found.channelId === undefined) return found;
  return (await join(context, integration, found.channelId)) ? verify(integration.id) : found;
}

/** Needs the scope `channels:join`, and a public channel. */
async function join(
  { secrets, access }: SlackOAuthContext,
  integration: Integration,
  channel: string,
): Promise<boolean> {
  const name = isSlack(integration) ? (integration.tokenSecretName ?? '') : '';
  const token = await secrets.resolve({ name, integration });
  try {
    await callSlack(access, (client) => client.conversations.join({ channel }), token);
    return true;
  } catch {
    // Then somebody has to invite it, as the problem says.
    return false;
  }
}

function wordsFor({ entity }: Integration): { title: string; message: string } {
  const whose = entity === undefined ? 'Automations' : `Automations of ${entity}`;
  return { title: 'Integration added', message: `${whose} can post in this channel now.` };
}
