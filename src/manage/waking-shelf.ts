import type { Integration } from '../definition/integration.js';
import type { DefinitionShelf } from '../record/definition-shelf.js';
import type { IntegrationStore } from '../record/integration-store.js';
import { partIntegration } from './read-integration.js';

/**
 * The integrations' shelf, which also says which of them may be used otherwise than before: what waits for one that was
 * enabled, put right or deleted elsewhere may go now.
 *
 * @param wake - Told the id.
 */
export function createWakingShelf(store: IntegrationStore, wake: (id: string) => void): DefinitionShelf {
  const { shelf } = store;
  return {
    ...shelf,
    take(record) {
      const before = store.get(record.key.slice(shelf.prefix.length));
      const id = shelf.take(record);
      if (isToBeTried(before, store.get(id))) wake(id);
      return id;
    },
    drop(id) {
      shelf.drop(id);
      wake(id);
    },
  };
}

function isToBeTried(before: Integration | undefined, after: Integration | undefined): boolean {
  if (useOf(before) !== useOf(after)) return true;
  // Enabled once more, to be tried at once. A channel's id that was learnt ends no back-off.
  return before?.revision !== after?.revision && learntOf(before) === learntOf(after);
}

function learntOf(integration: Integration | undefined): string | undefined {
  if (integration === undefined) return undefined;
  const { channelId, channelName, teamName } = partIntegration(integration).state;
  return JSON.stringify([channelId, channelName, teamName]);
}

function useOf(integration: Integration | undefined): string | undefined {
  if (integration === undefined) return undefined;
  const { definition, state } = partIntegration(integration);
  return JSON.stringify([state.status, definition]);
}
