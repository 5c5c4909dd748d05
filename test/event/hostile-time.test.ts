import { expect, test } from 'vitest';
import { defaultLimits } from '../../src/definition/limits.js';
import { parseEvent } from '../../src/event/parse-event.js';
import { metricsEvent } from '../support/events.js';
import { fastest } from '../support/fastest.js';
import { nested } from '../support/hostile.js';
import { smallestEvents } from '../support/sample-events.js';

const metrics = (count: number, value: unknown, name = 'm'): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}${index}`, value as number]));
const custom = (more: object) => ({ ...smallestEvents['custom.deploy'], ...more });

test.each([
  ['1 MB', custom({ text: 'x'.repeat(1e6) })],
  ['1 MB in many texts', custom({ texts: Array.from({ length: 100_000 }, () => 'x'.repeat(10)) })],
  ['100,000 metrics', metricsEvent(metrics(100_000, 1))],
  ['100,000 metrics that are no numbers', metricsEvent(metrics(100_000, 'x'))],
  ['10,000 long names of metrics that are no numbers', metricsEvent(metrics(10_000, {}, 'm'.repeat(2000)))],
  ['depth 1,000', custom({ deep: nested(1000, (inner) => [inner]) })],
])('an event with %s is refused within 50 ms', (_, event) => {
  expect(fastest(() => expect(parseEvent(event, 0, defaultLimits).issues?.length).toBeGreaterThan(0))).toBeLessThan(50);
});
