/** What a class of Unicode costs: it compiles from a table. */
const unicodeSteps = 20;

/** Repeats of repeats would come to Infinity, from which nothing can be taken away. */
const mostSteps = 1e12;

const repeat = /\{(\d{1,9})(,(\d{0,9}))?\}/y;
const groupHead = /\?(?:P?<\w*>|[a-zA-Z-]*(:|\)))/y;

/** A group that is open, and what it has so far. */
interface Group {
  readonly isCapture: boolean;
  steps: number;
  /** What a repeat that comes next is a repeat of. */
  last: number;
}

/**
 * Counts the steps that a regular expression will compile to, without compiling it: each character and class is one, and
 * repeat counts multiply. Compiling is what takes the time that has to be bounded.
 *
 * It is about what RE2 makes of it, more where RE2 finds something in common. Of a pattern that is none it counts something.
 */
export function patternSteps(pattern: string): number {
  const open: Group[] = [{ isCapture: false, steps: 0, last: 0 }];
  const add = (steps: number): void => {
    const group = open.at(-1) as Group;
    group.steps += steps;
    group.last = steps;
  };
  let at = 0;
  while (at < pattern.length) {
    const character = pattern[at];
    if (character === '\\') {
      const { steps, length } = escapeAt(pattern, at);
      add(steps);
      at += length;
    } else if (character === '[') {
      const end = classEnd(pattern, at);
      add(1 + unicodeSteps * unicodeClasses(pattern.slice(at, end)));
      at = end;
    } else if (character === '(') {
      groupHead.lastIndex = at + 1;
      const head = groupHead.exec(pattern);
      at += 1 + (head?.[0].length ?? 0);
      // `(?i)` is no group.
      if (head?.[1] !== ')') open.push({ isCapture: head?.[1] !== ':', steps: 0, last: 0 });
    } else if (character === ')') {
      const group = open.length > 1 ? open.pop() : undefined;
      add((group?.steps ?? 0) + (group?.isCapture ? 2 : 0));
      at += 1;
    } else if (character === '{') {
      repeat.lastIndex = at;
      const counts = repeat.exec(pattern);
      if (counts === null) add(1);
      else repeatCounted(open.at(-1) as Group, counts);
      at += counts?.[0].length ?? 1;
    } else {
      if ('*+?'.includes(character as string)) repeatLast(open.at(-1) as Group, 1, 1);
      else add(1);
      at += 1;
    }
  }
  // One to match, one to fail.
  return open.reduce((sum, { steps }) => sum + steps, 2);
}

/** What was last becomes so many copies of itself, and one step more for each that may be passed by. */
function repeatLast(group: Group, copies: number, more: number): void {
  const repeated = Math.min(group.last * copies + more, mostSteps);
  group.steps += repeated - group.last;
  group.last = repeated;
}

/** `{3}`, `{3,}` or `{3,5}`. */
function repeatCounted(group: Group, [, least = '', hasMost, most = '']: RegExpExecArray): void {
  if (hasMost === undefined) repeatLast(group, Number(least), 0);
  else if (most === '') repeatLast(group, Math.max(1, Number(least)), 1);
  else repeatLast(group, Number(most), Math.max(0, Number(most) - Number(least)));
}

function escapeAt(pattern: string, at: number): { readonly steps: number; readonly length: number } {
  const kind = pattern[at + 1];
  const closing = pattern[at + 2] === '{' ? pattern.indexOf('}', at) : -1;
  if (kind === 'p' || kind === 'P') return { steps: unicodeSteps, length: closing < 0 ? 3 : closing + 1 - at };
  if (kind === 'x' && closing >= 0) return { steps: 1, length: closing + 1 - at };
  if (kind !== 'Q') return { steps: 1, length: 2 };
  const end = pattern.indexOf('\\E', at);
  const last = end < 0 ? pattern.length : end;
  return { steps: last - at - 2, length: (end < 0 ? last : last + 2) - at };
}

/** Behind the bracket that closes a class; its first member may be a bracket itself. */
function classEnd(pattern: string, start: number): number {
  let at = start + (pattern[start + 1] === '^' ? 2 : 1);
  if (pattern[at] === ']') at += 1;
  while (at < pattern.length && pattern[at] !== ']') {
    const named = pattern.startsWith('[:', at) ? pattern.indexOf(':]', at) : -1;
    at = named >= 0 ? named + 2 : at + (pattern[at] === '\\' ? 2 : 1);
  }
  return Math.min(at + 1, pattern.length);
}

function unicodeClasses(characterClass: string): number {
  return characterClass.match(/\\[pP]/g)?.length ?? 0;
}
