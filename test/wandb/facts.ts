import { expect } from 'vitest';
import { openEngine } from '../support/open-engine.js';
import {
  caseOf,
  createForm,
  faults,
  options,
  read,
  readWithWarnings,
  roundTrip,
  scopeIds,
  told,
  unfolded,
  unsayable,
  type Wire,
  withAction,
  withEvent,
  withFields,
  write,
} from './cases.js';

type Check = (wire: Wire) => void | Promise<void>;

const saved = caseOf('automation-saved-updated-at').wire;

/** The scope of a saved automation. */
const scopeOf = (scope: Wire): unknown => read({ ...saved, scope }).event.scope;

const registry = { type: 'registry', entity: 'my-team' };
const organization = { type: 'organization', organization: 'my-org' };

/** The scopes in which W&B's own matrix asks whether an event may be watched, as we call them. */
const places: Readonly<Record<string, unknown>> = {
  'collection(portfolio)': options.scopes[scopeIds.ARTIFACT_COLLECTION],
  'collection(sequence)': options.scopes[scopeIds.ARTIFACT_COLLECTION],
  project: options.scopes[scopeIds.PROJECT],
  registry: options.scopes[scopeIds.REGISTRY],
  team: options.scopes[scopeIds.ENTITY],
  organization: options.scopes[scopeIds.ORGANIZATION],
};

const threshold = { name: 'm', agg_op: null, window_size: 1, cmp_op: '$gt', threshold: 0 };
const change = { name: 'm', change_type: 'ABSOLUTE', change_dir: 'ANY', change_amount: 1 };
const zscore = { name: 'm', window_size: 5, threshold: 2, change_dir: 'ANY' };

const filters: Readonly<Record<string, Wire>> = {
  RUN_METRIC: { run_metric_filter: { threshold_filter: threshold } },
  RUN_METRIC_CHANGE: { run_metric_filter: { change_filter: change } },
  RUN_METRIC_ZSCORE: { run_metric_filter: { zscore_filter: zscore } },
  RUN_STATE: { run_state_filter: { states: ['FAILED'] } },
};

/** A definition on an event of W&B's, on which any scope can be tried. */
export function onEvent(eventType: string): ReturnType<typeof read> {
  return read(withEvent({ eventType, filter: filters[eventType] ?? { $or: [{ $and: [] }] } }));
}

/** What we refuse to write is exactly what W&B refuses to take. */
function matrix({ eventType, allowed }: Wire): void {
  const { event, ...definition } = onEvent(eventType);
  for (const [place, scope] of Object.entries(places)) {
    const isAllowed = unsayable({ ...definition, event: { ...event, scope } }).length === 0;
    expect([place, isAllowed]).toEqual([place, allowed[place]]);
  }
}

/** A run's alert is seen at once, and the same title not again before its wait is over. */
async function alert({ title, text, level, waitDurationMs }: Wire): Promise<void> {
  const { engine, runtime } = await openEngine();
  await engine.automations.create({
    name: 'alerts',
    event: { type: 'run.alert', scope: { type: 'team', entity: 'my-team' }, filter: { level, title, text } },
    action: { type: 'none' },
  });
  const run = engine.startRun({ entity: 'my-team', project: 'my-project' });
  const isDefault = level === 'INFO' && waitDurationMs === 60_000;
  const raise = async (): Promise<number> => {
    run.alert(isDefault ? { title, text } : { title, text, level, waitMs: waitDurationMs });
    await run.flush();
    return (await engine.executions.list()).items.length;
  };
  expect(await raise()).toBe(1);
  await runtime.advance(waitDurationMs - 1);
  expect(await raise()).toBe(1);
  await runtime.advance(1);
  expect(await raise()).toBe(2);
  await engine.close();
}

