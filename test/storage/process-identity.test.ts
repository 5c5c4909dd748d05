import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { isProcessGone, processIdentity } from '../../adapters/storage/file/process-identity.js';

const self = processIdentity();

describe('a process is', () => {
  test('there when it is this one, or its parent', () => {
    expect(isProcessGone(self)).toBe(false);
    expect(isProcessGone({ place: self.place, pid: process.ppid })).toBe(false);
  });

  test('gone when it has ended, also before its parent has noticed', async () => {
    const child = spawn(process.execPath, ['--eval', 'process.stdin.resume()']);
    await new Promise((resolve) => child.once('spawn', resolve));
    const identity = { place: self.place, pid: child.pid ?? 0 };
    expect(isProcessGone(identity)).toBe(false);
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
    expect(isProcessGone(identity)).toBe(true);
  });

  test.runIf(process.platform === 'linux')('gone when it has ended and its parent never looks', async () => {
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const said = await new Promise<Buffer>((resolve) => parent.stdout.once('data', resolve));
    const identity = { place: self.place, pid: Number(said) };
    // A shell would look; what it has turned into does not.
    const nameOf = (pid: number | undefined): string => readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
    await vi.waitFor(() => expect(nameOf(parent.pid)).toBe('sleep'), { timeout: 10_000 });
    process.kill(identity.pid, 'SIGKILL');
    await vi.waitFor(() => expect(isProcessGone(identity)).toBe(true), { timeout: 10_000 });
    expect(() => process.kill(identity.pid, 0)).not.toThrow();
    parent.kill('SIGKILL');
  });

  test.runIf(process.platform === 'linux')('gone when its id belongs to another now', () => {
    expect(self.startedAt).toMatch(/^\d+$/);
    expect(isProcessGone({ ...self, startedAt: '1' })).toBe(true);
  });

  test('never gone as far as is known, when it is on another host or in another container', () => {
    const elsewhere = { ...self, place: `${self.place}0` };
    expect(isProcessGone({ ...elsewhere, pid: 2 ** 22 })).toBe(false);
    expect(isProcessGone({ ...elsewhere, startedAt: '1' })).toBe(false);
  });
});
