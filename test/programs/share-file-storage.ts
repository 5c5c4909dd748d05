/**
 * One of several processes that share a folder. Its arguments: the path, its name, what it does, how often.
 *
 * - `count`: counts up a record by its revision, appends to a lane and takes claims, then ends.
 * - `hold`: takes the lease of a lane for ten minutes, says its token, and waits to be killed.
 * - `pump`: commits with many under way, and says which have resolved, until it is killed.
 */
import { type Storage, TocsinError } from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';

const [path = '', name = '', task = '', times = '0'] = process.argv.slice(2);

/** Says something to whoever started it; at once, for it may be killed. */
function say(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

async function count(storage: Storage): Promise<void> {
  let won = 0;
  const one = async (index: number): Promise<void> => {
    const claim = { type: 'claim', key: `claim/${index}`, nowMs: 1000, untilMs: 2000 } as const;
    const record = await storage.get('counter');
    const value = { n: Number(record?.value['n'] ?? 0) + 1 };
    const result = await storage.commit({
      require: [{ type: 'revision', key: 'counter', revision: record?.revision ?? 0 }],
      steps: [
        { write: [{ type: 'put', key: 'counter', value }] },
        { write: [{ type: 'append', lane: 'lane', id: `${name}-${index}`, value: {} }] },
        { when: [claim], write: [{ type: 'put', key: `won/${index}`, value: { by: name } }] },
      ],
    });
    if (!result.committed) return one(index);
    if (result.steps[2]?.written === true) won += 1;
  };
  for (let index = 0; index < Number(times); index += 1) await one(index);
  await storage.close();
  say({ won });
}

async function hold(storage: Storage): Promise<void> {
  const leased = await storage.leaseLane({ lane: 'lane', holder: name, leaseMs: 600_000, limit: 1 });
  say(leased);
  setInterval(() => {}, 1000);
}

async function pump(storage: Storage): Promise<void> {
  let next = 0;
  const commit = async (): Promise<void> => {
    for (;;) {
      const index = next;
      next += 1;
      const key = `k/${name}/${String(index).padStart(7, '0')}`;
      await storage.commit({
        steps: [
          { write: [{ type: 'put', key, value: { index } }] },
          { write: [{ type: 'append', lane: name, id: `${index}`, value: { index } }] },
        ],
      });
      say({ index });
    }
  };
  await Promise.all(Array.from({ length: Number(times) }, commit));
}

try {
  const storage = fileStorage({ path });
  if (task === 'count') await count(storage);
  else if (task === 'hold') await hold(storage);
  else await pump(storage);
} catch (error) {
  say({ code: TocsinError.is(error) ? error.code : String(error) });
  process.exitCode = 1;
}
