import type { JsonBounds } from '../definition/copy-json.js';
import { describeValue, type PathSegments } from '../definition/path.js';
import type { JsonObject } from '../json.js';
import { decodeObject, isJsonObject, reportUnknownKeys } from './decode-json.js';
import type { Envelope } from './envelope.js';
import { type Findings, refuse } from './findings.js';

/** W&B's actions: the type in the create form, its member there, the type in the saved form. */
const actionTypes = [
  { type: 'NOTIFICATION', member: 'notificationActionInput', typename: 'NotificationTriggeredAction' },
  { type: 'GENERIC_WEBHOOK', member: 'genericWebhookActionInput', typename: 'GenericWebhookTriggeredAction' },
  { type: 'NO_OP', member: 'noOpActionInput', typename: 'NoOpTriggeredAction' },
  { type: 'ARIA', member: 'ariaActionInput', typename: 'ARIATriggeredAction' },
  { type: 'QUEUE_JOB', member: undefined, typename: 'QueueJobTriggeredAction' },
  { type: 'PUSH_NOTIFICATION', member: undefined, typename: 'PushNotificationTriggeredAction' },
] as const;

/** An action's type and its own fields. */
interface ActionConfig {
  readonly type: (typeof actionTypes)[number]['type'];
  readonly fields: JsonObject;
  readonly path: PathSegments;
}

/** Finds the action's own fields: the saved action itself, or the one member of the create form's configuration. */
export function readActionConfig(envelope: Envelope, bounds: JsonBounds, findings: Findings): ActionConfig | undefined {
  const kind = readKind(envelope, findings);
  if (kind === undefined) return undefined;
  const { form, action } = envelope;
  const { value, path } = action;
  if (form === 'saved') return { type: kind.type, fields: isJsonObject(value) ? value : {}, path };
  if (value === undefined) return refuse(findings, 'required', path, 'Expected an object, got nothing');
  const config = decodeObject(value, path, bounds, findings);
  const { member } = kind;
  if (config === undefined || member === undefined) return undefined;
  const named = withoutSnakeCase(config);
  const fields = named[member];
  if (!isJsonObject(fields)) {
    const code = fields === undefined ? 'required' : 'invalid_type';
    return refuse(findings, code, [...path, member], `Expected an object, got ${describeValue(fields)}`);
  }
  const used = Object.fromEntries(Object.entries(named).filter(([, each]) => each !== null));
  reportUnknownKeys(used, [member], path, (at, message) => refuse(findings, 'unknown_key', at, message));
  return { type: kind.type, fields: withoutSnakeCase(fields), path: [...path, member] };
}

function readKind({ form, actionType }: Envelope, findings: Findings): (typeof actionTypes)[number] | undefined {
  const { value, path } = actionType;
  const given = typeof value === 'string' ? value : '';
  const kind = actionTypes.find(({ type, member, typename }) =>
    form === 'saved' ? typename === given : member !== undefined && type === given.toUpperCase(),
  );
  if (kind !== undefined) return kind;
  const known = actionTypes.flatMap(({ type, member, typename }) => (form === 'saved' ? typename : member ? type : []));
  const message = `Expected ${known.join(' or ')}, got ${describeValue(value)}`;
  return refuse(findings, value === undefined ? 'required' : 'not_convertible', path, message);
}

/** Their SDK dumps its objects with names of its own. */
const camelCase: Readonly<Record<string, string>> = {
  notification_action_input: 'notificationActionInput',
  generic_webhook_action_input: 'genericWebhookActionInput',
  no_op_action_input: 'noOpActionInput',
  aria_action_input: 'ariaActionInput',
  integration_id: 'integrationID',
  request_payload: 'requestPayload',
  no_op: 'noOp',
};

function withoutSnakeCase(object: JsonObject): JsonObject {
  const entries = Object.entries(object).filter(([key]) => key !== 'action_type');
  return Object.fromEntries(
    entries.map(([key, value]) => [Object.hasOwn(camelCase, key) ? String(camelCase[key]) : key, value]),
  );
}
