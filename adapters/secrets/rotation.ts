import { DeliveryError, type Storage } from '../../src/index.js';
import type { FoundSecret, RotatingSecret, SealedRecords, SecretName, SecretValue } from './sealed-records.js';

/** What a refresh has to know. */
export interface RefreshRequest {
  /** The secret's name. */
  readonly name: string;
  /** Whose it is; `undefined`: shared. */
  readonly entity: string | undefined;
  /** What the next token is got with. Many issuers take it once. */
  readonly refreshToken: string;
}

/** What {@link createRotation} works with. */
export interface RotationOptions {
  readonly storage: Storage;
  readonly records: SealedRecords;
  readonly refresh: ((request: RefreshRequest) => Promise<RotatingSecret>) | undefined;
  /** How long before it expires a token is replaced, in milliseconds. */
  readonly refreshBeforeMs: number;
  readonly now: () => number;
}

/** A rotating secret as it was read. */
export type FoundRotating = FoundSecret & { readonly value: { readonly type: 'rotating' } & RotatingSecret };

/** For how long one process alone may refresh a secret, in milliseconds: longer than any refresh takes. */
const claimMs = 60_000;
/** How long a token that still works is used on after a refresh has failed, before the next try, in milliseconds. */
const restMs = 60_000;

/**
 * Makes the function that reads a rotating secret, and refreshes it first when it expires soon or was refused: once, however
 * many ask and in however many processes.
 *
 * @returns A function that resolves to a token. It throws a `DeliveryError`: of kind `credential` when the refresh was
 * refused, of kind `unavailable` when it may work later; but no error as long as the present token works.
 */
export function createRotation({ storage, records, refresh, refreshBeforeMs, now }: RotationOptions) {
  /** By the secret's key: all who ask wait for the same refresh. */
  const underWay = new Map<string, Promise<string>>();
  /** Got, but not sealed yet: the storage failed, and the old refresh token is worth nothing any more. */
  const unsealed = new Map<string, { readonly revision: number; readonly value: SecretValue & RotatingSecret }>();
  const claimedUntil = new Map<string, number>();
  const restsUntil = new Map<string, number>();

  /** One process alone may hand in a refresh token. Its own claim does not stop it from trying again. */
  const claim = async (key: string): Promise<void> => {
    const nowMs = now();
    if ((claimedUntil.get(key) ?? 0) > nowMs) return;
    const untilMs = nowMs + claimMs;
    const { committed } = await storage.commit({
      require: [{ type: 'claim', key, nowMs, untilMs }],
      steps: [{ write: [] }],
    });
    if (!committed) throw refreshing();
    claimedUntil.set(key, untilMs);
  };

  const exchange = async (key: string, found: FoundRotating): Promise<SecretValue & RotatingSecret> => {
    const { name, entity, revision, value } = found;
    if (refresh === undefined) {
      const message = `The secret ${name} has expired, and sealedSecrets was given no refresh`;
      throw new DeliveryError({ kind: 'credential', reason: 'token_expired', message });
    }
    const claimKey = `${key}/refresh/${revision}`;
    await claim(claimKey);
    const next = await ask(refresh, { name, entity, refreshToken: value.refreshToken });
    claimedUntil.delete(claimKey);
    return { type: 'rotating', ...next };
  };

  /** What is there by now, if somebody has put another: another process, or a new installation. */
  const putMeanwhile = async ({ name, entity, revision }: FoundRotating): Promise<string | undefined> => {
    const present = await records.read(name, entity);
    return present === undefined || present.revision === revision ? undefined : textOf(present.value);
  };

  const rotate = async (key: string, found: FoundRotating): Promise<string> => {
    try {
      const kept = unsealed.get(key);
      const value = kept?.revision === found.revision ? kept.value : await exchange(key, found);
      unsealed.set(key, { revision: found.revision, value });
      const isSealed = await records.write(found, value, found.revision);
      unsealed.delete(key);
      if (isSealed) return value.accessToken;
      throw replaced(found);
    } catch (error) {
      const token = DeliveryError.is(error) ? await putMeanwhile(found) : undefined;
      if (token === undefined) throw error;
      return token;
    }
  };

  const once = (key: string, found: FoundRotating): Promise<string> => {
    const waitedFor = underWay.get(key) ?? rotate(key, found).finally(() => underWay.delete(key));
    underWay.set(key, waitedFor);
    return waitedFor;
  };

  return async (found: FoundRotating, refused?: string): Promise<string> => {
    const { accessToken, expiresAt } = found.value;
    const isRefused = refused === accessToken;
    if (!isRefused && now() < expiresAt - refreshBeforeMs) return accessToken;
    const key = records.keyOf(found.name, found.entity);
    const works = !isRefused && now() < expiresAt;
    if (works && now() < (restsUntil.get(key) ?? 0)) return accessToken;
    try {
      const token = await once(key, found);
      restsUntil.delete(key);
      return token;
    } catch (error) {
      if (!works) throw error;
      restsUntil.set(key, now() + restMs);
      return accessToken;
    }
  };
}

/** The part of a secret that is handed out. */
export function textOf(value: SecretValue): string {
  return value.type === 'text' ? value.text : value.accessToken;
}

async function ask(
  refresh: (request: RefreshRequest) => Promise<RotatingSecret>,
  request: RefreshRequest,
): Promise<RotatingSecret> {
  try {
    const { accessToken, refreshToken, expiresAt } = await refresh(request);
    if (isRotatingSecret({ accessToken, refreshToken, expiresAt })) return { accessToken, refreshToken, expiresAt };
  } catch (error) {
    if (DeliveryError.is(error)) throw error;
    // What was thrown is not kept: it may quote a token.
  }
  const message = `The secret ${request.name} could not be refreshed`;
  throw new DeliveryError({ kind: 'unavailable', reason: 'unexpected_error', message });
}

/** Whether a value is a token that expires, with what the next one is got with. */
export function isRotatingSecret(value: unknown): value is RotatingSecret {
  if (typeof value !== 'object' || value === null) return false;
  const { accessToken, refreshToken, expiresAt } = value as Partial<RotatingSecret>;
  const areTexts = [accessToken, refreshToken].every((token) => typeof token === 'string' && token !== '');
  return areTexts && Number.isFinite(expiresAt);
}

function refreshing(): DeliveryError {
  const message = 'Another process refreshes the secret now';
  return new DeliveryError({ kind: 'unavailable', reason: 'refresh_under_way', message, retryAfterMs: 1000 });
}

function replaced({ name }: SecretName): DeliveryError {
  const message = `The secret ${name} was deleted while it was refreshed`;
  return new DeliveryError({ kind: 'credential', reason: 'secret_unavailable', message });
}
