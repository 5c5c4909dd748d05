import type { RunInfo } from '../event/parsed-event.js';

/** What a run has said of itself, with what it says now; what it leaves out stays as it was. */
export function mergeRunInfo(before: RunInfo, info: RunInfo): RunInfo {
  const { name, user, tags, config } = info;
  if (name === undefined && user === undefined && tags === undefined && config === undefined) return before;
  return { ...before, ...Object.fromEntries(Object.entries(info).filter(([, value]) => value !== undefined)) };
}
