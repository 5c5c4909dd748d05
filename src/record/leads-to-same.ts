/** What decides where messages go. */
const destinationParts = [
  'delivery',
  'channel',
  'url',
  'tokenSecretName',
  'urlSecretName',
  'settings',
  'secretNames',
] as const;

/** Whether two states of an integration lead to the same destination. */
export function leadsToSame(before: object, now: object): boolean {
  const [left, right]: Readonly<Record<string, unknown>>[] = [{ ...before }, { ...now }];
  return destinationParts.every((part) => JSON.stringify(left?.[part]) === JSON.stringify(right?.[part]));
}
