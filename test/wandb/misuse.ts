import {
  doNothing,
  fromWandb,
  onCreateArtifact,
  onLinkArtifact,
  onRunMetric,
  onRunState,
  parseAutomation,
  project,
  runEvent,
  sendWebhook,
} from 'tocsin';
import { expect } from 'vitest';
import { openEngine } from '../support/open-engine.js';
import { caseOf, createForm, options, readWithWarnings, told, unsayable } from './cases.js';

const scope = project('my-team', 'test-project');
const inCollection = options.scopes['QXJ0aWZhY3RDb2xsZWN0aW9uOjEwMQ=='];
const metric = runEvent.metric('my-metric');
const high = metric.gt(1);
const onLink = onLinkArtifact({ scope });

/** What `parseAutomation` says of a definition, as `code path`. */
function faultsOf(parts: object): string[] {
  return told(parseAutomation({ name: 'n', event: onLink, action: doNothing(), ...parts }).issues ?? []);
}

function fine(parts: object): void {
  expect(faultsOf(parts)).toEqual([]);
}

function unsaid(parts: object): string[] {
  return unsayable({ name: 'n', event: onLink, action: doNothing(), ...parts });
}

/**
 * Misuse of their Python builders, which never reaches the wire: each with what is our equivalent. `@ts-expect-error` is a
 * test too: `npm run typecheck` fails where the line is no type error.
 */
