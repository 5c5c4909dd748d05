import { sendNotification, type TocsinEvent } from 'tocsin';
import { expect } from 'vitest';
import { openEngine } from '../support/open-engine.js';
import { caseOf, createForm, read, scopeIds, unsayable, type Wire } from './cases.js';
import { onEvent } from './facts.js';
import { type Behaviours, fires, linked, onLink, withImported } from './imported.js';
import { runBehaviours } from './run-behaviours.js';

/** What a title comes to. */
async function titleOf(title: string, eventType: string, event: TocsinEvent): Promise<string | undefined> {
  const { engine, delivery, terminal } = await openEngine();
  await engine.automations.create({ ...onEvent(eventType), action: sendNotification(terminal, { title }) });
  await engine.emit(event);
  await engine.idle();
  await engine.close();
  return delivery.delivered[0]?.title;
}

async function automationsOf(count: number): Promise<Awaited<ReturnType<typeof openEngine>>> {
  const opened = await openEngine();
  for (let index = 0; index < count; index += 1)
    await opened.engine.automations.create({ ...onLink, name: `n-${index}` });
  return opened;
}

/** How W&B's automations behave, and what manages them. */
export const behaviours: Behaviours = {
  ...runBehaviours,
  'eval-alias-exclusive': 'a registry sees to it; tocsin is told of what has happened to aliases',
  'filter-eval-frontend-shape': async ({ wire }) => {
    const form = createForm({ eventFilter: JSON.stringify(wire) });
    expect(read(form).event.filter).toBeUndefined();
    const { engine } = await withImported(form);
    expect(await fires(engine, linked)).toBe(true);
    await engine.close();
  },
  'integration-list-kinds': async ({ wire: { slack, webhook } }) => {
    const deliver = async (): Promise<object> => ({});
    const { engine } = await openEngine({
      deliveries: [
        { name: 'console', integrationTypes: ['console'], deliver },
        { name: 'webhook', integrationTypes: ['webhook'], deliver },
      ],
    });
    for (const name of webhook) {
      await engine.integrations.create({ type: 'webhook', name, delivery: 'webhook', url: 'https://example.com/' });
    }
    const names = async (type: 'slack' | 'webhook'): Promise<string[]> =>
      (await engine.integrations.list({ type })).map(({ name }) => name);
    expect([await names('slack'), await names('webhook')]).toEqual([slack, webhook]);
    await engine.close();
  },
  'eval-aria-rate-limit': 'there is no ARIA here; `policy.rateLimit` is what limits an automation',
  'template-blank-alias': async ({ wire: { template, result } }) => {
    expect(await titleOf(template, 'LINK_MODEL', linked)).toBe(result);
  },
  'template-blank-tag': async ({ wire: { template, result } }) => {
    const event = { ...linked, type: 'artifact.alias-added', alias: 'a' } as TocsinEvent;
    expect(await titleOf(template, 'ADD_ARTIFACT_ALIAS', event)).toBe(result);
  },
  'template-aria-length-after-substitution': 'there is no ARIA here',
  'webhook-signature': 'test/delivery/webhook-signatures.test.ts compares with this very signature',
  'secret-name-rule': 'a secret is named as the host likes; which names may be read is up to `envSecrets({ allow })`',
  'alert-dedup-by-title': 'the alert-* facts show it, for every wait',
  'automation-duplicate-name': async () => {
    const { engine } = await automationsOf(1);
    const again = engine.automations.create({ ...onLink, name: 'n-0', description: 'another' });
    await expect(again).rejects.toMatchObject({ code: 'name_taken' });
    const { items } = await engine.automations.list();
    expect(items.map(({ name, description }) => [name, description])).toEqual([['n-0', undefined]]);
    await engine.close();
  },
  'automation-delete-then-get': deleted,
  'automation-delete-by-id': deleted,
  'automation-delete-invalid-id': async () => {
    const { engine } = await openEngine();
    await expect(engine.automations.delete('invalid-automation-id')).rejects.toMatchObject({ code: 'not_found' });
    await engine.close();
  },
  'automation-update-run-event-to-collection': ({ wire }) => moved(wire, false),
  'automation-update-scope-to-collection-ok': ({ wire }) => moved(wire, true),
  'automation-list-entity-filter': async () => {
    const { engine } = await openEngine();
    const team = { type: 'team', entity: 'my-team' } as const;
    const others = { type: 'team', entity: 'other-team' } as const;
    for (const scope of [team, onLink.event.scope, others]) {
      for (const name of ['n', 'm'])
        await engine.automations.create({ ...onLink, name, event: { ...onLink.event, scope } });
    }
    const { items } = await engine.automations.list({ scope: team, includeDescendants: true, name: 'n' });
    expect(items.map(({ event }) => event.scope.type).sort()).toEqual(['project', 'team']);
    await engine.close();
  },
  'automation-pagination-resume': async ({ wire: { perPage, total } }) => {
    const { engine } = await automationsOf(total);
    const all = (await engine.automations.list()).items.map(({ id }) => id);
    for (const limit of perPage) {
      const { items, cursor } = await engine.automations.list({ limit });
      const rest = await engine.automations.list(cursor === undefined ? {} : { cursor, limit: total });
      expect([...items, ...rest.items].map(({ id }) => id)).toEqual(all);
    }
    await engine.close();
  },
  'automation-enabled-only': async ({ wire }) => {
    const { engine } = await withImported({ ...createForm(), ...wire });
    expect(await fires(engine, linked)).toBe(false);
    await engine.close();
  },
  'history-states': async () => {
    const { engine } = await withImported(createForm());
    const [execution] = (await engine.emit(linked)).fired;
    // Ours besides: skipped, as their documentation has it, and cancelled.
    for (const status of ['pending', 'finished', 'failed', 'skipped', 'cancelled'] as const) {
      const { items } = await engine.executions.list({ status });
      expect(items.length).toBe(status === 'finished' && execution ? 1 : 0);
    }
    await engine.close();
  },
  'history-empty': async ({ wire }) => {
    const { engine } = await withImported(createForm());
    expect((await engine.executions.list()).items).toHaveLength(wire);
    await engine.close();
  },
  'history-finished-noop': async ({ wire: { executions, state: status } }) => {
    const scope = { scopeType: 'ARTIFACT_COLLECTION', scopeID: scopeIds.ARTIFACT_COLLECTION };
    const { engine } = await withImported(createForm({ ...scope, triggeringEventType: 'CREATE_ARTIFACT' }));
    const registry = { entity: 'my-team', registry: 'test-registry', collection: 'test-collection' };
    const artifact = { id: 'v1', type: 'model', version: 'v1' };
    await engine.emit({ type: 'artifact.created', ...registry, artifact });
    const { items } = await engine.executions.list();
    expect(items.map((execution) => execution.status.toUpperCase())).toEqual(new Array(executions).fill(status));
    await engine.close();
  },
  'scope-matrix-test-exclusions': ({ wire: { invalid } }) => {
    const runEvents = ['RUN_METRIC', 'RUN_METRIC_CHANGE', 'RUN_METRIC_ZSCORE', 'RUN_STATE'];
    const others = caseOf('automation-update-scope-to-collection-ok').wire.events;
    const exclusions = new Set((invalid as string[][]).map((pair) => pair.join(' ')));
    for (const eventType of [...runEvents, ...others]) {
      for (const scopeType of ['ARTIFACT_COLLECTION', 'ENTITY', 'PROJECT'] as const) {
        const { event, ...rest } = onEvent(eventType);
        const scope = read(createForm({ scopeType, scopeID: scopeIds[scopeType] })).event.scope;
        const isSayable = unsayable({ ...rest, event: { ...event, scope } }).length === 0;
        expect([eventType, scopeType, isSayable]).toEqual([
          eventType,
          scopeType,
          !exclusions.has(`${eventType} ${scopeType}`),
        ]);
      }
    }
  },
};

async function deleted(): Promise<void> {
  const { engine } = await automationsOf(1);
  const [automation] = (await engine.automations.list()).items;
  await engine.automations.delete(String(automation?.id));
  await expect(engine.automations.get(String(automation?.id))).rejects.toMatchObject({ code: 'not_found' });
  await engine.close();
}

async function moved({ events, newScope }: Wire, isFine: boolean): Promise<void> {
  const scope = read(createForm({ scopeType: newScope, scopeID: scopeIds.ARTIFACT_COLLECTION })).event.scope;
  for (const eventType of events) {
    const { engine } = await openEngine();
    const { automation } = await engine.automations.create(onEvent(eventType));
    const update = engine.automations.update(automation.id, { event: { ...automation.event, scope } });
    if (isFine) expect((await update).automation.event.scope).toEqual(scope);
    else await expect(update).rejects.toMatchObject({ code: 'invalid_automation', issues: [{ path: 'event.scope' }] });
    await engine.close();
  }
}
