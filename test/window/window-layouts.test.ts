import { describe, expect, test } from 'vitest';
import { createWindowLayouts } from '../../src/window/window-layouts.js';
import { factOf, windowFact } from './facts.js';

describe('layouts of windows', () => {
  test('are the same for the same facts, in whatever plans and order', () => {
    const layoutOf = createWindowLayouts();
    const [avg, max] = [windowFact('avg', 5), windowFact('max', 5)];
    const layout = layoutOf([[avg, max]]);
    expect(layoutOf([[max, windowFact('avg', 5)]])).toBe(layout);
    expect(layoutOf([[avg], [max]])).toBe(layout);
    expect(layoutOf([[], [max, avg], [avg]])).toBe(layout);
    expect(layoutOf([[avg]])).not.toBe(layout);
    expect(layoutOf([])).toBe(layoutOf([[], []]));
  });

  test('are told apart whatever metrics are called', () => {
    const layoutOf = createWindowLayouts();
    const names = ['a', 'a","metric:avg:5:b', 'b', '"', '[', '__proto__', 'constructor'];
    const layouts = names.map((name) => layoutOf([[windowFact('avg', 5, 5, name)]]));
    expect(new Set([...layouts, layoutOf([['a', 'b'].map((name) => windowFact('avg', 5, 5, name))])]).size).toBe(8);
    expect(layouts.map(({ metrics }) => [...metrics.keys()])).toEqual(names.map((name) => [name]));
  });

  test('stay those of a plan while others come and go', () => {
    const layoutOf = createWindowLayouts();
    const plan = [windowFact('avg', 5)];
    const layout = layoutOf([plan]);
    for (let other = 0; other < 60; other += 1) {
      layoutOf([Array.from({ length: 1000 }, (_, index) => windowFact('none', 1, 1, `${other} ${index}`))]);
    }
    expect(layoutOf([plan])).toBe(layout);
  });

  test('put the windows of a run together, except where more must be kept than the last few values', () => {
    const { metrics, pages } = createWindowLayouts()([
      [
        windowFact('avg', 64, 1, 'short'),
        windowFact('avg', 65, 1, 'long'),
        windowFact('min', 2, 1, 'both'),
        factOf({ type: 'zscore', over: 'run', window: 2, minSamples: 2 }, 'both'),
        factOf({ type: 'finiteness' }, 'finite'),
      ],
    ]);
    expect([...metrics.values()].filter(({ place }) => place !== undefined).map(({ name }) => name)).toEqual([
      'short',
      'finite',
    ]);
    // The values, and how many are there.
    expect(pages.map(({ size }) => size)).toEqual([65 + 2]);
  });

  test('of tens of thousands of facts about one metric are made like any other', () => {
    const facts = Array.from({ length: 200_000 }, (_, index) => windowFact('avg', (index % 64) + 1, 1 + (index % 7)));
    expect(createWindowLayouts()([facts]).metrics.size).toBe(1);
  });
});