export const misuse: Readonly<Record<string, () => void | Promise<void>>> = {
  'invalid-threshold-double-aggregation': () => {
    // @ts-expect-error An aggregated metric has no aggregations.
    expect(metric.avg(10).max).toBeUndefined();
  },
  // Ours has eq and ne; their wire form has not.
  'invalid-metric-eq-method': () => {
    const event = onRunMetric({ scope, filter: metric.eq(3) });
    fine({ event });
    expect(unsaid({ event })).toEqual(['not_convertible event.filter.$metric.$eq']);
  },
  // Ours may be chained in any order.
  'invalid-metric-chain-second-run-filter': () => {
    const event = onRunMetric({ scope, filter: high.and(runEvent.name.contains('r')).and(runEvent.name.ne('z')) });
    expect(unsaid({ event })).toEqual([]);
  },
  'invalid-change-both-deltas': () => {
    // @ts-expect-error diff or frac
    const filter = metric.changesBy({ frac: 1, diff: 1 });
    expect(faultsOf({ event: onRunMetric({ scope, filter }) })).not.toEqual([]);
  },
  'invalid-change-no-delta': () => {
    // @ts-expect-error diff or frac
    const filter = metric.avg(5).increasesBy({});
    expect(faultsOf({ event: onRunMetric({ scope, filter }) })).not.toEqual([]);
  },
  'invalid-zscore-gt-zero': () => {
    const event = onRunMetric({ scope, filter: metric.zscore(30).gt(0) });
    expect(faultsOf({ event })).toEqual(['invalid_value event.filter.$zscore.threshold']);
  },
  'invalid-zscore-abs-gt-negative': () => {
    const event = onRunMetric({ scope, filter: metric.zscore(30).abs().gt(-3) });
    expect(faultsOf({ event })).toEqual(['invalid_value event.filter.$zscore.threshold']);
  },
  'invalid-zscore-lt-positive': () => {
    const event = onRunMetric({ scope, filter: metric.zscore(30).lt(3) });
    expect(faultsOf({ event })).toEqual(['invalid_value event.filter.$zscore.threshold']);
  },
  'invalid-zscore-chained-compare': () => {
    // @ts-expect-error A finished filter has no comparisons.
    expect(metric.zscore(30).gt(3).gt).toBeUndefined();
  },
  // Ours may: a metric at a run's end.
  'invalid-state-with-metric': () => {
    const event = onRunState({ scope, filter: runEvent.state.eq('failed').and(high) });
    fine({ event });
    expect(unsaid({ event })).toEqual(['not_convertible event.filter.$and[1].$metric']);
  },
  'invalid-run-metric-missing-filter': () => {
    // @ts-expect-error A filter that names a metric is required.
    expect(faultsOf({ event: onRunMetric({ scope }) })).toEqual(['metric_required event.filter']);
  },
  // Ours may: a field that is there, and null. To W&B it would also be one that is not there.
  'invalid-run-filter-eq-null': () => {
    const event = onRunMetric({ scope, filter: high.and({ name: { $eq: null } }) });
    fine({ event });
    expect(unsaid({ event })).toEqual(['not_convertible event.filter.$and[1].name.$eq']);
  },
  'invalid-run-filter-contains-number': () => {
    // @ts-expect-error A text is required.
    const filter = high.and(runEvent.name.contains(5));
    expect(faultsOf({ event: onRunMetric({ scope, filter }) })).toEqual([
      'invalid_type event.filter.$and[1].name.$contains',
    ]);
  },
  'invalid-mutation-missing-scope': () => {
    // @ts-expect-error A scope is required.
    expect(faultsOf({ event: onLinkArtifact({}) })).toEqual(['required event.scope']);
  },
  // Ours may: everything of the project.
  'invalid-scope-create-project': () => {
    const event = onCreateArtifact({ scope });
    fine({ event });
    expect(unsaid({ event })).toEqual(['not_convertible event.scope']);
  },
  'invalid-scope-metric-collection': () => {
    // @ts-expect-error Runs are in no collection.
    const event = onRunMetric({ scope: inCollection, filter: high });
    expect(faultsOf({ event })).toEqual(['scope_not_supported event.scope']);
  },
  'invalid-scope-state-collection': () => {
    // @ts-expect-error Runs are in no collection.
    const event = onRunState({ scope: inCollection, filter: runEvent.state.eq('failed') });
    expect(faultsOf({ event })).toEqual(['scope_not_supported event.scope']);
  },
  // Ours may: any JSON.
  'invalid-webhook-payload-array': () => {
    const action = sendWebhook('integration-7', { payload: [1, 2] });
    fine({ action });
    expect(unsaid({ action })).toEqual(['not_convertible action.payload']);
  },
  'invalid-webhook-no-integration': () => {
    expect(faultsOf({ action: { type: 'webhook', payload: {} } })).toEqual(['required action.integrationId']);
  },
  'invalid-create-no-name': () => {
    expect(faultsOf({ name: undefined })).toEqual(['required name']);
    expect(told(readFaults(createForm({ name: undefined })))).toEqual(['required name']);
  },
  'invalid-create-unknown-kwarg': () => {
    expect(faultsOf({ foo: 1 })).toEqual(['unknown_key foo']);
    expect(told(readFaults(createForm({ foo: 1 })))).toEqual(['unknown_key foo']);
  },
  'invalid-then-not-an-action': () => {
    expect(faultsOf({ action: 'x' })).toEqual(['invalid_type action']);
  },
  'invalid-new-automation-extra': () => {
    expect(faultsOf({ foo: 1 })).toEqual(['unknown_key foo']);
  },
  // It is read, disabled, and has another event from then on.
  'invalid-update-legacy-event': () => {
    const saved = caseOf('automation-saved-updated-at').wire;
    const event = { ...saved.event, eventType: 'UPDATE_ARTIFACT_ALIAS' };
    const { value, warnings } = readWithWarnings({ ...saved, event });
    expect(value).toMatchObject({ enabled: false, event: { type: 'artifact.alias-added' } });
    expect(told(warnings)).toEqual(['not_convertible event.eventType']);
  },
  // Ours are too, on their way in.
  'invalid-alert-level-unknown': async () => {
    const { engine } = await openEngine();
    const alert = {
      type: 'run.alert',
      entity: 'my-team',
      project: 'p',
      run: { id: 'r' },
      title: 't',
      text: 'x',
    } as const;
    await expect(engine.emit({ ...alert, level: 'DEBUG' as never })).rejects.toMatchObject({
      code: 'invalid_event',
      issues: [{ path: 'level' }],
    });
    await engine.close();
  },
  // Ours may be called anything; nothing of the name goes into a URL.
  'invalid-webhook-integration-name': async () => {
    const { engine } = await openEngine();
    const integration = await engine.integrations.create({ type: 'console', name: 'bad/name', delivery: 'console' });
    expect(integration.name).toBe('bad/name');
    await engine.close();
  },
};

function readFaults(wire: unknown) {
  return fromWandb(wire, options).issues ?? [];
}
