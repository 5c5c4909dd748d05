import type { AttemptTarget, Delivery, Receipt } from '../ports/delivery.js';
import type { Message } from '../ports/message.js';
import { copyOf } from './copy-of.js';
import type { ThreadPlace } from './thread-place.js';

/** Hands what an execution has to say to an adapter, once. */
export type Sender = (target: AttemptTarget) => Promise<Receipt>;

/** How a message is sent. */
export interface MessageSending {
  /** Without its layout. */
  readonly plainText: boolean;
  readonly place: Exclude<ThreadPlace, { readonly type: 'nowhere' }>;
  /** Reads a picture that was given to `engine.images`. */
  readImage(handle: string): Promise<Uint8Array | undefined>;
}

/** Makes the sender of a message. What the adapter can't do is left out or said in words, and its receipt tells so. */
export function messageSender(delivery: Delivery, message: Message, sending: MessageSending): Sender {
  const { plainText, place, readImage } = sending;
  const { name, capabilities = {} } = delivery;
  const { severity, image } = message;
  const handle = image?.type === 'stored' ? image.handle : undefined;
  const picture = handle === undefined || capabilities.images !== true ? undefined : () => readImage(handle);
  const replies = place.type === 'reply' ? { thread: place.thread, broadcast: severity === 'ERROR' } : undefined;

  return async ({ destination, ...target }) => {
    const isMoved = destination !== undefined && capabilities.channels !== true;
    const receipt = await delivery.deliver({
      ...target,
      ...(destination === undefined || isMoved ? {} : { destination }),
      // A copy: what an adapter does to it must not change the record.
      message: copyOf(written(message, place, handle !== undefined && picture === undefined)),
      plainText,
      ...replies,
      ...(picture === undefined ? {} : { image: picture }),
    });
    return withNotes(receipt, [
      ...(place.type === 'alone' && place.note !== undefined ? [place.note] : []),
      ...(isMoved ? [`posted to its own channel: ${name} can't choose another`] : []),
      ...(handle !== undefined && picture === undefined ? [`picture left out: ${name} takes none`] : []),
    ]);
  };
}

function written(message: Message, place: MessageSending['place'], withoutImage: boolean): Message {
  const reference = place.type === 'alone' ? place.reference : [];
  if (reference.length === 0 && !withoutImage) return message;
  const { image, ...rest } = message;
  const kept = withoutImage || image === undefined ? {} : { image };
  return { ...rest, fields: [...reference, ...message.fields], ...kept };
}

/** An adapter of an outsider may answer anything, also what can't be read: the message has arrived all the same. */
function withNotes(receipt: Receipt | undefined, notes: readonly string[]): Receipt {
  if (notes.length === 0) return receipt as Receipt;
  try {
    const given = typeof receipt === 'object' && receipt !== null ? receipt : {};
    const note = [...(typeof given.note === 'string' ? [given.note] : []), ...notes].join('; ');
    return { ...given, note };
  } catch {
    return { note: notes.join('; ') };
  }
}
