import {
  type AutomationInput,
  artifactEvent,
  type Integration,
  onAddArtifactAlias,
  onCreateArtifact,
  onRunMetric,
  onRunState,
  project,
  registry,
  runEvent,
  sendNotification,
} from 'tocsin';

const digits = project('demo-team', 'digits');
const models = registry('demo-team', 'models');

/** What the demo's training is watched for. */
export function trainingAutomations(slack: Integration): AutomationInput[] {
  return [
    {
      name: 'slow-start',
      event: onRunMetric({ scope: digits, filter: runEvent.metric('loss').min(20).gt(2) }),
      action: sendNotification(slack, {
        title: 'Slow start',
        message: 'The loss has not been below 2 in the last 20 batches.',
        severity: 'WARN',
      }),
    },
    {
      name: 'accuracy-passes-0.9',
      event: onRunMetric({ scope: digits, filter: runEvent.metric('accuracy').avg(5).gt(0.9) }),
      action: sendNotification(slack, {
        title: 'Accuracy above 90 %',
        message: 'Averaged over 5 batches, more than 9 in 10 digits are read right.',
      }),
    },
    {
      name: 'good-enough',
      event: onRunMetric({
        scope: digits,
        filter: runEvent.metric('accuracy').avg(10).gt(0.95).and(runEvent.metric('loss').avg(10).lt(0.2)),
      }),
      action: sendNotification(slack, {
        title: 'Good enough to ship',
        message: 'Accuracy and loss are both where they should be.',
      }),
    },
    {
      name: 'training-finished',
      event: onRunState({ scope: digits, filter: runEvent.state.eq('finished') }),
      action: sendNotification(slack, { title: 'Training finished' }),
    },
    {
      name: 'training-failed',
      event: onRunState({ scope: digits, filter: runEvent.state.eq('failed') }),
      action: sendNotification(slack, { title: 'Training failed', severity: 'ERROR' }),
    },
    {
      name: 'model-registered',
      event: onCreateArtifact({ scope: models, filter: artifactEvent.type.eq('model') }),
      action: sendNotification(slack, { title: 'A model has been registered' }),
    },
    {
      name: 'model-in-production',
      event: onAddArtifactAlias({ scope: models, filter: artifactEvent.alias.eq('production') }),
      action: sendNotification(slack, {
        title: 'A model goes to production',
        message: 'Deployment can begin.',
        severity: 'WARN',
      }),
    },
  ];
}
