import { DeliveryError, type Integration, TocsinError, type Verification } from '../../src/index.js';
import type { SlackOAuthContext } from './context.js';
import { isSlack, type SlackIntegration } from './pending.js';
import { joinChannel } from './slack-channel.js';
import { despiteChanges } from './turns.js';

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
    if (ok && isNewPlace) await despiteChanges(() => engine.integrations.notify(id, wordsFor(integration)));
    return { integration: await engine.integrations.get(id), problems: problems.map(({ message }) => message) };
  } catch (error) {
    const reason = DeliveryError.is(error) ? error.reason : TocsinError.is(error) ? error.code : 'unexpected_error';
    logger.warn(`The integration ${id} was made, but its first message was not sent`, { reason });
    return { integration, problems: [] };
  }
}

async function verifyOrJoin(context: SlackOAuthContext, integration: SlackIntegration): Promise<Verification> {
  // Who installs the same at the same time keeps what was learnt at the same time.
  const verify = () => despiteChanges(() => context.engine.integrations.verify(integration.id));
  const found = await verify();
  const isOutside = found.problems.length > 0 && found.problems.every(({ reason }) => reason === 'not_in_channel');
  if (!isOutside || found.channelId === undefined) return found;
  return (await joinChannel(context, integration, found.channelId)) ? verify() : found;
}

function wordsFor({ entity }: Integration): { title: string; message: string } {
  const whose = entity === undefined ? 'Automations' : `Automations of ${entity}`;
  return { title: 'Integration added', message: `${whose} can post in this channel now.` };
}
