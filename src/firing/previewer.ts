import type { Action } from '../definition/action.js';
import type { Integration } from '../definition/integration.js';
import { describeThrown } from '../definition/path.js';
import { TocsinError } from '../errors.js';
import type { JsonValue } from '../json.js';
import { writeContent } from '../notify/content.js';
import type { Delivery, PreviewRequest } from '../ports/delivery.js';
import type { Message } from '../ports/message.js';
import type { Execution } from '../record/execution.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';
import type { Foresee } from './foresee.js';

/** What an automation would send if it fired on an event. */
export interface Preview {
  /** The notification with its variables filled in; none for other actions. */
  readonly message?: Message | undefined;
  /** The payload of a webhook action with its variables filled in; where a secret stands, `[redacted]`. */
  readonly payload?: JsonValue | undefined;
  /** Where it would go; none for a handler, and for an integration that is gone. */
  readonly deliveries: readonly PreviewedDelivery[];
}

/** What would go to one integration. */
export interface PreviewedDelivery {
  readonly integrationId: string;
  readonly integrationName: string;
  /** The name of the delivery adapter. */
  readonly delivery: string;
  /** What the adapter would send, as JSON; `undefined` when it can't show it. */
  readonly request?: JsonValue | undefined;
}

/** What {@link createPreviewer} works with. */
export interface PreviewerOptions {
  readonly foresee: Foresee;
  readonly deliveries: ReadonlyMap<string, Delivery>;
  integration(id: string): Integration | undefined;
}

/** Makes the function that shows what an automation would send, without sending or changing anything. */
export function createPreviewer({ foresee, deliveries, integration }: PreviewerOptions) {
  return (compiled: CompiledAutomation, input: unknown): Preview => {
    const { event, run, facts } = foresee(compiled, input);
    const content = writeContent({ compiled, event, run, facts, executionId: 'preview', integration });
    const { message, payload } = content;
    const { action } = compiled.automation;
    const target = 'integrationId' in action ? integration(action.integrationId) : undefined;
    const request = target === undefined ? undefined : requestOf(target, action, content);
    return {
      message,
      payload,
      deliveries:
        request === undefined ? [] : [previewedDelivery(request, deliveries.get(request.integration.delivery))],
    };
  };
}

function requestOf(
  integration: Integration,
  action: Action,
  { message, payload }: Pick<Execution, 'message' | 'payload'>,
): PreviewRequest | undefined {
  if (message !== undefined) return { integration, message };
  if (action.type !== 'webhook' || payload === undefined) return undefined;
  return { integration, payload, headers: action.headers ?? {} };
}

function previewedDelivery(request: PreviewRequest, delivery: Delivery | undefined): PreviewedDelivery {
  const { id, name, delivery: deliveryName } = request.integration;
  try {
    const shown = delivery?.preview?.(request);
    return { integrationId: id, integrationName: name, delivery: deliveryName, request: shown };
  } catch (cause) {
    const message = `The delivery ${deliveryName} could not preview: ${describeThrown(cause)}`;
    throw new TocsinError({ code: 'delivery_failed', message, cause });
  }
}
