import { pictureNote } from '../slack-message/notes.js';

/** Why a message goes without its picture. */
export interface PictureLoss {
  /** What happened, in few words and without secrets: it is shown in the channel. */
  readonly why: string;
  /** What to do about it, or to expect; for the receipt. */
  readonly advice?: string | undefined;
}

const adviceByReason: Readonly<Record<string, string>> = {
  missing_scope: 'add the scopes files:write and files:read in the settings of the Slack app and install it again',
  not_in_channel: 'invite the bot, for only members of a channel may upload there: /invite @bot',
  file_upload_size_restricted: 'it is larger than this workspace allows, so give a smaller one',
  http_413: 'it is larger than Slack takes, so give a smaller one',
  storage_limit_reached: 'the workspace has no room for files left, so delete some',
  file_uploads_disabled: "ask the workspace's administrators to allow uploads",
  file_type_not_allowed: "ask the workspace's administrators to allow PNG files",
};

/** What may come of an upload that does not show up. */
const mayFollow = 'it may still follow, so this may be a duplicate';

/**
 * Tells of an upload that failed.
 *
 * @param reason - The name of the error.
 */
export function uploadFailed(reason: string): PictureLoss {
  const advice = Object.hasOwn(adviceByReason, reason) ? adviceByReason[reason] : undefined;
  return { why: `its upload failed (${reason})`, advice };
}

/**
 * Tells of an upload that failed without a clear answer, and shows nothing.
 *
 * @param reason - The name of the error.
 */
export function uploadUnclear(reason: string): PictureLoss {
  return { why: `its upload may have failed (${reason})`, advice: mayFollow };
}

/** Slack has taken an upload, and shows nothing. */
export const uploadNotShown: PictureLoss = { why: 'Slack took it, but did not show it in time', advice: mayFollow };

/** An earlier attempt may have come to the upload: it is not made twice. */
export const uploadedBefore: PictureLoss = { why: 'an earlier attempt may have uploaded it', advice: mayFollow };

/**
 * Tells whether a picture may come all the same, with a copy of its alert.
 *
 * @param loss - Why the message goes without it.
 */
export function mayStillFollow({ advice }: PictureLoss): boolean {
  return advice === mayFollow;
}

/** An earlier attempt ended with a refusal of the message that goes out without the picture. */
export const failedBefore: PictureLoss = { why: 'its upload failed at an earlier attempt' };

/** The bytes can't be had any more. */
export const pictureGone: PictureLoss = {
  why: 'it is not stored any more',
  advice: 'engine.images.put gives a new handle',
};

/** The bytes can't be had now. */
export const pictureUnread: PictureLoss = { why: 'it could not be read from the storage' };

/** Uploads take no names. */
export const channelUnknown: PictureLoss = {
  why: "the channel's id is not known",
  advice: 'give it instead of the name',
};

/**
 * Says in the channel that a picture is missing.
 *
 * @param loss - Why.
 */
export function pictureRemark({ why }: PictureLoss): string {
  return `Picture missing: ${why}`;
}

/**
 * Says in the receipt that a picture is missing.
 *
 * @param loss - Why.
 */
export function pictureLossNote({ why, advice }: PictureLoss): string {
  return pictureNote(advice === undefined ? why : `${why}; ${advice}`);
}
