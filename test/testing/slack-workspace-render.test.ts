import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultBotScopes, renderSlackPayload } from '../../testing/slack-workspace/index.js';
import { manualClock, startWorkspace, webClient } from './slack-workspace-clients.js';

const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text });

describe('a channel of the fake Slack workspace as text', () => {
  it('reads like the channel: bars, fields, links, dates, threads, reactions', async () => {
    const clock = manualClock();
    const tokens = [{ token: 'xoxb-1', scopes: [...defaultBotScopes, 'chat:write.customize'] }];
    const workspace = await startWorkspace({ clock: clock.now, tokens });
    const client = webClient(workspace);
    const blocks = [
      { type: 'header', text: { type: 'plain_text', text: 'Loss diverged' } },
      { type: 'section', text: mrkdwn('*val_loss* &gt; 2 &amp; rising in <https://wandb.ai/r1|run r1>') },
      { type: 'section', fields: [mrkdwn('*Metric*\nval_loss'), mrkdwn('*Value:*\n2.41'), mrkdwn('*Step*\n4200')] },
      { type: 'divider' },
      {
        type: 'context',
        elements: [mrkdwn('watch loss'), mrkdwn('<!date^1700000000^{date} at {time}|14 Nov, 22:13 UTC>')],
      },
    ];
    const alert = { channel: '#alerts', text: 'ERROR watch loss', attachments: [{ color: '#e01e5a', blocks }] };
    const posted = await client.chat.postMessage(alert);
    clock.advance(61_000);
    const thread = { channel: '#alerts', thread_ts: String(posted.ts), username: 'skyline', icon_emoji: ':chart:' };
    await client.chat.postMessage({ ...thread, text: 'The training data page\nhas been reviewed' });
    await client.chat.postMessage({ ...thread, text: 'Still rising', reply_broadcast: true });
    await client.reactions.add({ channel: String(posted.channel), timestamp: String(posted.ts), name: 'eyes' });
    clock.advance(7_200_000);
    const late = await client.chat.postMessage({ channel: '#alerts', text: 'All well' });
    await client.chat.update({ channel: String(late.channel), ts: String(late.ts), text: 'All well again' });
    expect(workspace.render('#alerts')).toBe(`#alerts · Acme ML
──── 2023-11-14 UTC ────

22:13:20  tocsin
          ERROR watch loss
          ┃ Loss diverged
          ┃ *val_loss* > 2 & rising in run r1 (https://wandb.ai/r1)
          ┃ Metric: val_loss           Value: 2.41
          ┃ Step: 4200
          ┃ ────────
          ┃ watch loss · 14 Nov, 22:13 UTC
          :eyes: 1
          ↳ 22:14:21  :chart: skyline
            The training data page
            has been reviewed
          ↳ 22:14:21  :chart: skyline (also sent to the channel)
            Still rising

22:14:21  :chart: skyline (from a thread)
          Still rising

──── 2023-11-15 UTC ────

00:14:21  tocsin (edited)
          All well again
`);
  });

  it('shows the blocks instead of the text where a message has both, and images and buttons as links', async () => {
    const workspace = await startWorkspace();
    const url = 'https://example.com/r1';
    const blocks = [
      { type: 'image', image_url: `${url}.png`, alt_text: 'loss curve' },
      { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Open run' }, url }] },
      { type: 'section', text: { type: 'plain_text', text: 'a <!channel> &lt;b&gt;' } },
    ];
    await webClient(workspace).chat.postMessage({ channel: '#alerts', text: 'in notifications only', blocks });
    const text = workspace.render('#alerts');
    expect(text).toContain('[image: loss curve] (https://example.com/r1.png)');
    expect(text).toContain('[Open run] (https://example.com/r1)');
    expect(text).toContain('a <!channel> <b>');
    expect(text).not.toContain('in notifications only');
  });

  it('paints the bar in the colour of the attachment when asked to', async () => {
    const workspace = await startWorkspace();
    const attachments = [{ color: 'danger', title: 'Disk', text: 'full', fields: [{ title: 'Host', value: 'a1' }] }];
    await webClient(workspace).chat.postMessage({ channel: '#alerts', text: 'old style', attachments });
    expect(workspace.render('#alerts')).toContain('┃ Disk\n          ┃ full\n          ┃ Host: a1');
    expect(workspace.render('#alerts', { isColored: true })).toContain('\u001B[38;2;224;30;90m┃\u001B[39m Disk');
  });
});

describe('a Slack payload as text', () => {
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: 'Loss diverged' } },
    { type: 'section', text: mrkdwn('*val_loss* &gt; 2 in <https://wandb.ai/r1|run r1>') },
  ];
  const payload = {
    channel: '#alerts',
    text: 'ERROR watch loss',
    username: 'skyline',
    icon_emoji: ':chart:',
    attachments: [{ color: '#e01e5a', blocks }],
    metadata: { event_type: 'tocsin_delivery', event_payload: { delivery_id: 'd1' } },
  };

  it('reads as the channel will, without a time', async () => {
    const tokens = [{ token: 'xoxb-1', scopes: [...defaultBotScopes, 'chat:write.customize'] }];
    const workspace = await startWorkspace({ tokens });
    expect(renderSlackPayload(payload)).toBe(`#alerts
          :chart: skyline
          ERROR watch loss
          ┃ Loss diverged
          ┃ *val_loss* > 2 in run r1 (https://wandb.ai/r1)
`);
    await webClient(workspace).chat.postMessage(payload);
    const [, , , ...rendered] = workspace.render('#alerts').split('\n');
    const [, ...previewed] = renderSlackPayload(payload).split('\n');
    expect(previewed.join('\n').trim()).toBe(rendered.join('\n').replace('22:13:20', '').trim());
    expect(renderSlackPayload(payload, { isColored: true })).toContain('\u001B[38;2;224;30;90m┃');
  });

  it('shows the upload that a preview tells of, with what is said to it', () => {
    const upload = {
      channel: '#alerts',
      filename: '[the id of the delivery].png',
      title: 'Loss',
      initial_comment: 'a &lt; b',
    };
    expect(renderSlackPayload(upload)).toBe('#alerts\n          tocsin\n          a < b\n          [image Loss]\n');
    expect(renderSlackPayload({ filename: 'notes' })).toBe('          tocsin\n          [file notes]\n');
  });

  it('says where a reply goes and who posts where nobody is named', () => {
    const reply = { channel: 'C1', thread_ts: '1.000001', text: 'a' };
    expect(renderSlackPayload(reply)).toBe('C1 · in a thread\n          tocsin\n          a\n');
    expect(renderSlackPayload({ ...reply, reply_broadcast: true }, { botName: 'bell' })).toBe(
      'C1 · in a thread · also sent to the channel\n          bell\n          a\n',
    );
    expect(renderSlackPayload({ text: 'a', reply_broadcast: true })).toBe('          tocsin\n          a\n');
    expect(renderSlackPayload({})).toBe('          tocsin\n');
  });

  it('takes any JSON object, and refuses what is none', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('text', 'blocks', 'attachments', 'channel'), fc.jsonValue()), (any) => {
        expect(renderSlackPayload(any).endsWith('\n')).toBe(true);
      }),
    );
    for (const none of [null, undefined, 'text', [], 7]) expect(() => renderSlackPayload(none)).toThrow('Expected');
  });

  it('lets nothing reach the terminal but text', async () => {
    const evil = '\u001B[2J\u009B31m\u0007\r\u0000evil';
    const everywhere = {
      channel: evil,
      username: evil,
      icon_emoji: evil,
      attachments: [{ blocks: [{ type: evil }, { type: 'image', image_url: evil, alt_text: evil }], pretext: evil }],
      blocks: [{ type: 'section', text: mrkdwn(evil), fields: [mrkdwn(`*${evil}*\n${evil}`)] }],
    };
    const controls = /[^\P{Cc}\n]/u;
    expect(renderSlackPayload(everywhere)).not.toMatch(controls);
    expect(renderSlackPayload({ text: evil })).toContain('evil');
    const workspace = await startWorkspace();
    const { channel } = await webClient(workspace).chat.postMessage({ channel: '#alerts', text: evil });
    await webClient(workspace).filesUploadV2({
      file: Buffer.from('a'),
      filename: 'a.png',
      title: evil,
      channel_id: String(channel),
    });
    expect(workspace.render('#alerts')).not.toMatch(controls);
  });
});
