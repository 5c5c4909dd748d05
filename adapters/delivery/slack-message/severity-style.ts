import type { Severity } from '../../../src/index.js';

/** How a severity looks. The signs differ in shape, so that the colour is not needed to tell them apart. */
export interface SeverityStyle {
  readonly emoji: string;
  /** Of the bar at the attachment's left. */
  readonly color: string;
}

export const severityStyles: Readonly<Record<Severity, SeverityStyle>> = {
  INFO: { emoji: 'ℹ️', color: '#2563eb' },
  WARN: { emoji: '⚠️', color: '#d97706' },
  ERROR: { emoji: '🚨', color: '#dc2626' },
};
