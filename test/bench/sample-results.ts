import { compare } from '../../bench/harness/compare.js';
import type { Curve, Results } from '../../bench/harness/result.js';

export const sampleCurve: Curve = {
  name: 'growth',
  title: 'Cost <by> size',
  xLabel: 'automations',
  yLabel: 'µs an event',
  yScale: 'log',
  series: [
    {
      label: 'tocsin',
      points: [
        { x: 100, y: 2 },
        { x: 10_000, y: 3 },
      ],
    },
    {
      label: 'scan & co',
      points: [
        { x: 100, y: 5 },
        { x: 10_000, y: 700 },
      ],
    },
  ],
};

const tocsin = { label: 'tocsin', unit: 'µs an event', value: 1.234, least: 1, most: 2 };
const against = { label: 'a | scan', unit: 'µs an event', value: 1234.5, least: 1000, most: 2000 };

export const sampleResults: Results = {
  date: '2026-01-02',
  machine: { node: '20.20.2', v8: '11.3', platform: 'linux x64', processor: 'Some CPU', processors: 2 },
  peers: { mingo: '7.2.7' },
  workloads: [
    {
      id: 'P1',
      title: 'P1 steady emit',
      measures: 'Emits.',
      against: 'a scan',
      comparisons: [
        compare({ label: 'an event', tocsin, against, bound: 'at-least', toReach: 1000 }),
        compare({ label: 'a part', tocsin, against, bound: 'at-most', toReach: 0.0001, shownAs: 'share' }),
      ],
      figures: [tocsin, { ...against, least: undefined, most: undefined }],
      curves: [sampleCurve],
    },
  ],
};
