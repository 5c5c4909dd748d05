import {
  type IntegrationType,
  type RefusedSecret,
  type SecretRequest,
  type Secrets,
  type Storage,
  TocsinError,
} from '../../src/index.js';
import { checkAdapterOptions } from '../../src/ports/adapter-options.js';
import { createRotation, isRotatingSecret, type RefreshRequest, textOf } from './rotation.js';
import {
  createSealedRecords,
  type FoundSecret,
  type RotatingSecret,
  type SecretName,
  type SecretValue,
} from './sealed-records.js';
import { readSealingKey, type SealingKeyInput } from './sealing-key.js';
import { createStoragePlace } from './storage-place.js';

/** What {@link sealedSecrets} takes. */
export interface SealedSecretsOptions {
  /**
   * What secrets are sealed with: 32 random bytes, as they are or as text in base64 or hex, such as
   * `openssl rand -base64 32` writes. Without it nothing sealed can be read again.
   */
  readonly key: SealingKeyInput;
  /** Keys that sealed until now: what they sealed can still be read. @default none */
  readonly previousKeys?: readonly SealingKeyInput[] | undefined;
  /** Where the sealed secrets are kept. @default the storage of the engine that they are given to */
  readonly storage?: Storage | undefined;
  /**
   * Gets the next token of a secret that rotates, such as `slackTokenRefresh` of `tocsin/slack-oauth`. It throws a
   * `DeliveryError`: of kind `credential` when it was refused for good, of kind `unavailable` when it may work later, which is also
   * what anything else counts as.
   *
   * @default none: tokens that expire have to be put anew
   */
  readonly refresh?: ((request: RefreshRequest) => Promise<RotatingSecret>) | undefined;
  /** How long before it expires a token is refreshed, in milliseconds from 0. @default 600_000 (10 minutes) */
  readonly refreshBeforeMs?: number | undefined;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: (() => number) | undefined;
}

/** Who may have a secret. */
export interface SecretOwner {
  /** The entity whose integrations alone may have it. @default none: shared integrations alone may have it */
  readonly entity?: string | undefined;
}

/** What {@link SealedSecrets.put} takes besides the name and the value. */
export interface PutSecretOptions extends SecretOwner {
  /** The type of integration that alone may have it: a Slack token is of no use to a webhook. @default any */
  readonly integrationType?: IntegrationType | undefined;
}

/** What {@link SealedSecrets.reseal} did. */
export interface ResealResult {
  /** How many are sealed with the present key now, and were not before. */
  readonly resealed: number;
  /** Those that could not be opened, with none of the keys or because they were changed: they are as they were. */
  readonly unreadable: readonly SecretName[];
}

/** Secrets that are kept sealed in a storage. */
export interface SealedSecrets extends Secrets {
  /**
   * Seals a secret, in the place of the one that has this name and owner.
   *
   * @param name - 1 to 255 characters; what integrations call it.
   * @param value - Any text, or a token that expires.
   * @param options - Who may have it.
   * @throws `TocsinError` with code `invalid_options`; whatever the storage throws.
   */
  put(name: string, value: string | RotatingSecret, options?: PutSecretOptions): Promise<void>;
  /**
   * Deletes a secret; does nothing when there is none.
   *
   * @param name - Its name.
   * @param owner - Whose it is.
   * @throws Whatever the storage throws.
   */
  delete(name: string, owner?: SecretOwner): Promise<void>;
  /**
   * Lists what is sealed, without opening it.
   *
   * @returns All names with their owners, in order of the names.
   * @throws Whatever the storage throws.
   */
  names(): Promise<readonly SecretName[]>;
  /**
   * Seals everything with the present key that is sealed with a previous one. When it is done, and nothing was unreadable, the
   * previous keys can go.
   *
   * @returns What it did.
   * @throws Whatever the storage throws; what was done by then stays so, and it can be called again.
   */
  reseal(): Promise<ResealResult>;
}

const maxNameCharacters = 255;
/** How often a secret that others keep changing is sealed anew. */
const mostTries = 10;

