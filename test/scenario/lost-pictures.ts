import type { Entry, Transcripts } from './naive-skyline.js';

const remark = /\nPicture missing: (.*)/;

/** The channels as they would be with all pictures, and why some are missing. */
export interface LostPictures {
  readonly whole: Transcripts;
  readonly reasons: readonly string[];
}

/** Puts pictures back where an alert says that its own is missing: all else must be as if nothing had happened. */
export function findLostPictures(transcripts: Transcripts): LostPictures {
  const reasons: string[] = [];
  const restored = (entry: Entry): Entry => {
    const [line, reason] = remark.exec(entry.text) ?? [];
    if (line === undefined || reason === undefined || entry.pictures.length > 0) return entry;
    reasons.push(reason);
    const text = entry.text.replace(line, '');
    return { ...entry, text, icon: undefined, pictures: [String(/(?<=^\w+: ).*/.exec(text)?.[0])] };
  };
  const whole = Object.fromEntries(Object.entries(transcripts).map(([name, entries]) => [name, entries.map(restored)]));
  return { whole, reasons };
}
