/**
 * Secrets: from environment variables of an allow list, sealed in a storage, or both.
 *
 * @packageDocumentation
 */
export type { AllowedSecret } from './allowed-secrets.js';
export { type EnvSecretsOptions, envSecrets } from './env-secrets.js';
export { firstOf } from './first-of.js';
export type { RefreshRequest } from './rotation.js';
export type { RotatingSecret, SecretName } from './sealed-records.js';
export {
  type PutSecretOptions,
  type ResealResult,
  type SealedSecrets,
  type SealedSecretsOptions,
  type SecretOwner,
  sealedSecrets,
} from './sealed-secrets.js';
export type { SealingKeyInput } from './sealing-key.js';
