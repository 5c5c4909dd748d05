import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventFacts } from '../../src/firing/event-facts.js';
import { createAutomationIndex } from '../../src/match/automation-index.js';
import { createBoundedMemory } from '../../src/match/bounded-memory.js';
import { readFactValues } from '../../src/match/facts.js';
import { createReaches } from '../../src/match/reaches.js';
import { compileAutomation } from '../../src/rule/compiled-automation.js';
import { applyMetrics, followPlan, rememberRunInfo } from '../../src/window/live-run.js';
import { createLiveRuns } from '../../src/window/live-runs.js';
import { createWindowLayout } from '../../src/window/window-layout.js';
import { stored } from '../support/definitions.js';
import { parsedRunEvent } from '../support/parsed-events.js';
import { randomDefinition } from './random-automations.js';

const limits = { maxLiveRuns: 100, maxWindowValues: 100_000, maxProjectValues: 100, runIdleMs: 1000 };

const metrics = fc.dictionary(
  fc.constantFrom('loss', 'acc', 'constructor'),
  fc.constantFrom(0, 1, 5, -1, 0.5, -0, 1e300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const event = fc.record({ id: fc.constantFrom('run-1', 'run-2'), name: fc.constantFrom('prod-1', 'a'), metrics });
const definitions = fc.array(
  randomDefinition.filter(({ event: watched }) => JSON.stringify(watched).includes('"type":"run.')),
  { maxLength: 6 },
);

describe('what the measures of a run must come to', () => {
  test('rules out nothing that matches, with the windows of real runs, while automations come', () => {
    let ruledOut = 0;
    let matches = 0;
    fc.assert(
      fc.property(
        definitions,
        definitions,
        fc.array(event, { minLength: 20, maxLength: 30 }),
        (early, late, events) => {
          const index = createAutomationIndex();
          const runs = createLiveRuns(limits, () => {});
          const add = (all: typeof early, from: number): void => {
            for (const [at, each] of all.entries()) index.set(compileAutomation(stored(each, String(from + at))));
          };
          add(early, 100);
          for (const [at, { id, name, metrics: logged }] of events.entries()) {
            if (at === 10) add(late, 200);
            const place = { entity: 'my-team', project: 'p', organization: 'acme' };
            const parsed = parsedRunEvent({ type: 'run.metrics', ...place, run: { id, name }, metrics: logged });
            if (parsed.type !== 'run.metrics') throw new Error('Expected metrics');
            const run = runs.touch(parsed, at);
            rememberRunInfo(run, parsed.run);
            const watch = index.watch(parsed.place);
            followPlan(run, watch.plan);
            applyMetrics(run, parsed);
            const facts = new EventFacts(parsed, run);
            const found = watch.candidates(facts, run).map(({ compiled }) => compiled);
            const expected = watch
              .candidates(facts)
              .map(({ compiled }) => compiled)
              .filter((each) => each.gate(readFactValues(each.facts, facts)));
            expect(expected.filter((each) => !found.includes(each))).toEqual([]);
            ruledOut += watch.candidates(facts).length - found.length + (found.length === 0 ? 1 : 0);
            matches += expected.length;
          }
        },
      ),
      { seed: 1, numRuns: 150 },
    );
    expect(ruledOut).toBeGreaterThan(300);
    expect(matches).toBeGreaterThan(300);
  });

  test('is nothing to an event of a run that could ring at any value', () => {
    const index = createAutomationIndex();
    const filter = { $metric: { name: 'loss', $ne: 3 } };
    const scope = { type: 'project', entity: 'my-team', project: 'p' };
    index.set(
      compileAutomation(
        stored({ name: 'n', event: { type: 'run.metrics', scope, filter }, action: { type: 'none' } }, '1'),
      ),
    );
    const runs = createLiveRuns(limits, () => {});
    const found = [1, 2, 3].map((loss) => {
      const parsed = parsedRunEvent({
        type: 'run.metrics',
        entity: 'my-team',
        project: 'p',
        run: { id: 'r' },
        metrics: { loss },
      });
      if (parsed.type !== 'run.metrics') throw new Error('Expected metrics');
      const run = runs.touch(parsed, 0);
      const watch = index.watch(parsed.place);
      followPlan(run, watch.plan);
      applyMetrics(run, parsed);
      return watch.candidates(new EventFacts(parsed, run), run).length;
    });
    expect(found).toEqual([1, 1, 1]);
  });

  test('is read once for each layout of the runs of a place, and no more when there are many', () => {
    const layouts = Array.from({ length: 8 }, () => createWindowLayout([]));
    let reads = 0;
    const reaches = createReaches(() => {
      reads += 1;
      return [];
    }, createBoundedMemory(100));
    for (let round = 0; round < 10; round += 1) for (const layout of layouts) reaches.of(layout);
    expect(reads).toBe(4);
    reaches.clear();
    expect([reaches.of(layouts[0]), reaches.of(layouts[0])]).toEqual([
      undefined,
      expect.objectContaining({ isWhole: true }),
    ]);
    expect(reads).toBe(5);
  });
});
