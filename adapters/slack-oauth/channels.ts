import { type Integration, TocsinError } from '../../src/index.js';
import type { SlackOAuthContext } from './context.js';
import { secretPrefix } from './install.js';
import { isSlack, type OwnedSecret, type SlackIntegration, usersOf } from './pending.js';
import { channelNameOf } from './slack-channel.js';
import { type Welcomed, welcome } from './welcome.js';

/** What {@link SlackOAuth.connectChannel} takes. */
export interface ConnectChannelOptions {
  /** An integration of the workspace. */
  readonly integrationId: string;
  /** `#name` of a public channel, or a channel's id. */
  readonly channel: string;
  /** The new integration's name. @default the channel's and the workspace's */
  readonly name?: string | undefined;
}

/** What {@link SlackOAuth.disconnect} takes besides the id. */
export interface DisconnectOptions {
  /** Also when automations, routings or other integrations use it. @default false */
  readonly force?: boolean | undefined;
}

/**
 * Connects a channel by the credential of an integration. One without a channel gets it; else there will be a new one.
 *
 * @throws `not_found`, `not_supported`, `invalid_integration`, `storage_unavailable`.
 */
export async function connectChannel(
  context: SlackOAuthContext,
  { integrationId, channel, name }: ConnectChannelOptions,
): Promise<Welcomed> {
  if (typeof channel !== 'string') {
    throw new TocsinError({ code: 'invalid_options', message: 'Expected a text at channel' });
  }
  const source = await context.engine.integrations.get(integrationId);
  if (!isSlack(source) || source.tokenSecretName === undefined) throw noBotToken(source);
  const secret = { name: source.tokenSecretName, entity: source.entity };
  // An id says nothing to a person, and a channel that the bot can't post to yet tells its name nowhere else.
  const channelName = isChannelId(channel) ? await channelNameOf(context, source, channel) : undefined;
  const wanted = { channel, name, channelName };
  const { integration, isNewPlace } = await context.turns(secret, channelName ?? bare(channel), {
    async find() {
      const users = await usersOf(context.engine, secret);
      const same = users.find((user) => leadsTo(user, wanted));
      return same === undefined ? undefined : { integration: same, isNewPlace: false };
    },
    make: async () => ({ integration: await connected(context, integrationId, wanted), isNewPlace: true }),
  });
  return welcome(context, integration, isNewPlace);
}

/** What is to be connected. */
interface WantedChannel extends Pick<ConnectChannelOptions, 'channel' | 'name'> {
  /** Of a channel that was given by its id, if it could be learnt. */
  readonly channelName: string | undefined;
}

async function connected(
  { engine }: SlackOAuthContext,
  sourceId: string,
  { channel, name: given, channelName }: WantedChannel,
): Promise<Integration> {
  // As it is by now: somebody may have given it a channel.
  const source = await engine.integrations.get(sourceId);
  if (!isSlack(source)) throw noBotToken(source);
  const { entity, organization, delivery, tokenSecretName, teamName } = source;
  const learnt = channelName === undefined ? { teamName } : { teamName, channelId: channel, channelName };
  if (source.channel === undefined) return engine.integrations.update(source.id, { channel, name: given }, { learnt });
  const place = channelName === undefined ? channel : `#${channelName}`;
  const name = given ?? (teamName === undefined ? place : `${place} (${teamName})`);
  return engine.integrations.create(
    { type: 'slack', name, entity, organization, delivery, tokenSecretName, channel },
    { learnt },
  );
}

function leadsTo(user: SlackIntegration, { channel, channelName }: WantedChannel): boolean {
  if ([user.channel, user.channelId].includes(channel)) return true;
  // A channel can be renamed, and another get its name.
  if (isChannelId(channel) && user.channelId !== undefined) return false;
  const names = [user.channelName, user.channel].flatMap((name) => (name === undefined ? [] : [bare(name)]));
  return names.includes(channelName ?? bare(channel));
}

function isChannelId(channel: string): boolean {
  return /^[CG][A-Z0-9]{6,}$/.test(channel);
}

function bare(channel: string): string {
  return channel.replace(/^#/, '');
}

function noBotToken({ name }: Integration): TocsinError {
  const message = `The integration ${name} has no bot token: further channels need one`;
  return new TocsinError({ code: 'not_supported', message });
}

/**
 * Deletes an integration, and its secret if nobody else uses it.
 *
 * @throws As `integrations.delete`.
 */
export async function disconnect(
  { engine, pending }: SlackOAuthContext,
  integrationId: string,
  { force }: DisconnectOptions,
): Promise<void> {
  const integration = await engine.integrations.get(integrationId);
  // Others were put by the host, which may need them.
  const secrets = secretsOf(integration).filter(({ name }) => name.startsWith(secretPrefix));
  // If the process dies now, `cleanUp` does the rest.
  for (const secret of secrets) await pending.begin(secret);
  try {
    await engine.integrations.delete(integrationId, { force });
  } catch (error) {
    for (const secret of secrets) await pending.finish(secret);
    throw error;
  }
  for (const secret of secrets) await pending.undo(secret);
}

function secretsOf(integration: Integration): OwnedSecret[] {
  if (!isSlack(integration)) return [];
  const { entity, tokenSecretName, urlSecretName } = integration;
  return [tokenSecretName, urlSecretName].flatMap((name) => (name === undefined ? [] : [{ name, entity }]));
}
