import type { AutomationDefinition } from '../definition/automation.js';
import type { JsonBounds } from '../definition/copy-json.js';
import { isRunEventType } from '../definition/event-type.js';
import { completeLimits } from '../definition/limits.js';
import { type ParseResult, parseAutomation } from '../definition/parse-automation.js';
import { describeValue, formatPath } from '../definition/path.js';
import type { Issue } from '../errors.js';
import { actionFromWandb } from './action-from-wandb.js';
import { artifactFilterFromWandb } from './artifact-filter-from-wandb.js';
import { wireBounds } from './decode-json.js';
import { type Envelope, readEnvelope } from './envelope.js';
import type { EventFilter, Place } from './event-filter.js';
import { type EventTypeFromWandb, eventTypeFromWandb } from './event-types.js';
import { distinct, type Findings, refuse, warn } from './findings.js';
import { optionIssues } from './option-issues.js';
import { runFilterFromWandb } from './run-filter-from-wandb.js';
import { scopeFromWandb } from './scope-from-wandb.js';
import type { WandbOptions } from './wire.js';

/**
 * Reads an automation of W&B's: a saved one, as their API answers it (`Trigger`), or the input that creates one
 * (`CreateFilterTriggerInput`); as an object or as text, with filters in every nesting of JSON texts that W&B writes.
 *
 * Nothing changes its meaning silently: what can't be kept is an issue or a warning. What W&B knows and tocsin does not
 * (`ARIA`, `QUEUE_JOB` and `PUSH_NOTIFICATION` actions, `UPDATE_ARTIFACT_ALIAS` and `WEAVE_METRIC_THRESHOLD` events) comes
 * out disabled, with a warning.
 *
 * @param json - Anything: it may come from outside.
 * @param options - What the wire form does not say: who owns the project, which scope an id is, which integrations are yours.
 * @returns The definition, ready for `engine.automations.create`, with warnings; or what is wrong, each fault with its path
 * in W&B's form. JSON inside of a text is counted as if it stood there itself.
 * @example
 * {@includeCode ../../examples/import-from-wandb.ts}
 * @see W&B, "Automations"; `docs/wandb.md` for what is what, and what is different.
 */
export function fromWandb(json: unknown, options: WandbOptions = {}): ParseResult<AutomationDefinition> {
  const wrongOptions = optionIssues(options);
  if (wrongOptions.length > 0) return { issues: wrongOptions };
  const limits = completeLimits(options.limits ?? {});
  const bounds = wireBounds(limits);
  const findings: Findings = { issues: [], warnings: [] };
  const envelope = readEnvelope(json, bounds, findings);
  if (envelope === undefined) return { issues: findings.issues };
  const type = readEventType(envelope, findings);
  const scope = scopeFromWandb(envelope, options, findings);
  const event = type && readFilter(envelope, type, bounds, findings);
  const action = actionFromWandb(envelope, options, bounds, findings);
  if (findings.issues.length > 0) return { issues: findings.issues };

  const description = envelope.description ?? undefined;
  const disabled = type?.known === false || action?.disabled === true;
  const parsed = parseAutomation(
    {
      name: envelope.name ?? undefined,
      ...(description === undefined ? {} : { description }),
      enabled: disabled ? false : (envelope.enabled ?? true),
      event: { type: type?.type, scope, ...(event?.filter === undefined ? {} : { filter: event.filter }) },
      action: action?.action,
    },
    limits,
  );
  const places: Place[] = [
    ...(event?.places ?? []),
    [['event', 'type'], envelope.eventType.path],
    [['event', 'scope'], envelope.scope.path],
    [['event', 'filter'], envelope.filter.path],
    [['action'], action?.path ?? envelope.action.path],
  ];
  if (parsed.issues !== undefined) return { issues: parsed.issues.map((issue) => inWire(issue, places)) };
  const warnings = [...findings.warnings, ...parsed.warnings.map((issue) => inWire(issue, places))];
  return { value: parsed.value, warnings: distinct(warnings) };
}

function readEventType({ eventType }: Envelope, findings: Findings): EventTypeFromWandb | undefined {
  const { value, path } = eventType;
  if (value === undefined) return refuse(findings, 'required', path, 'Expected a type of event, got nothing');
  const type = typeof value === 'string' ? eventTypeFromWandb(value) : undefined;
  if (type === undefined) {
    return refuse(findings, 'unknown_event_type', path, `Expected a type of W&B's, got ${describeValue(value)}`);
  }
  if (!type.known) warn(findings, 'not_convertible', path, `${type.why}; it is disabled`);
  return type;
}

function readFilter(
  { filter }: Envelope,
  event: EventTypeFromWandb,
  bounds: JsonBounds,
  findings: Findings,
): EventFilter | undefined {
  if (event.known && isRunEventType(event.type)) return runFilterFromWandb(filter, event.wire, bounds, findings);
  if (event.type.startsWith('custom.')) return filterOfStranger(filter, bounds, findings);
  return artifactFilterFromWandb(filter, 'artifact', bounds, findings);
}

/** Nobody knows how it looks; what is no filter on fields is told, and left out of what is disabled anyway. */
function filterOfStranger(part: Envelope['filter'], bounds: JsonBounds, findings: Findings): EventFilter | undefined {
  const own: Findings = { issues: [], warnings: [] };
  const read = artifactFilterFromWandb(part, 'other', bounds, own);
  const [fault] = own.issues;
  if (fault === undefined) return read;
  warn(findings, 'not_convertible', part.path, `The filter is left out: ${fault.path}: ${fault.message}`);
  return undefined;
}

/** Says of a fault in our definition where it stands in W&B's form: by the longest way that is known. */
function inWire(issue: Issue, places: readonly Place[]): Issue {
  const [best] = places
    .map(([ours, wire]) => [formatPath(ours), formatPath(wire)] as const)
    .filter(([ours]) => issue.path.startsWith(ours) && !/^\w/.test(issue.path.slice(ours.length)))
    .sort(([one], [other]) => other.length - one.length);
  return best === undefined ? issue : { ...issue, path: best[1] + issue.path.slice(best[0].length) };
}
