import type {
  CustomIntegrationDefinition,
  Integration,
  IntegrationDefinition,
  IntegrationType,
} from '../definition/integration.js';
import type { Verification } from '../ports/delivery.js';

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

/** What {@link Integrations.delete} takes besides the id. */
export interface DeleteIntegrationOptions {
  /** Delete it also when automations use it, or when it is a fallback. @default false */
  readonly force?: boolean | undefined;
}

/**
 * Manages integrations: where notifications and payloads can go. Names need not be unique.
 *
 * `list` and `delete` throw `invalid_options` for an option or a part of a query that does not exist.
 */
export interface Integrations {
  /**
   * Stores an integration. It is not asked whether messages would arrive; {@link Integrations.verify} does that.
   *
   * @param definition - Where it leads, and by which delivery.
   * @returns The integration as it is stored, with its id.
   * @throws `invalid_integration` with issues; `invalid_options` when the delivery's own check fails; `storage_unavailable`.
   */
  create(definition: IntegrationDefinition): Promise<Integration>;
  /**
   * Reads one integration.
   *
   * @param id - Its id.
   * @returns The integration as it is now.
   * @throws `not_found`.
   */
  get(id: string): Promise<Integration>;
  /**
   * Lists integrations, oldest first.
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
   * @returns The integration as it is stored now.
   * @throws `not_found`, `invalid_integration`, `revision_conflict`, `storage_unavailable`.
   */
  update(id: string, patch: IntegrationPatch): Promise<Integration>;
  /**
   * Lets an integration be used again; messages that were parked for it go out.
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
   * Deletes an integration. What waits for it fails with `integration_deleted`.
   *
   * @param id - Its id.
   * @param options - With `force` also when automations use it, or when it is a fallback.
   * @throws `not_found`; `integration_in_use` with the names of the automations and integrations; `storage_unavailable`.
   */
  delete(id: string, options?: DeleteIntegrationOptions): Promise<void>;
  /**
   * Asks the destination whether messages would arrive, without sending one, and keeps what it learns.
   *
   * @param id - Its id.
   * @returns What is wrong and what to do about it.
   * @throws `not_found`; `delivery_failed` when the destination can't be asked now; `revision_conflict` when the
   * integration was changed meanwhile; `storage_unavailable`.
   */
  verify(id: string): Promise<Verification>;
}
