const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Escapes the three characters that are special to Slack, once.
 *
 * That neutralises mentions (`<!channel>`, `<@U…>`), links (`<url|label>`) and date tokens. It doesn't neutralise `*_~`,
 * backticks and `:emoji:`; text that must not be formatted belongs into a `plain_text` object.
 *
 * @param text - Text that is not escaped yet.
 * @returns The text for a `mrkdwn` object or a message's top-level text.
 */
export function escapeMrkdwn(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities[character] ?? character);
}
