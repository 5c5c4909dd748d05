import * as fc from 'fast-check';
import type { JsonValue } from 'tocsin';
import { describe, expect, test } from 'vitest';
import {
  createRenderer,
  jsonTemplateVariables,
  renderBounds,
  renderJson,
  renderText,
  templateFault,
  templateVariables,
} from '../../src/definition/template.js';

const values: Readonly<Record<string, string>> = { run_name: 'brisk-sun-7', loss: '0.5', empty: '' };
const variables = (name: string): string | undefined => (Object.hasOwn(values, name) ? values[name] : undefined);

/** Any text, mostly made of what templates are made of. */
const templateText = fc
  .array(fc.oneof(fc.constantFrom('${', '}', '$', '{', '${run_name}', '"', '\\', '\n'), fc.string({ maxLength: 4 })), {
    maxLength: 20,
  })
  .map((parts) => parts.join(''));

describe('a text', () => {
  test.each([
    ['${run_name} is at ${loss}', 'brisk-sun-7 is at 0.5'],
    ['${run_name}${loss}', 'brisk-sun-70.5'],
    ['nothing to fill in', 'nothing to fill in'],
    ['', ''],
    ['[${unknown}]', '[]'],
    ['[${empty}]', '[]'],
    ['[${}]', '[]'],
    ['[${ run_name }]', '[]'],
    ['$run_name {run_name} $ {run_name}', '$run_name {run_name} $ {run_name}'],
    ['$${loss}', '$0.5'],
    ['${loss}}', '0.5}'],
    ['costs 5 ${', 'costs 5 ${'],
    ['an open ${run_name', 'an open ${run_name'],
    ['[${__proto__}${constructor}${toString}]', '[]'],
  ])('%j comes out as %j', (template, expected) => {
    expect(renderText(template, variables)).toBe(expected);
  });

  test('names its variables in order, each as often as it does', () => {
    expect(templateVariables('${b} ${a.c} ${b} $c ${open')).toEqual(['b', 'a.c', 'b']);
  });

  test('with a variable inside another’s name is a fault, and still comes out as something', () => {
    expect(templateFault('${a${b}}')).toBe('Expected the name of a variable in ${…}, got another ${');
    expect(templateFault('${${')).toBeDefined();
    expect(templateFault('${a} ${b} and an open ${')).toBeUndefined();
    expect(renderText('${a${loss}}', variables)).toBe('${a0.5}');
  });

  test('never has a value expanded again', () => {
    fc.assert(
      fc.property(templateText, templateText, (before, value) => {
        const template = `${before.replaceAll('${', '')}\${x}`;
        expect(renderText(template, () => value)).toBe(before.replaceAll('${', '') + value);
      }),
    );
  });

  test('two values do not make a variable together', () => {
    expect(renderText('${a}${b}', (name) => (name === 'a' ? '${' : 'run_name}'))).toBe('${run_name}');
    expect(renderText('$${a}', () => '{run_name}')).toBe('${run_name}');
  });

  test('takes time in proportion to its length, whatever stands in it', () => {
    const hostile = ['${', '${a', '$', '${}', '}${', '{${'].map((part) => part.repeat(100_000));
    const startedAt = performance.now();
    for (const text of [...hostile, ...hostile.map((each) => `${each}}`)]) {
      renderText(text, () => 'x');
      templateFault(text);
      templateVariables(text);
    }
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  test('gets at most 100,000 characters from values, and asks for no more of them', () => {
    let asked = 0;
    const long = (): string => {
      asked += 1;
      return 'x'.repeat(60_000);
    };
    const text = renderText(`<${'${a}'.repeat(2_000)}>`, long);
    expect(text).toBe(`<${'x'.repeat(renderBounds.text - 1)}…>`);
    expect(asked).toBe(2);
  });

  test('is not cut in the middle of a character', () => {
    expect(renderText('${a}', () => '😀'.repeat(60_000))).toBe(`${'😀'.repeat(49_999)}…`);
  });

  test('leaves literal text alone, however long', () => {
    const literal = 'y'.repeat(200_000);
    expect(renderText(`${literal}\${loss}`, variables)).toBe(`${literal}0.5`);
  });
});

test('texts that go out together get at most 500,000 characters from values', () => {
  const render = createRenderer(() => 'x'.repeat(90_000));
  const lengths = Array.from({ length: 8 }, () => render('${a}.').length);
  expect(lengths).toEqual([90_001, 90_001, 90_001, 90_001, 90_001, 50_001, 1, 1]);
});

describe('JSON', () => {
  const template: JsonValue = { '${run_name}': ['${loss}', 5, true, null, { a: 'at ${loss} ${run_name}' }] };

  test('is filled in inside its texts only', () => {
    expect(renderJson(template, variables)).toEqual({
      '${run_name}': ['0.5', 5, true, null, { a: 'at 0.5 brisk-sun-7' }],
    });
    expect(renderJson('${loss}', variables)).toBe('0.5');
  });

  test('names its variables with the place of their text', () => {
    expect(jsonTemplateVariables(template)).toEqual([
      { name: 'loss', path: ['${run_name}', 0] },
      { name: 'loss', path: ['${run_name}', 4, 'a'] },
      { name: 'run_name', path: ['${run_name}', 4, 'a'] },
    ]);
  });

  test('keeps its shape, whatever the values are: none breaks out of its text or is expanded again', () => {
    const leaf = fc.oneof(templateText, fc.integer(), fc.boolean(), fc.constant(null));
    const anyTemplate = fc.letrec<{ node: JsonValue }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(fc.string({ maxLength: 5 }), tie('node'), { maxKeys: 4 }),
      ),
    })).node;
    fc.assert(
      fc.property(anyTemplate, templateText, (json, value) => {
        const marked = JSON.parse(JSON.stringify(renderJson(json, () => '\u0001')));
        const rendered = JSON.parse(JSON.stringify(renderJson(json, () => value)));
        expect(rendered).toEqual(withMarks(marked, value));
      }),
    );
  });

  test('a key that could reach a prototype stays an ordinary key', () => {
    const hostile = JSON.parse('{"__proto__":{"polluted":"${loss}"}}') as JsonValue;
    expect(JSON.stringify(renderJson(hostile, variables))).toBe('{"__proto__":{"polluted":"0.5"}}');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

/** The same value, with a mark in its texts replaced. */
function withMarks(json: JsonValue, value: string): JsonValue {
  if (typeof json === 'string') return json.replaceAll('\u0001', () => value);
  if (Array.isArray(json)) return json.map((member) => withMarks(member, value));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, member]) => [key, withMarks(member ?? null, value)]));
}
