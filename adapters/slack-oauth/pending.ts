import { createHash } from 'node:crypto';
import type { Engine, Integration, Storage } from '../../src/index.js';
import type { TokenVault } from './options.js';

/** A secret, and whose it is. */
export interface OwnedSecret {
  readonly name: string;
  readonly entity: string | undefined;
}

/** Installations that have begun to seal a secret, and have not made its integration yet. */
export interface PendingInstallations {
  /** To be called before the secret is sealed. */
  begin(secret: OwnedSecret): Promise<void>;
  /** To be called when the integration is there. */
  finish(secret: OwnedSecret): Promise<void>;
  /** Takes back what was begun: the secret goes, unless an integration uses it. */
  undo(secret: OwnedSecret): Promise<void>;
  /** Takes back what was begun long ago: its process is gone. */
  cleanUp(): Promise<void>;
}

/** Longer than any installation takes, and than a process takes to hear of another's integrations, in milliseconds. */
const abandonedMs = 900_000;
const prefix = 'slack-oauth/pending/';
const formatVersion = 1;
const pageSize = 100;

/** Makes the list of installations that are under way, which outlives the process. */
export function createPendingInstallations(
  storage: Storage,
  engine: Engine,
  secrets: TokenVault,
  now: () => number,
): PendingInstallations {
  const finish = async (secret: OwnedSecret): Promise<void> => {
    await storage.commit({ steps: [{ write: [{ type: 'delete', key: keyOf(secret) }] }] });
  };

  const undo = async (secret: OwnedSecret): Promise<void> => {
    const users = await usersOf(engine, secret);
    if (users.length === 0) await secrets.delete(secret.name, { entity: secret.entity });
    await finish(secret);
  };

  return {
    async begin(secret) {
      const { name, entity } = secret;
      const value = { formatVersion, name, ...(entity === undefined ? {} : { entity }), beganAt: now() };
      await storage.commit({ steps: [{ write: [{ type: 'put', key: keyOf(secret), value }] }] });
    },
    finish,
    undo,
    async cleanUp() {
      let after: string | undefined;
      do {
        const page = await storage.list({ prefix, after, limit: pageSize });
        for (const { value } of page.records) {
          const { name, entity, beganAt } = value;
          if (value['formatVersion'] !== formatVersion || typeof name !== 'string') continue;
          const owner = typeof entity === 'string' ? entity : undefined;
          if (now() - Number(beganAt) > abandonedMs) await undo({ name, entity: owner });
        }
        after = page.next;
      } while (after !== undefined);
    },
  };
}

/** The integrations of an entity that use one of its secrets. */
export async function usersOf(engine: Engine, { name, entity }: OwnedSecret): Promise<readonly SlackIntegration[]> {
  const integrations = await engine.integrations.list({ type: 'slack' });
  return integrations.filter(isSlack).filter((integration) => {
    const { entity: owner, tokenSecretName, urlSecretName } = integration;
    return owner === entity && (tokenSecretName === name || urlSecretName === name);
  });
}

/** An integration of Slack's. */
export type SlackIntegration = Extract<Integration, { type: 'slack' }>;

/** Narrows an integration. */
export function isSlack(integration: Integration): integration is SlackIntegration {
  return integration.type === 'slack';
}

function keyOf({ name, entity }: OwnedSecret): string {
  const place = JSON.stringify(entity === undefined ? [name] : [name, entity]);
  return `${prefix}${createHash('sha256').update(place).digest('hex')}`;
}
