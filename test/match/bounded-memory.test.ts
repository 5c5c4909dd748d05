import { expect, test } from 'vitest';
import { createBoundedMemory } from '../../src/match/bounded-memory.js';

test('a memory makes maps forget what they got first, whichever it was', () => {
  const memory = createBoundedMemory(3);
  const maps = [new Map<string, number>(), new Map<string, number>()] as const;
  for (let at = 0; at < 5; at += 1) {
    const map = maps[at % 2 === 0 ? 0 : 1];
    map.set(`key-${at}`, at);
    memory.keep(map, `key-${at}`);
  }
  expect(maps.map((map) => [...map.keys()])).toEqual([['key-2', 'key-4'], ['key-3']]);
});
