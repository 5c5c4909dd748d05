import type { CommitResult, Storage } from 'tocsin';

/** What a commit meets. */
export type CommitFate =
  /** Works after some turns of the event loop. */
  | { readonly type: 'slow'; readonly turns: number }
  /** Fails without writing anything. */
  | { readonly type: 'fails' }
  /** Is written, but nobody hears of it. */
  | { readonly type: 'silent' };

/** A storage whose commits meet the fates that a test chooses; everything else works. */
export function unreliableStorage(storage: Storage, fate: () => CommitFate | undefined): Storage {
  return {
    ...storage,
    commit(commit): Promise<CommitResult> {
      const met = fate();
      switch (met?.type) {
        case 'fails':
          return Promise.reject(new Error('disk on fire'));
        case 'silent':
          return storage.commit(commit).then(() => new Promise(() => {}));
        case 'slow':
          return storage.commit(commit).then(async (result) => {
            for (let turn = 0; turn < met.turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
            return result;
          });
        case undefined:
          return storage.commit(commit);
        default:
          return met satisfies never;
      }
    },
  };
}
