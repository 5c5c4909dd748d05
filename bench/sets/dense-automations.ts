import {
  type AutomationInput,
  artifactEvent,
  doNothing,
  onAddArtifactAlias,
  onAddArtifactTag,
  onRunMetric,
  project,
  runEvent,
} from 'tocsin';
import { alwaysAbove, type DenseRule, densePlace } from './dense.js';

const scope = project(densePlace.entity, densePlace.project);

/** The rules as automations. */
export function denseAutomations(rules: readonly DenseRule[]): AutomationInput[] {
  return rules.map((rule) => ({ name: rule.name, event: triggerOf(rule), action: doNothing() }));
}

function triggerOf(rule: DenseRule): AutomationInput['event'] {
  switch (rule.type) {
    case 'threshold': {
      const metric = runEvent.metric(rule.metric);
      const watched = rule.aggregate === 'last' ? metric : metric[rule.aggregate](rule.window);
      return onRunMetric({
        scope,
        filter: rule.comparison === 'above' ? watched.gt(rule.limit) : watched.lt(rule.limit),
      });
    }
    case 'run-name': {
      const logged = runEvent.metric(rule.metric).gt(alwaysAbove);
      return onRunMetric({ scope, filter: runEvent.name.regex(rule.pattern).and(logged) });
    }
    case 'run-tag': {
      const logged = runEvent.metric(rule.metric).gt(alwaysAbove);
      return onRunMetric({ scope, filter: runEvent.tag.eq(rule.tag).and(logged) });
    }
    case 'alias':
      return onAddArtifactAlias({ scope, filter: artifactEvent.alias.eq(rule.alias) });
    case 'artifact-tag':
      return onAddArtifactTag({ scope, filter: artifactEvent.tag.eq(rule.tag) });
    default:
      return rule satisfies never;
  }
}
