import type { Pacing } from '../../../src/index.js';

/** About what Slack allows a channel, with room for a small burst. */
export const slackPacing: Pacing = { messagesPerSecond: 1, burst: 3 };
