/** What stands where a secret stood. */
const replacement = '[redacted]';

/** A shorter value is more likely a word than a secret; replacing it would garble every record. */
const shortestSecret = 4;

/** Takes secrets out of whatever is recorded, logged or thrown. */
export interface Redactor {
  /** Remembers a value that must not appear anywhere. */
  add(secret: string): void;
  /** A text without the secrets that are known. */
  text(text: string): string;
}

/** How many secrets are remembered; one that rotates all day must not fill the memory. */
const mostSecrets = 1000;

/** Makes a redactor that knows no secret yet. */
export function createRedactor(): Redactor {
  const formsBySecret = new Map<string, readonly string[]>();
  let longestFirst: readonly string[] = [];
  return {
    add(secret) {
      if (secret.length < shortestSecret) return;
      const known = formsBySecret.get(secret);
      // The last one used is the last to be forgotten.
      formsBySecret.delete(secret);
      formsBySecret.set(secret, known ?? formsOf(secret));
      if (known !== undefined) return;
      const [oldest] = formsBySecret.keys();
      if (formsBySecret.size > mostSecrets && oldest !== undefined) formsBySecret.delete(oldest);
      // One secret may begin with another: taking the short one first would leave the rest of the long one standing.
      longestFirst = [...new Set([...formsBySecret.values()].flat())].sort((a, b) => b.length - a.length);
    },
    text(text) {
      let clean = text;
      for (const form of longestFirst) clean = clean.replaceAll(form, replacement);
      return clean;
    },
  };
}

/** A secret, and the same as it stands in a URL or in a JSON text, whose slashes some write with a backslash. */
function formsOf(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  return [secret, encodeUri(secret), json, json.replaceAll('/', '\\/')];
}

/** `encodeURIComponent` throws on lone surrogates, which no real secret has. */
function encodeUri(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}
