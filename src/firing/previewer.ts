import { type Action, integrationIdOf } from '../definition/action.js';
import { ownerOf } from '../definition/automation.js';
import { copyJson } from '../definition/copy-json.js';
import type { Integration } from '../definition/integration.js';
import type { JsonValue } from '../json.js';
import { writeContent } from '../notify/content.js';
import { toDeliveryError } from '../notify/delivery-fault.js';
import { describeAnswer } from '../notify/describe-answer.js';
import type { Redactor } from '../notify/redact.js';
import type { Delivery, Destination, PreviewRequest } from '../ports/delivery.js';
import type { Message } from '../ports/message.js';
import type { Execution } from '../record/execution.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';
import { metricsOf } from './candidate.js';
import type { Foresee } from './foresee.js';
import { type Resolution, resolveTargets, type TargetSource } from './targets.js';

/** What an automation would send if it fired on an event. */
export interface Preview {
  /** The notification with its variables filled in; none for other actions. */
  readonly message?: Message | undefined;
  /** The payload of a webhook action with its variables filled in; where a secret stands, `[redacted]`. */
  readonly payload?: JsonValue | undefined;
  /** Where it would go: one for each channel that routing finds; none for a handler, and for an integration that is gone. */
  readonly deliveries: readonly PreviewedDelivery[];
}

/** What would go to one channel of an integration. */
export interface PreviewedDelivery {
  readonly integrationId: string;
  readonly integrationName: string;
  /** The name of the delivery adapter. */
  readonly delivery: string;
  /** The channel, where routing chose it. */
  readonly channel?: string | undefined;
  /** What the adapter would send, as JSON; `undefined` when it can't show it. */
  readonly request?: JsonValue | undefined;
  /** Why there is no `request`, for a person: the adapter's `preview` threw, or returned no JSON. */
  readonly problem?: string | undefined;
}

/** What a request that is shown may be at most; it bounds faults of an adapter, not requests. */
const requestBounds = {
  depth: 1000,
  nodes: 1_000_000,
  listMembers: 1_000_000,
  textCharacters: 10_000_000,
  characters: 10_000_000,
};

/** What {@link createPreviewer} works with. */
export interface PreviewerOptions {
  readonly foresee: Foresee;
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly redactor: Redactor;
  readonly targets: TargetSource;
}

/** Makes the function that shows what an automation would send, without sending or changing anything. */
export function createPreviewer({ foresee, deliveries, redactor, targets }: PreviewerOptions) {
  const show = (request: PreviewRequest): PreviewedDelivery => {
    const { id: integrationId, name: integrationName, delivery } = request.integration;
    const { problem, ...shown } = askPreview(deliveries.get(delivery), request);
    const told = problem === undefined ? {} : { problem: redactor.text(problem) };
    const channel = request.destination === undefined ? {} : { channel: request.destination.channel };
    return { integrationId, integrationName, delivery, ...channel, ...shown, ...told };
  };

  return (compiled: CompiledAutomation, input: unknown): Preview => {
    const { event, run, facts } = foresee(compiled, input);
    const { automation } = compiled;
    const { integration } = targets;
    const content = writeContent({ compiled, event, run, facts, executionId: 'preview', integration });
    const { message, payload } = content;
    const entity = ownerOf(automation);
    const resolution = resolveTargets({ automation, entity, event, metrics: metricsOf(compiled, event) }, targets);
    const target = integrationOf(resolution, integration);
    const requests = resolution.targets.flatMap(({ destination }) =>
      target === undefined ? [] : (requestOf(target, destination, automation.action, content) ?? []),
    );
    return { message, payload, deliveries: requests.map(show) };
  };
}

function integrationOf(
  { action }: Resolution,
  integration: (id: string) => Integration | undefined,
): Integration | undefined {
  const id = integrationIdOf(action);
  return id === undefined ? undefined : integration(id);
}

function requestOf(
  integration: Integration,
  destination: Destination | undefined,
  action: Action,
  { message, payload }: Pick<Execution, 'message' | 'payload'>,
): PreviewRequest | undefined {
  if (message !== undefined) return { integration, message, ...(destination === undefined ? {} : { destination }) };
  if (action.type !== 'webhook' || payload === undefined) return undefined;
  return { integration, payload, headers: action.headers ?? {} };
}

/** What fails here is told beside the message, which the adapter has no part in. */
function askPreview(
  delivery: Delivery | undefined,
  request: PreviewRequest,
): Pick<PreviewedDelivery, 'request' | 'problem'> {
  if (delivery?.preview === undefined) return {};
  try {
    const shown: unknown = delivery.preview(request);
    if (shown === undefined) return {};
    const copy = copyJson(shown, requestBounds);
    if ('value' in copy) return { request: copy.value };
    const { path, message } = copy.issue;
    const got = `${describeAnswer(shown)}${path === '' ? '' : ` (${path}: ${message})`}`;
    return { problem: `The preview of the delivery "${delivery.name}" must return JSON, got ${got}` };
  } catch (cause) {
    return { problem: `The delivery "${delivery.name}" could not preview: ${toDeliveryError(cause).message}` };
  }
}
