import { isJsonObject } from '../json.js';
import { anything, type BlockProblem, byType, type Check, list, shape, text, url } from './problem.js';

const plainText = (maximum: number): Check =>
  byType({ plain_text: shape({ type: anything, text: text(maximum) }, { emoji: anything }) });

const anyText = (maximum: number): Check =>
  byType({
    plain_text: shape({ type: anything, text: text(maximum) }, { emoji: anything }),
    mrkdwn: shape({ type: anything, text: text(maximum) }, { verbatim: anything }),
  });

const image = shape(
  { type: anything, alt_text: text(2_000) },
  { image_url: url, slack_file: anything, title: plainText(2_000), block_id: text(255) },
);

const button = shape(
  { type: anything, text: plainText(75) },
  {
    action_id: text(255),
    url,
    value: text(2_000),
    style: anything,
    confirm: anything,
    accessibility_label: text(75),
  },
);

/** Interactive elements that ML alerts do not use are taken as they are. */
const element: Check = (value, pointer) => {
  const type = isJsonObject(value) ? value['type'] : undefined;
  if (type === 'button') return button(value, pointer);
  if (type === 'image') return image(value, pointer);
  return byType(isJsonObject(value) && typeof type === 'string' ? { [type]: anything } : {})(value, pointer);
};

const sectionShape = shape(
  { type: anything },
  {
    block_id: text(255),
    text: anyText(3_000),
    fields: list(anyText(2_000), 10),
    accessory: element,
    expand: anything,
  },
);

const section: Check = (value, pointer) => {
  const problems = sectionShape(value, pointer);
  const isEmpty = isJsonObject(value) && value['text'] === undefined && value['fields'] === undefined;
  return isEmpty ? [...problems, { message: 'missing required field: text', pointer }] : problems;
};

const imageBlock: Check = (value, pointer) => {
  const problems = image(value, pointer);
  const isEmpty = isJsonObject(value) && value['image_url'] === undefined && value['slack_file'] === undefined;
  return isEmpty ? [...problems, { message: 'missing required field: image_url', pointer }] : problems;
};

const contextElement = byType({
  image,
  plain_text: anyText(2_000),
  mrkdwn: anyText(2_000),
});

const blockId = { block_id: text(255) };

/** Blocks that are known to exist and that nothing here posts: accepted whole, so as not to guess their limits. */
const otherBlocks = ['context_actions', 'file', 'input', 'rich_text', 'table', 'video'].map((type) => [type, anything]);

const block = byType({
  header: shape({ type: anything, text: plainText(150) }, blockId),
  section,
  context: shape({ type: anything, elements: list(contextElement, 10) }, blockId),
  divider: shape({ type: anything }, blockId),
  image: imageBlock,
  actions: shape({ type: anything, elements: list(element, 25) }, blockId),
  markdown: shape({ type: anything, text: text(12_000) }, blockId),
  ...Object.fromEntries(otherBlocks),
});

const blocks = list(block, 50, 0);

/** What Slack would say about a message's blocks, `pointer` being where they stand: `/blocks`. */
export const checkBlocks = (value: unknown, pointer: string): readonly BlockProblem[] => blocks(value, pointer);
