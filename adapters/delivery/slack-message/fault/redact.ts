const slackToken = /\bxox[a-z]{1,2}-[\w-]+/gi;
const webhookUrl = /https?:\/\/hooks\.slack(?:-gov)?\.com\/[^\s"'<>]*/gi;

/**
 * Removes secrets from text that somebody may read.
 *
 * @param text - What Slack or the network said.
 * @param secrets - What must not be in it, besides anything that looks like a Slack token or webhook URL.
 * @returns The text with `[redacted]` in their place.
 */
export function redact(text: string, secrets: readonly string[]): string {
  let safe = text;
  for (const secret of secrets.filter((one) => one !== '')) {
    safe = safe.replaceAll(secret, '[redacted]').replaceAll(encodeURIComponent(secret), '[redacted]');
  }
  return safe.replace(slackToken, '[redacted]').replace(webhookUrl, '[redacted]');
}
