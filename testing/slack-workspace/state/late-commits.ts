import type { WorkspaceState } from './workspace-state.js';

/** Says that a request about a channel has been answered: what waited for that is carried out. */
export const requestAnswered = (state: WorkspaceState, channelId: string | undefined): void => {
  for (const late of state.lateCommits.filter((each) => each.channelId === channelId)) {
    late.requestsLeft -= 1;
    if (late.requestsLeft > 0) continue;
    state.lateCommits.splice(state.lateCommits.indexOf(late), 1);
    late.commit();
  }
};
