import { describe, expect, test } from 'vitest';
import { chart } from '../../bench/report/chart.js';
import { sampleCurve } from './sample-results.js';

const numbersOf = (svg: string, pattern: RegExp): number[][] =>
  [...svg.matchAll(pattern)].map(([, points = '']) => points.split(/[ ,]/).map(Number));

const linesOf = (svg: string): number[][] => numbersOf(svg, /points="([^"]*)"/g);

describe('a chart', () => {
  const svg = chart(sampleCurve);

  test('draws one line for each series, larger values higher up and larger sizes further right', () => {
    const [low = [], high = []] = linesOf(svg);
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = low;
    expect(x2).toBeGreaterThan(x1);
    expect(y2).toBeLessThan(y1);
    expect(high[3]).toBeLessThan(y2);
    expect(high[0]).toBe(x1);
  });

  test('has its axes in words and units, with ticks, and a legend', () => {
    for (const words of ['automations', 'µs an event', '100', '1,000', '10,000', 'tocsin', 'scan &amp; co']) {
      expect(svg).toContain(`>${words}</text>`);
    }
    expect(svg).toContain('<title>Cost &lt;by&gt; size</title>');
  });

  test('spaces powers of ten evenly', () => {
    const points = [1, 10, 100].map((x) => ({ x, y: x }));
    const [[x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = []] = linesOf(
      chart({ ...sampleCurve, series: [{ label: 'a', points }] }),
    );
    expect(x2 - x1).toBeCloseTo(x3 - x2, 0);
    expect(y2 - y1).toBeCloseTo(y3 - y2, 0);
  });

  test('begins a linear axis at 0', () => {
    const points = [
      { x: 1, y: 0 },
      { x: 10, y: 4 },
      { x: 100, y: 8 },
    ];
    const [[, bottom = 0, , middle = 0, , top = 0] = []] = linesOf(
      chart({ ...sampleCurve, yScale: 'linear', series: [{ label: 'a', points }] }),
    );
    expect(bottom).toBe(300);
    expect(middle - top).toBeCloseTo(bottom - middle, 0);
  });

  test.each(['linear', 'log'] as const)('keeps everything inside its frame (%s)', (yScale) => {
    for (const largest of [0.000_2, 0.37, 1, 9.99, 10, 51, 123_456]) {
      const points = [1, 7, 1000].map((x, index) => ({ x, y: (largest * (index + 1)) / 3 }));
      const drawn = chart({ ...sampleCurve, yScale, series: [{ label: 'a', points }] });
      expect(drawn).not.toMatch(/NaN|Infinity/);
      for (const [index, place] of (linesOf(drawn)[0] ?? []).entries()) {
        expect(place).toBeGreaterThanOrEqual(index % 2 === 0 ? 70 : 48);
        expect(place).toBeLessThanOrEqual(index % 2 === 0 ? 620 : 300);
      }
    }
  });
});
