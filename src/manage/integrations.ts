import type {
  CustomIntegrationDefinition,
  Integration,
  IntegrationDefinition,
  IntegrationType,
} from '../definition/integration.js';
import type { ChannelSearchResult } from '../ports/channel-search.js';
import type { Verification } from '../ports/verification.js';
import type { Execution } from '../record/execution.js';
import type { NotifyOptions } from './read-notice.js';

/** Which integrations are wanted. */
export interface IntegrationQuery {
  /** Those of this type. */
  readonly type?: IntegrationType | undefined;
  /** Those that this entity owns. */
  readonly entity?: string | undefined;
  /** By the channel's name, with or without `#`: exactly, or by a part of it. */
  readonly channelName?: string | { readonly contains: string } | undefined;
}

/**
 * What {@link Integrations.update} takes: what is named is replaced, `null` takes away what may be missing, `undefined`
 * leaves a part as it is. The type stays, and so do the parts that it does not have.
 */
export interface IntegrationPatch {
  /** 1 to 255 characters. */
  readonly name?: string | undefined;
  /** The team that owns it; `null`: shared by all. */
  readonly entity?: string | null | undefined;
  readonly organization?: string | null | undefined;
  /** Where messages go that wait too long. */
  readonly fallbackIntegrationId?: string | null | undefined;
  /** The name of the delivery adapter. */
  readonly delivery?: string | undefined;
  /** Of Slack: `#name` or channel id. */
  readonly channel?: string | null | undefined;
  /** Of Slack: the name of the secret that holds the bot token. */
  readonly tokenSecretName?: string | null | undefined;
  /** Of Slack: the name of the secret that holds the incoming webhook's URL. */
  readonly urlSecretName?: string | null | undefined;
  /** Of a webhook: where to post. */
  readonly url?: string | undefined;
  /** Of a webhook: the name of the secret that is sent as `Authorization: Bearer …`. */
  readonly accessTokenSecretName?: string | null | undefined;
  /** Of a webhook: the name of the secret that signs each request. */
  readonly signingSecretName?: string | null | undefined;
  /** Of a webhook: the name of the secret that signed until now. */
  readonly previousSigningSecretName?: string | null | undefined;
  /** Of a webhook: whether payloads may have its secrets in them. Taken away, payloads that name one lose it. */
  readonly secretsInPayload?: boolean | null | undefined;
  /** Of a custom one: what the adapter needs to know. */
  readonly settings?: CustomIntegrationDefinition['settings'] | null;
  /** Of a custom one: the names of secrets, by what the adapter calls them. */
  readonly secretNames?: CustomIntegrationDefinition['secretNames'] | null;
}

/** What {@link Integrations.create} and {@link Integrations.update} take besides the definition. */
export interface LearntOptions {
  /** What is known of the destination already, such as from an installation; else `verify` and the first message tell it. */
  readonly learnt?:
    | {
        /** The destination's own id of the channel; 1 to 255 characters, as the names. */
        readonly channelId?: string | undefined;
        readonly channelName?: string | undefined;
        readonly teamName?: string | undefined;
      }
    | undefined;
}

/** Which channels {@link Integrations.channels} is to name. */
export interface ChannelSearchQuery {
  /** What the name contains, in any case, with or without `#`. @default all */
  readonly search?: string | undefined;
  /** How many at most, from 1 to 1000. @default 100 */
  readonly limit?: number | undefined;
}

/** What {@link Integrations.delete} takes besides the id. */
export interface DeleteIntegrationOptions {
  /** Delete it also when automations or routings use it, or when it is a fallback. @default false */
  readonly force?: boolean | undefined;
}

/**
 * Manages integrations: where notifications and payloads can go. Names need not be unique.
 *
 * `create`, `update`, `list`, `channels` and `delete` throw `invalid_options` for an option or a part of a query that does not exist.
 */
export interface Integrations {
  /**
   * Stores an integration. It is not asked whether messages would arrive; {@link Integrations.verify} does that.
   *
   * @param definition - Where it leads, and by which delivery.
   * @param options - What is known of the destination already.
   * @returns The integration as it is stored, with its id.
   * @throws `invalid_integration` with issues; `invalid_options` when the delivery's own check fails; `storage_unavailable`.
   */
  create(definition: IntegrationDefinition, options?: LearntOptions): Promise<Integration>;
  /**
   * Reads one integration.
   *
   * @param id - Its id.
   * @returns The integration as it is now.
   * @throws `not_found`.
   */
  get(id: string): Promise<Integration>;
  /**
   * Lists integrations, oldest first, also those that another process has just made. While the storage fails, those that are
   * known here.
   *
   * @param query - Which; left out, all.
   * @returns All that fit, in one list.
   */
  list(query?: IntegrationQuery): Promise<readonly Integration[]>;
  /**
   * Changes an integration. A new destination forgets what was learnt of the old one.
   *
   * It may change hands while automations use it: what automations of another entity fire from then on, and what waits of
   * theirs, fails with `integration_not_owned`.
   *
   * @param id - Its id.
   * @param patch - What is to change.
   * @param options - What is known of the new destination already.
   * @returns The integration as it is stored now.
   * @throws `not_found`, `invalid_integration`, `revision_conflict`, `storage_unavailable`.
   */
  update(id: string, patch: IntegrationPatch, options?: LearntOptions): Promise<Integration>;
  /**
   * Lets an integration be used again; messages that wait for it go out.
   *
   * @param id - Its id.
   * @returns The integration as it is stored now, with status `ok`.
   * @throws `not_found`, `revision_conflict`, `storage_unavailable`.
   */
  enable(id: string): Promise<Integration>;
  /**
   * Stops an integration; its messages wait until it is enabled.
   *
   * @param id - Its id.
   * @returns The integration as it is stored now, with status `disabled`.
   * @throws `not_found`, `revision_conflict`, `storage_unavailable`.
   */
  disable(id: string): Promise<Integration>;
  /**
   * Sends a message of your own to an integration, such as a first one to see whether it arrives. It is an execution like all
   * others, of the automation `notice`; no mute silences it.
   *
   * @param id - The integration's id.
   * @param options - What it says.
   * @returns The execution, which is pending: the message waits behind what waits there already.
   * @throws `not_found`; `invalid_options`; `storage_unavailable`, and then it may arrive all the same.
   */
  notify(id: string, options: NotifyOptions): Promise<Execution>;
  /**
   * Deletes an integration. What waits for it fails with `integration_deleted`.
   *
   * @param id - Its id.
   * @param options - With `force` also when something uses it.
   * @throws `not_found`; `integration_in_use` with the names of what uses it: automations, integrations, routings;
   * `storage_unavailable`.
   */
  delete(id: string, options?: DeleteIntegrationOptions): Promise<void>;
  /**
   * Names channels that messages could go to by this integration's credential, for a person to choose from.
   *
   * @param id - Its id.
   * @param query - Which channels.
   * @returns The channels found, in order of their names.
   * @throws `not_found`; `not_supported` when its delivery can't search channels; `delivery_failed` when the destination
   * refuses, or can't be asked now.
   */
  channels(id: string, query?: ChannelSearchQuery): Promise<ChannelSearchResult>;
  /**
   * Asks the destination whether messages would arrive, without sending one, and keeps what it learns. It needs the integration's
   * delivery, and its secrets: without the delivery it answers `delivery_missing`.
   *
   * @param id - Its id.
   * @returns What is wrong and what to do about it.
   * @throws `not_found`; `delivery_failed` when the destination can't be asked now; `revision_conflict` when the
   * integration was changed meanwhile; `storage_unavailable`.
   */
  verify(id: string): Promise<Verification>;
}
