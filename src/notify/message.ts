import type { NotificationContent } from '../definition/action.js';
import { readImageReference } from '../definition/image.js';
import { createRenderer, type Renderer } from '../definition/template.js';
import type { ParsedEvent, ParsedRunAlert, RunInfo } from '../event/parsed-event.js';
import type { Message, MessageField, MessageImage } from '../ports/message.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';
import type { FactValues } from '../rule/fact.js';
import { jsonText } from './json-text.js';
import { detailFields, metricFieldName, placeFields, subjectFields } from './message-fields.js';
import { actionLinks, eventLinks } from './message-links.js';
import { askedMetrics, boundWords, readingWords } from './metric-words.js';
import { variablesOf } from './variables.js';

/** What a match gives to write from. */
export interface MatchSource {
  readonly compiled: Pick<CompiledAutomation, 'automation' | 'filter'>;
  readonly event: ParsedEvent;
  readonly run: RunInfo | undefined;
  readonly facts: FactValues;
}

/** What a message is made of. */
export interface MessageSource extends MatchSource {
  readonly action: NotificationContent;
}

/** Writes the notification of a firing, once, as it was at the match. */
export function writeMessage(source: MessageSource): Message {
  const { compiled, action, event, run, facts } = source;
  const { automation, filter } = compiled;
  const render = createRenderer(variablesOf({ automation, filter, event, run, facts }));
  const image = imageOf(action, event, render);
  return {
    title: render(action.title),
    text: render(action.message),
    severity: action.severity,
    fields: [
      ...ownFields(action, render),
      ...placeFields(event),
      ...subjectFields(event, run),
      ...metricFields(source),
      ...detailFields(event),
    ],
    links: [...actionLinks(action.links ?? [], render), ...eventLinks(event)],
    ...(image === undefined ? {} : { image }),
    automationName: automation.name,
    atMs: event.atMs,
  };
}

/** Writes the notification of a run's own alert. */
export function alertMessage(event: ParsedRunAlert, run: RunInfo | undefined): Message {
  return {
    title: event.title,
    text: event.text,
    severity: event.level,
    fields: [...placeFields(event), ...subjectFields(event, run)],
    links: [],
    automationName: 'run.alert',
    atMs: event.atMs,
  };
}

/** The action's own picture, or else that of the anomaly. What comes out as no picture is left out. */
function imageOf({ image }: NotificationContent, event: ParsedEvent, render: Renderer): MessageImage | undefined {
  if (image !== undefined) return readImageReference(render(image).trim());
  return event.type === 'anomaly.detected' ? readImageReference(jsonText(event.json['image'])) : undefined;
}

function ownFields({ fields = [] }: NotificationContent, render: Renderer): MessageField[] {
  return fields
    .map(({ name, value }) => ({ name: render(name), value: render(value) }))
    .filter(({ value }) => value.trim() !== '');
}

function metricFields({ compiled, event, facts }: MatchSource): MessageField[] {
  return askedMetrics(compiled.filter).map((asked) => ({
    name: metricFieldName(asked.leaf),
    value: `${readingWords(asked.leaf, facts, event)} (${boundWords(asked)})`,
  }));
}
