import type { Integration } from '../definition/integration.js';
import { TocsinError } from '../errors.js';
import type { Receipt } from '../ports/delivery.js';
import type { Storage } from '../ports/storage.js';
import { keys } from './keys.js';
import { leadsToSame } from './leads-to-same.js';
import { fromStored, toStored } from './stored.js';

/** The integrations, in memory and in storage. */
export interface IntegrationStore {
  get(id: string): Integration | undefined;
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

/** Reads all integrations. */
export async function openIntegrationStore(storage: Storage): Promise<IntegrationStore> {
  const integrations = new Map<string, Integration>();
  for (const record of await readAll(storage, keys.integrations)) {
    const integration = fromStored<Integration>(record);
    integrations.set(integration.id, Object.freeze(integration));
  }

  const write = async (integration: Integration): Promise<boolean> => {
    const key = keys.integration(integration.id);
    const result = await storage.commit({
      require: [{ type: 'revision', key, revision: integration.revision - 1 }],
      steps: [{ write: [{ type: 'put', key, value: toStored(integration) }] }],
    });
    if (result.committed) integrations.set(integration.id, Object.freeze(integration));
    else await readAgain(integration.id);
    return result.committed;
  };

  /** After a conflict the storage knows better: without this, a change whose answer was lost would conflict for ever. */
  const readAgain = async (id: string): Promise<void> => {
    const record = await storage.get(keys.integration(id));
    if (record === undefined) {
      integrations.delete(id);
      return;
    }
    const integration = fromStored<Integration>(record.value);
    const { revision = 0 } = integrations.get(id) ?? {};
    if (integration.revision > revision) integrations.set(id, Object.freeze(integration));
  };

  return {
    get: (id) => integrations.get(id),
    all: () => [...integrations.values()],
    async put(integration) {
      if (await write(integration)) return;
      const message = `The integration ${integration.name} has been changed meanwhile`;
      throw new TocsinError({ code: 'revision_conflict', message });
    },
    async learn(id, { channelId, channelName }, used) {
      const integration = integrations.get(id);
      if (integration === undefined || channelId === undefined || integration.channelId === channelId) return;
      if (used !== undefined && !leadsToSame(used, integration)) return;
      const learnt = { channelId, ...(channelName === undefined ? {} : { channelName }) };
      // If somebody changes it at this moment, the next message tells it again.
      await write({ ...integration, ...learnt, revision: integration.revision + 1 });
    },
    async delete(id) {
      await storage.commit({ steps: [{ write: [{ type: 'delete', key: keys.integration(id) }] }] });
      integrations.delete(id);
    },
  };
}

/** Reads every record whose key starts with a prefix. */
export async function readAll(storage: Storage, prefix: string) {
  const values = [];
  let after: string | undefined;
  do {
    const page = await storage.list({ prefix, after, limit: 1000 });
    values.push(...page.records.map((record) => record.value));
    after = page.next;
  } while (after !== undefined);
  return values;
}
