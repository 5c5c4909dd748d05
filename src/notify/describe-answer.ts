import { describeValue } from '../definition/path.js';

/**
 * Names what an adapter answered where something else was expected. Its words are not quoted: they may hold a token. A
 * promise will not be waited for, and what it rejects with must not end the process.
 */
export function describeAnswer(answer: unknown): string {
  if (answer instanceof Promise) {
    answer.catch(() => {});
    return 'a promise';
  }
  return typeof answer === 'string' ? 'a text' : describeValue(answer);
}