/** Accepted cases that are no automation but a fact, and what the fact is here. */
export const facts: Readonly<Record<string, Check>> = {
  'event-type-link-alias': ({ stringLookup }) => {
    for (const [triggeringEventType, found] of Object.entries(stringLookup)) {
      const form = createForm({ triggeringEventType });
      // W&B's SDK takes no LINK_ARTIFACT; their documentation calls the event so.
      if (found === 'reject' && triggeringEventType !== 'LINK_ARTIFACT') {
        expect(faults(form)).toEqual(['unknown_event_type triggeringEventType']);
      } else expect(write(read(form)).triggeringEventType).toBe('LINK_MODEL');
    }
  },
  // W&B, MetricChangeFilter.window: ignored without an aggregation.
  'event-change-wire-prior-defaults': (wire) => {
    const { value, warnings } = readWithWarnings(withEvent(wire));
    const $change = { name: 'my-metric', direction: 'any', kind: 'absolute', amount: 1 };
    expect(value.event.filter).toEqual({ $change });
    expect(told(warnings)).toEqual([
      'invalid_value eventFilter.run_metric_filter.change_filter.current_window_size',
      'invalid_value eventFilter.run_metric_filter.change_filter.prior_window_size',
    ]);
    const changeOf = (form: Wire): Wire => unfolded(form).eventFilter.run_metric_filter.change_filter;
    expect(changeOf(write(value))).toEqual({
      ...changeOf(withEvent(wire)),
      current_window_size: 1,
      prior_window_size: 1,
    });
    const { prior_window_size, ...aggregated } = { ...changeOf(withEvent(wire)), agg_op: 'MAX' };
    const filter = { run_metric_filter: { change_filter: aggregated } };
    const { event } = read(withEvent({ ...wire, filter }));
    expect(event.filter).toMatchObject({ $change: { agg: 'max', window: 4, priorWindow: 4 } });
  },
  // Their SDK drops the negation; here it stays.
  'filter-simplify-nor-single-bug': (wire) => {
    const { input } = caseOf('filter-simplify-nor-single-bug');
    expect(roundTrip(withFields(input)).event.filter).toEqual(input);
    expect(roundTrip(withFields(wire)).event.filter).toEqual(wire);
  },
  // Theirs to write; every name of a field may be read, and none can be taken for an operator.
  'filter-field-name-rule': ({ valid, invalid }) => {
    for (const name of [...valid, ...invalid]) {
      const filter = { [name]: { $eq: 1 } };
      expect(read(createForm({ eventFilter: filter })).event.filter).toEqual(filter);
    }
    expect(faults(createForm({ eventFilter: { $a: { $eq: 1 } } }))).toEqual(['not_convertible eventFilter.$a']);
  },
  'action-slack-integration-wire': (integration) => {
    const action = {
      __typename: 'NotificationTriggeredAction',
      integration,
      title: 't',
      message: 'm',
      severity: 'WARN',
    };
    expect(readWithWarnings({ ...saved, action })).toMatchObject({
      value: { action: { type: 'notification', integrationId: 'integration-7', severity: 'WARN' } },
      warnings: [],
    });
  },
  'action-type-enum': ({ sdk, forbiddenForInput }) => {
    for (const actionType of sdk) {
      const config = {
        notificationActionInput: { integrationID: 'i' },
        genericWebhookActionInput: { integrationID: 'i', requestPayload: '{}' },
        noOpActionInput: { noOp: true },
        ariaActionInput: { prompt: 'p' },
      };
      const [member] = Object.entries(config).filter(([key]) => {
        const plain = key.replace('ActionInput', '').toLowerCase();
        return plain === actionType.replace('_', '').toLowerCase();
      });
      const form = withAction({ actionType, config: Object.fromEntries(member ? [member] : []) });
      const isForbidden = forbiddenForInput.includes(actionType);
      expect(faults(form)).toEqual(isForbidden ? ['not_convertible triggeredActionType'] : []);
    }
  },
  'scope-collection-portfolio': (wire) => {
    expect(scopeOf(wire)).toEqual(places['collection(portfolio)']);
    expect(scopeOf({ ...wire, __typename: 'ArtifactSequence' })).toEqual(places['collection(sequence)']);
    expect(faults({ ...saved, scope: { ...wire, id: 'unknown' } })).toEqual(['required scope.id']);
  },
  'scope-registry': (wire) => {
    expect(scopeOf(wire)).toEqual(options.scopes[scopeIds.REGISTRY]);
    expect(scopeOf({ ...wire, id: 'unknown' })).toEqual({ ...registry, registry: 'test-registry' });
  },
  'scope-team': (wire) => {
    expect(scopeOf(wire)).toEqual({ type: 'team', entity: 'test-team-entity' });
    expect(scopeOf({ ...wire, id: 'unknown' })).toEqual({ type: 'team', entity: 'test-team-entity' });
  },
  'scope-org': (wire) => {
    expect(scopeOf(wire)).toEqual(organization);
    expect(scopeOf({ ...wire, id: 'unknown' })).toEqual(organization);
  },
  'scope-org-entity-direct': (wire) => expect(scopeOf(wire)).toEqual(organization),
  'scope-discriminator-bare-prefix': (wire) => {
    const project = { type: 'project', entity: 'my-team', project: 'wandb-registry-' };
    expect(scopeOf({ ...wire, id: 'unknown' })).toEqual(project);
  },
  'scope-discriminator-registry': (wire) => {
    expect(scopeOf({ ...wire, id: 'unknown' })).toEqual({ ...registry, registry: 'test' });
  },
  'scope-entity-dict-team': (wire) => expect(scopeOf(wire)).toEqual({ type: 'team', entity: 'team-entity' }),
  'scope-type-enum': (wire: string[]) => {
    const definition = onEvent('LINK_MODEL');
    const written = Object.values(places).map(
      (scope) => write({ ...definition, event: { ...definition.event, scope: scope as never } }).scopeType,
    );
    expect([...new Set(written)].sort()).toEqual(wire);
  },
  'scope-matrix-create_artifact': matrix,
  'scope-matrix-link_model': matrix,
  'scope-matrix-add_artifact_alias': matrix,
  'scope-matrix-remove_collection_tag': matrix,
  'scope-matrix-run_metric': matrix,
  'scope-matrix-run_metric_change': matrix,
  'scope-matrix-run_metric_zscore': matrix,
  'alert-defaults': alert,
  'alert-docs-example': alert,
  'alert-timedelta': alert,
  'alert-fraction': alert,
};
