import { type Secrets, TocsinError } from '../../src/index.js';
import { checkAdapterOptions } from '../../src/ports/adapter-options.js';

/** What {@link envSecrets} takes. */
export interface EnvSecretsOptions {
  /**
   * Which variables may be read: names, or names that end in `*`. It is required: definitions may come from end users,
   * and one could name `DATABASE_URL` and have it sent to himself.
   */
  readonly allow: readonly string[];
  /** Where the values are. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads secrets from environment variables of an allow list.
 *
 * @param options - Which variables may be read.
 * @returns Secrets that resolve a name to the variable's present value, or to `undefined` when it is not set or not
 * allowed. A variable that is not allowed is never read.
 * @throws `TocsinError` with code `invalid_options`, also without an allow list.
 */
export function envSecrets(options: EnvSecretsOptions): Secrets {
  checkAdapterOptions(options, { allow: 'list', env: 'object' });
  const { allow, env = process.env } = options;
  if (!Array.isArray(allow) || allow.some((name) => typeof name !== 'string' || name === '' || name === '*')) {
    throw new TocsinError({
      code: 'invalid_options',
      message: "Expected the names of variables such as ['SLACK_*'] at allow; '*' alone would allow everything",
    });
  }
  return {
    resolve: ({ name }) => (allow.some((pattern) => fits(name, pattern)) ? env[name] : undefined),
  };
}

function fits(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
