/** Names the automations that an event matches. */
export type Finder<Event> = (event: Event) => Iterable<string> | Promise<Iterable<string>>;

/**
 * Checks that all contenders find the same (event, automation) pairs.
 *
 * @param makeEvents - Makes the events anew for each contender.
 * @param finders - The contenders, by their names.
 * @returns How many pairs there are.
 * @throws When two differ, naming the first event where they do; when nothing matches, or everything does, since then
 * nothing is checked.
 */
export async function checkSameMatches<Event>(
  makeEvents: () => readonly Event[],
  finders: Readonly<Record<string, Finder<Event>>>,
): Promise<number> {
  const [first, ...others] = Object.entries(finders);
  if (first === undefined) return 0;
  const [firstName, firstFinder] = first;
  const expected = await findAll(makeEvents(), firstFinder);
  const isMatched = expected.map((names) => names !== '');
  if (!isMatched.includes(true) || !isMatched.includes(false)) {
    throw new Error(`Expected some events that match and some that do not, got ${expected.length} events alike`);
  }
  for (const [name, finder] of others) {
    const found = await findAll(makeEvents(), finder);
    const index = expected.findIndex((names, at) => found[at] !== names);
    if (index === -1) continue;
    const differs = `[${expected[index]}] by ${firstName}, [${found[index]}] by ${name}`;
    throw new Error(`Expected the same matches, got of event ${index}: ${differs}`);
  }
  return expected.reduce((sum, names) => sum + names.split(' ').filter((name) => name !== '').length, 0);
}

async function findAll<Event>(events: readonly Event[], finder: Finder<Event>): Promise<string[]> {
  const all: string[] = [];
  for (const event of events) all.push([...(await finder(event))].sort().join(' '));
  return all;
}
