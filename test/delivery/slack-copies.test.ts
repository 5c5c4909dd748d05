import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { type SlackFault, type SlackWorkspace, startSlackWorkspace } from 'tocsin/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Delivery, DeliveryRequest, Receipt } from '../../src/index.js';
import { atMs, faultOf, sampleIntegration, sampleMessage, sampleRequest } from './slack-samples.js';

let workspace: SlackWorkspace;
let nowMs = atMs;

beforeEach(async () => {
  nowMs = atMs;
  workspace = await startSlackWorkspace({ rateLimit: false, clock: () => nowMs, channels: [{ name: 'alerts' }] });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await workspace.close();
});

const always = 100_000;
const adapter = (timeoutMs = 500) => slackWebApi({ token: workspace.token, slackApiUrl: workspace.apiUrl, timeoutMs });
/** To a channel that is known by its name alone, as routing names it. */
const request = (changes: Partial<DeliveryRequest> = {}): DeliveryRequest =>
  sampleRequest(sampleIntegration({ channel: '#alerts' }), changes);
const again = (slack: Delivery, changes: Partial<DeliveryRequest> = {}): Promise<Receipt> =>
  slack.deliver(request({ attempt: 2, mayHaveArrived: true, ...changes }));
const callsOf = (name: string) => workspace.requests.filter(({ method }) => method === name).length;
const copies = () => workspace.ledger.count('delivery-1');
const strike = (method: string, fault: SlackFault, times = always) => workspace.fault({ ...fault, method, times });

const failing: readonly SlackFault[] = [
  { type: 'slow-headers' },
  { type: 'stalled-body' },
  { type: 'reset' },
  { type: 'http-503' },
  { type: '429', retryAfterSeconds: 30 },
];

describe.each(['conversations.list', 'conversations.history'])('while Slack answers no %s', (method) => {
  it.each(failing)('because of %j, a message is posted unseen once, at the fifth look', async (fault) => {
    strike('chat.postMessage', { type: 'commit-then-reset' });
    strike(method, fault);
    const slack = adapter(100);
    await faultOf(slack.deliver(request()));
    for (let look = 1; look < 5; look += 1) await faultOf(again(slack));
    expect(copies()).toBe(1);
    for (let look = 5; look < 9; look += 1) expect(await faultOf(again(slack))).toMatchObject({ ambiguous: true });
    expect(copies()).toBe(2);
  });
});

it('a message that a look found nowhere is posted again, and waits as patiently as at first when looks fail anew', async () => {
  const slack = adapter();
  const failLooks = () => strike('conversations.history', { type: 'http-503' });
  const posts = strike('chat.postMessage', { type: 'reset' });
  let looks = failLooks();
  await faultOf(slack.deliver(request()));
  for (let look = 1; look <= 6; look += 1) await faultOf(again(slack));
  expect(callsOf('chat.postMessage')).toBe(2);
  looks.cancel();
  await faultOf(again(slack));
  expect(callsOf('chat.postMessage')).toBe(3);
  posts.cancel();
  looks = failLooks();
  for (let look = 1; look < 5; look += 1) await faultOf(again(slack));
  expect(callsOf('chat.postMessage')).toBe(3);
  expect((await again(slack)).note).toMatch(/^may be a duplicate/);
  expect(copies()).toBe(1);
});

