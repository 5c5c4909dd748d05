import type { JsonObject, Message } from '../../../src/index.js';

/**
 * Writes a notification as the JSON that a webhook gets; `docs/webhooks.md` tells receivers of it.
 *
 * @param message - The notification.
 * @param plainText - Only the text, because the receiver has refused the whole.
 */
export function messageJson(message: Message, plainText: boolean): JsonObject {
  const { title, text, severity, fields, links, automationName, atMs } = message;
  return {
    title,
    text,
    severity,
    fields: plainText ? [] : fields.map(({ name, value }) => ({ name, value })),
    links: plainText ? [] : links.map(({ text: label, url }) => ({ text: label, url })),
    automationName,
    at: atMs,
  };
}
