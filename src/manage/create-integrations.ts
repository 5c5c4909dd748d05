import * as z from 'zod';
import type { Action } from '../definition/action.js';
import { closedObject } from '../definition/closed-object.js';
import type { Integration, IntegrationDefinition, IntegrationState } from '../definition/integration.js';
import { TocsinError } from '../errors.js';
import type { AutomationIndex } from '../match/automation-index.js';
import type { Carrier } from '../notify/carrier.js';
import type { Redactor } from '../notify/redact.js';
import type { Delivery } from '../ports/delivery.js';
import type { Runtime } from '../ports/runtime.js';
import type { Verification } from '../ports/verification.js';
import type { IntegrationStore } from '../record/integration-store.js';
import { leadsToSame } from '../record/leads-to-same.js';
import { askDestination } from './ask-destination.js';
import { fallbackIssues } from './fallback-issues.js';
import type { IntegrationQuery, Integrations, LearntOptions } from './integrations.js';
import { notFound } from './not-found.js';
import type { Notices } from './notices.js';
import { applyIntegrationPatch, partIntegration, readIntegration } from './read-integration.js';
import { readNotice } from './read-notice.js';
import { invalidInput, listNames, readOptions } from './refused-input.js';
import { channelQuerySchema, searchChannels } from './search-channels.js';

/** What {@link createIntegrations} works with. */
export interface IntegrationsOptions {
  readonly store: IntegrationStore;
  readonly notices: Notices;
  readonly runtime: Runtime;
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly carrier: Carrier;
  readonly redactor: Redactor;
  readonly index: AutomationIndex;
  readonly nextId: () => string;
  /** How long a destination may take to answer, in milliseconds. */
  readonly deliveryTimeoutMs: number;
  /** Names what else uses an integration, besides automations and other integrations. @default nothing */
  usesOf?(id: string): readonly string[];
  /** Told that an integration can be used again. */
  enabled(id: string): void;
  /** Brings in what other processes have changed; `undefined`: there are none. */
  readonly catchUp: (() => Promise<boolean>) | undefined;
}

const querySchema = closedObject({
  type: z.enum(['slack', 'webhook', 'console', 'custom']).optional(),
  entity: z.string().optional(),
  channelName: z.union([z.string(), closedObject({ contains: z.string() })]).optional(),
});

const learntSchema = closedObject({
  channelId: z.string().min(1).max(255).optional(),
  channelName: z.string().min(1).max(255).optional(),
  teamName: z.string().min(1).max(255).optional(),
});

const learntOptionsSchema = closedObject({ learnt: learntSchema.optional() });

const deleteOptionsSchema = closedObject({ force: z.boolean().default(false) });

