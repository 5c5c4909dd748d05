import { copyJson } from '../definition/copy-json.js';
import {
  type Integration,
  type IntegrationDefinition,
  type IntegrationState,
  type IntegrationType,
  integrationSchema,
} from '../definition/integration.js';
import { fromZodIssues } from '../definition/zod-issues.js';
import { type Issue, TocsinError } from '../errors.js';
import type { AutomationIndex } from '../match/automation-index.js';
import type { Carrier } from '../notify/carrier.js';
import type { Redactor } from '../notify/redact.js';
import type { Delivery, Verification } from '../ports/delivery.js';
import type { Runtime } from '../ports/runtime.js';
import type { IntegrationStore } from '../record/integration-store.js';
import { askDestination } from './ask-destination.js';

/** Which integrations are wanted. */
export interface IntegrationQuery {
  /** Those of this type. */
  readonly type?: IntegrationType | undefined;
  /** Those that this entity owns. */
  readonly entity?: string | undefined;
  /** By the channel's name, with or without `#`: exactly, or by a part of it. */
  readonly channelName?: string | { readonly contains: string } | undefined;
}

/** What {@link Integrations.update} takes: what is named is replaced. */
export type IntegrationPatch = Partial<Omit<IntegrationDefinition, 'type'>> & {
  readonly channel?: string;
  readonly tokenSecretName?: string;
  readonly urlSecretName?: string;
};

