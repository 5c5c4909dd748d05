import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRunStates } from '../../src/window/run-states.js';

type Transition = ReturnType<ReturnType<typeof createRunStates>['begin']>;

const ends = ['finished', 'failed', 'crashed', 'killed'];

/** What the states of a run are, by the book: what has become of each that was ever said. */
function statesByTheBook() {
  const said: { readonly state: string; isCommitted: boolean; isOnItsWay: boolean }[] = [];
  return {
    said,
    get now() {
      const committed = said.findLast(({ isCommitted }) => isCommitted);
      const latest = said.findLast(({ isCommitted, isOnItsWay }) => isCommitted || isOnItsWay);
      const hasEnded = latest !== undefined && ends.includes(latest.state);
      return { current: latest?.state, hasEnded, isOver: hasEnded && latest === committed };
    },
  };
}

const step = fc.oneof(
  fc.record({ act: fc.constant('begin' as const), state: fc.constantFrom('running', 'finished', 'failed', 'odd') }),
  fc.record({ act: fc.constantFrom('settle' as const, 'undo' as const, 'redo' as const), which: fc.nat() }),
);

describe('the states of a run', () => {
  test('are as by the book after every change, in whatever order they are committed and taken back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const states = createRunStates();
        const book = statesByTheBook();
        const transitions: Transition[] = [];
        for (const each of steps) {
          if (each.act === 'begin') {
            transitions.push(states.begin(each.state));
            book.said.push({ state: each.state, isCommitted: false, isOnItsWay: true });
          } else if (transitions.length > 0) {
            const index = each.which % transitions.length;
            transitions[index]?.[each.act]();
            const entry = book.said[index] as (typeof book.said)[number];
            if (each.act === 'settle') entry.isCommitted = true;
            entry.isOnItsWay = each.act === 'redo' && !entry.isCommitted;
          }
          const { current, hasEnded, isOver } = states;
          expect({ current, hasEnded, isOver }).toEqual(book.now);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
