/** How much of an answer is kept, in characters. */
const keptCharacters = 4096;

/**
 * Makes what a receiver answered fit for a record. It may echo what it was sent.
 *
 * @param body - What it answered.
 * @param secrets - What must not be in it.
 * @returns Its first 4,096 characters, without the secrets; `undefined` when it is empty.
 */
export function bodyExcerpt(body: string, secrets: readonly string[]): string | undefined {
  let clean = body;
  // Taken out before the text is cut, so that no half of a secret is left; the longest first, since one may begin with another.
  for (const form of secrets.flatMap(formsOf).sort((a, b) => b.length - a.length)) {
    clean = clean.replaceAll(form, '[redacted]');
  }
  return clean === '' ? undefined : clean.slice(0, keptCharacters);
}

/** A shorter value is more likely a word than a secret; replacing it would garble the text. */
const shortestSecret = 4;

function formsOf(secret: string): string[] {
  if (secret.length < shortestSecret) return [];
  const json = JSON.stringify(secret).slice(1, -1);
  // Some write a slash in JSON with a backslash.
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
