import type { SlackFault } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { findLostPictures } from './lost-pictures.js';
import { naiveSkyline } from './naive-skyline.js';
import { openSkyline } from './open-skyline.js';
import { readTranscripts } from './read-transcripts.js';
import { pictureOf } from './set-up-skyline.js';
import { entity, type Phase, script, storedPicture } from './skyline-script.js';

const { atMs, events } = script[0] as Phase;
const isOfFew = ({ metric = '' }: { readonly metric?: string | undefined }): boolean =>
  metric.startsWith('skyline.analyzer') || metric.startsWith('skyline.horizon') || metric.startsWith('disk');

/** Three alerts, one with a picture, and what becomes of them. */
const alerts: Phase = { atMs, events: events.filter((event) => event.type === 'anomaly.detected' && isOfFew(event)) };
const updates: Phase = { atMs, events: events.filter((event) => event.type !== 'anomaly.detected' && isOfFew(event)) };

/** What an anomaly and what becomes of it have in common. */
const common = { entity, metric: 'skyline.analyzer.runs', timestamp: 1 } as const;

const faults: readonly SlackFault[] = [
  { type: 'commit-then-reset' },
  { type: 'commit-then-500' },
  { type: 'non-json-200', commit: true },
  { type: 'reset' },
  { type: 'http-500' },
];

const throttles: readonly SlackFault[] = [{ type: '429', retryAfterSeconds: 20 }, { type: '429-without-header' }];

describe('nothing stands there twice, and nothing is missing', () => {
  for (const fault of [...faults, ...throttles]) {
    test(`${fault.type} at alerts and pictures`, async () => {
      const { workspace, emit, settle } = await openSkyline();
      workspace.fault({ ...fault, method: 'chat.postMessage', times: 3 });
      if (!fault.type.startsWith('429')) workspace.fault({ ...fault, method: 'files.completeUploadExternal' });
      await emit(alerts);
      await emit(updates);
      await settle();
      const { whole, reasons } = findLostPictures(readTranscripts(workspace));
      expect(whole).toEqual(naiveSkyline([alerts, updates]));
      // What was not carried out is not tried again: the picture may only be late.
      const isLost = fault.type === 'reset' || fault.type === 'http-500';
      expect(reasons).toEqual(isLost ? [expect.stringMatching(/^its upload may have failed \(\w+\)$/)] : []);
      expect(workspace.ledger.duplicates()).toEqual([]);
    });

    test(`${fault.type} at replies and reactions`, async () => {
      const { workspace, emit, settle, executions } = await openSkyline();
      await emit(alerts);
      await settle();
      const handles = ['chat.postMessage', 'reactions.add'].map((method) =>
        workspace.fault({ ...fault, method, times: 3 }),
      );
      await emit(updates);
      await settle();
      expect(handles.map(({ remaining }) => remaining)).toEqual([0, 0]);
      for (const { status, reason } of await executions()) {
        expect(['finished', 'skipped already_posted']).toContain([status, reason].filter(Boolean).join(' '));
      }
      expect(readTranscripts(workspace)).toEqual(naiveSkyline([alerts, updates]));
      expect(workspace.ledger.duplicates()).toEqual([]);
    });
  }
});

describe('a picture', () => {
  const lost: Readonly<Record<string, SlackFault>> = {
    'can’t be announced': { type: 'http-500', method: 'files.getUploadURLExternal' },
    'can’t be sent': { type: 'reset', method: 'upload' },
    'is refused': { type: 'platform-error', error: 'file_uploads_disabled', method: 'files.completeUploadExternal' },
    'is throttled': { type: '429', retryAfterSeconds: 5, method: 'files.completeUploadExternal' },
  };
  for (const [how, fault] of Object.entries(lost)) {
    test(`that ${how} does not hold its alert back; channel and record say so`, async () => {
      const { workspace, emit, settle, executions } = await openSkyline();
      workspace.fault(fault);
      await emit(alerts);
      await emit(updates);
      await settle();
      const { whole, reasons } = findLostPictures(readTranscripts(workspace));
      expect(whole).toEqual(naiveSkyline([alerts, updates]));
      expect(reasons).toEqual([expect.stringMatching(/^its upload failed \(\w+\)$/)]);
      const notes = (await executions()).flatMap(({ receipt }) => receipt?.note ?? []);
      expect(notes).toEqual([expect.stringMatching(/^the picture is missing: its upload failed \(.+\)/)]);
    });
  }

  test('of which Slack does not say where it stands has its thread all the same', async () => {
    const { workspace, emit, settle } = await openSkyline();
    workspace.fault({ type: 'http-500', method: 'files.info', times: Number.POSITIVE_INFINITY });
    const [picture] = alerts.events.filter((event) => 'image' in event && event.image === storedPicture);
    if (picture?.type !== 'anomaly.detected') throw new Error('There is no picture');
    const { metric, timestamp, entity, at } = picture;
    const reply = { type: 'anomaly.labelled', id: 'label', at, entity, metric, timestamp, label: 'deploy' } as const;
    const phase: Phase = { atMs, events: [picture, reply] };
    await emit(phase);
    await settle();
    expect(readTranscripts(workspace)).toEqual(naiveSkyline([phase]));
  });

  test('that came with its event stands there once, though the event is emitted again', async () => {
    const { engine, workspace, settle } = await openSkyline();
    const alert = { ...common, type: 'anomaly.detected', id: 'once', value: 1, image: pictureOf() } as const;
    await Promise.all([engine.emit(alert), engine.emit(alert)]);
    await engine.emit(alert);
    await settle();
    const messages = workspace.channel('skyline').messages;
    expect(messages.map(({ files }) => files.map(({ size }) => size))).toEqual([[pictureOf().length]]);
  });

  test('that is not stored any more does not hold its alert back, and the record says so', async () => {
    const { engine, workspace, settle, executions } = await openSkyline();
    const image = '01ARZ3NDEKTSV4RRFFQ69G5FAV-00000000000000000000000000';
    await engine.emit({ ...common, type: 'anomaly.detected', value: 1, image });
    await engine.emit({ ...common, type: 'anomaly.labelled', label: 'deploy' });
    await settle();
    const [message] = workspace.channel('skyline').messages;
    expect(message?.files).toEqual([]);
    expect(workspace.channel('skyline').replies(String(message?.ts))).toHaveLength(1);
    expect((await executions())[0]?.receipt?.note).toContain('not stored any more');
  });
});
