import { type Secrets, TocsinError } from '../../src/index.js';
import { checkAdapterOptions } from '../../src/ports/adapter-options.js';
import { type AllowedSecret, mayRead, readAllowed } from './allowed-secrets.js';

/** What {@link envSecrets} takes. */
export interface EnvSecretsOptions {
  /**
   * Which variables may be read: names, or names that end in `*`; each as it is, for any integration, or as
   * {@link AllowedSecret} for some types of integration alone. It is required: definitions may come from end users, and one could name
   * `DATABASE_URL` and have it sent to himself.
   *
   * The same goes for what is allowed: whoever may create an integration of type `webhook` can name any of these as its access
   * token, and have it posted to a URL of his own, the host's bot token too. So beside webhooks write
   * `{ name: 'SLACK_*', integrationTypes: ['slack'] }`.
   */
  readonly allow: readonly (string | AllowedSecret)[];
  /** Where the values are. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads secrets from environment variables of an allow list.
 *
 * It can't tell owners apart: every entity may name what is allowed. What belongs to one entity is for `sealedSecrets`.
 *
 * @param options - Which variables may be read.
 * @returns Secrets that resolve a name to the variable's present value, or to `undefined` when it is not set or not
 * allowed. A variable that is not allowed is never read.
 * @throws `TocsinError` with code `invalid_options`, also without an allow list.
 */
export function envSecrets(options: EnvSecretsOptions): Secrets {
  checkAdapterOptions(options, { allow: 'list', env: 'object' });
  const { env = process.env } = options;
  const allowed = readAllowed(options.allow);
  if (allowed === undefined) {
    throw new TocsinError({
      code: 'invalid_options',
      message:
        "Expected the names of variables such as ['SLACK_*'] at allow, or { name: 'SLACK_*', integrationTypes: ['slack'] }; '*' alone would allow everything",
    });
  }
  return {
    resolve: ({ name, integration }) =>
      allowed.some((each) => mayRead(each, name, integration?.type)) ? env[name] : undefined,
  };
}
