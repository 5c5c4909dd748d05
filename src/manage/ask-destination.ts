import { describeThrown } from '../definition/path.js';
import { DeliveryError, TocsinError } from '../errors.js';
import type { Redactor } from '../notify/redact.js';
import type { Verification } from '../ports/delivery.js';

/**
 * A secret that is not there is a finding like any other; a destination that can't be asked is an error. An adapter
 * may well quote the secret that it was given, so nothing of what it says goes on as it is.
 */
export async function askDestination(
  verify: () => Promise<Verification> | undefined,
  redactor: Redactor,
): Promise<Verification> {
  try {
    const verification = (await verify()) ?? { ok: true, problems: [] };
    const problems = verification.problems.map((problem) => ({
      ...problem,
      reason: redactor.text(problem.reason),
      message: redactor.text(problem.message),
    }));
    return { ...verification, problems };
  } catch (error) {
    if (!TocsinError.is(error)) {
      const message = redactor.text(describeThrown(error));
      throw new DeliveryError({ kind: 'unavailable', reason: 'unexpected_error', message });
    }
    const message = redactor.text(error.message);
    if (!DeliveryError.is(error)) throw new TocsinError({ code: error.code, message, issues: error.issues });
    if (error.kind === 'credential' || error.kind === 'channel') {
      return { ok: false, problems: [{ kind: error.kind, reason: error.reason, message }] };
    }
    const { kind, reason, status, ambiguous, retryAfterMs } = error;
    throw new DeliveryError({ kind, reason, message, status, ambiguous, retryAfterMs });
  }
}
