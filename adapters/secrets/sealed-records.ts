import { createHash } from 'node:crypto';
import {
  type IntegrationType,
  type JsonObject,
  type Storage,
  type StoredRecord,
  TocsinError,
} from '../../src/index.js';
import { openSealed, seal } from './seal.js';
import type { SealingKey } from './sealing-key.js';

/** What a secret is called, and who may have it. */
export interface SecretName {
  readonly name: string;
  /** The entity whose integrations alone may have it; `undefined`: shared integrations alone. */
  readonly entity: string | undefined;
  /** The type of integration that alone may have it; `undefined`: any. */
  readonly integrationType: IntegrationType | undefined;
}

/** A token that expires, and what the next one is got with. */
export interface RotatingSecret {
  /** The value. */
  readonly accessToken: string;
  /** What the next token is got with; it leaves the seal only for that. */
  readonly refreshToken: string;
  /** When the value expires, in epoch milliseconds. */
  readonly expiresAt: number;
}

/** What is sealed. */
export type SecretValue =
  | { readonly type: 'text'; readonly text: string }
  | ({ readonly type: 'rotating' } & RotatingSecret);

/** A secret as it was read. */
export interface FoundSecret extends SecretName {
  readonly value: SecretValue;
  /** Of its record. */
  readonly revision: number;
  /** Whether it is sealed with the present key. */
  readonly isCurrent: boolean;
}

/** Sealed secrets in a storage. */
export interface SealedRecords {
  /** Of the secret of an owner; the same for all its values. */
  keyOf(name: string, entity: string | undefined): string;
  /** @throws `TocsinError` with code `secret_unreadable`; whatever the storage throws. */
  read(name: string, entity: string | undefined): Promise<FoundSecret | undefined>;
  /**
   * @param revision - Which revision it replaces; left out: whatever there is.
   * @returns Whether it was written.
   */
  write(owner: SecretName, value: SecretValue, revision?: number): Promise<boolean>;
  delete(name: string, entity: string | undefined): Promise<void>;
  /** All names, in no order that means anything. */
  names(): AsyncIterable<SecretName>;
}

const prefix = 'sealed-secret/';
const formatVersion = 1;
const pageSize = 100;

/**
 * Makes the place where secrets are sealed.
 *
 * @param storage - Gives the storage, or throws while there is none.
 */
export function createSealedRecords(
  storage: () => Storage,
  key: SealingKey,
  previous: readonly SealingKey[],
): SealedRecords {
  const keys = new Map([...previous, key].map((each) => [each.id, each]));

  const open = ({ key: place, value, revision }: StoredRecord): FoundSecret => {
    const owner = ownerOf(value);
    // What was moved from another place says so itself, or does not open.
    const isInPlace = owner !== undefined && place === keyOf(owner.name, owner.entity);
    const { keyId, nonce, sealed } = value;
    if (!isInPlace || typeof keyId !== 'string' || typeof nonce !== 'string' || typeof sealed !== 'string') {
      throw unreadable(`The record ${place} is no sealed secret, or has been changed or moved: put the secret anew`);
    }
    const sealingKey = keys.get(keyId);
    if (sealingKey === undefined) {
      const what = `The secret ${owner.name} was sealed with another key than those that sealedSecrets was given`;
      throw unreadable(`${what}: give that key under previousKeys, or put the secret anew`);
    }
    const text = openSealed(sealingKey, { keyId, nonce, sealed }, contextOf(owner));
    if (text === undefined) {
      throw unreadable(`The sealed secret ${owner.name} has been changed or moved: put it anew`);
    }
    return { ...owner, value: JSON.parse(text) as SecretValue, revision, isCurrent: keyId === key.id };
  };

  return {
    keyOf,
    async read(name, entity) {
      const record = await storage().get(keyOf(name, entity));
      return record === undefined ? undefined : open(record);
    },
    async write(owner, value, revision) {
      const place = keyOf(owner.name, owner.entity);
      const record: JsonObject = {
        formatVersion,
        name: owner.name,
        ...(owner.entity === undefined ? {} : { entity: owner.entity }),
        ...(owner.integrationType === undefined ? {} : { integrationType: owner.integrationType }),
        ...seal(key, JSON.stringify(value), contextOf(owner)),
      };
      const { committed } = await storage().commit({
        require: revision === undefined ? [] : [{ type: 'revision', key: place, revision }],
        steps: [{ write: [{ type: 'put', key: place, value: record }] }],
      });
      return committed;
    },
    async delete(name, entity) {
      await storage().commit({ steps: [{ write: [{ type: 'delete', key: keyOf(name, entity) }] }] });
    },
    async *names() {
      let after: string | undefined;
      do {
        const page = await storage().list({ prefix, after, limit: pageSize });
        // What is no sealed secret has no name; who reads it is told.
        for (const { value } of page.records) {
          const owner = ownerOf(value);
          if (owner !== undefined) yield owner;
        }
        after = page.next;
      } while (after !== undefined);
    },
  };
}

/** Outsiders' names are hashed: they can neither collide nor break a storage's bound on keys. */
function keyOf(name: string, entity: string | undefined): string {
  const place = JSON.stringify(entity === undefined ? [name] : [name, entity]);
  return `${prefix}${createHash('sha256').update(place).digest('hex')}`;
}

/** What the seal holds together with the value. JSON writes every text differently. */
function contextOf({ name, entity, integrationType }: SecretName): string {
  return JSON.stringify(['tocsin sealed secret', formatVersion, name, entity ?? null, integrationType ?? null]);
}

function ownerOf({ formatVersion: version, name, entity, integrationType }: JsonObject): SecretName | undefined {
  if (version !== formatVersion || typeof name !== 'string') return undefined;
  if (!isTextOrAbsent(entity) || !isTextOrAbsent(integrationType)) return undefined;
  return { name, entity, integrationType: integrationType as IntegrationType | undefined };
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function unreadable(message: string): TocsinError {
  return new TocsinError({ code: 'secret_unreadable', message });
}
