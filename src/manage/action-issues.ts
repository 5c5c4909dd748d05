import type { WebhookAction } from '../definition/action.js';
import { type AutomationDefinition, ownerOf } from '../definition/automation.js';
import type { EventType } from '../definition/event-type.js';
import { type Integration, mayUse } from '../definition/integration.js';
import { describeValue } from '../definition/path.js';
import { payloadSecretNames, secretVariables } from '../definition/template-variables.js';
import type { Issue } from '../errors.js';
import { type Handler, mayCall, type RestrictedHandler } from '../notify/handlers.js';
import type { Delivery } from '../ports/delivery.js';
import type { IntegrationStore } from '../record/integration-store.js';
import type { RoutingStore } from '../record/routing-store.js';
import { listNames } from './refused-input.js';

/** What an action can name. */
export interface ActionTargets {
  readonly integrations: IntegrationStore;
  readonly routings: Pick<RoutingStore, 'find'>;
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly handlers: ReadonlyMap<string, Handler | RestrictedHandler>;
}

/** What only an engine can tell: whether what the action names is there, and may be used. */
export function actionIssues(automation: AutomationDefinition, targets: ActionTargets): readonly Issue[] {
  const { action, event } = automation;
  const entity = ownerOf(automation);
  switch (action.type) {
    case 'notification':
    case 'webhook': {
      const { integrationId } = action;
      if (integrationId === undefined) return routingIssues(entity, targets);
      const integration = targets.integrations.get(integrationId);
      if (integration === undefined) {
        const message = unknownIntegration(integrationId, entity, targets.integrations);
        return [integrationIssue('unknown_integration', message)];
      }
      if (!mayUse(entity, integration)) {
        const owner = entity === undefined ? 'a shared integration' : `a shared integration or one of ${entity}`;
        return [integrationIssue('integration_not_owned', `Expected ${owner}, got one of another entity`)];
      }
      return action.type === 'webhook'
        ? webhookIssues(action, event.type, integration, targets)
        : channelIssues(integration, targets);
    }
    case 'handler':
      return handlerIssues(action.name, entity, targets);
    case 'none':
      return [];
    default:
      return action satisfies never;
  }
}

/** Tells the id of the one that is named so, but never of another entity's. */
function unknownIntegration(id: string, entity: string | undefined, integrations: IntegrationStore): string {
  const message = `There is no integration with the id ${describeValue(id)}`;
  const named = integrations.all().find((each) => each.name === id && mayUse(entity, each));
  return named === undefined ? message : `${message}; ${describeValue(id)} is a name, its id is "${named.id}"`;
}

/** Without routing a match would have nowhere to go. */
function routingIssues(entity: string | undefined, { routings }: ActionTargets): Issue[] {
  if (routings.find(entity) !== undefined) return [];
  const whose = entity === undefined ? 'a shared routing' : `a routing of ${entity}, or a shared one`;
  const message = `Expected ${whose}, got none: set one with engine.routing.set()`;
  return [{ code: 'unknown_routing', path: 'action.routing', message }];
}

/** A workspace that was connected has no channel until one is chosen. */
function channelIssues(integration: Integration, { deliveries }: ActionTargets): Issue[] {
  const choosesChannels = deliveries.get(integration.delivery)?.capabilities?.channels === true;
  if (integration.type !== 'slack' || integration.channel !== undefined || !choosesChannels) return [];
  const message =
    'Expected an integration with a channel, got one of a whole workspace: choose a channel with ' +
    'engine.integrations.channels(id), and set it with engine.integrations.update(id, { channel })';
  return [integrationIssue('channel_required', message)];
}

function webhookIssues(
  action: WebhookAction,
  type: EventType,
  integration: Integration,
  { deliveries }: ActionTargets,
): Issue[] {
  if (integration.type !== 'webhook') {
    const message = `Expected an integration of type "webhook", got one of type "${integration.type}"`;
    return [integrationIssue('integration_type', message)];
  }
  const delivery = deliveries.get(integration.delivery);
  if (delivery !== undefined && delivery.deliverPayload === undefined) {
    const message = `Expected an integration whose delivery takes payloads, got one of "${delivery.name}"`;
    return [integrationIssue('integration_type', message)];
  }
  if (integration.secretsInPayload === true || action.payload === undefined) return [];
  return secretVariables(action, type, payloadSecretNames(integration)).map(({ name, path }) => ({
    code: 'secret_in_payload',
    path,
    message: `Expected no secret in the payload, as its integration does not set secretsInPayload, got \${${name}}`,
  }));
}

function handlerIssues(name: string, entity: string | undefined, { handlers }: ActionTargets): Issue[] {
  const handler = handlers.get(name);
  if (handler !== undefined && mayCall(entity, handler)) return [];
  const allowed = [...handlers].filter(([, each]) => mayCall(entity, each)).map(([each]) => each);
  const path = 'action.name';
  const got = describeValue(name);
  if (handler === undefined) {
    const known = handlers.size === 0 ? 'createEngine({ handlers }) has none' : listNames(allowed);
    return [{ code: 'unknown_handler', path, message: `Expected the name of a handler (${known}), got ${got}` }];
  }
  const caller = entity ?? 'an automation on a whole organization';
  const message = `Expected a handler that ${caller} may call (${listNames(allowed) || 'there is none'}), got ${got}`;
  return [{ code: 'handler_not_allowed', path, message }];
}

function integrationIssue(code: Issue['code'], message: string): Issue {
  return { code, path: 'action.integrationId', message };
}
