import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { DeliveryError, type DeliveryTarget, type Verification } from '../../../src/index.js';
import { guardedLookup } from './guarded-lookup.js';
import { networkFault, noAnswer } from './network-fault.js';
import { readSecrets } from './read-secrets.js';
import type { WebhookSettings } from './settings.js';
import { targetOf } from './target-url.js';

/**
 * Looks at everything that can be looked at without posting: URL, secrets, and where the host's name leads.
 *
 * @param settings - How the adapter is set up.
 * @param target - The integration, and how to read its secrets.
 * @returns What is wrong. "Nothing" is not conclusive: only a post would tell whether the receiver takes one.
 * @throws `DeliveryError` of kind `unavailable` when a secret or the name can't be looked up now.
 */
export async function verifyTarget(settings: WebhookSettings, target: DeliveryTarget): Promise<Verification> {
  try {
    const { url, isAllowed } = targetOf(target.integration, settings.allowedOrigins);
    await readSecrets(target);
    if (!isAllowed && isIP(url.hostname.replaceAll(/[[\]]/g, '')) === 0) {
      await resolveHost(url.hostname, settings, target.signal);
    }
    return { ok: true, conclusive: false, problems: [] };
  } catch (error) {
    if (!DeliveryError.is(error) || error.retryable) throw error;
    const kind = error.kind === 'credential' ? 'credential' : 'channel';
    return { ok: false, problems: [{ reason: error.reason, kind, message: error.message }] };
  }
}

/** Settles with the signal or the timeout at the latest: a look-up itself can't be called off. */
async function resolveHost(
  hostname: string,
  { lookup, timeoutMs }: WebhookSettings,
  signal: DeliveryTarget['signal'],
): Promise<void> {
  if (signal.aborted) throw noAnswer('aborted', false);
  let end = (): void => {};
  try {
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => reject(noAnswer('aborted', false));
      const timer = setTimeout(() => reject(noAnswer('timeout', false)), timeoutMs);
      end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const onFound = (error: unknown, _found: string | LookupAddress[]): void =>
        error ? reject(networkFault(error, false)) : resolve();
      guardedLookup(lookup)(hostname, { all: true }, onFound);
    });
  } finally {
    end();
  }
}
