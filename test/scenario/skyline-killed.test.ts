import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BundledProgram, bundleProgram } from '../support/bundle-program.js';
import { findLostPictures } from './lost-pictures.js';
import { naiveSkyline } from './naive-skyline.js';
import { readTranscripts } from './read-transcripts.js';
import { createSkylineHost, type KillMoment, playAndKill } from './skyline-host.js';
import { type Phase, script } from './skyline-script.js';

let program: BundledProgram;
beforeAll(() => {
  program = bundleProgram('test/programs/skyline-engine.ts');
});
afterAll(() => program.remove());

/** When processes are killed, for each phase of the script. */
const inTheMiddle: readonly (readonly KillMoment[])[] = [
  [{ answered: 17 }],
  [{ answered: 12 }],
  [{ during: { method: 'files.completeUploadExternal', channel: 'ops' }, commit: true }],
  [{ answered: 1 }],
  [{ during: { method: 'chat.postMessage', channel: 'skyline' }, commit: true }],
];

/** One phase is enough to be killed in, at each moment of it. */
const alertAndUpdates: readonly Phase[] = script.slice(0, 1).map(({ atMs, events }) => ({
  atMs,
  events: events.filter((event) => /skyline\.(analyzer|horizon)/.test(event.metric ?? '')),
}));

const moments: Readonly<Record<string, readonly KillMoment[]>> = {
  'when the alert is committed, and when a reply is': [{ answered: 1 }, { answered: 2 }],
  'while Slack has taken an alert, a picture, a reaction': [
    { during: { method: 'chat.postMessage' }, commit: true },
    { during: { method: 'files.completeUploadExternal' }, commit: true },
    { during: { method: 'reactions.add' }, commit: true },
  ],
  'before Slack has taken an alert, a picture, a reaction': [
    { during: { method: 'chat.postMessage' }, commit: false },
    { during: { method: 'upload' }, commit: false },
    { during: { method: 'reactions.add' }, commit: false },
  ],
};

async function expectSame(phases: readonly Phase[], kills: readonly (readonly KillMoment[])[]): Promise<void> {
  const host = await createSkylineHost(program.path);
  await playAndKill(host, phases, kills);
  const { whole, reasons } = findLostPictures(readTranscripts(host.workspace));
  expect(whole).toEqual(naiveSkyline(phases));
  // An upload that a process may have made as it died is not made twice.
  for (const reason of reasons) expect(reason).toBe('an earlier attempt may have uploaded it');
  expect(host.workspace.ledger.duplicates()).toEqual([]);
  expect(host.complaints()).toEqual([]);
}

describe('the channels are the same where the process is killed', () => {
  test('in the middle of everything', () => expectSame(script, inTheMiddle));

  for (const [when, kills] of Object.entries(moments)) {
    test(when, () => expectSame(alertAndUpdates, [kills]));
  }
});
