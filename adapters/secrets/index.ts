export { type EnvSecretsOptions, envSecrets } from './env-secrets.js';
