import { createEngine, type Execution } from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';

/** What the storage holds when all processes are gone. */
export interface Aftermath {
  readonly executions: readonly Execution[];
  /** What is wrong with it. */
  readonly wrong: readonly string[];
}

/** Opens the storage once more: it must be sound, hold nothing that waits, and have the whole history. */
export async function readAftermath(path: string): Promise<Aftermath> {
  const wrong = await examine(path);
  const told = (message: string): void => void wrong.push(`the storage's next user is told: ${message}`);
  const engine = await createEngine({ storage: fileStorage({ path }), logger: { warn: told, error: told } });
  const executions: Execution[] = [];
  for await (const line of engine.executions.export()) executions.push(JSON.parse(line));
  await engine.close();
  return { executions, wrong };
}

async function examine(path: string): Promise<string[]> {
  const storage = fileStorage({ path });
  const wrong: string[] = [];
  const lanes = await storage.lanes({ limit: 1000 });
  for (const lane of lanes) wrong.push(`the lane ${lane} is not empty`);
  const key = 'torture';
  const value = { isSound: true };
  const put = await storage.commit({
    require: [{ type: 'revision', key, revision: 0 }],
    steps: [{ write: [{ type: 'put', key, value }] }],
  });
  const read = await storage.get(key);
  await storage.commit({ steps: [{ write: [{ type: 'delete', key }] }] });
  const gone = await storage.get(key);
  const isSound = put.committed && read?.value['isSound'] === true && gone === undefined;
  if (!isSound) wrong.push('the storage does not keep what is written');
  await storage.close();
  return wrong;
}
