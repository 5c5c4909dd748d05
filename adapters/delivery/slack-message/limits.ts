/** Slack's limits on one message. */
export const limits = {
  /** Advised for the top-level text; beyond 40,000 Slack cuts it. */
  text: 4_000,
  header: 150,
  section: 3_000,
  field: 2_000,
  fieldsPerSection: 10,
  /** The text of a button. */
  button: 75,
  url: 3_000,
  /** Slack takes 25; more than 5 are hard to read in a row. */
  buttonsPerBlock: 5,
  context: 300,
  imageUrl: 3_000,
  /** Slack takes 2,000; it says what the headline has said already. */
  altText: 300,
  /** The title of an uploaded picture. */
  fileTitle: 150,
  username: 80,
  /** For screen readers and notifications that show an attachment as one line. */
  fallback: 300,
  /**
   * The JSON of all blocks. Slack documents no number for `msg_blocks_too_long`; users measured about 13,200
   * (slackapi/bolt-js issues 2509 and 2867).
   */
  blocksJson: 12_000,
} as const;

/**
 * Measures what counts against `limits.blocksJson`.
 *
 * Here as for all limits the unit is UTF-16 code units: Slack doesn't say what it counts, and these are never fewer than
 * characters.
 *
 * @param value - Blocks, or a part of them.
 */
export function jsonLength(value: unknown): number {
  return JSON.stringify(value).length;
}
