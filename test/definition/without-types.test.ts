import {
  and,
  callHandler,
  doNothing,
  field,
  not,
  onCreateArtifact,
  onEvent,
  onRunMetric,
  onRunState,
  project,
  runEvent,
  sendNotification,
  sendWebhook,
} from 'tocsin';
import { describe, expect, test } from 'vitest';
import { faultsOf, issuesOf } from '../support/definitions.js';

const scope = project('my-team', 'my-project');
const loss = runEvent.metric('loss');
const prod = runEvent.name.regex('^prod-');

/** What plain JavaScript may give. */
const any = (value: unknown): never => value as never;

const withEvent = (event: unknown) => ({ name: 'n', event, action: doNothing() });
const withAction = (action: unknown) => ({ name: 'n', event: onRunState({ scope }), action });
const withFilter = (filter: unknown) => withEvent(onRunState({ scope, filter: any(filter) }));

const nothingThere = 'Expected a text, got nothing';
const noTrigger = '; there may be type scope filter';
const noNotification = '; there may be type integrationId routing title message severity fields links image thread';

describe('a trigger that plain JavaScript makes', () => {
  test('is not one for everything when its filter is misspelt', () => {
    expect(issuesOf(withEvent(onRunState(any({ scope, filters: prod.toJSON() }))))).toEqual([
      { code: 'unknown_key', path: 'event.filters', message: `Expected no key "filters" here${noTrigger}` },
    ]);
    expect(faultsOf(withEvent(onEvent('custom.deploy', any({ scope, where: 1 }))))).toEqual([
      'unknown_key event.where',
    ]);
  });

  test('has issues where nothing was given', () => {
    for (const given of [undefined, null, {}]) {
      expect(faultsOf(withEvent(onRunMetric(any(given))))).toEqual(['required event.scope']);
    }
    expect(faultsOf(withEvent(onCreateArtifact(any('x'))))).toEqual([
      'required event.scope',
      'unknown_key event.options',
    ]);
  });

  test('has an issue where its filter is no filter', () => {
    const message = 'Expected a filter, got a list; combine filters with and(…)';
    expect(issuesOf(withFilter([loss.gt(1), prod]))).toEqual([{ code: 'invalid_type', path: 'event.filter', message }]);
    expect(issuesOf(withFilter(and(any([prod, prod]))))).toEqual([
      { code: 'invalid_type', path: 'event.filter.$and[0]', message },
    ]);
    expect(faultsOf(withFilter(null))).toEqual(['invalid_type event.filter']);
    expect(faultsOf(withFilter('x'))).toEqual(['invalid_type event.filter']);
  });

  test('never rings for everything because a part of its filter is missing', () => {
    expect(faultsOf(withFilter(not(any(undefined))))).toEqual(['invalid_type event.filter.$not']);
    expect(faultsOf(withFilter(and(prod, any(undefined))))).toEqual(['invalid_type event.filter.$and[1]']);
    expect(faultsOf(withFilter(prod.or(any(null))))).toEqual(['invalid_type event.filter.$or[1]']);
    expect(faultsOf(withFilter(runEvent.state.in(any(undefined))))).toEqual(['invalid_type event.filter.$state[0]']);
    expect(faultsOf(withFilter(field('name').in(any(undefined))))).toEqual(['invalid_value event.filter.name']);
  });

  test('takes a text for a list as a text, not as its letters', () => {
    expect(runEvent.state.in(any('failed')).toJSON()).toEqual({ $state: ['failed'] });
    expect(faultsOf(withFilter(field('name').in(any('prod'))))).toEqual(['invalid_type event.filter.name.$in']);
  });
});

