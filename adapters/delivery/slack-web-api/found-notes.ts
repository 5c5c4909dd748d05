import type { DeliveryRequest } from '../../../src/index.js';
import { foundNote, noted, pictureNote } from '../slack-message/notes.js';
import type { DeliverySession } from './delivery-session.js';
import type { DeliverySearch } from './find-delivery.js';
import { pictureLossNote, uploadedBefore } from './picture-loss.js';

type Found = Extract<DeliverySearch, { type: 'found' }>;

/**
 * Says of a message that was found what its readers may wonder about: whether it may stand there twice, and where its
 * picture is.
 *
 * @param session - The attempt.
 * @param request - What was looked for.
 * @param found - What was found.
 * @returns The note for the receipt.
 */
export function foundNotes(
  session: DeliverySession,
  request: DeliveryRequest,
  found: Found,
): { readonly note?: string } {
  return noted(foundNote, copiesNote(session, request, found), bareNote(session, request, found));
}

function copiesNote({ learnt, token }: DeliverySession, { deliveryId }: DeliveryRequest, { copies, isWhole }: Found) {
  if (copies > 1) return `may be a duplicate: it stands there ${copies} times`;
  // Where all was read, a copy does not stand there.
  const isCopied = !isWhole && learnt.copied.get(token, deliveryId) === true;
  return isCopied ? 'may be a duplicate: it was sent again before it was found' : undefined;
}

function bareNote({ learnt, token }: DeliverySession, request: DeliveryRequest, { asFile }: Found) {
  const { message, deliveryId, thread, broadcast = false } = request;
  if (message.image?.type !== 'stored' || asFile) return undefined;
  const isApart = thread !== undefined && broadcast;
  return isApart || learnt.notUploaded.get(token, deliveryId) === true
    ? pictureNote('the attempt that posted the message may not have come to it')
    : pictureLossNote(uploadedBefore);
}
