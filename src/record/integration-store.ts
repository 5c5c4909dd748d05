import type { Integration } from '../definition/integration.js';
import { TocsinError } from '../errors.js';
import type { Receipt } from '../ports/delivery.js';
import type { Storage, Write } from '../ports/storage.js';
import type { CommitChange, DefinitionLog } from './definition-log.js';
import { type DefinitionShelf, fillShelf, takeReadable, unwrapDefinition } from './definition-shelf.js';
import { keys } from './keys.js';
import { leadsToSame } from './leads-to-same.js';
import { toStored } from './stored.js';

/** The integrations, in memory and in storage. */
export interface IntegrationStore {
  /** How what other processes change comes in. */
  readonly shelf: DefinitionShelf;
  get(id: string): Integration | undefined;
  /**
   * Asks the storage for one that is not known here: another process may just have made it.
   *
   * @throws `storage_unavailable`; `storage_corrupt`.
   */
  lookUp(id: string): Promise<Integration | undefined>;
  /** All, oldest first. */
  all(): Integration[];
  /**
   * Writes an integration; the one it replaces must still have the revision before.
   *
   * @throws `revision_conflict` when it has been changed meanwhile.
   */
  put(integration: Integration): Promise<void>;
  delete(id: string): Promise<void>;
  /**
   * Keeps a channel's id when a first message has told it: some of what a destination can do wants the id.
   *
   * @param used - The integration as the attempt used it; when it leads elsewhere now, nothing is kept.
   */
  learn(id: string, channel: Pick<Receipt, 'channelId' | 'channelName'>, used?: Integration): Promise<void>;
}

/**
 * Reads all integrations.
 *
 * @param log - Opened before, so that no change falls between.
 * @throws `storage_unavailable`; `storage_corrupt`.
 */
export async function openIntegrationStore(storage: Storage, log: DefinitionLog): Promise<IntegrationStore> {
  const integrations = new Map<string, Integration>();

  const set = (integration: Integration): void => {
    integrations.set(integration.id, Object.freeze(integration));
  };

  const shelf: DefinitionShelf = {
    type: 'integration',
    prefix: keys.integrations,
    keyOf: keys.integration,
    ids: () => integrations.keys(),
    take(record) {
      const integration = unwrapDefinition<Integration>(record, keys.integration);
      const { id, revision } = integration;
      if (revision > (integrations.get(id)?.revision ?? 0)) set(integration);
      return id;
    },
    drop(id) {
      integrations.delete(id);
    },
  };

  /** After a conflict the storage knows better: without this, a change whose answer was lost would conflict for ever. */
  const readAgain = async (id: string): Promise<void> => {
    const record = await storage.get(keys.integration(id));
    if (record === undefined) shelf.drop(id);
    else takeReadable(shelf, record);
  };

  const write = async (commit: CommitChange, integration: Integration): Promise<boolean> => {
    const { id, revision } = integration;
    const key = keys.integration(id);
    const result = await commit(
      {
        require: [{ type: 'revision', key, revision: revision - 1 }],
        steps: [{ write: [{ type: 'put', key, value: toStored(integration) }] }],
      },
      { type: 'integration', ids: [id] },
    );
    if (result.committed) set(integration);
    else await readAgain(id);
    return result.committed;
  };

  await fillShelf(storage, shelf);

  return {
    shelf,
    get: (id) => integrations.get(id),
    async lookUp(id) {
      if (storage.capabilities.shared) await log.inTurn(() => readAgain(id));
      return integrations.get(id);
    },
    // One that another process made may have been heard of late.
    all: () => [...integrations.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    async put(integration) {
      if (await log.inTurn((commit) => write(commit, integration))) return;
      const message = `The integration ${integration.name} has been changed meanwhile`;
      throw new TocsinError({ code: 'revision_conflict', message });
    },
    async learn(id, { channelId, channelName }, used) {
      const isNews = (integration: Integration): boolean =>
        channelId !== undefined &&
        integration.channelId !== channelId &&
        (used === undefined || leadsToSame(used, integration));
      const learnt = { channelId, ...(channelName === undefined ? {} : { channelName }) };
      const known = integrations.get(id);
      if (known === undefined || !isNews(known)) return;
      await log.inTurn(async (commit) => {
        const integration = integrations.get(id);
        if (integration === undefined || !isNews(integration)) return;
        // If somebody changes it at this moment, the next message tells it again.
        await write(commit, { ...integration, ...learnt, revision: integration.revision + 1 });
      });
    },
    async delete(id) {
      await log.inTurn(async (commit) => {
        const write: Write = { type: 'delete', key: keys.integration(id) };
        await commit({ steps: [{ write: [write] }] }, { type: 'integration', ids: [id] });
        shelf.drop(id);
      });
    },
  };
}
