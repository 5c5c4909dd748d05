import type { Engine, Execution } from 'tocsin';

/** What earlier demos left. */
export interface EarlierHistory {
  /** How many executions there were. */
  readonly count: number;
  /** The id of the newest; `undefined` when there was none. */
  readonly newestId: string | undefined;
}

/** Looks at what earlier demos left. */
export async function readEarlierHistory(engine: Engine): Promise<EarlierHistory> {
  const executions = await listAll(engine);
  return { count: executions.length, newestId: executions[0]?.id };
}

/** Shows what this demo has added to the history. */
export async function showHistory(engine: Engine, { count, newestId }: EarlierHistory): Promise<void> {
  const executions = await listAll(engine);
  // Ids sort by time.
  const own = executions.filter(({ id }) => newestId === undefined || id > newestId).reverse();
  console.log(`\nThe history, ${count} executions before and ${own.length} of now:\n`);
  for (const execution of own) console.log(`  ${execution.automationName.padEnd(22)}${describe(execution)}`);
  if (count > 0) console.log('\nWhat rang before is in its cooldown. To forget everything: npm run demo -- --reset');
}

function describe({ status, reason, count, reaction }: Execution): string {
  if (reaction !== undefined) return `${status}: :${reaction}:`;
  if (status !== 'skipped') return status;
  const times = count === 1 ? '' : `, ${count} times`;
  return `skipped: ${reason}${times}`;
}

async function listAll(engine: Engine): Promise<Execution[]> {
  const executions: Execution[] = [];
  let cursor: string | undefined;
  do {
    const page = await engine.executions.list({ cursor, limit: 1000 });
    executions.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return executions;
}
