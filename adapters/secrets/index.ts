/**
 * Secrets from environment variables of an allow list.
 *
 * @packageDocumentation
 */
export { type EnvSecretsOptions, envSecrets } from './env-secrets.js';
