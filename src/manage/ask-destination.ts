import { DeliveryError } from '../errors.js';
import { describeAnswer } from '../notify/describe-answer.js';
import type { Redactor } from '../notify/redact.js';
import type { Verification, VerificationProblem } from '../ports/verification.js';
import { redactFault } from './redact-fault.js';

/**
 * A secret that is not there is a finding like any other; a destination that can't be asked is an error. An adapter
 * may well quote the secret that it was given, so nothing of what it says goes on as it is.
 */
export async function askDestination(
  delivery: string,
  verify: () => Promise<Verification>,
  redactor: Redactor,
): Promise<Verification> {
  try {
    const verification: unknown = await verify();
    if (!isVerification(verification)) throw wrongAnswer(delivery, verification);
    const problems = verification.problems.map((problem) => ({
      ...problem,
      reason: redactor.text(problem.reason),
      message: redactor.text(problem.message),
    }));
    const notes = verification.notes?.map((note) => redactor.text(note));
    return { ...verification, problems, ...(notes === undefined ? {} : { notes }) };
  } catch (error) {
    const fault = redactFault(error, redactor);
    if (!DeliveryError.is(fault) || (fault.kind !== 'credential' && fault.kind !== 'channel')) throw fault;
    const { kind, reason, message } = fault;
    return { ok: false, problems: [{ kind, reason, message }] };
  }
}

function isVerification(value: unknown): value is Verification {
  if (typeof value !== 'object' || value === null) return false;
  const { ok, problems, notes = [], channelId, channelName, teamName } = value as Partial<Verification>;
  const isLearnt = (name: unknown): boolean => name === undefined || typeof name === 'string';
  return (
    typeof ok === 'boolean' &&
    Array.isArray(problems) &&
    problems.every(isProblem) &&
    Array.isArray(notes) &&
    notes.every((note) => typeof note === 'string') &&
    [channelId, channelName, teamName].every(isLearnt)
  );
}

function isProblem(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { reason, message } = value as Partial<VerificationProblem>;
  return typeof reason === 'string' && typeof message === 'string';
}

function wrongAnswer(delivery: string, got: unknown): DeliveryError {
  const expected =
    'ok, true or false, and problems, a list, each with a reason and a message (and notes, if any, a list of texts)';
  const message = `The verify of the delivery "${delivery}" must return ${expected}; got ${describeAnswer(got)}`;
  return new DeliveryError({ kind: 'unavailable', reason: 'unexpected_error', message });
}
