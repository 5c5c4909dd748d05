import { createHash } from 'node:crypto';
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
  readonly storage: () => Storage;
  readonly records: SealedRecords;
  readonly refresh: ((request: RefreshRequest) => Promise<RotatingSecret>) | undefined;
  /** How long before it expires a token is replaced, in milliseconds. */
  readonly refreshBeforeMs: number;
  readonly now: () => number;
}

type RotatingValue = { readonly type: 'rotating' } & RotatingSecret;

/** A rotating secret as it was read. */
export type FoundRotating = FoundSecret & { readonly value: RotatingValue };

/** For how long one process alone may refresh a secret, in milliseconds: longer than any refresh takes. */
const claimMs = 60_000;
/** How long a token that still works is used on after a refresh has failed, before the next try, in milliseconds. */
const restMs = 60_000;
/** How often what was got is written over a secret that others keep sealing anew. */
const mostTries = 10;

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
  /** Got, but not sealed yet: the storage failed, and the refresh token that was handed in is worth nothing any more. */
  const unsealed = new Map<string, { readonly instead: RotatingSecret; readonly value: RotatingValue }>();
  const claimedUntil = new Map<string, number>();
  const restsUntil = new Map<string, number>();

  /** One process alone may hand in a refresh token. Its own claim does not stop it from trying again. */
  const claim = async (key: string, name: string): Promise<void> => {
    const nowMs = now();
    if ((claimedUntil.get(key) ?? 0) > nowMs) return;
    const untilMs = nowMs + claimMs;
    const { committed } = await storage().commit({
      require: [{ type: 'claim', key, nowMs, untilMs }],
      steps: [{ write: [] }],
    });
    if (!committed) throw refreshing(name);
    claimedUntil.set(key, untilMs);
  };

  const exchange = async (key: string, found: FoundRotating): Promise<RotatingValue> => {
    const { name, entity, value } = found;
    if (refresh === undefined) {
      const message = `The secret ${name} has expired, and sealedSecrets was given no refresh: give it slackTokenRefresh for a token of Slack, or put another token`;
      throw new DeliveryError({ kind: 'credential', reason: 'token_expired', message });
    }
    // Of the tokens and not of the record, which may be sealed anew meanwhile. Tokens can't be found by their hash.
    const claimKey = `${key}/refresh/${hashOf(value)}`;
    await claim(claimKey, name);
    const next = await ask(refresh, { name, entity, refreshToken: value.refreshToken });
    claimedUntil.delete(claimKey);
    return { type: 'rotating', ...next };
  };

  /** What is there by now, if somebody has put another: another process, or a new installation. */
  const putMeanwhile = async ({ name, entity, integrationType, value }: FoundRotating): Promise<string | undefined> => {
    const present = await records.read(name, entity);
    // Sealed anew it still is the same.
    if (present === undefined || isSame(present.value, value)) return undefined;
    const isForThem = present.integrationType === undefined || present.integrationType === integrationType;
    return isForThem ? textOf(present.value) : undefined;
  };

  /** Puts what was got in the place of the refresh token that was handed in, and of nothing else. */
  const sealNext = async (found: FoundRotating, value: RotatingValue): Promise<boolean> => {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const present = await records.read(found.name, found.entity);
      if (present === undefined || !isSame(present.value, found.value)) return false;
      if (await records.write(present, value, present.revision)) return true;
    }
    const message = `The secret ${found.name} was refreshed, but is being sealed anew again and again; it is tried again`;
    throw new DeliveryError({ kind: 'unavailable', reason: 'refresh_under_way', message, retryAfterMs: 1000 });
  };

  const rotate = async (key: string, found: FoundRotating): Promise<string> => {
    const instead = found.value;
    try {
      const kept = unsealed.get(key);
      const isKept = kept !== undefined && isSame(found.value, kept.instead);
      const value = isKept ? kept.value : await exchange(key, found);
      unsealed.set(key, { instead, value });
      const isSealed = await sealNext(found, value);
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
    if (DeliveryError.is(error)) throw withoutToken(error, request.refreshToken);
    // What was thrown is not kept: it may quote a token.
  }
  const message = `The secret ${request.name} could not be refreshed: the refresh given to sealedSecrets threw no DeliveryError, or gave no token`;
  throw new DeliveryError({ kind: 'unavailable', reason: 'unexpected_error', message });
}

/** Its words are kept with the attempt. What caused it and what was answered may quote a token, and is not kept. */
function withoutToken({ kind, reason, message, retryAfterMs }: DeliveryError, token: string): DeliveryError {
  const [cleanReason, cleanMessage] = [reason, message].map((text) =>
    String(text).replaceAll(token, '[refresh token]'),
  );
  return new DeliveryError({ kind, reason: String(cleanReason), message: String(cleanMessage), retryAfterMs });
}

/** Whether a value is a token that expires, with what the next one is got with. */
export function isRotatingSecret(value: unknown): value is RotatingSecret {
  if (typeof value !== 'object' || value === null) return false;
  const { accessToken, refreshToken, expiresAt } = value as Partial<RotatingSecret>;
  const areTexts = [accessToken, refreshToken].every((token) => typeof token === 'string' && token !== '');
  return areTexts && Number.isFinite(expiresAt);
}

/** Both tokens: some issuers leave the refresh token as it is. */
function isSame(value: SecretValue, { accessToken, refreshToken }: RotatingSecret): boolean {
  return value.type === 'rotating' && value.accessToken === accessToken && value.refreshToken === refreshToken;
}

function hashOf({ accessToken, refreshToken }: RotatingSecret): string {
  return createHash('sha256')
    .update(JSON.stringify([accessToken, refreshToken]))
    .digest('hex');
}

function refreshing(name: string): DeliveryError {
  const message = `Another process refreshes the secret ${name} now; it is tried again`;
  return new DeliveryError({ kind: 'unavailable', reason: 'refresh_under_way', message, retryAfterMs: 1000 });
}

function replaced({ name }: SecretName): DeliveryError {
  const message = `The secret ${name} was deleted while it was refreshed: put it anew, or install the app again`;
  return new DeliveryError({ kind: 'credential', reason: 'secret_unavailable', message });
}
