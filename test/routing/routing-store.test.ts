import { type SavedRouting, slackRouting } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { expect, test } from 'vitest';
import { openDefinitionLog } from '../../src/record/definition-log.js';
import { openRoutingStore, routingId } from '../../src/record/routing-store.js';

function saved(entity: string | undefined): SavedRouting {
  const routing = slackRouting({ integrationId: 's', defaultChannel: `#${entity ?? 'all'}` });
  return { ...routing, id: routingId(entity), entity, revision: 1, createdAt: 0, updatedAt: 0 };
}

test("automations of an entity use its own routing, or else the shared one, but never another entity's", async () => {
  const storage = memoryStorage();
  const store = await openRoutingStore(storage, await openDefinitionLog(storage));
  const channelOf = (entity: string | undefined) => store.find(entity)?.defaultChannel;
  await store.put('one', () => saved('one'));
  expect(channelOf('one')).toBe('#one');
  expect(channelOf('other')).toBeUndefined();
  expect(channelOf(undefined)).toBeUndefined();
  await store.put(undefined, () => saved(undefined));
  expect(channelOf('one')).toBe('#one');
  expect(channelOf('other')).toBe('#all');
  expect(channelOf(undefined)).toBe('#all');
  expect(channelOf('shared')).toBe('#all');
  await store.delete('one');
  expect(channelOf('one')).toBe('#all');
});

test('the routings that post by an integration are named', async () => {
  const storage = memoryStorage();
  const store = await openRoutingStore(storage, await openDefinitionLog(storage));
  await store.put('one', () => saved('one'));
  expect(store.using('s').map(({ entity }) => entity)).toEqual(['one']);
  expect(store.using('t')).toEqual([]);
});
