/**
 * Another process that opens a folder. Its arguments: the path, what it does, how long in milliseconds.
 *
 * - `reopen`: opens the folder, reads and closes it, again and again, then says how often.
 * - `opening`: says that it is opening, and stays there.
 * - `writing`: says that it is writing, and stays there.
 */
import { fileStorage } from 'tocsin/storage/file';
import { openDatabase } from '../../adapters/storage/file/open-database.js';
import { openAlone } from '../../adapters/storage/file/opening.js';

const [path = '', task = '', lastsMs = '0'] = process.argv.slice(2);

function stay(): void {
  process.stdout.write('{"ready":true}\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

async function reopen(): Promise<void> {
  const endMs = performance.now() + Number(lastsMs);
  let opens = 0;
  while (performance.now() < endMs) {
    const storage = fileStorage({ path, durability: 'process' });
    await storage.listKeys({ prefix: 'k/', limit: 1 });
    await storage.close();
    opens += 1;
  }
  process.stdout.write(`${JSON.stringify({ opens })}\n`);
}

if (task === 'reopen') await reopen();
else if (task === 'opening') openAlone(path, stay);
else {
  openDatabase({ path, durability: 'process' }).presence.beginSync();
  stay();
}
