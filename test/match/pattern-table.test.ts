import { afterEach, expect, test, vi } from 'vitest';
import { createAutomationIndex } from '../../src/match/automation-index.js';
import { compileAutomation } from '../../src/rule/compiled-automation.js';
import { fieldMatches } from '../../src/rule/field-matches.js';
import { smallest, stored } from '../support/definitions.js';
import { metricsEvent } from '../support/events.js';
import { parsedRunEvent } from '../support/parsed-events.js';

vi.mock('../../src/rule/field-matches.js', async (original) => {
  const { fieldMatches } = await original<typeof import('../../src/rule/field-matches.js')>();
  return { fieldMatches: vi.fn(fieldMatches) };
});

const searches = vi.mocked(fieldMatches);
afterEach(() => void searches.mockClear());

function onName(id: string, $regex: string) {
  const filter = { name: { $regex }, $metric: { name: 'loss', $gt: 1 } };
  return compileAutomation(stored({ ...smallest, event: { ...smallest.event, filter } }, id));
}

test('a text is searched once for each pattern, and never for one that is gone or where it is very long', () => {
  const index = createAutomationIndex();
  index.set(onName('1', 'a'));
  index.set(onName('2', 'b'));
  index.set(onName('3', 'b'));
  const searchesFor = (name: string): (string | undefined)[] => {
    const event = parsedRunEvent(metricsEvent({ loss: 1 }, { run: { id: 'run-1', name } }));
    searches.mockClear();
    for (let time = 0; time < 3; time += 1) {
      index.watch(event.place).candidates({ event, run: event.run, window: () => 2 });
    }
    return searches.mock.calls.map(([, pattern]) => pattern).sort();
  };
  expect(searchesFor('ab')).toEqual(['a', 'b']);
  expect(searchesFor('ab')).toEqual([]);
  index.set(onName('4', 'c'));
  expect(searchesFor('ab')).toEqual(['c']);
  index.set(onName('4', 'd'));
  expect(searchesFor('ab')).toEqual(['d']);
  index.remove('1');
  expect(searchesFor('ab')).toEqual([]);
  expect(searchesFor('cd')).toEqual(['b', 'd']);
  expect(searchesFor('a'.repeat(257))).toEqual([]);
});
