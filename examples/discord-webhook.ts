import { type Delivery, DeliveryError } from 'tocsin';

export function discordWebhook(): Delivery {
  return {
    name: 'discord-webhook',
    integrationTypes: ['custom'],
    pacing: { messagesPerSecond: 1, burst: 5 },

    // Looked at when an integration is stored.
    check: (integration) =>
      integration.type === 'custom' && integration.secretNames?.['url'] === undefined
        ? [
            {
              code: 'required',
              path: 'secretNames.url',
              message: 'Expected the name of the secret with the webhook URL',
            },
          ]
        : [],

    async deliver({ integration, message, plainText, secret, signal }) {
      const names = integration.type === 'custom' ? integration.secretNames : undefined;
      const url = await secret(names?.['url'] ?? '');
      const facts = message.fields.map(({ name, value }) => `${name}: ${value}`);
      const links = message.links.map((link) => `${link.text}: <${link.url}>`);
      const lines = [message.title, message.text, ...(plainText ? [] : [...facts, ...links])];
      const content = lines.join('\n').slice(0, 2000);
      const body = JSON.stringify({ content, allowed_mentions: { parse: [] } });
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal,
      });
      if (response.ok) return { status: response.status };

      const { status } = response;
      const failure = { reason: `http_${status}`, status, message: `Discord answered ${status}` };
      if (status === 429) {
        const seconds = Number(response.headers.get('retry-after'));
        throw new DeliveryError({ ...failure, kind: 'unavailable', retryAfterMs: seconds * 1000 });
      }
      if (status >= 500) throw new DeliveryError({ ...failure, kind: 'unavailable', ambiguous: true });
      if (status === 400) throw new DeliveryError({ ...failure, kind: 'message' });
      throw new DeliveryError({ ...failure, kind: 'credential' });
    },
  };
}
