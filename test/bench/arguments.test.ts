import { describe, expect, test } from 'vitest';
import { readArguments } from '../../bench/arguments.js';

const known = ['P1', 'P2', 'P10'];

describe('the arguments of the bench', () => {
  test.each([
    [[], { isQuick: false, ids: known, isWritten: true }],
    [['--quick'], { isQuick: true, ids: known, isWritten: false }],
    [['--only', 'P1'], { isQuick: false, ids: ['P1'], isWritten: false }],
    [['--only', 'p10, p1', '--write'], { isQuick: false, ids: ['P10', 'P1'], isWritten: true }],
  ])('%j', (given, expected) => {
    expect(readArguments(given, known)).toEqual(expected);
  });

  test.each([[['--only', 'P3']], [['--only', '']], [['--fast']], [['P1']]])('refuses %j', (given) => {
    expect(() => readArguments(given, known)).toThrow();
  });
});
