const timestampPattern = /^(\d{1,12})(?:\.(\d{1,6}))?$/;

/** Slack's `ts` as whole microseconds since the epoch, exact where a float would not be; undefined if malformed. */
export const timestampToMicroseconds = (ts: string): number | undefined => {
  const match = timestampPattern.exec(ts);
  if (match === null) return undefined;
  return Number(match[1]) * 1_000_000 + Number((match[2] ?? '').padEnd(6, '0'));
};

/** Whole microseconds since the epoch as Slack writes them: `1700000000.000100`. */
const microsecondsToTimestamp = (microseconds: number): string => {
  const seconds = Math.floor(microseconds / 1_000_000);
  return `${seconds}.${String(microseconds - seconds * 1_000_000).padStart(6, '0')}`;
};

/**
 * Makes a source of message timestamps that follow the clock and never repeat or go back, even when the clock stands.
 *
 * @param clock - milliseconds since the epoch
 */
export const createTimestampSource = (clock: () => number): (() => string) => {
  let lastMicroseconds = 0;
  return () => {
    lastMicroseconds = Math.max(Math.round(clock() * 1_000), lastMicroseconds) + 100;
    return microsecondsToTimestamp(lastMicroseconds);
  };
};
