import type { Action } from '../definition/action.js';
import type { JsonBounds } from '../definition/copy-json.js';
import { describeValue, type PathSegments } from '../definition/path.js';
import type { JsonObject, JsonValue } from '../json.js';
import { readActionConfig } from './action-config.js';
import { decodeObject, isJsonObject, reportUnknownKeys } from './decode-json.js';
import type { Envelope } from './envelope.js';
import { type Findings, refuse, warn } from './findings.js';
import type { WandbOptions } from './wire.js';

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
  const config = readActionConfig(envelope, bounds, findings);
  if (config === undefined) return undefined;
  const { form } = envelope;
  const { type, fields, path } = config;
  switch (type) {
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
      warn(findings, 'not_convertible', path, `There is no action ${type} here; none, disabled, stands for ${what}`);
      return { action: { type: 'none' }, disabled: true, path };
    }
    default:
      return type satisfies never;
  }
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
  const id = form === 'saved' ? (isJsonObject(integration) ? integration['id'] : undefined) : integrationID;
  if (typeof id !== 'string' || id === '') {
    const message = `Expected the integration's id, got ${describeValue(id)}`;
    return refuse(findings, id === undefined ? 'required' : 'invalid_type', at, message);
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
  if (given !== undefined && given !== null) return decodeObject(given, path, bounds, findings);
  warn(
    findings,
    'not_convertible',
    path,
    'Expected a payload, got nothing; tocsin posts the automation and the event where there is none',
  );
  return undefined;
}

/** Null is what W&B writes where nothing was given. */
function present<Fields extends Readonly<Record<string, JsonValue | undefined>>>(fields: Fields): Partial<Fields> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given) as Partial<Fields>;
}
