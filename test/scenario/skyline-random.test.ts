import fc from 'fast-check';
import { expect, test } from 'vitest';
import { naiveSkyline } from './naive-skyline.js';
import { openSkyline } from './open-skyline.js';
import { readTranscripts } from './read-transcripts.js';
import { entity, type Phase, type ScriptedEvent, storedPicture } from './skyline-script.js';

const startMs = Date.UTC(2026, 0, 1);
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** What a phase draws; an anomaly is named by its number in the order of all that are drawn. */
type Drawn =
  | { readonly type: 'anomaly'; readonly metric: string; readonly hasId: boolean; readonly image: string | undefined }
  | {
      readonly type: 'update';
      readonly of: number;
      readonly byId: boolean;
      readonly kind: number;
      readonly who: number;
    };

const drawn: fc.Arbitrary<Drawn> = fc.oneof(
  fc.record({
    type: fc.constant('anomaly' as const),
    metric: fc.constantFrom('skyline.a', 'skyline.b', 'payments.a', 'payments.b', 'other'),
    hasId: fc.boolean(),
    image: fc.constantFrom(undefined, undefined, 'https://skyline.example/1.png', storedPicture),
  }),
  fc.record({
    type: fc.constant('update' as const),
    of: fc.nat({ max: 9 }),
    byId: fc.boolean(),
    kind: fc.nat({ max: 6 }),
    who: fc.nat({ max: 1 }),
  }),
);

/** Phases lie so far apart that no cooldown and no week ends within one. */
const phase = fc.record({
  gapMs: fc.constantFrom(10 * minuteMs, 10 * minuteMs, 120 * minuteMs, 6 * dayMs, 8 * dayMs),
  events: fc.array(drawn, { maxLength: 14 }),
  isDown: fc.constantFrom(undefined, undefined, 'skyline', 'payments', 'oncall'),
});

/** Makes events of what was drawn: an update may come before its anomaly, twice, or for none at all. */
function phasesOf(all: readonly { readonly gapMs: number; readonly events: readonly Drawn[] }[]): Phase[] {
  const anomalies = all.flatMap(({ events }) => events.filter((event) => event.type === 'anomaly'));
  let atMs = startMs;
  let nth = 0;
  let nthAnomaly = 0;
  const eventOf = (event: Drawn): ScriptedEvent => {
    nth += 1;
    const common = { id: `event-${nth}`, at: startMs + nth * 1000, entity };
    if (event.type === 'anomaly') {
      const { metric, image } = event;
      const anomalyId = event.hasId ? `anomaly-${nthAnomaly}` : undefined;
      const named = { metric, timestamp: nthAnomaly, ...(anomalyId === undefined ? {} : { anomalyId }) };
      nthAnomaly += 1;
      const picture = image === undefined ? {} : { image };
      return { ...common, ...named, ...picture, type: 'anomaly.detected', value: nth, source: 'mirage' };
    }
    const of = anomalies[event.of];
    const isById = event.byId && of?.type === 'anomaly' && of.hasId;
    const name = { metric: of?.type === 'anomaly' ? of.metric : 'unheard.of', timestamp: event.of };
    const named = isById ? { anomalyId: `anomaly-${event.of}` } : name;
    return { ...common, ...named, ...happening(event.kind, event.who) } as ScriptedEvent;
  };
  return all.map(({ gapMs, events }) => {
    atMs += gapMs;
    return { atMs, events: events.map(eventOf) };
  });
}

function happening(kind: number, who: number): object {
  const profileId = `${100 + who}`;
  switch (kind) {
    case 0:
      return { type: 'training-data.viewed', viewer: ['ada', 'bob'][who] };
    case 1:
      return { type: 'features-profile.created', profileId, learnDays: who };
    case 2:
      return { type: 'features-profile.layers-created', profileId };
    case 3:
      return { type: 'features-profile.learnt', profileId };
    case 4:
      return { type: 'features-profile.disabled', profileId };
    case 5:
      return { type: 'features-profile.validated', count: who };
    default:
      return { type: 'anomaly.labelled', label: ['noise', 'deploy'][who] };
  }
}

test('whatever happens, in whatever order, the channels say what the table says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(phase, { minLength: 1, maxLength: 4 }), async (all) => {
      const skyline = await openSkyline();
      const { engine, workspace, emit, settle } = skyline;
      const phases = phasesOf(all);
      for (const [nth, each] of phases.entries()) {
        const channel = all[nth]?.isDown;
        const outage =
          channel === undefined
            ? undefined
            : workspace.fault({ type: '429', retryAfterSeconds: 30, channel, times: Number.POSITIVE_INFINITY });
        await emit(each);
        await engine.idle();
        outage?.cancel();
        await settle();
      }
      expect(readTranscripts(workspace)).toEqual(naiveSkyline(phases));
      expect(workspace.ledger.duplicates()).toEqual([]);
      await skyline.close();
    }),
    { numRuns: 30 },
  );
});
