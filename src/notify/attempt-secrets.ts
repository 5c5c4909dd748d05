import type { Integration } from '../definition/integration.js';
import { DeliveryError, TocsinError } from '../errors.js';
import type { Secrets } from '../ports/secrets.js';
import { toDeliveryError } from './delivery-fault.js';
import type { Redactor } from './redact.js';

/** What {@link AttemptSecrets} are read with. */
interface AttemptSecretsOptions {
  readonly secrets: Secrets | undefined;
  readonly redactor: Redactor;
}

/** The secrets that one attempt reads. */
export interface AttemptSecrets {
  /**
   * Reads one.
   *
   * @throws `DeliveryError` of kind `credential` when there is none; of kind `unavailable` when it can't be read now.
   */
  read(name: string): Promise<string>;
  /**
   * Asks for others in place of those that were read, since one of them was refused.
   *
   * @returns Whether there is one; it is read from now on.
   * @throws As `read`.
   */
  renew(): Promise<boolean>;
}

/** Makes the secrets of one attempt at an integration. */
export function createAttemptSecrets(
  { secrets, redactor }: AttemptSecretsOptions,
  integration: Integration,
): AttemptSecrets {
  const known = new Map<string, string>();
  const renewed = new Map<string, string>();
  return {
    async read(name) {
      const value = renewed.get(name) ?? (await asked(redactor, name, () => secrets?.resolve({ name, integration })));
      if (value === undefined || value === '') throw missing(name, integration);
      redactor.add(value);
      known.set(name, value);
      return value;
    },
    async renew() {
      if (secrets?.renew === undefined) return false;
      for (const [name, refused] of known) {
        const value = await asked(redactor, name, () => secrets.renew?.({ name, integration, refused }));
        if (value !== undefined && value !== '' && value !== refused) renewed.set(name, value);
      }
      return renewed.size > 0;
    },
  };
}

type Answer = string | undefined;

async function asked(redactor: Redactor, name: string, ask: () => Promise<Answer> | Answer): Promise<Answer> {
  try {
    return await ask();
  } catch (cause) {
    throw unread(redactor, name, cause);
  }
}

/** Nothing was sent. What a vault throws may quote the secret, unless it is an error of ours: that one says what to do. */
function unread(redactor: Redactor, name: string, cause: unknown): DeliveryError {
  const message = `The secret ${name} could not be read`;
  const { kind, reason, message: why, retryAfterMs } = toDeliveryError(cause);
  if (DeliveryError.is(cause)) {
    return new DeliveryError({
      kind,
      reason: redactor.text(reason),
      message: `${message}: ${redactor.text(why)}`,
      retryAfterMs,
    });
  }
  if (!TocsinError.is(cause)) return new DeliveryError({ kind, reason: 'secret_unavailable', message });
  return new DeliveryError({ kind, reason: redactor.text(cause.code), message: `${message}: ${redactor.text(why)}` });
}

function missing(name: string, integration: Integration): DeliveryError {
  return new DeliveryError({
    kind: 'credential',
    reason: 'secret_unavailable',
    message: `There is no secret ${name} for the integration ${integration.name}, or it may not have it`,
  });
}
