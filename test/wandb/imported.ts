import type { AutomationInput, Engine, TocsinEvent } from 'tocsin';
import { openEngine } from '../support/open-engine.js';
import { type Case, read, type Wire } from './cases.js';
import { onEvent } from './facts.js';

/** What W&B's behaviour is here: checked, or, where it is not ours to show, told with the reason. */
export type Behaviours = Readonly<Record<string, ((given: Case) => void | Promise<void>) | string>>;

/** Where the events of the cases happen. */
export const place = { entity: 'my-team', project: 'test-project' };

/** An engine with one imported automation. */
export async function withImported(wire: Wire): Promise<Awaited<ReturnType<typeof openEngine>>> {
  const opened = await openEngine();
  await opened.engine.automations.create(read(wire));
  return opened;
}

/** Whether an event fires anything. */
export async function fires(engine: Engine, event: TocsinEvent): Promise<boolean> {
  return (await engine.emit(event)).fired.length > 0;
}

/** An automation on artifacts that are linked. */
export const onLink: AutomationInput = {
  name: 'n',
  event: onEvent('LINK_MODEL').event,
  action: { type: 'none' },
};

/** An artifact is linked. */
export const linked: TocsinEvent = {
  type: 'artifact.linked',
  ...place,
  collection: 'c',
  artifact: { id: 'v1', type: 'model', version: 'v1' },
};
