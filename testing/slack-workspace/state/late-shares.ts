import type { LateShare, WorkspaceState } from './workspace-state.js';

/** Shares files in a channel: at once, or after as many looks as the workspace needs. */
export const shareLate = (state: WorkspaceState, share: Omit<LateShare, 'looksLeft'>): void => {
  if (state.shareAfterLooks === 0) share.share();
  else state.lateShares.push({ ...share, looksLeft: state.shareAfterLooks });
};

/** Says that somebody looks for a file, or into a channel or thread: what has been looked for often enough stands there now. */
export const lookedFor = (state: WorkspaceState, fileOrChannelId: string): void => {
  for (const late of [...state.lateShares]) {
    if (late.channelId !== fileOrChannelId && !late.fileIds.includes(fileOrChannelId)) continue;
    late.looksLeft -= 1;
    if (late.looksLeft >= 0) continue;
    state.lateShares.splice(state.lateShares.indexOf(late), 1);
    late.share();
  }
};
