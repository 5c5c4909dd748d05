import type { Write } from '../ports/storage.js';
import type { Execution, ExecutionStatus } from './execution.js';
import { deleteImageUse, putImageUse } from './image-uses.js';
import { keys } from './keys.js';
import { toStored } from './stored.js';

/** What the indexes are made of; the rest stands in the execution itself. */
type Indexed = Pick<Execution, 'id' | 'automationId' | 'status'>;

/**
 * Writes an execution, with its place in the indexes.
 *
 * @param before - The status in which it was written last; none for a new one.
 */
export function putExecution(execution: Execution, before?: ExecutionStatus): Write[] {
  const put: Write = { type: 'put', key: keys.execution(execution.id), value: toStored(execution) };
  if (execution.status === before) return [put];
  const image = execution.message?.image;
  const handle = image?.type === 'stored' ? image.handle : undefined;
  const left = before === undefined ? [] : indexKeys({ ...execution, status: before });
  // Whoever walks an index can find the rest, without reading the execution.
  const value = { automationId: execution.automationId, ...(handle === undefined ? {} : { image: handle }) };
  return [
    put,
    ...left.map((key): Write => ({ type: 'delete', key })),
    ...indexKeys(execution).map((key): Write => ({ type: 'put', key, value })),
    ...(handle !== undefined && before === undefined ? putImageUse(handle, execution.id) : []),
  ];
}

/** Deletes an execution, with its place in the indexes, and its use of the picture that it shows, by its handle. */
export function deleteExecution(execution: Indexed, image?: string): Write[] {
  return [
    ...[keys.execution(execution.id), ...indexKeys(execution)].map((key): Write => ({ type: 'delete', key })),
    ...(image === undefined ? [] : [deleteImageUse(image, execution.id)]),
  ];
}

function indexKeys({ id, automationId, status }: Indexed): readonly string[] {
  return [keys.executionIn(status, id), keys.executionOf(automationId, status, id)];
}
