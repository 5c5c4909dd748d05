import fc from 'fast-check';
import { DeliveryError } from 'tocsin';
import { manualRuntime } from 'tocsin/testing';
import { expect, test } from 'vitest';
import { alert, createChat, minuteMs, ofRun, openChatEngine, sharedStorage, update } from './chat-engine.js';

/** What is committed: where, what, and how its first attempts end. */
interface Deed {
  readonly channel: '#a' | '#b' | undefined;
  readonly role: 'open' | 'join' | 'update' | 'reaction';
  readonly fault: 'none' | 'down' | 'refused';
  /** The engine that is there goes, and another comes. */
  readonly restart: boolean;
}

const deeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.record({
    channel: fc.constantFrom('#a', '#b', undefined),
    role: fc.constantFrom('open', 'join', 'update', 'reaction'),
    fault: fc.constantFrom('none', 'none', 'down', 'refused'),
    restart: fc.boolean(),
  }),
  { maxLength: 15 },
);

const threads = { open: alert, join: ofRun, update, reaction: update } as const;

type Titled = Deed & { readonly title: string };

/** What is to be read in one channel, without reactions. */
function expected(all: readonly Titled[]): string[] {
  const first: { open?: string; join?: string } = {};
  return all.flatMap(({ role, fault, title }) => {
    if (role === 'reaction') return [];
    if (fault === 'refused') return [];
    if (role === 'open') first.open = title;
    if (role === 'update') return [first.open === undefined ? `${title} [cpu at 12]` : `${first.open} > ${title}`];
    if (role === 'join' && first.join !== undefined) return [`${first.join} > ${title}`];
    if (role === 'join') first.join = title;
    return [title];
  });
}

/** The reactions that are to be read in one channel, each with the alerts that may have it: messages may have passed it. */
function expectedReactions(all: readonly Titled[]): Map<string, readonly string[]> {
  const isAlert = ({ role, fault }: Titled): boolean => role === 'open' && fault !== 'refused';
  return new Map(
    all.flatMap(({ role, fault, title }, index) => {
      const last = all.slice(0, index).findLast(isAlert);
      if (role !== 'reaction' || fault === 'refused' || last === undefined) return [];
      return [[title, [last, ...all.slice(index).filter(isAlert)].map((deed) => deed.title)] as const];
    }),
  );
}

/** The lines of one channel, messages called by their titles. */
function read(lines: readonly string[], channel: string): string[] {
  const titles = new Map(lines.map((line) => [/(\d+): /.exec(line)?.[1], /: (\S+)/.exec(line)?.[1]]));
  return lines
    .filter((line) => line.startsWith(`${channel} `))
    .map((line) => {
      const [, parent, sign, rest = ''] = /^\S+ (?:(\d+) (> |\+))?(?:\d+: )?(.*)$/.exec(line) ?? [];
      const text = rest.replace('[Anomaly: ', '[');
      return parent === undefined ? text : `${titles.get(parent)} ${sign === '+' ? '+' : '> '}${text}`;
    });
}

test('whatever fails and whoever delivers, each channel reads as if all had been delivered at once', async () => {
  await fc.assert(
    fc.asyncProperty(deeds, async (given) => {
      const runtime = manualRuntime();
      const chat = createChat();
      const storage = sharedStorage(runtime);
      const committed = given.map((deed, index) => ({ ...deed, title: `t${index}` }));
      const faults = new Map(committed.map(({ title, fault }) => [title, fault]));
      const fail = (title: string, attempt: number): void => {
        const fault = faults.get(title);
        const kind = fault === 'refused' ? 'message' : 'unavailable';
        if (fault === 'refused' || (fault === 'down' && attempt < 3)) {
          throw new DeliveryError({ kind, reason: 'fault', message: 'It fails' });
        }
      };
      chat.answer = ({ message, attempt }) => fail(message.title, attempt);
      chat.answerReaction = ({ reaction, attempt }) => fail(reaction, attempt);
      const open = () => openChatEngine({ runtime, chat, storage });
      let engine = await open();
      const other = await open();
      for (const { channel, role, title, restart } of committed) {
        const destination = channel === undefined ? {} : { destination: { channel } };
        const said = role === 'reaction' ? { reaction: title } : { title };
        await engine.commit({ ...destination, ...said, thread: threads[role] });
        if (!restart) continue;
        await engine.engine.close();
        engine = await open();
      }
      await runtime.advance(2 * minuteMs);
      for (const channel of ['#a', '#b', '#ops'] as const) {
        const here = committed.filter((deed) => (deed.channel ?? '#ops') === channel);
        const lines = read(chat.lines, channel);
        expect(lines.filter((line) => !line.includes(' +'))).toEqual(expected(here));
        const reactions = expectedReactions(here);
        const added = lines.flatMap((line) => (line.includes(' +') ? [line.split(' +')] : []));
        expect(added.map(([, reaction]) => reaction).sort()).toEqual([...reactions.keys()].sort());
        for (const [parent, reaction] of added) expect(reactions.get(String(reaction))).toContain(parent);
        // Where none had to wait, each stands in its place.
        const isCalm = !here.some(({ role, fault }) => role === 'reaction' && fault === 'down');
        if (isCalm) for (const [parent, reaction] of added) expect(reactions.get(String(reaction))?.[0]).toBe(parent);
      }
      expect((await engine.engine.executions.list({ status: 'pending' })).items).toEqual([]);
      await Promise.all([engine.engine.close(), other.engine.close()]);
      expect(runtime.pendingTimers).toBe(0);
    }),
    { numRuns: 40 },
  );
});
