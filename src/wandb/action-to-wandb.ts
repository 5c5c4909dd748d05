import type { Action } from '../definition/action.js';
import { describeValue } from '../definition/path.js';
import type { JsonValue } from '../json.js';
import { type Findings, refuse, warn } from './findings.js';
import type { WandbAction, WandbOptions } from './wire.js';

/** What an action of W&B's can say. */
const sayable: Readonly<Record<string, readonly string[]>> = {
  notification: ['type', 'integrationId', 'title', 'message', 'severity'],
  webhook: ['type', 'integrationId', 'payload'],
};

/** Writes what the automation does. */
export function actionToWandb(action: Action, options: WandbOptions, findings: Findings): WandbAction | undefined {
  for (const [key, value] of Object.entries(action)) {
    if (value === undefined || (sayable[action.type]?.includes(key) ?? true)) continue;
    refuse(
      findings,
      'not_convertible',
      ['action', key],
      `Expected nothing that W&B's ${action.type} does not have, got ${key}`,
    );
  }
  switch (action.type) {
    case 'notification': {
      // Routing has been refused above.
      if (action.routing === true) return undefined;
      const integrationID = integrationToWandb(action.integrationId, options, findings);
      const { title, message, severity } = action;
      const notificationActionInput = { integrationID, title, message, severity };
      return { triggeredActionType: 'NOTIFICATION', triggeredActionConfig: { notificationActionInput } };
    }
    case 'webhook': {
      const integrationID = integrationToWandb(action.integrationId, options, findings);
      const requestPayload = payloadToWandb(action.payload, findings);
      const genericWebhookActionInput = { integrationID, ...(requestPayload === undefined ? {} : { requestPayload }) };
      return { triggeredActionType: 'GENERIC_WEBHOOK', triggeredActionConfig: { genericWebhookActionInput } };
    }
    case 'none':
      return { triggeredActionType: 'NO_OP', triggeredActionConfig: { noOpActionInput: { noOp: true } } };
    case 'handler': {
      const message = 'Expected notification, webhook or none: W&B calls no functions of yours, got "handler"';
      return refuse(findings, 'not_convertible', ['action', 'type'], message);
    }
    default:
      return action satisfies never;
  }
}

function integrationToWandb(id: string, { integrations = {} }: WandbOptions, findings: Findings): string {
  const theirs = Object.keys(integrations).find((each) => integrations[each] === id);
  if (theirs !== undefined) return theirs;
  const message = `Expected options.integrations to have W&B's id for ${describeValue(id)}, got nothing; it is kept`;
  warn(findings, 'unknown_integration', ['action', 'integrationId'], message);
  return id;
}

function payloadToWandb(payload: JsonValue | undefined, findings: Findings): string | undefined {
  const path = ['action', 'payload'];
  if (payload === undefined) {
    warn(
      findings,
      'not_convertible',
      path,
      'Expected a payload, got nothing; tocsin posts the automation and the event where there is none, W&B does not',
    );
    return undefined;
  }
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return JSON.stringify(payload);
  const message = `Expected an object, which is all that W&B posts, got ${describeValue(payload)}`;
  return refuse(findings, 'not_convertible', path, message);
}
