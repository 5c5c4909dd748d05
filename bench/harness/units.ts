/** What {@link fittingUnits} keeps to. */
export interface UnitsOptions {
  /** How long a turn shall take, about. */
  readonly turnMs: number;
  readonly fewest: number;
  readonly most: number;
}

/** How many are tried. */
const tried = 50;

/**
 * Tells from a few how many units a turn can have, where one contender takes a thousand times as long as another.
 *
 * @param run - Does the work of so many units.
 */
export async function fittingUnits(
  run: (units: number) => number | Promise<number>,
  { turnMs, fewest, most }: UnitsOptions,
): Promise<number> {
  const startedMs = performance.now();
  await run(tried);
  const eachMs = (performance.now() - startedMs) / tried;
  return Math.min(Math.max(Math.round(turnMs / eachMs), fewest), most);
}