describe('what stands there twice', () => {
  /** Two copies, and looks that come right again. */
  const sendTwice = async (slack: Delivery): Promise<void> => {
    const posts = strike('chat.postMessage', { type: 'commit-then-reset' });
    const looks = strike('conversations.history', { type: 'http-503' });
    await faultOf(slack.deliver(request()));
    for (let look = 1; look <= 5; look += 1) await faultOf(again(slack));
    posts.cancel();
    looks.cancel();
    expect(copies()).toBe(2);
  };

  it('is said to be a duplicate when it is found', async () => {
    const slack = adapter();
    await sendTwice(slack);
    const { note, messageId } = await again(slack);
    expect(note).toBe('found after an ambiguous attempt; may be a duplicate: it stands there 2 times');
    expect(workspace.ledger.arrivals('delivery-1').map(({ ts }) => ts)).toContain(messageId);
  });

  it('is said to be one by a process that knows nothing of the other’s attempts, too', async () => {
    await sendTwice(adapter());
    expect((await again(adapter())).note).toContain('may be a duplicate: it stands there 2 times');
    expect(copies()).toBe(2);
  });

  it.each([
    [0, undefined],
    [120, 'it was sent again before it was found'],
  ])('may do so where %i newer messages hide the older ones: then it is said of one copy, too', async (newer, why) => {
    const slack = adapter();
    strike('chat.postMessage', { type: 'reset' }, 1);
    const looks = strike('conversations.history', { type: 'http-503' });
    await faultOf(slack.deliver(request()));
    for (let look = 1; look < 5; look += 1) await faultOf(again(slack));
    const sendUnseen = async (): Promise<void> => {
      strike('chat.postMessage', { type: 'commit-then-reset' }, 1);
      await faultOf(again(slack));
    };
    for (let index = 0; index < newer; index += 1) {
      nowMs += 1_000;
      if (index === 60) await sendUnseen();
      await adapter().deliver(request({ deliveryId: `newer-${index}` }));
    }
    if (newer === 0) await sendUnseen();
    looks.cancel();
    const { note } = await again(slack);
    expect(note).toBe(`found after an ambiguous attempt${why === undefined ? '' : `; may be a duplicate: ${why}`}`);
  });

  it('in a thread is counted there', async () => {
    const slack = adapter();
    const { channelId = '', messageId = '' } = await slack.deliver(request({ deliveryId: 'alert' }));
    const thread = { channelId, messageId };
    await slack.deliver(request({ thread }));
    await slack.deliver(request({ thread }));
    expect((await again(slack, { thread })).note).toContain('may be a duplicate: it stands there 2 times');
  });

  it('is said of an alert with a picture and one without, and the receipt leads to the picture', async () => {
    const message = sampleMessage({ image: { type: 'stored', handle: 'image-1' } });
    const picture = { message, image: async () => Uint8Array.of(1, 2, 3) };
    const slack = adapter();
    const uploaded = await slack.deliver(request(picture));
    nowMs += 1_000;
    await slack.deliver(request());
    const found = await again(slack, picture);
    expect(found).toMatchObject({ messageId: uploaded.messageId, note: expect.stringContaining('2 times') });
    expect(found.note).not.toContain('picture');
  });

  it('may follow when the upload of a picture is in doubt, and its alert is found without it', async () => {
    const message = sampleMessage({ image: { type: 'stored', handle: 'image-1' } });
    const picture = { message, image: async () => Uint8Array.of(1, 2, 3) };
    const slack = adapter();
    strike('files.completeUploadExternal', { type: 'reset' }, 1);
    strike('chat.postMessage', { type: 'commit-then-reset' }, 1);
    await faultOf(slack.deliver(request(picture)));
    const { note } = await again(slack, picture);
    expect(note).toMatch(
      /^found after an ambiguous attempt; the picture is missing: an earlier .* may be a duplicate$/,
    );
    expect(workspace.channel('alerts').messages).toHaveLength(1);
  });

  it('can not be so when the upload certainly failed: nothing of it is said', async () => {
    const message = sampleMessage({ image: { type: 'stored', handle: 'image-1' } });
    const picture = { message, image: async () => Uint8Array.of(1, 2, 3) };
    const slack = adapter();
    strike('upload', { type: 'http-500' }, 1);
    strike('chat.postMessage', { type: 'commit-then-reset' }, 1);
    await faultOf(slack.deliver(request(picture)));
    const { note } = await again(slack, picture);
    expect(note).toMatch(/^found after an ambiguous attempt; the picture is missing: /);
    expect(note).not.toContain('duplicate');
  });
});

describe('the id of a channel that is known by its name', () => {
  const daysLater = () => {
    const { now } = performance;
    vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + 20 * 86_400_000);
  };

  const postedBeforeItWasReplaced = async (): Promise<Delivery> => {
    const slack = adapter();
    await slack.deliver(request({ deliveryId: 'earlier' }));
    daysLater();
    workspace.renameChannel('alerts', 'old-alerts');
    workspace.createChannel({ name: 'alerts' });
    return slack;
  };

  it('is learnt from the messages before, for as long as the process lives: where no list comes, the message is found there', async () => {
    const slack = adapter();
    await slack.deliver(request({ deliveryId: 'earlier' }));
    daysLater();
    strike('conversations.list', { type: 'slow-headers' });
    strike('chat.postMessage', { type: 'commit-then-reset' }, 1);
    await faultOf(slack.deliver(request()));
    expect((await again(slack)).note).toBe('found after an ambiguous attempt');
    expect(copies()).toBe(1);
  });

  it('is that of the list where one comes: the name may be another channel’s by now', async () => {
    const slack = await postedBeforeItWasReplaced();
    strike('chat.postMessage', { type: 'commit-then-reset' }, 1);
    await faultOf(slack.deliver(request()));
    expect((await again(slack)).note).toBe('found after an ambiguous attempt');
    expect(copies()).toBe(1);
  });

  it('of old is no proof that a message is nowhere: without a list looks go on, and a copy is marked', async () => {
    const slack = await postedBeforeItWasReplaced();
    strike('conversations.list', { type: 'http-503' });
    strike('chat.postMessage', { type: 'commit-then-reset' }, 1);
    await faultOf(slack.deliver(request()));
    for (let look = 1; look < 5; look += 1) await faultOf(again(slack));
    expect(copies()).toBe(1);
    expect((await again(slack)).note).toContain('may be a duplicate');
  });

  it('is not used for a picture when it was learnt long ago: the name may be another channel’s by now', async () => {
    const slack = adapter();
    await slack.deliver(request({ deliveryId: 'earlier' }));
    const { now } = performance;
    vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + 3_600_000);
    const message = sampleMessage({ image: { type: 'stored', handle: 'image-1' } });
    await slack.deliver(request({ message, image: async () => Uint8Array.of(1, 2, 3) }));
    expect(callsOf('conversations.list')).toBe(1);
  });
});

describe('Slack’s clock', () => {
  it.each([-60_000, -1_800_000, 1_800_000])(
    'may be %i ms off ours: what was posted is found, and not posted twice',
    async (offMs) => {
      nowMs = atMs + offMs;
      strike('chat.postMessage', { type: 'commit-then-reset' }, 1);
      const slack = adapter();
      await faultOf(slack.deliver(request({ committedAtMs: atMs })));
      expect((await again(slack, { committedAtMs: atMs })).note).toBe('found after an ambiguous attempt');
      expect(copies()).toBe(1);
    },
  );
});
