import type { Action } from '../definition/action.js';
import type { JsonBounds } from '../definition/copy-json.js';
import { describeValue, type PathSegments } from '../definition/path.js';
import type { JsonObject, JsonValue } from '../json.js';
import { decodeJson, decodeObject, isJsonObject, reportUnknownKeys } from './decode-json.js';
import type { Envelope } from './envelope.js';
import { type Findings, refuse, warn } from './findings.js';
import type { WandbOptions } from './wire.js';

/** W&B's actions: the type in the create form, its member there, the type in the saved form. */
const actionTypes = [
  { type: 'NOTIFICATION', member: 'notificationActionInput', typename: 'NotificationTriggeredAction' },
  { type: 'GENERIC_WEBHOOK', member: 'genericWebhookActionInput', typename: 'GenericWebhookTriggeredAction' },
  { type: 'NO_OP', member: 'noOpActionInput', typename: 'NoOpTriggeredAction' },
  { type: 'ARIA', member: 'ariaActionInput', typename: 'ARIATriggeredAction' },
  { type: 'QUEUE_JOB', member: undefined, typename: 'QueueJobTriggeredAction' },
  { type: 'PUSH_NOTIFICATION', member: undefined, typename: 'PushNotificationTriggeredAction' },
] as const;

/** An action of ours, in as far as nobody has checked it yet. */
export interface ReadAction {
  readonly action: Action;
  /** The automation must not fire as it is: we have no such action. */
  readonly disabled: boolean;
  readonly path: PathSegments;
}

/** Reads what the automation does. */
export function actionFromWandb(
  envelope: Envelope,
  options: WandbOptions,
  bounds: JsonBounds,
  findings: Findings,
): ReadAction | undefined {
  const { form, actionType } = envelope;
  const given = typeof actionType.value === 'string' ? actionType.value : '';
  const kind = actionTypes.find(({ type, member, typename }) =>
    form === 'saved' ? typename === given : member !== undefined && type === given.toUpperCase(),
  );
  if (kind === undefined) {
    const known = actionTypes.flatMap(({ type, member, typename }) =>
      form === 'saved' ? typename : member ? type : [],
    );
    const message = `Expected ${known.join(' or ')}, got ${describeValue(actionType.value)}`;
    return refuse(findings, actionType.value === undefined ? 'required' : 'not_convertible', actionType.path, message);
  }
  const config = readConfig(envelope, kind.member, bounds, findings);
  if (config === undefined) return undefined;
  const { fields, path } = config;
  switch (kind.type) {
    case 'NOTIFICATION': {
      const integrationId = readIntegration(fields, path, form, options, findings);
      reportUnused(fields, ['integrationID', 'integration', 'title', 'message', 'severity'], path, findings);
      const { title, message, severity } = fields;
      const level = typeof severity === 'string' ? severity.trim() : severity;
      const action = { type: 'notification', integrationId, ...present({ title, message, severity: level }) };
      return { action: action as Action, disabled: false, path };
    }
    case 'GENERIC_WEBHOOK': {
      const integrationId = readIntegration(fields, path, form, options, findings);
      reportUnused(fields, ['integrationID', 'integration', 'requestPayload'], path, findings);
      const payload = readPayload(fields['requestPayload'], [...path, 'requestPayload'], bounds, findings);
      const action = { type: 'webhook', integrationId, ...(payload === undefined ? {} : { payload }) };
      return { action: action as Action, disabled: false, path };
    }
    case 'NO_OP':
      reportUnused(fields, ['noOp'], path, findings);
      return { action: { type: 'none' }, disabled: false, path };
    case 'ARIA':
    case 'QUEUE_JOB':
    case 'PUSH_NOTIFICATION': {
      const { __typename, ...lost } = fields;
      const what = JSON.stringify(lost).slice(0, 300);
      warn(
        findings,
        'not_convertible',
        path,
        `There is no action ${kind.type} here; none, disabled, stands for ${what}`,
      );
      return { action: { type: 'none' }, disabled: true, path };
    }
    default:
      return kind satisfies never;
  }
}

interface Config {
  readonly fields: JsonObject;
  readonly path: PathSegments;
}

/** The action's own fields: the saved action itself, or the one member of the create form's configuration. */
function readConfig(
  { form, action }: Envelope,
  member: string | undefined,
  bounds: JsonBounds,
  findings: Findings,
): Config | undefined {
  const { value, path } = action;
  if (form === 'saved') return { fields: isJsonObject(value) ? value : {}, path };
  if (value === undefined) return refuse(findings, 'required', path, 'Expected an object, got nothing');
  const config = decodeObject(value, path, bounds, findings);
  if (config === undefined || member === undefined) return undefined;
  const named = withoutSnakeCase(config);
  const fields = named[member];
  if (!isJsonObject(fields)) {
    const code = fields === undefined ? 'required' : 'invalid_type';
    return refuse(findings, code, [...path, member], `Expected an object, got ${describeValue(fields)}`);
  }
  const used = Object.fromEntries(Object.entries(named).filter(([, each]) => each !== null));
  reportUnknownKeys(used, [member], path, (at, message) => refuse(findings, 'unknown_key', at, message));
  return { fields: withoutSnakeCase(fields), path: [...path, member] };
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

function reportUnused(fields: JsonObject, known: readonly string[], path: PathSegments, findings: Findings): void {
  reportUnknownKeys(fields, ['__typename', ...known], path, (at, message) =>
    warn(findings, 'unknown_key', at, message),
  );
}

function readIntegration(
  fields: JsonObject,
  path: PathSegments,
  form: Envelope['form'],
  options: WandbOptions,
  findings: Findings,
): string | undefined {
  const at = form === 'saved' ? [...path, 'integration', 'id'] : [...path, 'integrationID'];
  const { integration, integrationID } = fields;
  const id = form === 'saved' ? isJsonObject(integration) && integration['id'] : integrationID;
  if (typeof id !== 'string' || id === '') {
    const missing = id === undefined || id === false;
    const message = `Expected the integration's id, got ${missing ? 'nothing' : describeValue(id)}`;
    return refuse(findings, missing ? 'required' : 'invalid_type', at, message);
  }
  const known = options.integrations ?? {};
  if (Object.hasOwn(known, id)) return known[id];
  const message = `Expected options.integrations[${describeValue(id)}] to name yours, got nothing; W&B's id is kept`;
  warn(findings, 'unknown_integration', at, message);
  return id;
}

function readPayload(
  given: JsonValue | undefined,
  path: PathSegments,
  bounds: JsonBounds,
  findings: Findings,
): JsonValue | undefined {
  if (given !== undefined && given !== null) return decodeJson(given, path, bounds, findings);
  warn(findings, 'not_convertible', path, 'W&B posts no payload; here what is posted without one tells of the event');
  return undefined;
}

/** Null is what W&B writes where nothing was given. */
function present<Fields extends Readonly<Record<string, JsonValue | undefined>>>(fields: Fields): Partial<Fields> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given) as Partial<Fields>;
}
