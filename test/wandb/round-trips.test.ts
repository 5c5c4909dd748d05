import fc from 'fast-check';
import { fromWandb, parseAutomation, toWandb } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { judge } from '../support/kleene.js';
import { openEngine } from '../support/open-engine.js';
import { cases, createForm, integrationId, options, read, unfolded, type Wire, write } from './cases.js';
import { withSortedStates } from './meaning.js';
import { looseFilter, sayableDefinition } from './random-definitions.js';

const seed = 1;

describe('what W&B can say', () => {
  test('comes back from its form as it was', () => {
    fc.assert(
      fc.property(sayableDefinition, (given) => {
        const definition = parseAutomation(given).value;
        expect(definition).toBeDefined();
        if (definition === undefined) return;
        const written = toWandb(definition, options);
        expect(written.issues).toBeUndefined();
        const text = JSON.stringify(written.value);
        expect(withSortedStates(fromWandb(JSON.parse(text), options).value)).toEqual(withSortedStates(definition));
        expect(fromWandb(text, options)).toEqual(fromWandb(JSON.parse(text), options));
      }),
      { seed, numRuns: 1000 },
    );
  });

  test('means the same when it comes back, whatever its shape', () => {
    let written = 0;
    const fact = fc.constantFrom(undefined, null, 0, 1, 'a', 'prod-1', true, ['a'], ['a', 1], []);
    fc.assert(
      fc.property(
        looseFilter,
        fc.array(fc.tuple(fact, fact, fact), { minLength: 5, maxLength: 20 }),
        (filter, worlds) => {
          const event = { type: 'artifact.linked', scope: options.scopes.UHJvamVjdDox, filter } as const;
          const definition = parseAutomation({ name: 'n', event, action: { type: 'none' } }).value;
          const { value } = definition === undefined ? {} : toWandb(definition, options);
          if (value === undefined) return;
          written += 1;
          const back = read(value);
          for (const [alias, tag, version] of worlds) {
            const values = { 'field:alias': alias, 'field:tag': tag, 'field:version': version };
            const facts = Object.fromEntries(Object.entries(values).filter(([, each]) => each !== undefined));
            expect(judge(back.event.filter ?? {}, facts)).toBe(judge(filter, facts));
          }
          // It has its one form now.
          expect(read(write(back))).toEqual(back);
        },
      ),
      { seed, numRuns: 1000 },
    );
    expect(written).toBeGreaterThan(300);
  });

  test('may have its metric beside fields and in nested groups', () => {
    const $metric = { name: 'a', $gt: 1 };
    const name = { $eq: 'x' };
    const tag = { $ne: 'y' };
    const shapes = [
      { $metric, name: 'x', tag },
      { $and: [{ $metric, name }, { tag }] },
      { $and: [{ name }, { $and: [{ tag }, { $metric }] }] },
      { $metric: { ...$metric, agg: 'none', window: 1, minSamples: 1 }, $and: [{ name }, { tag }] },
    ];
    const filters = shapes.map((filter) => {
      const event = { type: 'run.metrics', scope: options.scopes.UHJvamVjdDox, filter } as const;
      return read(write({ version: 1, enabled: true, name: 'n', event: event as never, action: { type: 'none' } }))
        .event.filter;
    });
    expect(filters).toEqual([
      { $and: [{ $metric }, { name }, { tag }] },
      { $and: [{ $metric }, { name }, { tag }] },
      { $and: [{ $metric }, { name }, { tag }] },
      { $and: [{ $metric }, { $and: [{ name }, { tag }] }] },
    ]);
  });
});

describe('an automation that was changed', () => {
  const changed = cases.filter(({ wire }) => wire?.updateInput !== undefined);

  test.each(changed.map((each) => [each.id, each.wire] as const))('%s', async (id, { before, updateInput }: Wire) => {
    const deliver = async (): Promise<object> => ({});
    const { engine } = await openEngine({
      deliveries: [
        { name: 'console', integrationTypes: ['console'], deliver },
        { name: 'webhook', integrationTypes: ['webhook'], deliver, deliverPayload: deliver },
      ],
    });
    const hook = { type: 'webhook', name: 'w', delivery: 'webhook', url: 'https://example.com/webhook' } as const;
    const integrations = { [integrationId]: (await engine.integrations.create(hook)).id };
    const ours = { ...options, integrations };
    const { automation } = await engine.automations.create(fromWandb(before, ours).value as never);
    const { name, enabled, event, action } = fromWandb(updateInput, ours).value as never as typeof automation;
    // W&B, `prepare_to_update`: a new event without a scope keeps the one that it has.
    const { scope, ...trigger } = event;
    const keepsScope = id === 'automation-update-event-keeps-scope';
    const patch = { name, enabled, event: keepsScope ? trigger : event, action };
    const { automation: updated } = await engine.automations.update(automation.id, patch);
    const { id: theirs, ...expected } = updateInput;
    expect(unfolded(toWandb(updated, ours).value)).toEqual(unfolded(expected));
    await engine.close();
  });

  test('is written without what storage has added', () => {
    const definition = read(createForm());
    const stored = { ...definition, id: 'a', revision: 1, createdAt: 0, updatedAt: 0 };
    expect(toWandb(stored, options)).toEqual(toWandb(definition, options));
  });
});
