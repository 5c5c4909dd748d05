import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';

/** Takes every payload that was signed with the secret, once. */
export function webhookReceiver(secret: string, take: (payload: unknown) => void): Server {
  // For a secret that starts with whsec_: new Webhook(secret)
  const standard = new Webhook(Buffer.from(secret), { format: 'raw' });
  const taken = new Set<string>();

  return createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    // The signatures are of these bytes: JSON that is parsed and written again may differ.
    const body = Buffer.concat(chunks);
    const headers = request.headers as Record<string, string>;
    try {
      // Either signature is enough. This one also refuses what is older than 5 minutes.
      standard.verify(body, headers);
    } catch {
      response.writeHead(401).end('wrong signature');
      return;
    }
    if (!isSignedAsByWandb(body, request.headers, secret)) {
      response.writeHead(401).end('wrong signature');
      return;
    }
    // An attempt whose answer got lost is made again, under the same id.
    const id = headers['webhook-id'] ?? '';
    if (!taken.has(id)) take(JSON.parse(body.toString()));
    taken.add(id);
    response.writeHead(204).end();
  });
}

function isSignedAsByWandb(body: Buffer, headers: IncomingHttpHeaders, secret: string): boolean {
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = Buffer.from(String(headers['x-wandb-signature']), 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
