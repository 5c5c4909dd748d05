/** What an automation compiles to is plain json-rules-engine, and runs there with our operators and flat facts. */
import { Engine } from 'json-rules-engine';
import { onRunMetric, operators, parseAutomation, project, runEvent, toRule } from 'tocsin';

const { value: automation } = parseAutomation({
  name: 'overfitting',
  event: onRunMetric({
    scope: project('my-team', 'my-ml-project'),
    filter: runEvent.metric('val/loss').avg(3).gt(1).and(runEvent.name.regex('^prod-')),
  }),
  action: { type: 'none' },
});
if (automation === undefined) throw new Error('The definition is wrong');

const rule = toRule(automation);
console.log(JSON.stringify(rule.conditions));

const engine = new Engine([], { allowUndefinedFacts: true });
for (const { name, evaluate } of operators) engine.addOperator(name, evaluate);
engine.addRule(JSON.parse(JSON.stringify(rule)));

const { events } = await engine.run({ 'metric:avg:3:val/loss': 1.2, 'field:name': 'prod-7' });
console.log(events.map(({ type }) => type).join());
