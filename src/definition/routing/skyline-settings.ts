import type { Issue } from '../../errors.js';
import type { JsonObject, JsonValue } from '../../json.js';
import { copyJson, isPlainObject } from '../copy-json.js';
import { givenOptions } from '../given-options.js';
import type { SlackIntegrationDefinition } from '../integration.js';
import { formatPath, type PathSegments } from '../path.js';
import { readEmojiName } from './emoji-name.js';
import { parseRouting, routingBounds } from './parse-routing.js';
import { readChannelIds, readId, readRoutes, readSkylineChannel } from './skyline-channels.js';
import { isPlaceholder, isToken, readSetting, refuse, type SkylineNotes, warn } from './skyline-notes.js';
import { readUpdates, updateKeys } from './skyline-updates.js';
import type { SlackRoutingOptions } from './slack-routing.js';

/** What {@link fromSkylineSettings} takes beside the settings. */
export interface SkylineSettingsOptions {
  /** The name of the secret that holds the bot token. 1 to 255 characters. */
  readonly tokenSecretName: string;
  /** What the integration is called. @default 'Skyline' */
  readonly integrationName?: string | undefined;
  /** The team that the integration, and with it the routing, belongs to. @default none: shared by all */
  readonly entity?: string | undefined;
}

/** What {@link fromSkylineSettings} answers. */
export type SkylineSettings =
  | {
      /** What `engine.integrations.create` takes. */
      readonly integration: SlackIntegrationDefinition;
      /** What `slackRouting` takes, but for the integration. */
      readonly routing: Omit<SlackRoutingOptions, 'integrationId'>;
      /** What was left out or read otherwise, each with its key. */
      readonly warnings: readonly Issue[];
      /** The keys that Skyline does not document. */
      readonly ignored: readonly string[];
      readonly issues?: undefined;
    }
  | { readonly issues: readonly Issue[] };

const tokenKey = 'bot_user_oauth_access_token';

const knownKeys: ReadonlySet<string> = new Set([
  tokenKey,
  'channels',
  'channel_ids',
  'icon_emoji',
  'default_channel',
  'default_channel_id',
  ...updateKeys,
]);

/**
 * Reads Skyline's `SLACK_OPTS`, to go on with the same channels here. A switch that is missing there is on, as on Skyline's page.
 *
 * The token in it is never kept and never quoted: the integration names a secret instead.
 *
 * @param slackOpts - The dictionary as JSON, parsed or as a text: tuples are lists, and a text where a tuple was meant is one channel. `channels` may be
 * a list of pairs as well.
 * @param options - What the settings do not say.
 * @returns An integration and a routing to create from; or what is wrong, each fault with its key.
 * @see Skyline, "Skyline slack settings".
 * @example
 * ```ts
 * const settings = fromSkylineSettings(slackOpts, { tokenSecretName: 'SKYLINE_SLACK_TOKEN' });
 * if (settings.issues !== undefined) throw new Error(settings.issues[0]?.message);
 * const { id: integrationId } = await engine.integrations.create(settings.integration);
 * await engine.routing.set(slackRouting({ ...settings.routing, integrationId }));
 * ```
 */
export function fromSkylineSettings(slackOpts: unknown, options: SkylineSettingsOptions): SkylineSettings {
  const notes: SkylineNotes = { issues: [], warnings: [] };
  const owner = readOptions(notes, options);
  const copy = copyJson(parsedText(slackOpts), routingBounds);
  if ('issue' in copy) return { issues: [...notes.issues, copy.issue] };
  if (!isPlainObject(copy.value)) {
    refuse(notes, [], 'the dictionary SLACK_OPTS', copy.value);
    return { issues: notes.issues };
  }
  const settings = copy.value as JsonObject;
  const { [tokenKey]: token, ...rest } = settings;
  noteToken(notes, token, owner.tokenSecretName);
  refuseTokens(notes, rest, token, []);
  if (notes.issues.length > 0) return { issues: notes.issues };

  const routing = readRouting(notes, rest);
  const channel = routing.defaultChannel ?? routing.defaultChannelId ?? firstChannel(routing);
  if (channel === undefined && notes.issues.length === 0) refuse(notes, ['default_channel'], 'a channel', undefined);
  if (notes.issues.length > 0 || channel === undefined) return { issues: notes.issues };
  const { issues = [] } = parseRouting({ ...routing, integrationId: 'integration' });
  if (issues.length > 0) return { issues: issues.map(inSettings) };
  return {
    integration: { type: 'slack', delivery: 'slack-web-api', channel, ...owner },
    routing,
    warnings: notes.warnings,
    ignored: Object.keys(rest).filter((key) => !knownKeys.has(key)),
  };
}