/**
 * Keeps secrets in a storage, sealed with AES-256-GCM. A secret belongs to an entity, or to no entity, and is given only to
 * integrations that belong to the same. Its name and owner are part of the seal: a record that somebody copies to another place
 * does not open there.
 *
 * @param options - The key, and where to keep them.
 * @returns Secrets that resolve a name to what was put under it. `resolve` throws `TocsinError` with code
 * `secret_unreadable` for what was sealed with an unknown key, or changed since; before there is a storage everything throws
 * `invalid_options`.
 * @throws `TocsinError` with code `invalid_options`.
 */
export function sealedSecrets(options: SealedSecretsOptions): SealedSecrets {
  checkAdapterOptions<Omit<SealedSecretsOptions, 'key'> & { key?: undefined }>(
    { ...options, key: undefined },
    {
      key: 'text',
      previousKeys: 'list',
      storage: 'object',
      refresh: 'function',
      refreshBeforeMs: 'number',
      now: 'function',
    },
  );
  const given: SealedSecretsOptions = { ...options };
  const { refresh, refreshBeforeMs = 600_000, now = Date.now } = given;
  if (!(refreshBeforeMs >= 0)) throw invalid('Expected milliseconds from 0 at refreshBeforeMs');
  const key = readSealingKey('key', given.key);
  const previous = (given.previousKeys ?? []).map((each, index) => readSealingKey(`previousKeys[${index}]`, each));
  const { storage, attach } = createStoragePlace(given.storage);
  const records = createSealedRecords(storage, key, previous);
  const rotation = createRotation({ storage, records, refresh, refreshBeforeMs, now });

  const find = async ({ name, integration }: SecretRequest): Promise<FoundSecret | undefined> => {
    const found = await records.read(name, integration.entity);
    const isForIt = found?.integrationType === undefined || found.integrationType === integration.type;
    return isForIt ? found : undefined;
  };

  const read = (found: FoundSecret, refused?: string): Promise<string> | string => {
    const { value } = found;
    return value.type === 'rotating' ? rotation({ ...found, value }, refused) : value.text;
  };

  const resealed = async ({ name, entity }: SecretName): Promise<boolean> => {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const found = await records.read(name, entity);
      if (found === undefined || found.isCurrent) return false;
      if (await records.write(found, found.value, found.revision)) return true;
    }
    return false;
  };

  return {
    attach,
    async resolve(request) {
      const found = await find(request);
      return found === undefined ? undefined : read(found);
    },
    async renew(request: RefusedSecret) {
      const found = await find(request);
      if (found === undefined) return undefined;
      const value = textOf(found.value) === request.refused ? await read(found, request.refused) : textOf(found.value);
      return value === request.refused ? undefined : value;
    },
    async put(name, value, owner = {}) {
      const { entity, integrationType } = owner;
      checkName('the name', name);
      if (entity !== undefined) checkName('entity', entity);
      await records.write({ name, entity, integrationType }, readValue(value));
    },
    delete: async (name, { entity } = {}) => records.delete(name, entity),
    async names() {
      const names: SecretName[] = [];
      for await (const name of records.names()) names.push(name);
      return names.sort((a, b) => (placeIn(a) < placeIn(b) ? -1 : 1));
    },
    async reseal() {
      let count = 0;
      const unreadable: SecretName[] = [];
      for await (const owner of records.names()) {
        try {
          if (await resealed(owner)) count += 1;
        } catch (error) {
          if (!TocsinError.is(error) || error.code !== 'secret_unreadable') throw error;
          unreadable.push(owner);
        }
      }
      return { resealed: count, unreadable };
    },
  };
}

function placeIn({ name, entity }: SecretName): string {
  return JSON.stringify([name, entity ?? '']);
}

function readValue(value: unknown): SecretValue {
  if (typeof value === 'string') return { type: 'text', text: value };
  if (!isRotatingSecret(value)) {
    throw invalid('Expected a text, or accessToken, refreshToken and expiresAt, as the value of the secret');
  }
  const { accessToken, refreshToken, expiresAt } = value;
  return { type: 'rotating', accessToken, refreshToken, expiresAt };
}

function checkName(what: string, name: unknown): void {
  if (typeof name === 'string' && name.length > 0 && name.length <= maxNameCharacters) return;
  throw invalid(`Expected ${what} of a secret as a text of 1 to ${maxNameCharacters} characters`);
}

function invalid(message: string): TocsinError {
  return new TocsinError({ code: 'invalid_options', message });
}
