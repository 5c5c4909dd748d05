import type { Automation } from '../definition/automation.js';
import type { AutomationIndex } from '../match/automation-index.js';
import { type DefinitionShelf, unwrapDefinition } from '../record/definition-shelf.js';
import { keys } from '../record/keys.js';
import { compileAutomation } from '../rule/compiled-automation.js';

/** Makes the shelf whose automations stand in an index, compiled. */
export function createAutomationShelf(index: AutomationIndex): DefinitionShelf {
  return {
    type: 'automation',
    prefix: keys.automations,
    keyOf: keys.automation,
    *ids() {
      for (const { automation } of index.all()) yield automation.id;
    },
    take(record) {
      const automation = unwrapDefinition<Automation>(record, keys.automation);
      const { id, revision } = automation;
      const present = index.get(id)?.automation;
      if (present === undefined || revision > present.revision) index.set(compileAutomation(automation));
      return id;
    },
    drop: (id) => index.remove(id),
  };
}
