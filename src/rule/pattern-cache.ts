import { RE2JS } from 're2js';

/** A pattern, ready to search. */
interface CompiledPattern {
  readonly expression: RE2JS;
  /** How many bytes it takes, about, as far as is known. */
  bytes: number;
}

/** The patterns that were searched last, in as many bytes as they may take together. */
export interface PatternCache {
  /** About how many bytes the patterns take. */
  readonly bytes: number;
  readonly size: number;
  /** Finds a pattern, or compiles it. */
  take(pattern: string): CompiledPattern;
  /** Weighs a pattern that was taken and searched: an automaton grows as it meets texts. The least recently used ones may go. */
  weigh(taken: CompiledPattern): void;
}

/**
 * Makes a cache of patterns. Patterns come from definitions, of which there are many alike, and some of which are made to be
 * large.
 *
 * @param mostBytes - How many bytes the patterns may take together.
 */
export function createPatternCache(mostBytes: number): PatternCache {
  const compiled = new Map<string, CompiledPattern>();
  let bytes = 0;
  const letGo = (): void => {
    for (const [pattern, oldest] of compiled) {
      if (bytes <= mostBytes) return;
      compiled.delete(pattern);
      bytes -= oldest.bytes;
    }
  };
  return {
    get bytes() {
      return bytes;
    },
    get size() {
      return compiled.size;
    },
    take(pattern) {
      const known = compiled.get(pattern);
      if (known !== undefined) compiled.delete(pattern);
      const taken = known ?? { expression: RE2JS.compile(pattern), bytes: 0 };
      compiled.set(pattern, taken);
      return taken;
    },
    weigh(taken) {
      const now = bytesOf(taken.expression);
      bytes += now - taken.bytes;
      taken.bytes = now;
      if (bytes > mostBytes) letGo();
    },
  };
}

/** What the smallest pattern takes. */
const leastBytes = 4000;
const bytesPerStep = 250;

/** How many bytes re2js lets the automaton of a pattern grow to; it counts down from there. */
const automatonBudget = 8_388_608;

/** re2js makes the automaton at the first search that needs one. A test guards what is relied on here. */
function bytesOf(expression: RE2JS): number {
  const automaton = expression.re2Input.lazyDFA as RE2JS['re2Input']['lazyDFA'] | null;
  const grown = automaton === null ? 0 : automatonBudget - automaton.memBudget;
  return leastBytes + bytesPerStep * expression.programSize() + grown;
}
