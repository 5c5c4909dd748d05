import type { WebhookAction } from '../definition/action.js';
import { jsonTemplateVariables } from '../definition/template.js';
import { accessTokenVariable, payloadSecretNames } from '../definition/template-variables.js';
import type { JsonValue } from '../json.js';
import type { Delivery, DeliveryTarget } from '../ports/delivery.js';
import type { Execution } from '../record/execution.js';
import { copyOf } from './copy-of.js';
import { type MessageSending, messageSender, type Sender } from './message-sender.js';
import { withSecrets } from './payload.js';

/**
 * Makes the sender of an execution.
 *
 * @param delivery - The adapter.
 * @param execution - What is to be sent.
 * @param sending - How a message is sent, and where.
 * @returns `undefined` when the adapter does not carry what the action sends.
 */
export function senderOf(delivery: Delivery, execution: Execution, sending: MessageSending): Sender | undefined {
  const { action, message, reaction } = execution;
  switch (action.type) {
    case 'notification':
      if (reaction !== undefined) return reactionSender(delivery, reaction, sending);
      return message === undefined ? undefined : messageSender(delivery, message, sending);
    case 'webhook':
      return payloadSender(delivery, action, execution);
    case 'handler':
    case 'none':
      return undefined;
    default:
      return action satisfies never;
  }
}

function reactionSender(delivery: Delivery, reaction: string, { place }: MessageSending): Sender | undefined {
  const { react } = delivery;
  if (react === undefined || place.type !== 'reply') return undefined;
  return (target) => react.call(delivery, { ...target, reaction, thread: { ...place.thread } });
}

function payloadSender(delivery: Delivery, action: WebhookAction, execution: Execution): Sender | undefined {
  const { payload, variables } = execution;
  const { deliverPayload } = delivery;
  if (deliverPayload === undefined || payload === undefined) return undefined;
  const headers = { ...action.headers };
  return async (target) => {
    const isWrittenNow = variables !== undefined && action.payload !== undefined;
    const sent = isWrittenNow ? await writeWithSecrets(action.payload, variables, target) : copyOf(payload);
    return deliverPayload.call(delivery, { ...target, payload: sent, headers });
  };
}

/** Writes a payload with the secrets that it names, which are in no record. */
async function writeWithSecrets(
  template: JsonValue,
  variables: Readonly<Record<string, string>>,
  target: DeliveryTarget,
): Promise<JsonValue> {
  const wanted = new Set(jsonTemplateVariables(template).map(({ name }) => name));
  const values = new Map<string, string>();
  for (const [variable, secretName] of secretsFor(target)) {
    if (wanted.has(variable) && !Object.hasOwn(variables, variable)) {
      values.set(variable, await target.secret(secretName));
    }
  }
  return withSecrets(template, variables, (name) => values.get(name));
}

/** The secrets that payloads of an integration may have, by the names of their variables. */
function secretsFor({ integration }: DeliveryTarget): (readonly [string, string])[] {
  // The integration may have been changed since the match.
  if (integration.type !== 'webhook' || integration.secretsInPayload !== true) return [];
  return payloadSecretNames(integration).flatMap((variable) => {
    const secretName = variable === accessTokenVariable ? integration.accessTokenSecretName : variable;
    return secretName === undefined ? [] : [[variable, secretName] as const];
  });
}
