import type { IntegrationDefinition } from '../definition/integration.js';
import { type Issue, TocsinError } from '../errors.js';
import { describeAnswer } from '../notify/describe-answer.js';
import type { Delivery } from '../ports/delivery.js';

/**
 * Asks an adapter what it misses in an integration. A check that is wrong itself is a fault of the host's, and told as
 * such.
 *
 * @throws `invalid_options` for a check that throws, or returns anything but issues.
 */
export function askCheck(delivery: Delivery, definition: IntegrationDefinition): readonly Issue[] {
  const answer = answerOf(delivery, definition);
  if (answer === undefined || answer === null) return [];
  if (!Array.isArray(answer)) throw wrongAnswer(delivery, describeAnswer(answer));
  return answer.map((issue: unknown) => {
    if (!isIssue(issue)) throw wrongAnswer(delivery, `a list with ${describeAnswer(issue)}`);
    const { code, path, message } = issue;
    return { code, path, message };
  });
}

function answerOf(delivery: Delivery, definition: IntegrationDefinition): unknown {
  try {
    return delivery.check?.(definition);
  } catch (cause) {
    // What it threw may quote the adapter's token.
    const message = `The check of the delivery "${delivery.name}" threw`;
    throw new TocsinError({ code: 'invalid_options', message, cause });
  }
}

function isIssue(value: unknown): value is Issue {
  if (typeof value !== 'object' || value === null) return false;
  const { code, path, message } = value as Partial<Issue>;
  return [code, path, message].every((part) => typeof part === 'string');
}

function wrongAnswer({ name }: Delivery, got: string): TocsinError {
  const message = `The check of the delivery "${name}" must return a list of issues, got ${got}`;
  return new TocsinError({ code: 'invalid_options', message });
}
