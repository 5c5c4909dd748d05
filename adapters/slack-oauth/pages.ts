import type { Integration } from '../../src/index.js';
import type { SlackOAuthOutcome } from './outcome.js';

/** Nothing may be kept, framed, run, or told to the next page: the address holds a code. */
export const safeHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** The page that tells a person what came of it. Nothing of the request is in it. */
export function pageOf(outcome: SlackOAuthOutcome): Response {
  const { title, paragraphs } = wordsFor(outcome);
  const body = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}</style></head>
<body><h1>${escapeHtml(title)}</h1>
${paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`).join('\n')}
</body></html>
`;
  const headers = { ...safeHeaders, 'content-type': 'text/html; charset=utf-8' };
  return new Response(body, { status: outcome.status, headers });
}

interface Words {
  readonly title: string;
  readonly paragraphs: readonly string[];
}

function wordsFor(outcome: SlackOAuthOutcome): Words {
  switch (outcome.type) {
    case 'installed':
      return { title: 'Slack is connected', paragraphs: [placeOf(outcome.integration), ...outcome.problems, close] };
    case 'denied':
      return { title: 'Slack was not connected', paragraphs: ['You did not allow it, so nothing has changed.', close] };
    case 'refused':
      return { title: 'Slack was not connected', paragraphs: [refusals[outcome.reason] ?? stale] };
    case 'failed':
      return {
        title: 'Slack was not connected',
        paragraphs: ['Something went wrong that is not your fault. Go back and connect Slack again.'],
      };
    default:
      return outcome satisfies never;
  }
}

const close = 'You can close this page.';
/** One text for all that is wrong with a state: who forges one learns nothing. */
const stale = 'This link is no longer good, or was made for somebody else. Go back and connect Slack again.';

const refusals: Readonly<Record<string, string>> = {
  invalid_request: 'This is no answer of Slack. Go back and connect Slack again.',
  unsupported_installation: 'Choose one workspace: a whole organization can’t be connected.',
};

function placeOf({ channelName, teamName }: Integration): string {
  const team = teamName ?? 'the workspace';
  if (channelName === undefined) return `It can post in ${team} as soon as a channel is chosen.`;
  return `It can post to #${channelName.replace(/^#/, '')} in ${team}.`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
