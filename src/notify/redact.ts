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

/** Makes a redactor that knows no secret yet. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  return {
    add(secret) {
      if (secret.length < shortestSecret) return;
      secrets.add(secret);
      // The same as it stands in a URL or in a JSON text.
      secrets.add(encodeUri(secret));
      secrets.add(JSON.stringify(secret).slice(1, -1));
    },
    text(text) {
      let clean = text;
      for (const secret of secrets) clean = clean.replaceAll(secret, replacement);
      return clean;
    },
  };
}

/** `encodeURIComponent` throws on lone surrogates, which no real secret has. */
function encodeUri(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}
