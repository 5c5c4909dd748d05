import { parseAutomation } from 'tocsin';

const { value, issues } = parseAutomation({
  name: 'low-accuracy-alert',
  event: {
    type: 'run.metrics',
    scope: { type: 'project', entity: 'my-team', project: 'my-ml-project' },
    filter: { $metric: { name: 'accuracy', agg: 'average', window: 'five', $lt: 0.85 } },
  },
  action: { type: 'none' },
});

if (issues === undefined) console.log(`Fine: ${value.name}`);
else for (const { code, path, message } of issues) console.log(`${code} at ${path}: ${message}`);
