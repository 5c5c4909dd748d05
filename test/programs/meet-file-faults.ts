/**
 * A process of its own that opens folders where it could come to its end. It prints what came of each: `written`, or the code of the
 * error. Its arguments: the path, what is missing, and how much of it.
 *
 * - `rights <uid>`: opens the folder as that user.
 * - `handles <most>`: opens new folders below the path with 0, 1, … handles left.
 * - `nothing`: opens the folder.
 * - `room`: writes until there is no room, and deletes then.
 */
import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileStorage } from 'tocsin/storage/file';

const [path = '', missing = '', amount = '0'] = process.argv.slice(2);

// As in a service that has opened it before: nothing has to be loaded any more.
createRequire(import.meta.url)('lmdb');

async function write(folder: string): Promise<string> {
  try {
    const storage = fileStorage({ path: folder });
    await storage.commit({ steps: [{ write: [{ type: 'put', key: 'a', value: {} }] }] });
    await storage.close();
    return 'written';
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
}

async function writeWithHandles(left: number): Promise<string> {
  const handles: number[] = [];
  try {
    for (;;) handles.push(openSync('/dev/null', 'r'));
  } catch {
    for (const handle of handles.splice(0, left)) closeSync(handle);
  }
  const outcome = await write(join(path, `${left}`));
  for (const handle of handles) closeSync(handle);
  return outcome;
}

async function fill(): Promise<string> {
  const storage = fileStorage({ path });
  let outcome = 'written';
  for (let index = 0; index < 1000 && outcome === 'written'; index += 1) {
    const put = { type: 'put' as const, key: `k/${index}`, value: { text: 'x'.repeat(3000) } };
    const committed = storage.commit({ steps: [{ write: [put] }] });
    outcome = await committed.then(
      () => 'written',
      ({ code }) => String(code),
    );
  }
  const deleted = await storage.deleteRange({ prefix: 'k/', limit: 1000 });
  await storage.close();
  return `${outcome}, ${deleted > 20 ? 'deleted' : 'lost'}`;
}

const outcomes: string[] = [];
if (missing === 'handles') {
  for (let left = 0; left <= Number(amount); left += 1) outcomes.push(await writeWithHandles(left));
} else if (missing === 'room') outcomes.push(await fill());
else {
  if (missing === 'rights') process.setuid?.(Number(amount));
  outcomes.push(await write(path));
}
process.stdout.write(outcomes.join(' '));