describe('an action that plain JavaScript makes', () => {
  test('does not drop what it does not know', () => {
    expect(issuesOf(withAction(sendNotification('i', any({ titel: 'T', body: 'B' }))))).toEqual([
      { code: 'unknown_key', path: 'action.titel', message: `Expected no key "titel" here${noNotification}` },
      { code: 'unknown_key', path: 'action.body', message: `Expected no key "body" here${noNotification}` },
    ]);
    expect(faultsOf(withAction(sendWebhook('i', any({ body: {} }))))).toEqual(['unknown_key action.body']);
    expect(faultsOf(withAction(sendNotification('i', any('Loss is high'))))).toEqual(['unknown_key action.options']);
  });

  test('has a picture by its handle, not by its bytes', () => {
    expect(issuesOf(withAction(sendNotification('i', any({ image: new Uint8Array(3) }))))).toMatchObject([
      {
        path: 'action.image',
        message: expect.stringMatching(/^Expected an https URL or a handle of engine.images.put\(\), got /),
      },
    ]);
  });

  test('cannot turn into another by an option', () => {
    const options = any({ type: 'none', integrationId: 'other' });
    expect(sendNotification('i', options)).toMatchObject({ type: 'notification', integrationId: 'i' });
    expect(sendWebhook('i', options)).toEqual({ type: 'webhook', integrationId: 'i' });
  });

  test('has an issue where there is no integration', () => {
    const path = 'action.integrationId';
    for (const given of [undefined, null, {}]) {
      expect(issuesOf(withAction(sendNotification(any(given))))).toEqual([
        { code: 'required', path, message: 'Expected the id of an integration, or routing: true, got nothing' },
      ]);
      expect(issuesOf(withAction(sendWebhook(any(given), any(null))))).toEqual([
        { code: 'required', path, message: nothingThere },
      ]);
    }
    expect(faultsOf(withAction(sendNotification(any(5))))).toEqual(['invalid_type action.integrationId']);
    expect(faultsOf(withAction(callHandler(any(undefined))))).toEqual(['required action.name']);
  });

  test('has an issue where its severity is no text', () => {
    expect(faultsOf(withAction(sendNotification('i', any({ severity: 5 }))))).toEqual([
      'invalid_value action.severity',
    ]);
  });
});

describe('a question to a metric that plain JavaScript asks', () => {
  const words = 'Expected { diff } or { frac }, one of the two, got';

  test.each([
    ['a number', 0.2, '0.2'],
    ['a text', '20%', '"20%"'],
    ['nothing', undefined, 'neither'],
    ['null', null, 'neither'],
    ['neither', { minSamples: 1 }, 'neither'],
    ['both', { diff: 1, frac: 0.2 }, 'both'],
  ])('changes by %s: one issue that says what to write', (_, given, got) => {
    for (const how of ['changesBy', 'increasesBy', 'decreasesBy'] as const) {
      expect(issuesOf(withFilter(loss[how](any(given))))).toEqual([
        { code: 'invalid_value', path: 'event.filter.$change.kind', message: `${words} ${got}` },
      ]);
    }
  });

  test('changes by what it does not know', () => {
    expect(faultsOf(withFilter(loss.increasesBy(any({ frac: 0.2, over: 5 }))))).toEqual([
      'unknown_key event.filter.$change.over',
    ]);
    expect(faultsOf(withFilter(loss.increasesBy(any({ frac: '20%' }))))).toEqual([
      'invalid_type event.filter.$change.amount',
    ]);
  });

  test('asks for a field with the name of an operator', () => {
    for (const [name, combined] of [
      ['$and', field('$and').eq(1).and(prod)],
      ['$or', field('$or').eq(1).or(prod)],
    ] as const) {
      expect(faultsOf(withFilter(combined))).toEqual([`invalid_type event.filter.${name}[0].${name}`]);
    }
  });

  test('is below a z-score above 0: the issue says what to write', () => {
    expect(issuesOf(withFilter(loss.zscore(10).lt(3)))).toEqual([
      {
        code: 'invalid_value',
        path: 'event.filter.$zscore.threshold',
        message: 'Expected more than 0 (.lt() takes a number below 0, such as -3), got -3',
      },
    ]);
    expect(issuesOf(withFilter(loss.zscore(10).lt(-3)))).toEqual([]);
    expect(faultsOf(withFilter(loss.zscore(10).lt(any('3'))))).toEqual(['invalid_type event.filter.$zscore.threshold']);
  });
});
