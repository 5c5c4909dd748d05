import type { Storage, StoredRecord } from '../ports/storage.js';
import {
  changeKey,
  changePrefix,
  type DefinitionChange,
  type NumberedChange,
  readChange,
} from './definition-change.js';

/** What has been changed. */
export type DefinitionNews =
  | { readonly type: 'none' }
  /** Exactly this, in this order, and it brings whoever reads it up to this change. */
  | { readonly type: 'changes'; readonly changes: readonly DefinitionChange[]; readonly upTo: number }
  /** Nobody can tell any more what. Reading everything anew brings one up to this change. */
  | { readonly type: 'everything'; readonly upTo: number };

/** A change can name thousands of ids, so few are read at once. */
const pageSize = 20;

/**
 * Reads the changes after one of them.
 *
 * @param known - The number of the last one that is known.
 * @param latest - How many there are, at least.
 */
export async function readNews(storage: Storage, known: number, latest: number): Promise<DefinitionNews> {
  const changes: DefinitionChange[] = [];
  let upTo = known;
  let after: string | undefined = changeKey(known);
  do {
    const page: { records: readonly StoredRecord[]; next: string | undefined } = await storage.list({
      prefix: changePrefix,
      after,
      limit: pageSize,
    });
    for (const record of page.records) {
      const read = tryRead(record);
      // One has been let go, or it was written by another version.
      if (read?.number !== upTo + 1) return { type: 'everything', upTo: latest };
      changes.push(read.change);
      upTo = read.number;
    }
    after = page.next;
  } while (after !== undefined);
  return upTo < latest ? { type: 'everything', upTo: latest } : { type: 'changes', changes, upTo };
}

function tryRead(record: StoredRecord): NumberedChange | undefined {
  try {
    return readChange(record);
  } catch {
    return undefined;
  }
}