/** The dictionary may come as the text of a file; what is no JSON is refused as the text that it is. */
function parsedText(slackOpts: unknown): unknown {
  if (typeof slackOpts !== 'string') return slackOpts;
  try {
    return JSON.parse(slackOpts) as unknown;
  } catch {
    return [];
  }
}

function readRouting(notes: SkylineNotes, settings: JsonObject): Omit<SlackRoutingOptions, 'integrationId'> {
  const defaultChannel = readSkylineChannel(notes, ['default_channel'], settings['default_channel']);
  const defaultChannelId = readId(notes, ['default_channel_id'], settings['default_channel_id']);
  const channels = readRoutes(notes, settings['channels'], defaultChannel ?? defaultChannelId);
  if (defaultChannel === undefined && defaultChannelId === undefined) {
    warn(notes, ['default_channel'], 'There is no default channel: what no pattern matches goes nowhere', 'required');
  }
  const iconEmoji = readSetting(notes, ['icon_emoji'], settings['icon_emoji']);
  if (iconEmoji !== undefined && readEmojiName(iconEmoji) === undefined) {
    refuse(notes, ['icon_emoji'], 'the name of an emoji such as ":eyes:"', iconEmoji);
  }
  return {
    channels,
    ...(defaultChannel === undefined ? {} : { defaultChannel }),
    ...(defaultChannelId === undefined ? {} : { defaultChannelId }),
    channelIds: readChannelIds(notes, settings['channel_ids']),
    ...(iconEmoji === undefined ? {} : { iconEmoji }),
    ...readUpdates(notes, settings),
  };
}

function firstChannel({ channels }: Omit<SlackRoutingOptions, 'integrationId'>): string | undefined {
  const first = channels?.[0]?.[1];
  return typeof first === 'string' ? first : first?.[0];
}

function readOptions(
  notes: SkylineNotes,
  options: SkylineSettingsOptions,
): Pick<SlackIntegrationDefinition, 'name' | 'tokenSecretName' | 'entity'> {
  const { tokenSecretName, integrationName = 'Skyline', entity } = givenOptions(options);
  const isName = (name: unknown): boolean => typeof name === 'string' && name !== '' && name.length <= 255;
  const check = (key: string, name: unknown): void => {
    if (!isName(name) || isToken(name as JsonValue)) {
      refuse(notes, ['options', key], 'a name of 1 to 255 characters', name as JsonValue);
    }
  };
  check('tokenSecretName', tokenSecretName);
  check('integrationName', integrationName);
  if (entity !== undefined) check('entity', entity);
  return { name: integrationName, tokenSecretName, ...(entity === undefined ? {} : { entity }) };
}

function noteToken(notes: SkylineNotes, token: JsonValue | undefined, secretName: string | undefined): void {
  if (token === undefined || token === null) return;
  const isSet = typeof token !== 'string' || !isPlaceholder(token);
  const message = isSet
    ? `The token is not kept: it moved to the secret ${secretName}; set it there, and take it out of the settings`
    : `It still has its placeholder: set the token as the secret ${secretName}`;
  warn(notes, [tokenKey], message);
}

/** A token in the wrong place would be stored and shown. */
function refuseTokens(notes: SkylineNotes, value: JsonValue, token: JsonValue | undefined, path: PathSegments): void {
  const isOne = (text: JsonValue): boolean => isToken(text) || (text === token && String(text).length > 20);
  const message = 'Expected a setting, got a token';
  if (isOne(value)) notes.issues.push({ code: 'invalid_value', path: formatPath(path), message });
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    if (isOne(key)) notes.issues.push({ code: 'invalid_value', path: formatPath(path), message });
    else refuseTokens(notes, member, token, [...path, key]);
  }
}

const settingNames: Readonly<Record<string, string>> = {
  defaultChannel: 'default_channel',
  defaultChannelId: 'default_channel_id',
  channelIds: 'channel_ids',
  iconEmoji: 'icon_emoji',
};

/** An issue of the routing, at the key of the settings from which it came. */
function inSettings(issue: Issue): Issue {
  const [name = ''] = /^\w*/.exec(issue.path) ?? [];
  return { ...issue, path: `${settingNames[name] ?? name}${issue.path.slice(name.length)}` };
}
