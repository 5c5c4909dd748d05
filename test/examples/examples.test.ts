import { describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.js';

describe('the examples', { timeout: 60_000 }, () => {
  test('the ten lines of the README ring in the terminal', async () => {
    const { exitCode, output, errors } = await runProgram('examples/quick-start.ts');
    expect([exitCode, errors]).toEqual([0, '']);
    expect(output).toContain('⚠ WARN  Low accuracy');
    expect(output).toContain('avg(5) of accuracy: 0.844 (< 0.85)');
  });

  test('a definition that is wrong says where', async () => {
    const { output } = await runProgram('examples/parse-automation.ts');
    expect(output).toBe('invalid_type at event.filter.$metric.window: Expected a number, got "five"\n');
  });

  test('a compiled rule runs in json-rules-engine itself', async () => {
    const { output, errors } = await runProgram('examples/bare-rule.ts');
    expect(errors).toBe('');
    expect(output.trimEnd().split('\n').at(-1)).toBe('automation-matched');
  });

  test('what an outage has cost is sent again', async () => {
    const { exitCode, output } = await runProgram('examples/watch-deliveries.ts');
    expect(exitCode).toBe(0);
    expect(output.trimEnd().split('\n')).toEqual([
      '1 waiting: unexpected_error',
      'again: gave_up after several attempts',
      'paged: Deployed',
      '0 undelivered, 0 commits waiting',
    ]);
  });

  test('an automation of each kind compiles, and rings when its event happens', async () => {
    const { exitCode, output, errors } = await runProgram('examples/whole-language.ts');
    expect([exitCode, errors]).toEqual([0, '']);
    const lines = output.split('\n').slice(0, -1);
    const compiled = lines.slice(0, 10).map((line) => line.split(': {"all":[{"fact":'));
    expect(compiled).toEqual([
      ['metric-change', expect.stringContaining('"metric:change:relative:avg:2:4:loss"')],
      ['z-score', expect.stringContaining('"metric:zscore:run:5:loss"')],
      ['not-finite', expect.stringContaining('"metric:finite:loss"')],
      ['state-with-metric', expect.stringContaining('"metric:max:5:accuracy"')],
      ['artifact-tag', expect.stringContaining('"field:tag"')],
      ['collection-tag', expect.stringContaining('"field:tag"')],
      ['anomaly-with-rate-limit', expect.stringContaining('"field:metric"')],
      ['custom-event-to-handler', expect.stringContaining('"field:checks.failed"')],
      ['webhook-with-payload', expect.stringContaining('"field:artifactType"')],
      ['dry-run', expect.stringContaining('"metricIsAtLeast","value":0.5')],
    ]);
    // The terminal and the handler are lanes of their own; which comes first is not said.
    expect(lines.slice(10, -2).sort()).toEqual(
      [
        'ℹ INFO  The loss rises',
        'ℹ INFO  The loss of baseline is unusual: 146.695',
        'ℹ INFO  The loss has diverged',
        'ℹ INFO  Finished, but never good',
        'ℹ INFO  reviewed-by-ada by ada',
        'ℹ INFO  digits is deprecated',
        'ℹ INFO  Anomaly of web-1.cpu',
        'ℹ INFO  Anomaly of web-2.cpu',
        'web-3.cpu: rate_limited',
        'rolling back digits-api',
      ].sort(),
    );
    expect(lines.slice(-2)).toEqual([
      '{"ref":"main","inputs":{"model":"my-team/models/digits:v7"}}',
      'dry-run: 6 skipped, 1 finished',
    ]);
  });
});
