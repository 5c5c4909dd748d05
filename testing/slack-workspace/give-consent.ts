/** What a person answers at the authorize page. */
export interface SlackConsent {
  /** Whether they agree. @default true */
  readonly allow?: boolean;
  /** Where an app with the scope incoming-webhook may post: channel ID, or name with or without `#`. */
  readonly channel?: string;
}

/** An answer as the page's form takes it. */
export interface ConsentForm {
  readonly isAllowed: boolean;
  /** The person's own team, whichever one the page would ask about. */
  readonly teamId: string;
  readonly channelId: string | undefined;
}

const problemOf = (page: string): string => /<p id="problem">([^<]*)/.exec(page)?.[1] ?? page;

/**
 * Opens an authorize page and sends its form, as a browser would.
 *
 * @param url - the page with its query, as an app links to it
 * @returns where the page leads back to
 * @throws Error with what the page says where it leads nowhere
 */
export const giveConsent = async (url: string, answer: ConsentForm): Promise<string> => {
  const asked = new URL(url);
  asked.searchParams.set('team', answer.teamId);
  const page = await fetch(asked);
  const html = await page.text();
  if (page.status !== 200) throw new Error(`The authorize page refuses: ${problemOf(html)}`);
  const { origin, pathname, searchParams } = asked;
  const form = new URLSearchParams(searchParams);
  form.set('decision', answer.isAllowed ? 'allow' : 'deny');
  if (answer.channelId !== undefined) form.set('channel', answer.channelId);
  const decided = await fetch(`${origin}${pathname}`, { method: 'POST', body: form, redirect: 'manual' });
  const location = decided.headers.get('location');
  if (location === null) throw new Error(`The authorize page refuses: ${problemOf(await decided.text())}`);
  return location;
};
