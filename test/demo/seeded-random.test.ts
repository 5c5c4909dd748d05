import { describe, expect, test } from 'vitest';
import { loadDigits, trainingCount, validationCount } from '../../examples/demo/digits.js';
import { seededRandom, shuffledIndices } from '../../examples/demo/seeded-random.js';

describe('seededRandom', () => {
  test('draws the published sequence of mulberry32', () => {
    const random = seededRandom(1);
    expect([random(), random(), random()]).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
  });

  test('draws another sequence for another seed', () => {
    expect(seededRandom(1)()).not.toBe(seededRandom(2)());
  });
});

describe('shuffledIndices', () => {
  test('holds every index once', () => {
    const shuffled = shuffledIndices(1_000, seededRandom(7));
    expect(Array.from(shuffled).sort((a, b) => a - b)).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
  });

  test('gives the same order for the same seed and another for another', () => {
    expect(shuffledIndices(100, seededRandom(7))).toEqual(shuffledIndices(100, seededRandom(7)));
    expect(shuffledIndices(100, seededRandom(7))).not.toEqual(shuffledIndices(100, seededRandom(8)));
  });

  test('favours no order of three', () => {
    const random = seededRandom(1);
    const seen = new Map<string, number>();
    for (let round = 0; round < 6_000; round += 1) {
      const order = shuffledIndices(3, random).join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    for (const times of seen.values()) expect(Math.abs(times - 1_000)).toBeLessThan(150);
  });

  test('is empty for no indices', () => {
    expect(shuffledIndices(0, seededRandom(1))).toHaveLength(0);
  });
});

describe('loadDigits', () => {
  test('splits the same way for the same seed, with every digit on both sides', () => {
    const first = loadDigits(1);
    const second = loadDigits(1);
    expect(first.training.count).toBe(trainingCount);
    expect(first.validation.count).toBe(validationCount);
    expect(second.validation.labels).toEqual(first.validation.labels);
    expect(Buffer.from(second.training.pixels.buffer).equals(Buffer.from(first.training.pixels.buffer))).toBe(true);
    expect(new Set(first.training.labels).size).toBe(10);
    expect(new Set(first.validation.labels).size).toBe(10);
    expect(loadDigits(2).validation.labels).not.toEqual(first.validation.labels);
  });
});
