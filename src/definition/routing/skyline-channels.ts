import type { JsonObject, JsonValue } from '../../json.js';
import { parseMetricPattern } from '../metric-pattern.js';
import { describeValue, type PathSegments } from '../path.js';
import { readChannel, readChannelId } from './channel-name.js';
import { readSetting, refuse, type SkylineNotes, warn } from './skyline-notes.js';

/** A pattern with its channel or channels, as {@link slackRouting} takes it. */
export type SkylineRoute = readonly [pattern: string, channels: string | readonly string[]];

/**
 * Reads `channels`: a dictionary, or a list of pairs.
 *
 * @param usual - The default channel, which Skyline uses where a pattern has no channel.
 */
export function readRoutes(
  notes: SkylineNotes,
  value: JsonValue | undefined,
  usual: string | undefined,
): SkylineRoute[] {
  return entriesOf(notes, value).flatMap(({ pattern, channels, path }) => {
    const { issue } = parseMetricPattern(pattern, path);
    if (issue !== undefined) notes.issues.push(issue);
    else if (looksLikePython(pattern)) {
      warn(notes, path, 'It looks like a regular expression: write /…/ if it is one; it is matched as it stands');
    }
    const read = readChannels(notes, channels, path);
    if (read === undefined) return [];
    if (read.length > 0) return [[pattern, read]];
    warn(notes, path, usual === undefined ? 'It has no channel: left out' : `It has no channel: it goes to ${usual}`);
    return usual === undefined ? [] : [[pattern, usual]];
  });
}

/** Reads `channel_ids`. */
export function readChannelIds(notes: SkylineNotes, value: JsonValue | undefined): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isDictionary(value)) {
    refuse(notes, ['channel_ids'], 'a dictionary', value);
    return {};
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, given]) => {
      const path = ['channel_ids', name];
      const id = readSetting(notes, path, given);
      if (id === undefined) return [];
      if (readChannel(name)?.type !== 'name') refuse(notes, path, 'the name of a channel', name);
      return readId(notes, path, id) === undefined ? [] : [[name, id]];
    }),
  );
}

/** Reads one channel. */
export function readSkylineChannel(
  notes: SkylineNotes,
  path: PathSegments,
  value: JsonValue | undefined,
): string | undefined {
  const channel = readSetting(notes, path, value);
  if (channel === undefined || readChannel(channel) !== undefined) return channel;
  return refuse(notes, path, 'a channel such as "#skyline" or "C024BE91L"', channel);
}

/** Reads the id of a channel. */
export function readId(notes: SkylineNotes, path: PathSegments, value: JsonValue | undefined): string | undefined {
  const id = readSetting(notes, path, value);
  if (id === undefined || readChannelId(id) !== undefined) return id;
  return refuse(notes, path, 'the id of a channel such as "C024BE91L"', id);
}

interface Entry {
  readonly pattern: string;
  readonly channels: JsonValue;
  readonly path: PathSegments;
}

function entriesOf(notes: SkylineNotes, value: JsonValue | undefined): Entry[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) {
    return value.flatMap((pair, place) => {
      const path = ['channels', place];
      if (isPair(pair)) return [{ pattern: pair[0], channels: pair[1], path }];
      refuse(notes, path, 'a pair of a pattern and its channels', pair);
      return [];
    });
  }
  if (!isDictionary(value)) {
    refuse(notes, ['channels'], 'a dictionary, or a list of pairs', value);
    return [];
  }
  const patterns = Object.keys(value);
  const moved = patterns.find((pattern) => /^(0|[1-9]\d*)$/.test(pattern));
  if (moved !== undefined && patterns.length > 1) {
    const message = `JavaScript puts keys such as ${describeValue(moved)} first: give a list of pairs to keep the order`;
    warn(notes, ['channels'], message);
  }
  return Object.entries(value).map(([pattern, channels = null]) => ({
    pattern,
    channels,
    path: ['channels', pattern],
  }));
}

/** `('#skyline')` without a comma is a text in Python: one channel. What was never set is left out. */
function readChannels(
  notes: SkylineNotes,
  value: JsonValue,
  path: PathSegments,
): string | readonly string[] | undefined {
  if (value === null) return [];
  if (!Array.isArray(value)) {
    if (typeof value !== 'string') return refuse(notes, path, 'a channel or a list of channels', value);
    return readSkylineChannel(notes, path, value) ?? [];
  }
  return value
    .map((each, place) => readSkylineChannel(notes, [...path, place], each))
    .filter((channel) => channel !== undefined);
}

/** Python's expressions have no slashes around them; as a glob, `.*` means nearly the same. */
function looksLikePython(pattern: string): boolean {
  return !pattern.startsWith('/') && /[\\^$()|+[\]]/.test(pattern);
}

function isPair(value: JsonValue): value is [string, JsonValue] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string';
}

function isDictionary(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