/** Makes the part of the engine that manages integrations. */
export function createIntegrations(options: IntegrationsOptions): Integrations {
  const { store, runtime, deliveries, carrier, redactor, index, nextId, enabled, catchUp } = options;

  /** Another process may just have made it: a person connects Slack in one, and chooses the channel in the next. */
  const lookUp = async (id: string): Promise<Integration> => {
    const integration = typeof id === 'string' ? await store.lookUp(id) : undefined;
    if (integration === undefined) throw notFound('integration', id);
    return integration;
  };

  const change = async (before: Integration, next: Integration): Promise<Integration> => {
    const integration = { ...next, revision: before.revision + 1, updatedAt: runtime.now() };
    await store.put(integration);
    return integration;
  };

  const checkFallback = async (definition: IntegrationDefinition, ownId: string | undefined): Promise<void> => {
    // Another process may have made it.
    if (definition.fallbackIntegrationId !== undefined) await catchUp?.();
    const issues = fallbackIssues(definition, ownId, options);
    if (issues.length > 0) throw invalidInput('invalid_integration', issues);
  };

  return {
    async create(input, given) {
      const { learnt = {} } = readOptions<LearntOptions>('integrations.create', learntOptionsSchema, given);
      const definition = readIntegration(input, deliveries);
      await checkFallback(definition, undefined);
      const nowMs = runtime.now();
      const state: IntegrationState = { id: nextId(), revision: 1, createdAt: nowMs, updatedAt: nowMs, status: 'ok' };
      const integration: Integration = { ...definition, ...state, ...defined({ ...learnt }) };
      await store.put(integration);
      return integration;
    },
    get: async (id) => store.get(id) ?? lookUp(id),
    async list(given) {
      const query = readOptions<IntegrationQuery>('integrations.list', querySchema, given);
      // Another process may just have made one. While the storage fails, what is known here is better than nothing.
      await catchUp?.().catch(() => false);
      return store.all().filter((integration) => fits(integration, query));
    },
    async update(id, patch, given) {
      const { learnt: news = {} } = readOptions<LearntOptions>('integrations.update', learntOptionsSchema, given);
      const before = store.get(id) ?? (await lookUp(id));
      const { definition, state } = partIntegration(before);
      const next = readIntegration(applyIntegrationPatch(definition, patch), deliveries);
      // One whose fallback has gone can still be renamed.
      if (next.fallbackIntegrationId !== before.fallbackIntegrationId || next.entity !== before.entity) {
        await checkFallback(next, id);
      }
      const { channelId, channelName, teamName, ...rest } = state;
      const { channel } = { channel: undefined, ...next };
      // Another channel of the same workspace still is of that workspace.
      const team = leadsToSame({ ...before, channel }, next) ? { teamName } : {};
      const learnt = leadsToSame(before, next) ? { channelId, channelName, teamName } : team;
      const integration = await change(before, { ...next, ...rest, ...learnt, ...defined({ ...news }) });
      enabled(id);
      return integration;
    },
    async enable(id) {
      const before = store.get(id) ?? (await lookUp(id));
      const { statusReason: _, ...rest } = before;
      const integration = await change(before, { ...rest, status: 'ok' });
      enabled(id);
      return integration;
    },
    async disable(id) {
      const before = store.get(id) ?? (await lookUp(id));
      return change(before, { ...before, status: 'disabled', statusReason: 'Disabled by hand' });
    },
    async notify(id, given) {
      const content = readNotice(given, runtime.now());
      const integration = store.get(id) ?? (await lookUp(id));
      return options.notices.post({ integration, entity: integration.entity }, content);
    },
    async delete(id, given) {
      const { force } = readOptions('integrations.delete', deleteOptionsSchema, given);
      // Another process may have made an automation that uses it.
      if (catchUp !== undefined) await catchUp();
      const { name } = store.get(id) ?? (await lookUp(id));
      const automations = [...index.all()].map(({ automation }) => automation);
      const users = [
        ...automations.filter(({ action }) => integrationOf(action) === id),
        ...store.all().filter(({ fallbackIntegrationId }) => fallbackIntegrationId === id),
      ].map((user) => user.name);
      users.push(...(options.usesOf?.(id) ?? []));
      if (users.length > 0 && !force) {
        const names = listNames(users);
        throw new TocsinError({ code: 'integration_in_use', message: `The integration ${name} is used by ${names}` });
      }
      await store.delete(id);
      enabled(id);
    },
    async channels(id, given) {
      const query = readOptions('integrations.channels', channelQuerySchema, given);
      return searchChannels(store.get(id) ?? (await lookUp(id)), query, options);
    },
    async verify(id) {
      const integration = store.get(id) ?? (await lookUp(id));
      const delivery = deliveries.get(integration.delivery);
      if (delivery === undefined) return unreachable(integration);
      if (delivery.verify === undefined) return { ok: true, conclusive: false, problems: [] };
      const { signal } = runtime.abortController();
      const verification = await askDestination(
        delivery.name,
        () => carrier.verify(delivery, integration, signal),
        redactor,
      );
      const { channelId, channelName, teamName } = verification;
      if (verification.ok)
        await change(integration, { ...integration, ...defined({ channelId, channelName, teamName }) });
      return verification;
    },
  };
}

function integrationOf(action: Action): string | undefined {
  return 'integrationId' in action ? action.integrationId : undefined;
}

/** What can be said of an integration whose delivery only another process has. */
function unreachable({ delivery }: Integration): Verification {
  const message = `This engine was made without the delivery ${delivery}: ask in a process that has it`;
  return { ok: false, problems: [{ kind: 'channel', reason: 'delivery_missing', message }] };
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