/** Manages integrations: where notifications can go. */
export interface Integrations {
  /**
   * Stores an integration. It is not asked whether messages would arrive; {@link Integrations.verify} does that.
   *
   * @param definition - Where it leads, and by which delivery.
   * @returns The integration as it is stored, with its id.
   * @throws `invalid_integration` with issues; `storage_unavailable`.
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
   * Changes an integration. A new channel forgets what was learnt of the old one.
   *
   * @param id - Its id.
   * @param patch - What is named is replaced.
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
   * @param options - With `force` also when automations use it.
   * @throws `not_found`; `integration_in_use` with the names of the automations; `storage_unavailable`.
   */
  delete(id: string, options?: { readonly force?: boolean }): Promise<void>;
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

/** What {@link createIntegrations} works with. */
export interface IntegrationsOptions {
  readonly store: IntegrationStore;
  readonly runtime: Runtime;
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly carrier: Carrier;
  readonly redactor: Redactor;
  readonly index: AutomationIndex;
  readonly nextId: () => string;
  /** Told that an integration can be used again. */
  enabled(id: string): void;
}

/** An integration is small. */
const bounds = { depth: 4, nodes: 64, listMembers: 16, textCharacters: 2048, characters: 16_384 };

/** Makes the part of the engine that manages integrations. */
export function createIntegrations(options: IntegrationsOptions): Integrations {
  const { store, runtime, deliveries, carrier, redactor, index, nextId, enabled } = options;

  const find = (id: string): Integration => {
    const integration = store.get(id);
    if (integration === undefined)
      throw new TocsinError({ code: 'not_found', message: `There is no integration ${id}` });
    return integration;
  };

  const parse = (input: unknown): IntegrationDefinition => {
    const copy = copyJson(input, bounds);
    if ('issue' in copy) throw invalidIntegration([copy.issue]);
    const parsed = integrationSchema.safeParse(copy.value, { reportInput: true });
    if (!parsed.success) throw invalidIntegration(fromZodIssues(parsed.error.issues));
    const issues = deliveryIssues(parsed.data, deliveries);
    if (issues.length > 0) throw invalidIntegration(issues);
    return parsed.data;
  };

  const change = async (before: Integration, next: Integration): Promise<Integration> => {
    const integration = { ...next, revision: before.revision + 1, updatedAt: runtime.now() };
    await store.put(integration);
    return integration;
  };

  return {
    async create(input) {
      const definition = parse(input);
      const nowMs = runtime.now();
      const state: IntegrationState = { id: nextId(), revision: 1, createdAt: nowMs, updatedAt: nowMs, status: 'ok' };
      const integration: Integration = { ...definition, ...state };
      await store.put(integration);
      return integration;
    },
    get: async (id) => find(id),
    list: async (query = {}) => store.all().filter((integration) => fits(integration, query)),
    async update(id, patch) {
      const before = find(id);
      const { definition, state } = split(before);
      const next = parse({ ...definition, ...patch });
      const isMoved =
        'channel' in patch || 'urlSecretName' in patch || 'tokenSecretName' in patch || 'delivery' in patch;
      const { channelId, channelName, teamName, ...rest } = state;
      const learnt = isMoved ? {} : { channelId, channelName, teamName };
      const integration = await change(before, { ...next, ...rest, ...learnt });
      enabled(id);
      return integration;
    },
    async enable(id) {
      const before = find(id);
      const { statusReason: _, ...rest } = before;
      const integration = await change(before, { ...rest, status: 'ok' });
      enabled(id);
      return integration;
    },
    async disable(id) {
      const before = find(id);
      return change(before, { ...before, status: 'disabled', statusReason: 'Disabled by hand' });
    },
    async delete(id, { force = false } = {}) {
      const { name } = find(id);
      const users = [...index.all()].filter(
        ({ automation: { action } }) => action.type === 'notification' && action.integrationId === id,
      );
      if (users.length > 0 && !force) {
        const names = users.map(({ automation }) => automation.name).join(', ');
        throw new TocsinError({ code: 'integration_in_use', message: `The integration ${name} is used by ${names}` });
      }
      await store.delete(id);
      enabled(id);
    },
    async verify(id) {
      const integration = find(id);
      const delivery = deliveries.get(integration.delivery);
      if (delivery?.verify === undefined) return { ok: true, problems: [] };
      const { signal } = runtime.abortController();
      const verification = await askDestination(() => carrier.verify(delivery, integration, signal), redactor);
      const { channelId, channelName, teamName } = verification;
      if (verification.ok)
        await change(integration, { ...integration, ...defined({ channelId, channelName, teamName }) });
      return verification;
    },
  };
}

function deliveryIssues(
  definition: IntegrationDefinition,
  deliveries: ReadonlyMap<string, Delivery>,
): readonly Issue[] {
  const delivery = deliveries.get(definition.delivery);
  if (delivery?.integrationTypes.includes(definition.type)) return delivery.check?.(definition) ?? [];
  const fitting = [...deliveries.values()].filter(({ integrationTypes }) => integrationTypes.includes(definition.type));
  const names = fitting.map(({ name }) => `"${name}"`).join(' or ');
  const expected = names === '' ? `a delivery for ${definition.type} in createEngine({ deliveries })` : names;
  return [
    { code: 'unknown_delivery', path: 'delivery', message: `Expected ${expected}, got "${definition.delivery}"` },
  ];
}

function split(integration: Integration): { definition: object; state: IntegrationState } {
  const { id, revision, createdAt, updatedAt, status, statusReason, channelId, channelName, teamName, ...definition } =
    integration;
  const state = { id, revision, createdAt, updatedAt, status, statusReason, channelId, channelName, teamName };
  return { definition, state };
}

function defined<Values extends object>(values: Values): Partial<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Values>;
}

function fits(integration: Integration, { type, entity, channelName }: IntegrationQuery): boolean {
  if (type !== undefined && integration.type !== type) return false;
  if (entity !== undefined && integration.entity !== entity) return false;
  if (channelName === undefined) return true;
  const own = bare(integration.channelName ?? (integration.type === 'slack' ? integration.channel : undefined) ?? '');
  return typeof channelName === 'string' ? own === bare(channelName) : own.includes(bare(channelName.contains));
}

function bare(channel: string): string {
  return channel.startsWith('#') ? channel.slice(1) : channel;
}

function invalidIntegration(issues: readonly Issue[]): TocsinError {
  const lines = issues.map(({ path, message }) => (path === '' ? message : `${message} at ${path}`));
  return new TocsinError({ code: 'invalid_integration', message: lines.join('; '), issues });
}
