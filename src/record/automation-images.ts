import { isImageHandle } from '../definition/image.js';
import type { JsonObject } from '../json.js';
import type { Storage } from '../ports/storage.js';
import { keys } from './keys.js';
import type { RoundOptions } from './round-options.js';

/** How many automations are read at once. */
const automationsPerSlice = 100;

/**
 * Finds the pictures that the actions of automations name, also of those that are disabled.
 *
 * @returns Their handles; not all when it was stopped.
 */
export async function findAutomationImages(
  storage: Storage,
  { giveWay, isStopped }: Pick<RoundOptions, 'giveWay' | 'isStopped'>,
): Promise<ReadonlySet<string>> {
  const handles = new Set<string>();
  let after: { readonly after: string } | undefined;
  while (!isStopped()) {
    const page = await storage.list({ prefix: keys.automations, limit: automationsPerSlice, ...after });
    for (const { value } of page.records) {
      const image = imageOf(value);
      if (image !== undefined) handles.add(image);
    }
    if (page.next === undefined) break;
    after = { after: page.next };
    await giveWay();
  }
  return handles;
}

/** One that another version wrote may be of any shape: it must not keep everything else from being deleted. */
function imageOf(value: JsonObject): string | undefined {
  const { record } = value as { readonly record?: { readonly action?: { readonly image?: unknown } | null } | null };
  const image = record?.action?.image;
  const handle = typeof image === 'string' ? image.trim() : '';
  return isImageHandle(handle) ? handle : undefined;
}
