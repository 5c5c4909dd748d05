import type { LaneEntry } from '../../ports/storage.js';
import { doubtfulEntry } from '../outbox.js';
import type { LaneLease, TakenHead } from './lease.js';

/** Knows whether the head of a lane can have been tried without a record: by another process that left it so. */
export interface HeadDoubt {
  /** What was read under a lease; a doubt about the head is written down. */
  taken(taken: Extract<TakenHead, { type: 'head' }>): Promise<readonly LaneEntry[]>;
  /** The lane was lost: if it comes back to us, we know no longer what was tried. */
  lost(headId: string): void;
  isAbout(headId: string): boolean;
  /** The head is done with. */
  settled(headId: string): void;
  /** There is a doubt that is nowhere written. */
  readonly isUnwritten: boolean;
}

/** Makes it for a lane that has not been read yet. */
export function createHeadDoubt(name: string, lease: LaneLease): HeadDoubt {
  /** The head alone can have been tried. */
  let doubtedId: string | undefined;
  return {
    async taken({ head, entries, isDoubtful }) {
      if (isDoubtful) doubtedId = head.id;
      else if (head.id !== doubtedId) doubtedId = undefined;
      if (doubtedId === undefined) return entries;
      // Whoever has the lane next must know it, however this one gives it back.
      const doubted = doubtfulEntry(head);
      const write = [{ type: 'append', lane: name, ...doubted }] as const;
      if ((await lease.write([{ write }], head.id)) !== 'lost') doubtedId = undefined;
      return [doubted, ...entries.slice(1)];
    },
    lost(headId) {
      doubtedId = headId;
    },
    isAbout: (headId) => headId === doubtedId,
    settled(headId) {
      if (headId === doubtedId) doubtedId = undefined;
    },
    get isUnwritten() {
      return doubtedId !== undefined;
    },
  };
}
