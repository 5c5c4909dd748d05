import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BundledProgram, bundleProgram } from '../support/bundle-program.js';
import { naiveSkyline } from './naive-skyline.js';
import { readTranscripts } from './read-transcripts.js';
import { createSkylineHost } from './skyline-host.js';
import type { SkylineProcess } from './skyline-process.js';
import { type Phase, type ScriptedEvent, script } from './skyline-script.js';

let program: BundledProgram;
beforeAll(() => {
  program = bundleProgram('test/programs/skyline-engine.ts');
});
afterAll(() => program.remove());

/** How an event comes to two processes; the next one comes when it has been answered. */
type Sharing = (
  event: ScriptedEvent,
  nth: number,
  processes: readonly [SkylineProcess, SkylineProcess],
) => Promise<unknown>;

const sharings: Readonly<Record<string, Sharing>> = {
  'each takes every second one': (event, nth, [one, other]) => (nth % 2 === 0 ? one : other).emit(event),
  'both take each at once': (event, _nth, processes) => Promise.all(processes.map((each) => each.emit(event))),
  'both take each at once, and do not know that it is the same': (event, _nth, processes) =>
    Promise.all(processes.map((each, place) => each.emit({ ...event, id: `${event.id}-${place}` }))),
};

async function play(share: Sharing, phases: readonly Phase[]): Promise<void> {
  const host = await createSkylineHost(program.path);
  host.setClock(phases[0] as Phase);
  const one = await host.start();
  const other = await host.start();
  for (const phase of phases) {
    host.setClock(phase);
    for (const [nth, event] of phase.events.entries()) await share(event, nth, [one, other]);
    await one.drained();
  }
  await Promise.all([one.close(), other.close()]);
  expect(readTranscripts(host.workspace)).toEqual(naiveSkyline(phases));
  expect(host.workspace.ledger.duplicates()).toEqual([]);
  expect(host.complaints()).toEqual([]);
}

describe('the channels are the same where two processes share the events', () => {
  for (const [how, share] of Object.entries(sharings)) {
    test(how, () => play(share, script));
  }

  test('one is killed in the middle, and the other goes on', async () => {
    const host = await createSkylineHost(program.path);
    const phases = script.slice(0, 1);
    host.setClock(phases[0] as Phase);
    const doomed = await host.start();
    const other = await host.start();
    const events = phases.flatMap((phase) => phase.events);
    const answered = new Set<string>();
    const emit = async (process: SkylineProcess, event: ScriptedEvent): Promise<void> => {
      if ((await process.emit(event)) !== undefined) answered.add(event.id);
    };
    const held = host.workspace.fault({ type: 'slow-headers', commit: true, method: 'files.completeUploadExternal' });
    for (const event of events.slice(0, 25)) await emit(doomed, event);
    while (held.remaining > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await doomed.kill();
    for (const event of events) if (!answered.has(event.id)) await emit(other, event);
    await other.drained();
    await other.close();
    expect(readTranscripts(host.workspace)).toEqual(naiveSkyline(phases));
    expect(host.workspace.ledger.duplicates()).toEqual([]);
    expect(host.complaints()).toEqual([]);
  });
});
