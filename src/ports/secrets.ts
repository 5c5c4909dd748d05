import type { Integration } from '../definition/integration.js';
import type { Storage } from './storage.js';

/** Which secret is wanted, and by whom. */
export interface SecretRequest {
  /** The secret's name, as the integration gives it (`tokenSecretName`, `urlSecretName`). */
  readonly name: string;
  /** The integration that names it; its `entity` owns it. */
  readonly integration: Integration;
}

/**
 * Turns a secret's name into its value, at the moment of delivery. Values are never stored by tocsin.
 *
 * An implementation checks that this integration may read this secret: definitions may come from end users.
 */
export interface Secrets {
  /**
   * Called once by `createEngine`, before any secret is read, for a vault that keeps its secrets in the engine's storage. Left
   * out: it needs none.
   *
   * @param engine - The storage that the engine was given.
   * @throws Anything, when this vault can't serve this engine; then `createEngine` rejects.
   */
  attach?(engine: { readonly storage: Storage }): void;
  /**
   * Reads the value of one secret. It is called anew for each delivery that needs it. What has been called is waited for when the
   * engine closes, for `deliveryTimeoutMs` at most, before its storage is closed; after that nothing is called any more.
   *
   * @param request - The name, and the integration that asks.
   * @returns The value, or `undefined` when there is none or this integration may not have it.
   * @throws Anything, when the secret can't be read now; then the delivery is tried again. The reason, code and message of a
   * `DeliveryError` or `TocsinError` are recorded, so they must quote no secret; of anything else nothing is.
   */
  resolve(request: SecretRequest): Promise<string | undefined> | string | undefined;
  /**
   * Called when the destination has refused a value as a credential, at a delivery or when it is asked by `verify`: another may be there by now, or can be had, as with a
   * token that expired before its time. Left out: a refused credential is refused.
   *
   * @param request - The name, the integration that asks, and the value that was refused.
   * @returns A value that may work, which is tried once; `undefined` when there is no other.
   * @throws As {@link Secrets.resolve}; a `DeliveryError` of kind `credential` when there will be no other.
   */
  renew?(request: RefusedSecret): Promise<string | undefined> | string | undefined;
}

/** A secret whose value was refused. */
export interface RefusedSecret extends SecretRequest {
  /** The value as it was resolved. */
  readonly refused: string;
}
