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
      // A channel's id that was learnt ends no back-off.
      if (useOf(before) !== useOf(store.get(id))) wake(id);
      return id;
    },
    drop(id) {
      shelf.drop(id);
      wake(id);
    },
  };
}

function useOf(integration: Integration | undefined): string | undefined {
  if (integration === undefined) return undefined;
  const { definition, state } = partIntegration(integration);
  return JSON.stringify([state.status, definition]);
}
