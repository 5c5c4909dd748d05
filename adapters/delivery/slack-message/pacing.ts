import type { Pacing } from '../../../src/index.js';

/** About what Slack allows a channel, with room for a small burst. */
export const slackPacing: Pacing = { messagesPerSecond: 1, burst: 3 };

/** The same for the channels of one token, and less than Slack allows a workspace: several hundred messages a minute. */
export const slackWebApiPacing: Pacing = { ...slackPacing, together: { messagesPerSecond: 5, burst: 20 } };
