import type { JsonValue, Message } from '../../../src/index.js';
import { slackPayload } from './slack-payload.js';

/**
 * Shows what would be sent to Slack for a message.
 *
 * @param message - The message; `undefined` for the payload of a webhook action, which Slack gets none of.
 * @param more - What an adapter adds to the payload.
 * @returns The payload as JSON, with words where the delivery id would stand.
 */
export function previewPayload(message: Message | undefined, more: Readonly<Record<string, string>> = {}): JsonValue {
  if (message === undefined) return null;
  const payload = slackPayload({ message, deliveryId: '[the id of the delivery]', plainText: false });
  return JSON.parse(JSON.stringify({ ...more, ...payload }));
}
