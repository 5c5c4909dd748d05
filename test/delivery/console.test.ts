import { consoleDelivery } from 'tocsin/delivery/console';
import { expect, test } from 'vitest';
import { sampleMessage, sampleRequest } from './slack-samples.js';

const integration = {
  type: 'console',
  name: 'terminal',
  delivery: 'console',
  id: 'integration-1',
  revision: 1,
  createdAt: 0,
  updatedAt: 0,
  status: 'ok',
} as const;

const links = [
  { text: 'Open the run', url: 'https://example.com/runs/7' },
  { text: 'https://example.com/', url: 'https://example.com/' },
];

const printed = [
  '✖ ERROR  Loss exploded',
  '  The loss of *train-7* is far above what it was.',
  '  Run: train_7',
  '  val/loss: 12.5 > 3',
  '  Open the run: https://example.com/runs/7',
  '  https://example.com/',
  '  loss-guard · 2026-08-20T12:34:56.000Z',
];

test('the console prints a message with its links, and its preview shows the same lines', async () => {
  const lines: string[] = [];
  const delivery = consoleDelivery({ write: (line) => lines.push(line) });
  const message = sampleMessage({ links });
  expect(delivery.preview?.({ integration, message })).toEqual(printed);
  expect(lines).toEqual([]);
  await delivery.deliver(sampleRequest(integration, { message }));
  expect(lines).toEqual(printed);
});

test.each([
  [{ type: 'url', url: 'https://example.com/plot.png' } as const, '  Image: https://example.com/plot.png'],
  [{ type: 'stored', handle: 'image-1' } as const, '  Image: stored picture'],
])('the console says that there is a picture: %j', (image, line) => {
  const lines = consoleDelivery().preview?.({ integration, message: sampleMessage({ image }) });
  expect(lines).toEqual([...printed.slice(0, 4), line, printed.at(-1)]);
});

test('nothing that a message says steers the terminal', () => {
  const hostile = '\u001b[2J\u0007\r\u009b31m';
  const message = sampleMessage({
    title: hostile,
    text: hostile,
    fields: [{ name: hostile, value: hostile }],
    links: [{ text: hostile, url: `https://example.com/${hostile}` }],
    image: { type: 'url', url: `https://example.com/${hostile}` },
    automationName: hostile,
  });
  const lines = consoleDelivery().preview?.({ integration, message });
  expect(lines).not.toContainEqual(expect.stringMatching(/\p{Cc}/u));
});
