import {
  collection,
  doNothing,
  onAddArtifactAlias,
  onAddArtifactTag,
  onAddCollectionTag,
  onAnomaly,
  onCreateArtifact,
  onEvent,
  onLinkArtifact,
  onRemoveArtifactAlias,
  onRemoveArtifactTag,
  onRemoveCollectionTag,
  onRunAlert,
  onRunMetric,
  onRunState,
  onUnlinkArtifact,
  parseAutomation,
  project,
  registry,
  runEvent,
  type Trigger,
  team,
} from 'tocsin';
import { describe, expect, test } from 'vitest';
import { eventTypes } from '../../src/definition/event-type.js';

const scope = project('my-team', 'my-project');
const models = collection(registry('my-team', 'models'), 'digits');
const filter = runEvent.metric('loss').gt(1);

const triggers: readonly Trigger[] = [
  onRunMetric({ scope, filter }),
  onRunState({ scope }),
  onRunAlert({ scope }),
  onCreateArtifact({ scope: models }),
  onLinkArtifact({ scope: models }),
  onUnlinkArtifact({ scope: models }),
  onAddArtifactAlias({ scope: models }),
  onRemoveArtifactAlias({ scope: models }),
  onAddArtifactTag({ scope: models }),
  onRemoveArtifactTag({ scope: models }),
  onAddCollectionTag({ scope: models }),
  onRemoveCollectionTag({ scope: models }),
  onAnomaly({ scope }),
];

describe('the triggers', () => {
  test('watch for the events they are named after, in the order of their types', () => {
    expect(triggers.map(({ type }) => type)).toEqual(eventTypes.slice(0, triggers.length));
  });

  test.each(triggers.map((trigger) => [trigger.type, trigger] as const))('on %s are plain and fixed', (_, trigger) => {
    expect(JSON.parse(JSON.stringify(trigger))).toEqual(trigger);
    expect(Object.isFrozen(trigger)).toBe(true);
    expect(Object.keys(trigger)).toEqual(
      trigger.type === 'run.metrics' ? ['type', 'scope', 'filter'] : ['type', 'scope'],
    );
  });

  test.each(eventTypes)('on %s can be made by its type', (type) => {
    expect(onEvent(type, { scope, filter: { author: 'ada' } })).toEqual({ type, scope, filter: { author: 'ada' } });
  });

  test('on events of the host’s own make automations', () => {
    const event = onEvent('custom.deploy', { scope: team('my-team'), filter: { 'target.region': 'eu' } });
    const { value, issues } = parseAutomation({ name: 'n', event, action: doNothing() });
    expect(issues).toBeUndefined();
    expect(value?.event).toEqual(event);
  });

  test('on each type make automations, in the scopes of that type', () => {
    for (const event of [...triggers, ...eventTypes.slice(triggers.length).map((type) => onEvent(type, { scope }))]) {
      expect(parseAutomation({ name: 'n', event, action: doNothing() }).issues).toBeUndefined();
    }
  });
});
