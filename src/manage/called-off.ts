import type { Automation } from '../definition/automation.js';
import { runAlertId } from '../firing/run-alert.js';
import type { AutomationIndex } from '../match/automation-index.js';
import type { Storage } from '../ports/storage.js';
import type { Execution, ExecutionReason } from '../record/execution.js';
import { keys } from '../record/keys.js';
import { fromStored } from '../record/stored.js';
import type { MuteOfExecution } from './muted-executions.js';
import { noticeId } from './notices.js';

/**
 * Makes the function that says why an execution is no longer to be carried out. What was pending when its automation was
 * disabled or deleted, or when a mute was made, is cancelled then; what was being committed at that moment, or could not be
 * cancelled, is found here.
 *
 * The storage has the last word: another process may have made the automation, or enabled it again.
 */
export function createCalledOff(storage: Storage, index: AutomationIndex, muteOf: MuteOfExecution) {
  return async (execution: Execution): Promise<ExecutionReason | undefined> => {
    const { automationId, retriedAt } = execution;
    // A person asked for it, whatever has become of its automation.
    if (retriedAt !== undefined || automationId === noticeId) return undefined;
    if (muteOf(execution) !== undefined) return 'muted';
    if (automationId === runAlertId || index.get(automationId)?.automation.enabled === true) return undefined;
    const record = await storage.get(keys.automation(automationId));
    if (record === undefined) return 'automation_deleted';
    return fromStored<Automation>(record.value).enabled ? undefined : 'automation_disabled';
  };
}
