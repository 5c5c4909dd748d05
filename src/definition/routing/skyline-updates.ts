import type { JsonObject, JsonValue } from '../../json.js';
import { readEmojiName } from './emoji-name.js';
import { readSetting, refuse, type SkylineNotes } from './skyline-notes.js';
import type { ThreadUpdate, ThreadUpdateType } from './thread-update.js';

/** Which setting says what of which types of event. */
const updateSettings: readonly {
  readonly message: string;
  readonly reaction?: string;
  readonly types: readonly ThreadUpdateType[];
}[] = [
  {
    message: 'message_on_training_data_viewed',
    reaction: 'message_on_training_data_viewed_reaction_emoji',
    types: ['training-data.viewed'],
  },
  {
    message: 'message_on_features_profile_created',
    reaction: 'message_on_features_profile_created_reaction_emoji',
    // Skyline has one setting for both.
    types: ['features-profile.created', 'features-profile.layers-created'],
  },
  {
    message: 'message_on_features_profile_learnt',
    reaction: 'message_on_features_profile_learnt_reaction_emoji',
    types: ['features-profile.learnt'],
  },
  {
    message: 'message_on_features_profile_disabled',
    reaction: 'message_on_features_profile_disabled_reaction_emoji',
    types: ['features-profile.disabled'],
  },
  { message: 'message_on_validated_features_profiles', types: ['features-profile.validated'] },
];

/** The keys of the settings that say what is told. */
export const updateKeys: readonly string[] = [
  'thread_updates',
  ...updateSettings.flatMap(({ message, reaction }) => (reaction === undefined ? [message] : [message, reaction])),
];

/** What `slackRouting` takes of updates. */
export interface SkylineUpdates {
  readonly threadUpdates: boolean;
  readonly on: Readonly<Partial<Record<ThreadUpdateType, Partial<ThreadUpdate>>>>;
}

/** Reads what is told of what became of an anomaly. What is missing is as Skyline's page has it: on. */
export function readUpdates(notes: SkylineNotes, settings: JsonObject): SkylineUpdates {
  const on = updateSettings.flatMap(({ message, reaction, types }) => {
    const emoji = reaction === undefined ? false : readReaction(notes, reaction, settings[reaction]);
    const isTold = readSwitch(notes, message, settings[message]);
    // Skyline leaves out both, the message and the reaction.
    const update: Partial<ThreadUpdate> =
      isTold === false
        ? { message: false, reaction: false }
        : {
            ...(isTold === undefined ? {} : { message: true }),
            ...(emoji === undefined ? {} : { reaction: emoji }),
          };
    return types.map((type) => [type, update]);
  });
  const threadUpdates = readSwitch(notes, 'thread_updates', settings['thread_updates']) ?? true;
  return { threadUpdates, on: Object.fromEntries(on) as SkylineUpdates['on'] };
}

/** @returns `undefined` where nothing is said. */
function readSwitch(notes: SkylineNotes, key: string, value: JsonValue | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === undefined || value === null) return undefined;
  refuse(notes, [key], 'true or false', value);
  return undefined;
}

/** @returns `undefined` for what is usual. */
function readReaction(notes: SkylineNotes, key: string, value: JsonValue | undefined): string | false | undefined {
  if (value === false || value === '') return false;
  const text = readSetting(notes, [key], value);
  if (text === undefined) return undefined;
  return readEmojiName(text) ?? refuse(notes, [key], 'the name of an emoji such as "eyes"', text);
}
